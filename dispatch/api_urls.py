"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from dispatch import api
from dispatch.api_acts import ACTS

app_name = "dispatch_api"
urlpatterns = [
    path("queue/", api.QueueView.as_view(), name="queue"),
    path("verdicts/", api.VerdictsView.as_view(), name="verdicts"),
    path("rules/", api.RulesView.as_view(), name="rules"),
    *act_urls(ACTS),
]
