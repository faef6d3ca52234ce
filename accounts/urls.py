"""Pages of the room."""

from django.urls import path

from accounts.views import inspection, kept, lines, payees, payouts, receipts

app_name = "accounts"
urlpatterns = [
    path("case/<int:pk>/", receipts.case_money, name="case_money"),
    path("case/<int:pk>/request/", payouts.request_payout, name="request_payout"),
    path("case/<int:pk>/move/", kept.request_move, name="request_move"),
    path("case/<int:pk>/deposit/", kept.deposit_absent, name="deposit_absent"),
    path("case/<int:pk>/payees/", payees.payees, name="payees"),
    path("case/<int:pk>/payees/new/", payees.enter_payee, name="enter_payee"),
    path("case/<int:pk>/payees/other/", payees.enter_other_payee, name="enter_other_payee"),
    path("payees/<int:pk>/", payees.payee_change, name="payee_change"),
    path("payees/<int:pk>/confirm/", payees.confirm_payee_change, name="confirm_payee_change"),
    path("payees/<int:pk>/refuse/", payees.refuse_payee_change, name="refuse_payee_change"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/export/", receipts.export_receipts, name="export_receipts"),
    path("before-holiday/", inspection.before_holiday, name="before_holiday"),
    path("separation/", inspection.separated, name="separation"),
    path("separation/export/", inspection.export_separation, name="export_separation"),
    path("receipts/<int:pk>/delay/", receipts.request_delay, name="request_delay"),
    path("receipts/<int:pk>/unidentify/", lines.unidentify, name="unidentify"),
    path("delays/", receipts.delays, name="delays"),
    path("delays/<int:pk>/decide/", receipts.decide_delay, name="decide_delay"),
    path("delays/<int:pk>/end/", receipts.end_delay, name="end_delay"),
    path("payouts/", payouts.payouts, name="payouts"),
    path("payouts/export/", payouts.export_payouts, name="export_payouts"),
    path("payouts/<int:pk>/", payouts.payout, name="payout"),
    path("payouts/<int:pk>/check/", payouts.check, name="check"),
    path("payouts/<int:pk>/approve/", payouts.approve, name="approve"),
    path("payouts/<int:pk>/reject/", payouts.reject, name="reject"),
    path("payouts/<int:pk>/pay/", payouts.pay, name="pay"),
    path("payouts/<int:pk>/release/", kept.release_deposit, name="release_deposit"),
    path("payouts/<int:pk>/reverse/", kept.reverse_payout, name="reverse_payout"),
    path("payouts/<int:pk>/reveal/", payouts.reveal, name="reveal"),
    path("approvals/", payouts.approvals, name="approvals"),
    path("bank-lines/", lines.bank_lines, name="bank_lines"),
    path("bank-lines/new/", lines.enter_bank_line, name="enter_bank_line"),
    path("unidentified/", lines.unidentified, name="unidentified"),
    path("unidentified/<int:pk>/", lines.identify, name="identify"),
    path("books/", lines.books, name="books"),
    path("ledger/", lines.ledger, name="ledger"),
]
