"""Application fee and preservation fee, progressive by slice (诉讼费用交纳办法 14, 20, 38); pure, no ORM.

The debtor bears the application fee; it is not prepaid but collected after execution. At filing it is reckoned on
what is claimed, as an estimate, at closing on what was really executed. The law is silent on rounding: half-up, once,
to the cent; some courts round to the yuan, which `to` allows. A new text of the tariff is a new row with the day from
which it is valid.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from bureau.money import CENT, Worked, exactly, percent, to_cent, yuan
from cases.law import Provision, of


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a sum above one edge and up to the next one's, and its rate per hundred."""

    above: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """One text of a tariff: a flat sum for what lies below the first slice, then slices, then a cap."""

    from_on: dt.date
    flat: Decimal
    slices: tuple[Slice, ...]
    provisions: tuple[Provision, ...]
    cap: Decimal | None = None


_SINCE = dt.date(2007, 4, 1)
APPLICATION = (
    Tariff(
        _SINCE,
        Decimal(50),
        (
            Slice(Decimal(10_000), Decimal("1.5")),
            Slice(Decimal(500_000), Decimal("1")),
            Slice(Decimal(5_000_000), Decimal("0.5")),
            Slice(Decimal(10_000_000), Decimal("0.1")),
        ),
        (of("FEE", "14", "20", "38"),),
    ),
)
PRESERVATION = (
    Tariff(
        _SINCE,
        Decimal(30),
        (Slice(Decimal(1_000), Decimal("1")), Slice(Decimal(100_000), Decimal("0.5"))),
        (of("FEE", "14", "20"),),
        cap=Decimal(5_000),
    ),
)


def application_fee(amount: Decimal, *, to: Decimal = CENT, on: dt.date = dt.date.max) -> Worked:
    """Return the 执行申请费 in yuan for a sum that is not negative, by the tariff of a day (by default the latest).

    Without a sum of money the court sets 50 to 500 yuan; zero gives the lower end and says so.
    """
    worked = _by(APPLICATION, amount, to=to, on=on)
    if not amount:
        worked.steps.insert(1, _("没有执行金额或者价额的，由法院在每件 50 元至 500 元之间确定"))
    return worked


def preservation_fee(amount: Decimal, *, to: Decimal = CENT, on: dt.date = dt.date.max) -> Worked:
    """Return the 保全申请费 in yuan for the value of what is preserved, at most 5,000."""
    return _by(PRESERVATION, amount, to=to, on=on)


def _by(tariffs: tuple[Tariff, ...], amount: Decimal, *, to: Decimal, on: dt.date) -> Worked:
    tariff = [row for row in tariffs if row.from_on <= on or row is tariffs[0]][-1]
    edges = [piece.above for piece in tariff.slices]
    total, steps = Fraction(tariff.flat), [_flat(tariff, amount)]
    for piece, upper in zip(tariff.slices, [*edges[1:], None], strict=True):
        inside = (amount if upper is None else min(amount, upper)) - piece.above
        if inside <= 0:
            break
        part = Fraction(inside) * Fraction(piece.rate) / 100
        total += part
        said = _("超过 %(above)s 元的部分") if upper is None else _("超过 %(above)s 元至 %(upper)s 元的部分")
        span = said % {"above": yuan(piece.above), "upper": yuan(upper or 0)}
        steps.append(f"{span}{_('：')}{yuan(inside)} × {percent(piece.rate)} {exactly(part)}")
    steps.append(_("合计 %(total)s") % {"total": exactly(total)})
    if tariff.cap is not None and total > tariff.cap:
        total = Fraction(tariff.cap)
        steps.append(_("最多不超过 %(cap)s 元") % {"cap": yuan(tariff.cap)})
    fee = to_cent(total, to=to)
    rule = _("四舍五入到分：%(fee)s 元") if to == CENT else _("四舍五入到元：%(fee)s 元")
    steps += [
        rule % {"fee": yuan(fee)},
        _("依据：%(law)s") % {"law": "；".join(row.on(on) for row in tariff.provisions)},
    ]
    return Worked(fee, steps)


def _flat(tariff: Tariff, amount: Decimal) -> str:
    edge, flat = yuan(tariff.slices[0].above), yuan(tariff.flat)
    if amount <= tariff.slices[0].above:
        return _("金额 %(amount)s 元，不超过 %(edge)s 元的每件 %(flat)s 元") % {
            "amount": yuan(amount),
            "edge": edge,
            "flat": flat,
        }
    return _("金额 %(amount)s 元，其中 %(edge)s 元以内的部分：%(flat)s 元") % {
        "amount": yuan(amount),
        "edge": edge,
        "flat": flat,
    }
