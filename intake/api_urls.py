"""The room's part of /api/v1/."""

from django.urls import path

from intake import api

app_name = "intake_api"
urlpatterns = [path("receipts/<int:pk>/", api.ReceiptView.as_view(), name="receipt")]
