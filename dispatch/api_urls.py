"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from dispatch import api, api_acts_assigning, api_assigning, api_duty, api_moves, api_notices
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
    path("assignments/", api_assigning.AssignmentsView.as_view(), name="assignments"),
    path("assignments/<int:pk>/why/", api_assigning.WhyView.as_view(), name="why"),
    path("draws/", api_assigning.DrawsView.as_view(), name="draws"),
    path("chains/", api_assigning.ChainsView.as_view(), name="chains"),
    path("requests/", api_assigning.RequestsView.as_view(), name="requests"),
    path("leaves/", api_assigning.LeavesView.as_view(), name="leaves"),
    path("duty/", api_duty.DutyTurnsView.as_view(), name="duty"),
    path("notices/", api_notices.NoticesView.as_view(), name="notices"),
    path("spread/", api_assigning.SpreadView.as_view(), name="spread"),
    *act_urls(ACTS),
    *act_urls(api_acts_assigning.ACTS),
    *act_urls(api_duty.ACTS),
    *act_urls(api_notices.ACTS),
    *act_urls(api_moves.ACTS),
]
