"""The room's part of /api/v1/."""

from django.urls import path

from accounts import api
from accounts.api_acts import ACTS
from bureau.acts import act_urls

app_name = "accounts_api"
urlpatterns = [
    path("receipts/", api.Receipts.as_view(), name="receipts"),
    path("payouts/", api.Payouts.as_view(), name="payouts"),
    path("batches/", api.Batches.as_view(), name="batches"),
    path("separation/", api.Separation.as_view(), name="separation"),
    path("books/", api.Books.as_view(), name="books"),
    path("cases/<int:pk>/due/", api.CaseDue.as_view(), name="case_due"),
    path("cases/<int:pk>/", api.CaseMoney.as_view(), name="case_money"),
    path("bank-lines/", api.BankLines.as_view(), name="bank_lines"),
    *act_urls(ACTS),
]
