"""Deadlines of cases older than the deadlines: their record is read again, event by event, as if it happened now."""

import datetime as dt
import json
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from bureau.models import Event, User
from cases import deadlines
from cases.models import Case, Deadline
from cases.pauses import PauseKind
from cases.record import record
from cases.services import pauses
from cases.services.rests import PAUSES

RESTS_ENDED = (PauseKind.SUSPENSION, PauseKind.STAY, PauseKind.STAY_ABOVE)


def backfill_deadlines(*, at: dt.datetime, actor: User) -> int:
    """Open the deadlines of every case that has none; return of how many. A second run finds nothing to do."""
    without = Case.objects.filter(~Exists(Deadline.objects.filter(case=OuterRef("pk")))).order_by("pk")
    return sum(_backfill(pk, at=at, actor=actor) for pk in list(without.values_list("pk", flat=True)))


@transaction.atomic
def _backfill(pk: int, *, at: dt.datetime, actor: User) -> int:
    case = Case.objects.select_for_update().get(pk=pk)
    if case.deadlines.exists():
        return 0
    events = list(Event.objects.of_chain(f"case:{case.pk}"))
    has_pauses = case.pauses.exists()
    for event in events:
        deadlines.follow(event, case, _told(event))
        if not has_pauses:
            _rest(case, event)
    deadlines.recount(case, today=timezone.localdate(at))
    _show(case)
    count = case.deadlines.count()
    record(case, "backfill_deadlines", at=at, case=case, actor=actor, count=count)
    return int(count > 0)


def _told(event: Event) -> dict[str, Any]:
    """Return what the event told when it was recorded, its days as days."""
    details = json.loads(event.details)
    days = {name: dt.date.fromisoformat(value) for name, value in details.items() if name.endswith("_on") and value}
    return {**details, **days}


def _rest(case: Case, event: Event) -> None:
    """Begin or end the period that a suspension, a stay or going on has meant since that day."""
    day = _told(event).get("from_on") or timezone.localdate(event.at)
    if event.verb == "suspend":
        for suspension in case.suspensions.filter(from_on=day):
            pauses.begin(case, PauseKind.SUSPENSION, document=suspension.document, from_on=day, today=day)
    elif event.verb == "stay":
        for stay in case.stays.filter(from_on=day):
            pauses.begin(case, PAUSES.get(stay.ground, PauseKind.STAY), document=stay.document, from_on=day, today=day)
    elif event.verb == "resume":
        for kind in RESTS_ENDED:
            pauses.end(case, kind, on=day, today=day)


def _show(case: Case) -> None:
    """Let the case show the last days that were counted, as lists and boards read them there."""
    shown = {}
    for row in case.deadlines.filter(node__in=deadlines.PROJECTIONS):
        shown[deadlines.PROJECTIONS[row.node]] = row.due_on
    if shown:
        Case.objects.filter(pk=case.pk).update(**shown)
