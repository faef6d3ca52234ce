"""The room's part of /api/v1/."""

from django.urls import path

from cases import api

app_name = "cases_api"
urlpatterns = [
    path("", api.CaseList.as_view(), name="list"),
    path("work-orders/", api.WorkOrderList.as_view(), name="work_orders"),
    path("<int:pk>/contacts/", api.ContactList.as_view(), name="contacts"),
    path("<int:pk>/", api.CaseDetail.as_view(), name="detail"),
    path("<int:pk>/deadlines/", api.CaseDeadlines.as_view(), name="deadlines"),
    path("<int:pk>/requeries/", api.Requeries.as_view(), name="requeries"),
    path("<int:pk>/record/", api.CaseRecord.as_view(), name="record"),
]
