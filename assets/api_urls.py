"""The room's part of /api/v1/."""

from django.urls import path

from assets import api

app_name = "assets_api"
urlpatterns = [
    path("controls/", api.Controls.as_view(), name="controls"),
    path("cases/<int:pk>/controls/", api.CaseControls.as_view(), name="case_controls"),
    path("cases/<int:pk>/take/", api.TakeControl.as_view(), name="take_control"),
    path("cases/<int:pk>/keeper/", api.NameKeeper.as_view(), name="name_keeper"),
    path("controls/<int:pk>/renew/", api.RenewControl.as_view(), name="renew_control"),
    path("controls/<int:pk>/release/", api.ReleaseControl.as_view(), name="release_control"),
    path("controls/<int:pk>/activate/", api.ActivateControl.as_view(), name="activate_control"),
    path("controls/<int:pk>/confirm/", api.ConfirmControl.as_view(), name="confirm_control"),
    path("controls/<int:pk>/requeue/", api.RequeueControl.as_view(), name="requeue_control"),
    path("controls/<int:pk>/explain/", api.ExplainLapse.as_view(), name="explain_lapse"),
]
