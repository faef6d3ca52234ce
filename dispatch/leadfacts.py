"""What triage may know from the network query: money on accounts, how many things, what would have to be sold."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cases.controlcodes import AssetKind
from cases.models import Lead, NetworkQuery

# What must be valued and sold before it is money (domain handbook §4.2 T7); a vehicle is not in hand by its register.
SOLD: dict[str, str] = {AssetKind.REAL_ESTATE: "REAL_ESTATE", AssetKind.EQUITY: "EQUITY"}


def facts(cases: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return by case what the providers found of its present debtors, and whether one is still to be asked again."""
    pks, found = list(cases), dict[int, dict[str, Any]]()
    rows = Lead.objects.of_cases(pks).order_by("pk")
    for pk, kind, amount in rows.values_list("answer__query__case_id", "kind", "amount"):
        known = found.setdefault(pk, {"lead_count": 0})
        known["lead_count"] += 1
        if kind in Lead.CASH and amount:
            known["cash_leads"] = known.get("cash_leads", Decimal("0.00")) + amount
        elif kind in SOLD:
            known.setdefault("lead_disposal", SOLD[kind])
    for pk in NetworkQuery.objects.lacking().filter(case__in=pks).values_list("case_id", flat=True):
        found.setdefault(pk, {"lead_count": 0})["is_lacking"] = True
    return found
