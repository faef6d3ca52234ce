"""Every table of the room; import from here."""

from accounts.models.bankanswers import BankAnswer, BankAnswerQuerySet
from accounts.models.batches import Batch, BatchCase, BatchQuerySet, BatchRow
from accounts.models.checks import BooksCheck, BooksCheckQuerySet
from accounts.models.claims import LineClaim, LineClaimQuerySet, OddityAnswer
from accounts.models.days import (
    BankBalance,
    DayDifference,
    DaySheet,
    DaySheetQuerySet,
    DifferenceNote,
    NamedSignatory,
    StatementRepeat,
)
from accounts.models.debts import DebtCode, InterestPause, InterestTerm
from accounts.models.distributions import (
    Distribution,
    DistributionQuerySet,
    DistributionShare,
    PlanDelivery,
    PlanObjection,
)
from accounts.models.entries import LineEntry, LineEntryQuerySet, Unmatch, UnmatchQuerySet
from accounts.models.ledger import Account, BankLine, Transfer, TransferQuerySet
from accounts.models.openings import PaidBefore, PaidBeforeQuerySet
from accounts.models.payees import PayeeAccount, PayeeAccountQuerySet, PayeeAsk
from accounts.models.paymentfiles import PaymentFile, PaymentFileQuerySet, PaymentFileRow
from accounts.models.payouts import Payout, PayoutQuerySet, stood
from accounts.models.receipts import ZERO, Delay, PayoutPart, Receipt, ReceiptQuerySet
from accounts.models.refunds import LineRefund, LineRefundQuerySet
from accounts.models.statements import BankFormat, Statement, StatementDebit
from accounts.models.statusreports import StatusReport, StatusReportQuerySet

__all__ = [
    "ZERO",
    "Account",
    "BankAnswer",
    "BankAnswerQuerySet",
    "BankBalance",
    "BankFormat",
    "BankLine",
    "Batch",
    "BatchCase",
    "BatchQuerySet",
    "BatchRow",
    "BooksCheck",
    "BooksCheckQuerySet",
    "DayDifference",
    "DaySheet",
    "DaySheetQuerySet",
    "DebtCode",
    "Delay",
    "DifferenceNote",
    "Distribution",
    "DistributionQuerySet",
    "DistributionShare",
    "InterestPause",
    "InterestTerm",
    "LineClaim",
    "LineClaimQuerySet",
    "LineEntry",
    "LineEntryQuerySet",
    "LineRefund",
    "LineRefundQuerySet",
    "NamedSignatory",
    "OddityAnswer",
    "PaidBefore",
    "PaidBeforeQuerySet",
    "PayeeAccount",
    "PayeeAccountQuerySet",
    "PayeeAsk",
    "PaymentFile",
    "PaymentFileQuerySet",
    "PaymentFileRow",
    "Payout",
    "PayoutPart",
    "PayoutQuerySet",
    "PlanDelivery",
    "PlanObjection",
    "Receipt",
    "ReceiptQuerySet",
    "Statement",
    "StatementDebit",
    "StatementRepeat",
    "StatusReport",
    "StatusReportQuerySet",
    "Transfer",
    "TransferQuerySet",
    "Unmatch",
    "UnmatchQuerySet",
    "stood",
]
