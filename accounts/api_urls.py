"""The room's part of /api/v1/."""

from django.urls import path

from accounts import api, api_bank, api_days, api_interest, api_statements
from accounts.api_acts import ACTS
from accounts.api_plans import PLAN_ACTS
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
    path("days/", api_days.Days.as_view(), name="days"),
    path("days/<int:pk>/", api_days.Day.as_view(), name="day"),
    path("ledger/", api_days.LedgerDay.as_view(), name="ledger"),
    path("statements/repeats/", api_days.Repeats.as_view(), name="repeats"),
    path("bank-lines/", api.BankLines.as_view(), name="bank_lines"),
    path("unmatches/", api_bank.Unmatches.as_view(), name="unmatches"),
    path("line-entries/", api.LineEntries.as_view(), name="line_entries"),
    path("payment-files/", api_bank.PaymentFiles.as_view(), name="payment_files"),
    path("payment-files/reports/", api_bank.StatusReports.as_view(), name="status_reports"),
    path("payment-files/<int:pk>/content/", api_bank.TakePaymentFile.as_view(), name="take_payment_file"),
    path("bank-answers/", api_bank.BankAnswers.as_view(), name="bank_answers"),
    path("unanswered/", api_bank.UnansweredPayouts.as_view(), name="unanswered"),
    path("refunds/", api_bank.LineRefunds.as_view(), name="refunds"),
    path("statements/", api_statements.Statements.as_view(), name="statements"),
    path("statements/import/", api_statements.ImportFile.as_view(), name="import_statement"),
    path("statements/out/", api_statements.OpenDebits.as_view(), name="open_debits"),
    path("bank-formats/", api_statements.BankFormats.as_view(), name="bank_formats"),
    *act_urls(ACTS),
    *act_urls(api_interest.ACTS),
    *act_urls(PLAN_ACTS),
]
