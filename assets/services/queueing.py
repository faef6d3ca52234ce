"""A queued control comes into force by itself when what stood ahead has ended; its keeper then checks it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import Control
from assets.services.controls import held, record_control, term_now, term_objections
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.versions import refuse_stale

BATCH = 200
State = Control.State


def activate_freed(*, at: dt.datetime, actor: User) -> int:
    """Let come into force what is next in line, from the day on which the last one ahead ended; return how many.

    The effect is the law's own (法释〔2004〕15号 26), the term is the longest from that day until its keeper has
    checked the ruling and the register. Safe to run twice at once.
    """
    count = 0
    while activated := _activate_batch(at=at, actor=actor):
        count += activated
    return count


@transaction.atomic
def _activate_batch(*, at: dt.datetime, actor: User) -> int:
    today = timezone.localdate(at)
    waiting = Control.objects.next_in_line(today=today).select_related("case", "debtor")
    # The case row is the lock of everything on a case; a case that is being worked on has its turn at the next beat.
    rows = list(waiting.order_by("from_on", "id").select_for_update(of=("self", "case"), skip_locked=True)[:BATCH])
    # Of several behind the same thing only the first has its turn; the others are asked about again.
    first = {(row.kind, row.thing, row.debtor.name): row for row in reversed(rows)}
    for control in first.values():
        _activate(control, at=at, actor=actor)
    return len(first)


def _activate(control: Control, *, at: dt.datetime, actor: User) -> None:
    day, rank = control.freed_on, control.rank  # type: ignore[attr-defined]
    control.state, control.rank, control.activated_on = State.LIVE, 1, day
    control.to_on, control.unconfirmed_since = control.rule.last_day(day), day
    control.save(update_fields=["state", "rank", "activated_on", "to_on", "unconfirmed_since"])
    record_control(control, "activate_control", at=at, actor=actor, old_rank=rank, is_automatic=True)


@transaction.atomic
def confirm_control(
    control: Control, *, to_on: dt.date | None = None, seen: str = "", at: dt.datetime, actor: User
) -> Control:
    """The keeper has checked with the assisting unit: it is in force, until the day that the ruling allows.

    `seen` is the mark of what the form was opened with; raises Stale where a colleague has changed the day since.
    """
    control = held(control, "confirm_control", actor)
    refuse_stale(term_now(control), seen)
    assert control.activated_on is not None
    old_to_on, today = control.to_on, timezone.localdate(at)
    control.to_on = to_on or control.to_on
    if reasons := term_objections(control, control.activated_on, control.to_on, today=today):
        raise Refused(reasons)
    control.unconfirmed_since = None
    control.save(update_fields=["to_on", "unconfirmed_since"])
    record_control(control, "confirm_control", at=at, actor=actor, old_to_on=old_to_on)
    return control


@transaction.atomic
def requeue_control(control: Control, *, rank: int, at: dt.datetime, actor: User) -> Control:
    """The assisting unit says that others still stand ahead: the control waits on, at the rank it names."""
    control = held(control, "requeue_control", actor)
    if not 1 < rank < 100:
        raise Refused(of_field("rank", _("顺位从 2 起：前面仍有在先控制的才退回轮候")))
    control.state, control.rank, control.ranked_on = State.QUEUED, rank, timezone.localdate(at)
    control.to_on = control.activated_on = control.unconfirmed_since = None
    control.save(update_fields=["state", "rank", "ranked_on", "to_on", "activated_on", "unconfirmed_since"])
    record_control(control, "requeue_control", at=at, actor=actor, rank=rank)
    return control
