"""General interest (一般债务利息): only as the document orders it; pure, no ORM.

Days run from `from_on`, which counts, up to `until`, which does not: `days = until − from`. At a published rate each
day has the rate valid on it. The divisor of a yearly rate is what the document says, 365 by default (bank loans often
360). A monthly rate counts whole months by the same-number day, the days left over at a thirtieth of it; a daily rate
counts days. Interest bears no interest. A payment ends the interest of the principal it pays on its day. Exact,
rounded half-up once.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.interest import Debt, Payment, allocated
from accounts.lpr import CHECKED_UNTIL, rate_on, stretches
from bureau.calendar import same_day
from bureau.money import Worked, exactly, percent, to_cent, yuan
from cases.law import cite, of

UNITS = ("year", "month", "day")
TERMS = ("1y", "5y")
MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class Terms:
    """How the document orders interest: a rate per hundred, or a published rate times a multiple.

    `lpr_on` fixes the published rate of one day; without it each day has its own.
    """

    from_on: dt.date
    rate: Decimal | None = None
    unit: str = "year"
    day_basis: int = 365
    lpr: str = ""
    multiple: Decimal = Decimal(1)
    lpr_on: dt.date | None = None
    until_on: dt.date | None = None


class Piece(NamedTuple):
    """A stretch at one rate: how many days or months, and by how many one rate's period is divided."""

    from_on: dt.date
    until_on: dt.date
    number: int
    is_months: bool
    rate: Decimal
    divisor: int

    @property
    def factor(self) -> Fraction:
        """Return the interest of one yuan."""
        return Fraction(self.rate) / 100 * self.number / self.divisor


def pieces(terms: Terms, until: dt.date) -> list[Piece]:
    """Return the stretches from the first day of interest up to a day; raises ValueError before the first LPR."""
    until = min(until, terms.until_on) if terms.until_on else until
    start = terms.from_on
    if until <= start:
        return []
    if terms.lpr and terms.lpr_on is None:
        rows = stretches(terms.lpr, start, until)
        return [_days(row.from_on, row.until_on, row.rate * terms.multiple, terms.day_basis) for row in rows]
    rate = rate_on(terms.lpr, terms.lpr_on) * terms.multiple if terms.lpr and terms.lpr_on else terms.rate
    assert rate is not None
    if terms.unit == "month" and not terms.lpr:
        return _months(start, until, rate)
    return [_days(start, until, rate, 1 if terms.unit == "day" and not terms.lpr else terms.day_basis)]


def factor(terms: Terms, until: dt.date) -> Fraction:
    """Return the interest of one yuan from the first day of interest up to a day."""
    return sum((piece.factor for piece in pieces(terms, until)), Fraction(0))


def general_interest(principal: Decimal, terms: Terms, *, until: dt.date, payments: Sequence[Payment] = ()) -> Worked:
    """Return the general interest of a principal up to a day; `payments` are those credited to the principal."""
    parts, beyond = allocated([Debt(principal, terms.from_on)], payments, until=until)
    total, steps = Fraction(0), [_ordered(terms)]
    for part in parts:
        if part.is_paid:
            steps.append(_("%(day)s 付本金 %(amount)s") % {"day": part.until_on, "amount": yuan(part.amount)})
        for piece in pieces(terms, part.until_on):
            total += Fraction(part.amount) * piece.factor
            steps.append(piece_line(part.amount, piece))
    if beyond:
        steps.append(_("付款超出本金 %(amount)s，不参与计算") % {"amount": yuan(beyond)})
    if terms.lpr and not terms.lpr_on and until > CHECKED_UNTIL:
        steps.append(
            _("LPR 表核对至 %(day)s，此后按最后一次公布的利率计算，如有变动以公布为准") % {"day": CHECKED_UNTIL}
        )
    amount = to_cent(total)
    steps.append(_("合计 %(total)s，四舍五入到分：%(amount)s") % {"total": exactly(total), "amount": yuan(amount)})
    return Worked(amount, [*steps, _("依据：%(law)s") % {"law": cite((of("INT", "1"),), on=until)}])


def _ordered(terms: Terms) -> str:
    if not terms.lpr:
        unit = {"year": _("年利率"), "month": _("月利率"), "day": _("日利率")}[terms.unit]
        rule = _("整月按对应日计，余日按月利率的三十分之一") if terms.unit == "month" else _("起算日计入，截止日不计")
        return _("按生效法律文书确定的%(unit)s %(rate)s；%(rule)s；不计复利") % {
            "unit": unit,
            "rate": percent(terms.rate or Decimal(0)),
            "rule": rule,
        }
    term = {"1y": _("一年期"), "5y": _("五年期以上")}[terms.lpr]
    told = {"term": term, "multiple": f"{terms.multiple.normalize():f}", "day": terms.lpr_on}
    if terms.lpr_on:
        return _("按 %(day)s 的%(term)s LPR 的 %(multiple)s 倍；起算日计入，截止日不计；不计复利") % told
    return _("按各日有效的%(term)s LPR 的 %(multiple)s 倍分段；起算日计入，截止日不计；不计复利") % told


def piece_line(amount: Decimal, piece: Piece) -> str:
    """Return the arithmetic of one stretch in words."""
    told = {"first": piece.from_on, "last": piece.until_on, "count": piece.number}
    span = (
        _("%(first)s 至 %(last)s，%(count)d 个月") if piece.is_months else _("%(first)s 至 %(last)s，%(count)d 日")
    ) % told
    divided = f" ÷ {piece.divisor}" if piece.divisor > 1 else ""
    interest = exactly(Fraction(amount) * piece.factor)
    return f"{span}{_('；')}{yuan(amount)} × {percent(piece.rate)} × {piece.number}{divided} {interest}"


def _days(start: dt.date, until: dt.date, rate: Decimal, divisor: int) -> Piece:
    return Piece(start, until, (until - start).days, False, rate, divisor)


def _months(start: dt.date, until: dt.date, rate: Decimal) -> list[Piece]:
    count = (until.year - start.year) * 12 + until.month - start.month
    if same_day(start, months=count) > until:
        count -= 1
    turn = same_day(start, months=count)
    whole, rest = Piece(start, turn, count, True, rate, 1), _days(turn, until, rate, MONTH_DAYS)
    return [piece for piece in (whole, rest) if piece.number]
