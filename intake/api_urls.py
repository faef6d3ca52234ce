"""The room's part of /api/v1/."""

from django.urls import path

from intake import api, api_filing

app_name = "intake_api"
urlpatterns = [
    path("receipts/<int:pk>/", api.ReceiptView.as_view(), name="receipt"),
    path("filings/", api_filing.FileCaseView.as_view(), name="file"),
]
