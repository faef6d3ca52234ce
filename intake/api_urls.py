"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from intake import api, api_applications, api_filing, api_hall, api_oldbook, api_receptions

app_name = "intake_api"
urlpatterns = [
    path("receipts/<int:pk>/", api.ReceiptView.as_view(), name="receipt"),
    path("receipts/reissue/", api.ReissueView.as_view(), name="reissue"),
    path("applications/", api_applications.ApplicationsView.as_view(), name="applications"),
    path("applications/<int:pk>/", api_applications.ApplicationView.as_view(), name="application"),
    path("judgment/", api_applications.JudgmentView.as_view(), name="judgment"),
    *act_urls(api.ACTS),
    *act_urls(api_applications.ACTS),
    *api_receptions.urls,
    path("tickets/", api_hall.TicketsView.as_view(), name="tickets"),
    path("inquiries/", api_hall.InquiriesView.as_view(), name="inquiries"),
    *act_urls(api_hall.ACTS),
    path("old-book/", api_oldbook.OldBookImports.as_view(), name="old_book"),
    path("old-book/jobs/<int:pk>/", api_oldbook.OldBookCheck.as_view(), name="old_book_job"),
    path("filings/", api_filing.FileCaseView.as_view(), name="file"),
]
