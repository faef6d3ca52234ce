"""The list of cases put aside as a question."""

import datetime as dt

from bureau.models import User
from cases.models import HoldQuerySet


def filtered(holds: HoldQuerySet, chosen: dict[str, str], *, user: User, today: dt.date) -> HoldQuerySet:
    """Return the holds that fit every chosen filter, the nearest end first; those not ended unless asked otherwise."""
    state = chosen.get("state", "")
    if chosen.get("who") == "mine":
        holds = holds.of(user)
    if state == "ended":
        return holds.filter(ended_at__isnull=False).for_list().order_by("-ended_at", "-id")
    if state == "over":
        return holds.over(on=today).for_list()
    return holds.filter(ended_at__isnull=True).for_list()
