"""What a plan gives to one creditor, as it is proposed; whoever computes shares hands them over in this form."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import PayeeAccount
from cases.models import Case, Party


@dataclass(frozen=True, slots=True)
class ShareData:
    """One creditor's share in yuan, and its one way: a party of the case, another case, or another court's account."""

    creditor: str
    claimed: Decimal
    amount: Decimal
    party: Party | None = None
    target: Case | None = None
    payee: PayeeAccount | None = None
