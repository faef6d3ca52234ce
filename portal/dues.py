"""Turns the projected sums of a case into what the debtor reads on the day he scans; no other room is known here."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau.money import yuan

LABELS: tuple[tuple[str, str | Promise], ...] = (
    ("principal", _("本金、违约金、赔偿金等")),
    ("interest", _("一般债务利息")),
    ("doubled", _("加倍部分债务利息")),
    ("cost", _("诉讼费等费用")),
    ("fee", _("执行申请费")),
)

# What has become of the money, by purpose of payment; what stays in the house is told by its sum alone.
USES: tuple[tuple[tuple[str, ...], str | Promise], ...] = (
    (("CLAIM", "RELEASE"), _("已发放申请执行人")),
    (("FEE",), _("已缴执行申请费")),
    (("COST",), _("已付执行费用")),
    (("COURT", "MOVE"), _("依分配方案或协助通知转付")),
    (("ABSENT",), _("已提存")),
    (("REFUND",), _("已退还被执行人")),
)


def read(payload: dict[str, Any], *, today: dt.date, language: str) -> dict[str, Any]:
    """Return the page's context for the day; without sums of that day the court is asked."""
    sums = payload["days"].get(today.isoformat())
    is_fresh = payload.get("steps_on") == today.isoformat()
    return {
        "number": payload["number"],
        "court": payload["court"],
        "is_open": payload["is_open"],
        "is_open_ended": payload["is_open_ended"],
        "has_acts": payload["has_acts"],
        "account": payload["account"],
        "phone": payload["phone"],
        "today": today,
        "parts": [(label, yuan(sums[name])) for name, label in LABELS] if sums else [],
        "total": yuan(sums["total"]) if sums else "",
        "is_paid": bool(sums) and sums["total"] == "0.00" and not payload["is_open_ended"],
        "surplus": yuan(surplus) if sums and (surplus := Decimal(sums["surplus"])) else "",
        "tomorrow": yuan(sums["tomorrow"]) if sums else "",
        "steps": payload["steps"].get(language, []) if sums and is_fresh else [],
        "uses": _uses(payload["used"]),
        "paid": [(dt.date.fromisoformat(row["on"]), yuan(row["amount"])) for row in payload["paid"]],
    }


def _uses(used: dict[str, str]) -> list[tuple[str | Promise, str]]:
    sums = ((label, sum((Decimal(used.get(code, "0")) for code in codes), Decimal(0))) for codes, label in USES)
    return [(label, yuan(total)) for label, total in sums if total]
