"""The room's part of /api/v1/."""

from django.urls import path

from intake import api, api_receptions

app_name = "intake_api"
urlpatterns = [path("receipts/<int:pk>/", api.ReceiptView.as_view(), name="receipt"), *api_receptions.urls]
