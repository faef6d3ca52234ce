"""Every change to money; import the module and call its plain verbs."""

from accounts.services.answers import inquire_payout, resend_payout, settle_answer
from accounts.services.approvals import climb_idle_approvals
from accounts.services.bankformats import save_bank_format
from accounts.services.batches import (
    approve_batch,
    check_batch,
    confirm_batch,
    pay_batch,
    refuse_batch,
    reject_batch,
    request_batch,
    send_back_batch,
)
from accounts.services.books import check_books
from accounts.services.claims import answer_oddity, claim_line, confirm_claim, refuse_claim, withdraw_claim
from accounts.services.days import enter_bank_balance, explain_difference, make_day_sheets, sign_day
from accounts.services.debts import make_missing_codes, pause_interest, revoke_code, withdraw_pause
from accounts.services.delays import decide_delay, end_delay, request_delay, tell_delay
from accounts.services.distributions import (
    approve_plan,
    deposit_share,
    pay_share,
    propose_plan,
    return_plan,
    serve_plan,
    try_plan,
    withdraw_plan,
)
from accounts.services.entries import confirm_line, enter_line, refuse_line
from accounts.services.exchange import exchange_with_bank
from accounts.services.interest import answer_interest, confirm_interest, refuse_interest, set_interest
from accounts.services.ledger import open_escrow, open_house_accounts, post
from accounts.services.openings import Held, Paid, carry_over, note_paid_before
from accounts.services.overdue import flag_overdue, warn_due
from accounts.services.payees import (
    affirm_payee,
    ask_payee,
    ask_payee_by_party,
    confirm_payee_change,
    enter_other_payee,
    enter_payee,
    may_compare,
    refuse_payee_change,
    request_payee,
    request_payee_change,
    reveal_account,
    written_form,
)
from accounts.services.paymentfiles import make_payment_file, make_payment_files, take_payment_file
from accounts.services.payouts import (
    approve_payout,
    bounce_payout,
    check_payout,
    confirm_payout,
    pay_payout,
    reject_payout,
    reverse_payout,
    send_back_payout,
)
from accounts.services.planobjections import (
    approve_plan_change,
    end_objection,
    note_objection,
    object_to_plan,
    return_plan_change,
)
from accounts.services.receipts import arrive, unidentify
from accounts.services.refunds import (
    approve_refund,
    bounce_refund,
    confirm_refund,
    pay_refund,
    refuse_refund,
    request_refund,
    withdraw_refund,
)
from accounts.services.requests import deposit_absent, release_deposit, request_move, request_payout
from accounts.services.rosters import ask_import
from accounts.services.sending import send_batches
from accounts.services.signatories import name_signatory
from accounts.services.statementjobs import ask_statement, take_statement
from accounts.services.statusreports import take_status_report
from accounts.services.unmatching import ask_unmatch, confirm_unmatch, refuse_unmatch

__all__ = [
    "Held",
    "Paid",
    "affirm_payee",
    "answer_interest",
    "answer_oddity",
    "approve_batch",
    "approve_payout",
    "approve_plan",
    "approve_plan_change",
    "approve_refund",
    "arrive",
    "ask_import",
    "ask_payee",
    "ask_payee_by_party",
    "ask_statement",
    "ask_unmatch",
    "bounce_payout",
    "bounce_refund",
    "carry_over",
    "check_batch",
    "check_books",
    "check_payout",
    "claim_line",
    "climb_idle_approvals",
    "confirm_batch",
    "confirm_claim",
    "confirm_interest",
    "confirm_line",
    "confirm_payee_change",
    "confirm_payout",
    "confirm_refund",
    "confirm_unmatch",
    "decide_delay",
    "deposit_absent",
    "deposit_share",
    "end_delay",
    "end_objection",
    "enter_bank_balance",
    "enter_line",
    "enter_other_payee",
    "enter_payee",
    "exchange_with_bank",
    "explain_difference",
    "flag_overdue",
    "inquire_payout",
    "make_day_sheets",
    "make_missing_codes",
    "make_payment_file",
    "make_payment_files",
    "may_compare",
    "name_signatory",
    "note_objection",
    "note_paid_before",
    "object_to_plan",
    "open_escrow",
    "open_house_accounts",
    "pause_interest",
    "pay_batch",
    "pay_payout",
    "pay_refund",
    "pay_share",
    "post",
    "propose_plan",
    "refuse_batch",
    "refuse_claim",
    "refuse_interest",
    "refuse_line",
    "refuse_payee_change",
    "refuse_refund",
    "refuse_unmatch",
    "reject_batch",
    "reject_payout",
    "release_deposit",
    "request_batch",
    "request_delay",
    "request_move",
    "request_payee",
    "request_payee_change",
    "request_payout",
    "request_refund",
    "resend_payout",
    "return_plan",
    "return_plan_change",
    "reveal_account",
    "reverse_payout",
    "revoke_code",
    "save_bank_format",
    "send_back_batch",
    "send_back_payout",
    "send_batches",
    "serve_plan",
    "set_interest",
    "settle_answer",
    "sign_day",
    "take_payment_file",
    "take_statement",
    "take_status_report",
    "tell_delay",
    "try_plan",
    "unidentify",
    "warn_due",
    "withdraw_claim",
    "withdraw_pause",
    "withdraw_plan",
    "withdraw_refund",
    "written_form",
]
