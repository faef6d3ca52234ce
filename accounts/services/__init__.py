"""Every change to money; import the module and call its plain verbs."""

from accounts.services.approvals import climb_idle_approvals
from accounts.services.books import check_books
from accounts.services.delays import decide_delay, end_delay, request_delay
from accounts.services.exchange import exchange_with_bank
from accounts.services.ledger import open_escrow, open_house_accounts, post
from accounts.services.overdue import flag_overdue
from accounts.services.payees import (
    confirm_payee,
    confirm_payee_change,
    enter_other_payee,
    enter_payee,
    refuse_payee_change,
    request_payee_change,
    reveal_account,
)
from accounts.services.payouts import (
    approve_payout,
    bounce_payout,
    check_payout,
    confirm_payout,
    pay_payout,
    reject_payout,
    reverse_payout,
)
from accounts.services.receipts import arrive, identify, unidentify
from accounts.services.requests import deposit_absent, release_deposit, request_move, request_payout

__all__ = [
    "approve_payout",
    "arrive",
    "bounce_payout",
    "check_books",
    "check_payout",
    "climb_idle_approvals",
    "confirm_payee",
    "confirm_payee_change",
    "confirm_payout",
    "decide_delay",
    "deposit_absent",
    "end_delay",
    "enter_other_payee",
    "enter_payee",
    "exchange_with_bank",
    "flag_overdue",
    "identify",
    "open_escrow",
    "open_house_accounts",
    "pay_payout",
    "post",
    "refuse_payee_change",
    "reject_payout",
    "release_deposit",
    "request_delay",
    "request_move",
    "request_payee_change",
    "request_payout",
    "reveal_account",
    "reverse_payout",
    "unidentify",
]
