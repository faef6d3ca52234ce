"""The doubled part of delay interest (加倍部分债务利息; 法释〔2014〕8号); pure, no ORM.

`unpaid money debt without general interest × 0.0175 % × days`: simple, never compounding, the same rate for every day
since 2014-08-01. The last day of the performance period does not count, the day of a payment still does, so `days =
payment day − last day of the period`, less excluded days. What is paid on or before that last day earns nothing.

Each paid part runs to its own payment day (article 3) and what is unpaid to `until`; counting by segments of the open
balance gives the same. Payments are those credited to these debts; they go to the debt whose period ended first, so a
debt already due is met before one that is not (民法典 560). Payments after `until` change nothing, and what exceeds
the debts is set aside. Everything is exact and rounded half-up once, at the end. A foreign currency follows the same
arithmetic in its own units (article 5).

Days before 2014-08-01 follow the older rule of twice the bank's rate (法释〔2009〕6号; article 7) and are not
covered: a debt that ran then is refused with a sentence saying so.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from django.utils.translation import gettext as _

from bureau.money import Worked, exactly, percent, to_cent, yuan
from cases.law import CPL, cite, of
from cases.pauses import Interval, merged

DAY = dt.timedelta(days=1)
LAST_DAY = dt.date(2999, 12, 31)
RATE_FROM = dt.date(2014, 8, 1)
RATE = Decimal("0.0175")  # per hundred and day: 日万分之一点七五, article 1
DAILY = Fraction(RATE) / 100


@dataclass(frozen=True, slots=True)
class Debt:
    """A money debt of the document without its general interest, and the last day of its performance period."""

    base: Decimal
    period_ended_on: dt.date


@dataclass(frozen=True, slots=True)
class Payment:
    """What was credited on a day."""

    on: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    from_on: dt.date
    until_on: dt.date


class Part(NamedTuple):
    """A part of one debt and the last day on which it was owed."""

    debt: Debt
    amount: Decimal
    until_on: dt.date
    is_paid: bool


class Counting:
    """Counts the days that bear interest; a day in several excluded spans is one day, what sticks out is ignored."""

    def __init__(self, excluded: Iterable[Span] = ()) -> None:
        self.union = merged(Interval(span.from_on, min(span.until_on, LAST_DAY) + DAY) for span in excluded)
        self._starts = [interval.from_on for interval in self.union]
        self._sums = [0, *accumulate(interval.days for interval in self.union)]

    def excluded(self, after: dt.date, until: dt.date) -> int:
        """Return how many days after one day and up to another do not count."""
        return self._up_to(until) - self._up_to(after) if until > after else 0

    def days(self, after: dt.date, until: dt.date) -> int:
        """Return how many days after one day and up to another count."""
        return max(0, (until - after).days) - self.excluded(after, until)

    def bearing(self, debt: Debt, until: dt.date) -> int:
        """Return the days that a debt bears the doubled part; raises ValueError for days under the older rule."""
        if self.days(debt.period_ended_on, min(until, RATE_FROM - DAY)):
            raise ValueError(
                _(
                    "2014-08-01 之前的迟延履行利息适用旧规定（法释〔2009〕6号，银行同期贷款基准利率的二倍），"
                    "这里不计算；只计其后一段的，履行期届满日请填 2014-07-31"
                )
            )
        return self.days(debt.period_ended_on, until)

    def _up_to(self, day: dt.date) -> int:
        index = bisect_right(self._starts, day)
        if not index:
            return 0
        interval = self.union[index - 1]
        return self._sums[index - 1] + min(interval.days, (day - interval.from_on).days + 1)


def allocated(debts: Sequence[Debt], payments: Sequence[Payment], *, until: dt.date) -> tuple[list[Part], Decimal]:
    """Return the parts of the debts, each with its last day, and what was paid beyond them."""
    queue = sorted((payment for payment in payments if payment.on <= until), key=lambda payment: payment.on)
    parts, turn, rest = [], 0, queue[0].amount if queue else Decimal(0)
    for debt in sorted(debts, key=lambda debt: debt.period_ended_on):
        owed = debt.base
        while owed and turn < len(queue):
            taken = min(owed, rest)
            owed, rest = owed - taken, rest - taken
            if taken:
                parts.append(Part(debt, taken, queue[turn].on, is_paid=True))
            if not rest:
                turn += 1
                rest = queue[turn].amount if turn < len(queue) else Decimal(0)
        if owed:
            parts.append(Part(debt, owed, until, is_paid=False))
    return parts, rest + sum((payment.amount for payment in queue[turn + 1 :]), Decimal(0))


def doubled_part(
    debts: Sequence[Debt], *, payments: Sequence[Payment] = (), excluded: Iterable[Span] = (), until: dt.date
) -> Worked:
    """Return the doubled part accrued up to and including a day; never negative.

    Raises ValueError with a sentence where days before 2014-08-01 would bear interest.
    """
    counting = Counting(excluded)
    parts, beyond = allocated(debts, payments, until=until)
    steps = [
        _("日利率 %(rate)s（日万分之一点七五），不计复利；履行期届满当日不计，付款当日计入") % {"rate": percent(RATE)}
    ]
    if counting.union:
        spans = _("、").join(
            _("%(first)s 至 %(last)s") % {"first": span.from_on, "last": span.until_on - DAY} for span in counting.union
        )
        steps.append(_("不计入的期间（首尾两日都不计）：%(spans)s") % {"spans": spans})
    total = Fraction(0)
    for part in parts:
        days = counting.bearing(part.debt, part.until_on)
        interest = Fraction(part.amount) * DAILY * days
        total += interest
        steps.append(_line(part, days, counting, interest))
    if beyond:
        steps.append(_("付款超出债务 %(amount)s，不参与计算") % {"amount": yuan(beyond)})
    late = sum((payment.amount for payment in payments if payment.on > until), Decimal(0))
    if late:
        steps.append(_("%(day)s 之后的付款 %(amount)s 不影响计算") % {"day": until, "amount": yuan(late)})
    amount = to_cent(total)
    steps.append(_("合计 %(total)s，四舍五入到分：%(amount)s") % {"total": exactly(total), "amount": yuan(amount)})
    law = cite((CPL["DELAY_INTEREST"], of("INT", "1", "2", "3")), on=until)
    return Worked(amount, [*steps, _("依据：%(law)s") % {"law": law}])


def _line(part: Part, days: int, counting: Counting, interest: Fraction) -> str:
    ended = part.debt.period_ended_on
    told = {"amount": yuan(part.amount), "ended": ended, "until": part.until_on, "days": days}
    if part.until_on <= ended:
        early = _("%(amount)s：%(until)s 已付，未过履行期届满日 %(ended)s，不计")
        return (early if part.is_paid else _("%(amount)s：履行期 %(ended)s 届满，至 %(until)s 未起算")) % told
    out = counting.excluded(ended, part.until_on)
    span = (
        _("%(amount)s：%(ended)s 届满，%(until)s 付清")
        if part.is_paid
        else _("%(amount)s：%(ended)s 届满，计至 %(until)s")
    ) % told
    count = (
        _("%(raw)d − %(out)d = %(days)d 日") % {"raw": days + out, "out": out, "days": days}
        if out
        else _("%(days)d 日") % told
    )
    return f"{span}{_('，')}{count}{_('；')}{yuan(part.amount)} × {percent(RATE)} × {days} {exactly(interest)}"
