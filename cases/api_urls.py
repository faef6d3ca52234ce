"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from cases import api, api_acts, api_asks, api_corrections, api_nodes, api_people, api_queries, api_sanctions, api_work
from cases.views import sanctionapi

app_name = "cases_api"
urlpatterns = [
    path("", api.CaseList.as_view(), name="list"),
    path("work-orders/", api_work.WorkOrderList.as_view(), name="work_orders"),
    path("sanctions/", sanctionapi.SanctionList.as_view(), name="sanctions"),
    path("<int:pk>/sanctions/", sanctionapi.CaseSanctions.as_view(), name="case_sanctions"),
    path("<int:pk>/sanction-requests/", sanctionapi.CaseRequests.as_view(), name="sanction_requests"),
    path("<int:pk>/contacts/", api.ContactList.as_view(), name="contacts"),
    path("<int:pk>/", api.CaseDetail.as_view(), name="detail"),
    path("<int:pk>/deadlines/", api.CaseDeadlines.as_view(), name="deadlines"),
    path("<int:pk>/related/", api.RelatedList.as_view(), name="related"),
    path("<int:pk>/periods/", api.Periods.as_view(), name="periods"),
    path("nodes/", api_nodes.Nodes.as_view(), name="nodes"),
    path("holds/", api.HoldList.as_view(), name="holds"),
    path("<int:pk>/corrections/", api_corrections.Corrections.as_view(), name="corrections"),
    path("corrections/<int:pk>/", api_corrections.OneCorrection.as_view(), name="correction"),
    path("corrections/<int:pk>/answer/", api_corrections.CorrectionAnswer.as_view(), name="answer_correction"),
    path("corrections/<int:pk>/query/", api_corrections.QueryAgain.as_view(), name="redo_query"),
    path("<int:pk>/agents/", api_people.Agents.as_view(), name="agents"),
    path("agents/<int:pk>/revoke/", api_people.RevokeAgent.as_view(), name="revoke_agent"),
    path("<int:pk>/party-changes/", api_people.PartyChanges.as_view(), name="party_changes"),
    path("<int:pk>/performances/", api_people.Performances.as_view(), name="performances"),
    path("party-changes/<int:pk>/answer/", api_people.AnswerPartyChange.as_view(), name="answer_party_change"),
    path("performances/<int:pk>/answer/", api_people.AnswerPerformance.as_view(), name="answer_performance"),
    path("performances/<int:pk>/reverse/", api_people.ReversePerformance.as_view(), name="reverse_performance"),
    path("<int:pk>/requeries/", api.Requeries.as_view(), name="requeries"),
    path("asks/", api_asks.AskList.as_view(), name="asks"),
    path("asks/<int:pk>/answer/", api_asks.AnswerOne.as_view(), name="answer_ask"),
    path("to-query/", api_queries.CasesToQuery.as_view(), name="to_query"),
    path("to-query/launch/", api_queries.LaunchQueries.as_view(), name="launch_many"),
    path("<int:pk>/queries/", api_queries.Queries.as_view(), name="queries"),
    path("<int:pk>/record/", api.CaseRecord.as_view(), name="record"),
    *act_urls(api_acts.ACTS),
    *act_urls(api_sanctions.ACTS),
]
