"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from cases import api, api_acts, api_sanctions
from cases.views import sanctionapi

app_name = "cases_api"
urlpatterns = [
    path("", api.CaseList.as_view(), name="list"),
    path("work-orders/", api.WorkOrderList.as_view(), name="work_orders"),
    path("sanctions/", sanctionapi.SanctionList.as_view(), name="sanctions"),
    path("<int:pk>/sanctions/", sanctionapi.CaseSanctions.as_view(), name="case_sanctions"),
    path("<int:pk>/sanction-requests/", sanctionapi.CaseRequests.as_view(), name="sanction_requests"),
    path("<int:pk>/contacts/", api.ContactList.as_view(), name="contacts"),
    path("<int:pk>/", api.CaseDetail.as_view(), name="detail"),
    path("<int:pk>/deadlines/", api.CaseDeadlines.as_view(), name="deadlines"),
    path("<int:pk>/related/", api.RelatedList.as_view(), name="related"),
    path("<int:pk>/periods/", api.Periods.as_view(), name="periods"),
    path("holds/", api.HoldList.as_view(), name="holds"),
    path("<int:pk>/record/", api.CaseRecord.as_view(), name="record"),
    *act_urls(api_acts.ACTS),
    *act_urls(api_sanctions.ACTS),
]
