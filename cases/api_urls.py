"""The room's part of /api/v1/."""

from django.urls import path

from cases import api, api_acts

app_name = "cases_api"
urlpatterns = [
    path("", api.CaseList.as_view(), name="list"),
    path("work-orders/", api.WorkOrderList.as_view(), name="work_orders"),
    path("<int:pk>/contacts/", api.ContactList.as_view(), name="contacts"),
    path("<int:pk>/", api.CaseDetail.as_view(), name="detail"),
    path("<int:pk>/deadlines/", api.CaseDeadlines.as_view(), name="deadlines"),
    path("<int:pk>/periods/", api_acts.Periods.as_view(), name="periods"),
    path("<int:pk>/periods/exclude/", api_acts.ExcludePeriod.as_view(), name="exclude_period"),
    path("periods/<int:pk>/end/", api_acts.EndPeriod.as_view(), name="end_period"),
    path("holds/", api_acts.HoldList.as_view(), name="holds"),
    path("<int:pk>/record/", api.CaseRecord.as_view(), name="record"),
]
