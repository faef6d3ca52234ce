"""Pages of the room."""

from django.urls import path

from assets.views import controls, lists

app_name = "assets"
urlpatterns = [
    path("controls/", lists.controls, name="controls"),
    path("controls/export/", lists.export_controls, name="export_controls"),
    path("controls/reminders/", lists.reminders, name="reminders"),
    path("case/<int:pk>/", controls.case_controls, name="case_controls"),
    path("case/<int:pk>/take/", controls.take, name="take_control"),
    path("case/<int:pk>/keeper/", controls.keeper, name="name_keeper"),
    path("controls/<int:pk>/renew/", controls.renew, name="renew_control"),
    path("controls/<int:pk>/release/", controls.release, name="release_control"),
    path("controls/<int:pk>/activate/", controls.activate, name="activate_control"),
    path("controls/<int:pk>/confirm/", controls.confirm, name="confirm_control"),
    path("controls/<int:pk>/requeue/", controls.requeue, name="requeue_control"),
    path("controls/<int:pk>/explain/", controls.explain, name="explain_lapse"),
]
