"""What a plan gives to one creditor, as it is proposed, and what the law's arithmetic gives him."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.utils import translation

from accounts.distribution import Claim, Debtor, Distribution, distribute
from accounts.models import PayeeAccount
from cases.models import Case, Party


@dataclass(frozen=True, slots=True)
class ShareData:
    """One creditor's claim in yuan, its standing, and its one way: a party, another case, or another court's account.

    `amount` is none where the computed share holds; another one needs a `reason`. `rank` orders secured claims among
    themselves and, against an enterprise, ordinary ones by seizure.
    """

    creditor: str
    claimed: Decimal
    amount: Decimal | None = None
    party: Party | None = None
    target: Case | None = None
    payee: PayeeAccount | None = None
    basis: str = ""
    is_secured: bool = False
    rank: int = 1
    reason: str = ""


def computed(pool: Decimal, debtor: str, shares: Sequence[ShareData], *, on: dt.date = dt.date.max) -> Distribution:
    """Return what each creditor, by name, gets of the pool, by the texts of a day; names must differ."""
    claims = [Claim(row.creditor.strip(), row.claimed, row.is_secured, row.rank) for row in shares]
    return distribute(pool, claims, debtor=cast(Debtor, debtor), on=on)


def printed_steps(pool: Decimal, debtor: str, shares: Sequence[ShareData], *, on: dt.date) -> str:
    """Return the arithmetic in the language of papers, a line each, citing the texts of that day."""
    with translation.override("zh-hans"):
        return "\n".join(computed(pool, debtor, shares, on=on).steps)
