"""Pages of the room."""

from django.urls import path

from dispatch import views

app_name = "dispatch"
urlpatterns = [
    path("", views.triage_queue, name="queue"),
    path("case/<int:pk>/", views.case_dispatch, name="case_dispatch"),
    path("case/<int:pk>/decide/", views.decide, name="decide"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<int:pk>/withdraw/", views.withdraw_conflict, name="withdraw_conflict"),
    path("take-over/", views.take_over, name="take_over"),
    path("rules/", views.triage_rules, name="rules"),
]
