"""Who approves a payout of which sum; local practice, so a change is a new row with its day (domain handbook §8.4)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tier:
    """From a day on, payouts above a sum in yuan are approved by whoever holds the role, or his authorised deputy."""

    above: Decimal
    role: str
    from_on: dt.date
    basis: str


BASIS = "案款发放审批权限（本地规定，待确认）"
TIERS: tuple[Tier, ...] = (
    Tier(Decimal("0.00"), "CHIEF", dt.date(2021, 8, 16), BASIS),
    Tier(Decimal("1000000.00"), "VICE_PRESIDENT", dt.date(2021, 8, 16), BASIS),
)


def in_force(on: dt.date) -> list[Tier]:
    """Return the newest rows of that day, lowest line first; the oldest rows stand before their day too."""
    newest = max((tier.from_on for tier in TIERS if tier.from_on <= on), default=min(tier.from_on for tier in TIERS))
    return sorted((tier for tier in TIERS if tier.from_on == newest), key=lambda tier: tier.above)


def tier_of(amount: Decimal, *, on: dt.date) -> Tier:
    """Return the tier of a sum: the highest line that it is above."""
    rows = in_force(on)
    return max((tier for tier in rows if amount > tier.above), key=lambda tier: tier.above, default=rows[0])
