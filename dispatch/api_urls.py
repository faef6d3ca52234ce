"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from dispatch import api, assignacts, assignapi
from dispatch.api_acts import ACTS

app_name = "dispatch_api"
urlpatterns = [
    path("queue/", api.QueueView.as_view(), name="queue"),
    path("verdicts/", api.VerdictsView.as_view(), name="verdicts"),
    path("rules/", api.RulesView.as_view(), name="rules"),
    path("assignments/", assignapi.AssignmentsView.as_view(), name="assignments"),
    path("assignments/<int:pk>/why/", assignapi.WhyView.as_view(), name="why"),
    path("draws/", assignapi.DrawsView.as_view(), name="draws"),
    path("chains/", assignapi.ChainsView.as_view(), name="chains"),
    path("requests/", assignapi.RequestsView.as_view(), name="requests"),
    path("leaves/", assignapi.LeavesView.as_view(), name="leaves"),
    path("spread/", assignapi.SpreadView.as_view(), name="spread"),
    *act_urls(ACTS),
    *act_urls(assignacts.ACTS),
]
