"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from intake import api, api_hall

app_name = "intake_api"
urlpatterns = [
    path("receipts/<int:pk>/", api.ReceiptView.as_view(), name="receipt"),
    path("tickets/", api_hall.TicketsView.as_view(), name="tickets"),
    path("inquiries/", api_hall.InquiriesView.as_view(), name="inquiries"),
    *act_urls(api_hall.ACTS),
]
