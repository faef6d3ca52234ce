"""What a payment that falls short is credited to (民法典 561; 法释〔2014〕8号 4); pure, no ORM.

Costs first, then interest, then principal, and the doubled part of delay interest last, unless the parties agreed or
the document ordered another order. Items of one kind are added up; whoever needs them apart credits them by order of
due day.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.money import CENT, yuan
from cases.law import Provision, cite, of

KINDS = {
    "cost": gettext_lazy("实现债权的费用"),
    "interest": gettext_lazy("利息"),
    "principal": gettext_lazy("本金"),
    "doubled": gettext_lazy("加倍部分债务利息"),
}
LAWFUL_ORDER = tuple(KINDS)
# 民法典 since 2021-01-01; before it the same order stood in 合同法解释（二）.
SOURCES: tuple[tuple[dt.date, Provision], ...] = (
    (dt.date.min, of("CONTRACT2", "21")),
    (dt.date(2021, 1, 1), of("CIVIL", "561")),
)


class Item(NamedTuple):
    """A sum owed: cost, interest, principal or doubled part."""

    kind: str
    amount: Decimal


class Settled(NamedTuple):
    """By kind in the order used: what is paid and what stays owed; then what exceeds all items; the arithmetic."""

    paid: dict[str, Decimal]
    left: dict[str, Decimal]
    surplus: Decimal
    steps: list[str]


def settle(
    pay: Decimal, items: Iterable[Item], *, order: Sequence[str] = LAWFUL_ORDER, on: dt.date = dt.date.max
) -> Settled:
    """Credit a payment to items; cites the texts of a day, by default the latest."""
    owed: dict[str, Decimal] = {}
    for item in items:
        owed[item.kind] = owed.get(item.kind, Decimal(0)) + item.amount
    rest, paid, left = pay, dict[str, Decimal](), dict[str, Decimal]()
    steps = [_("付款 %(pay)s") % {"pay": yuan(pay)}]
    for kind in order:
        if kind not in owed:
            continue
        taken = min(rest, owed[kind])
        rest -= taken
        paid[kind], left[kind] = taken.quantize(CENT), (owed[kind] - taken).quantize(CENT)
        steps.append(
            _("%(kind)s：应付 %(owed)s，本次冲抵 %(taken)s，尚欠 %(left)s，付款余 %(rest)s")
            % {
                "kind": KINDS[kind],
                "owed": yuan(owed[kind]),
                "taken": yuan(taken),
                "left": yuan(left[kind]),
                "rest": yuan(rest),
            }
        )
    if rest:
        steps.append(_("全部付清，余款 %(rest)s") % {"rest": yuan(rest)})
    if tuple(order) != LAWFUL_ORDER:
        steps.append(_("顺序按当事人约定或者法律文书的确定"))
    law = cite(([row for day, row in SOURCES if day <= on][-1], of("INT", "4")), on=on)
    return Settled(paid, left, rest.quantize(CENT), [*steps, _("依据：%(law)s") % {"law": law}])
