"""What triage may know from the network query: money on accounts, how many things, what would have to be sold."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cases.controlcodes import AssetKind
from cases.models import Lead, NetworkQuery, Party, QueryAnswer

MONEY = (QueryAnswer.Source.BANK, QueryAnswer.Source.PAYMENT)
# What must be valued and sold before it is money (domain handbook §4.2 T7); a vehicle is not in hand by its register.
SOLD: dict[str, str] = {AssetKind.REAL_ESTATE: "REAL_ESTATE", AssetKind.EQUITY: "EQUITY"}


def facts(cases: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return by case what the providers found of its present debtors, who is to be asked again, about whom nobody was.

    `cash_debtors` counts those of whom everybody who keeps money has answered.
    """
    pks, found = list(cases), dict[int, dict[str, Any]]()
    # What is asked again after months is found again: the last answer of a provider counts.
    rows = Lead.objects.of_cases(pks).standing().order_by("pk")
    for pk, kind, amount in rows.values_list("answer__query__case_id", "kind", "amount"):
        known = found.setdefault(pk, {"lead_count": 0})
        known["lead_count"] += 1
        if kind in Lead.CASH and amount:
            known["cash_leads"] = known.get("cash_leads", Decimal("0.00")) + amount
        elif kind in SOLD:
            known.setdefault("lead_disposal", SOLD[kind])
    for pk, count in _debtors_told(pks).items():
        found.setdefault(pk, {"lead_count": 0})["cash_debtors"] = count
    for pk in NetworkQuery.objects.lacking().filter(case__in=pks).values_list("case_id", flat=True):
        found.setdefault(pk, {"lead_count": 0})["is_lacking"] = True
    for pk in Party.objects.not_asked_about().filter(case__in=pks).values_list("case_id", flat=True):
        known = found.setdefault(pk, {"lead_count": 0})
        known["unasked"] = known.get("unasked", 0) + 1
    return found


def _debtors_told(pks: list[int]) -> dict[int, int]:
    """Return by case of how many present debtors everybody who keeps money and was asked has answered last."""
    asked = QueryAnswer.objects.filter(query__case__in=pks, query__party__left_on__isnull=True, source__in=MONEY)
    last: dict[tuple[int, int], dict[str, str]] = {}
    for pk, party, source, state in asked.order_by("pk").values_list(
        "query__case_id", "query__party_id", "source", "state"
    ):
        last.setdefault((pk, party), {})[source] = state
    told = Counter[int]()
    for (pk, _party), states in last.items():
        told[pk] += all(state in QueryAnswer.SAID for state in states.values())
    return told
