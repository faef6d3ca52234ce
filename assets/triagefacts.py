"""What triage may know of the property under control: money frozen, things that would have to be sold, how many."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from assets.models import Control

CASH = (Control.Kind.DEPOSIT, Control.Kind.ONLINE_FUNDS)
# Which kinds must be valued and sold before they are money (domain handbook §4.2 T7); a vehicle only once seized.
SOLD: dict[str, str] = {
    Control.Kind.REAL_ESTATE: "REAL_ESTATE",
    Control.Kind.EQUITY: "EQUITY",
    Control.Kind.VEHICLE: "VEHICLE",
    Control.Kind.GOODS: "OTHER",
    Control.Kind.VALUABLES: "OTHER",
    Control.Kind.INTELLECTUAL: "OTHER",
    Control.Kind.MINING: "OTHER",
}


def facts(cases: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return by case what is controlled; money counts by what was found on the account, not by the limit."""
    rows = Control.objects.active().filter(case__in=list(cases)).order_by("id")
    fields = ("case_id", "kind", "measure", "origin", "state", "value")
    found: dict[int, dict[str, Any]] = {}
    for pk, kind, measure, origin, state, value in rows.values_list(*fields):
        known = found.setdefault(pk, {"property_count": 0})
        known["property_count"] += 1
        if state != Control.State.LIVE:
            continue
        if kind in CASH and value:
            name = "cash_preserved" if origin == Control.Origin.PRESERVATION else "cash_frozen"
            known[name] = known.get(name, Decimal("0.00")) + value
        elif kind in SOLD and (kind != Control.Kind.VEHICLE or measure == Control.Measure.SEIZE):
            known.setdefault("disposal", SOLD[kind])
    return found
