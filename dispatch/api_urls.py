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
    path("table-versions/", api.TablesView.as_view(), name="tables"),
    path("dry-runs/", api.DryRunsView.as_view(), name="dry_runs"),
    path("sent-back/", api.SendBacksView.as_view(), name="send_backs"),
    path("retriages/", api.RetriagesView.as_view(), name="retriages"),
    *act_urls(ACTS),
]
