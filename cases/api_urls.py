"""The room's part of /api/v1/."""

from django.urls import path

from cases import api, api_corrections

app_name = "cases_api"
urlpatterns = [
    path("", api.CaseList.as_view(), name="list"),
    path("work-orders/", api.WorkOrderList.as_view(), name="work_orders"),
    path("<int:pk>/contacts/", api.ContactList.as_view(), name="contacts"),
    path("<int:pk>/", api.CaseDetail.as_view(), name="detail"),
    path("<int:pk>/deadlines/", api.CaseDeadlines.as_view(), name="deadlines"),
    path("<int:pk>/corrections/", api_corrections.Corrections.as_view(), name="corrections"),
    path("corrections/<int:pk>/", api_corrections.OneCorrection.as_view(), name="correction"),
    path("corrections/<int:pk>/answer/", api_corrections.CorrectionAnswer.as_view(), name="answer_correction"),
    path("corrections/<int:pk>/query/", api_corrections.QueryAgain.as_view(), name="redo_query"),
    path("<int:pk>/record/", api.CaseRecord.as_view(), name="record"),
]
