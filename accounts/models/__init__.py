"""Every table of the room; import from here."""

from accounts.models.checks import BooksCheck, BooksCheckQuerySet
from accounts.models.distributions import Distribution, DistributionQuerySet, DistributionShare, PlanObjection
from accounts.models.ledger import Account, BankLine, Transfer, TransferQuerySet
from accounts.models.payees import PayeeAccount, PayeeAccountQuerySet
from accounts.models.payouts import Payout, PayoutQuerySet
from accounts.models.receipts import ZERO, Delay, PayoutPart, Receipt, ReceiptQuerySet

__all__ = [
    "ZERO",
    "Account",
    "BankLine",
    "BooksCheck",
    "BooksCheckQuerySet",
    "Delay",
    "Distribution",
    "DistributionQuerySet",
    "DistributionShare",
    "PayeeAccount",
    "PayeeAccountQuerySet",
    "Payout",
    "PayoutPart",
    "PayoutQuerySet",
    "PlanObjection",
    "Receipt",
    "ReceiptQuerySet",
    "Transfer",
    "TransferQuerySet",
]
