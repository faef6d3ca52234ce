"""The room's part of /api/v1/."""

from django.urls import path

from cases import api

app_name = "cases_api"
urlpatterns = [
    path("", api.CaseList.as_view(), name="list"),
    path("<int:pk>/", api.CaseDetail.as_view(), name="detail"),
    path("<int:pk>/deadlines/", api.CaseDeadlines.as_view(), name="deadlines"),
    path("<int:pk>/record/", api.CaseRecord.as_view(), name="record"),
]
