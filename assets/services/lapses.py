"""A control not renewed in time has lapsed: an incident, red at once, explained by the chief, never deleted."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import Control
from bureau.calendar import DAY
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case
from cases.models.leadership import leads
from cases.record import record

BATCH = 200
TEXT_MAX = 500


def lapse_controls(*, at: dt.datetime, actor: User) -> int:
    """Let lapse what is past its last day without a renewal; return how many. Safe to run twice at once."""
    count = 0
    while lapsed := _lapse_batch(at=at, actor=actor):
        count += lapsed
    return count


@transaction.atomic
def _lapse_batch(*, at: dt.datetime, actor: User) -> int:
    past = Control.objects.past(today=timezone.localdate(at)).select_related("case").order_by("to_on", "id")
    # The case row is the lock of everything on a case; a case that is being worked on has its turn at the next beat.
    rows = list(past.select_for_update(of=("self", "case"), skip_locked=True)[:BATCH])
    for control in rows:
        assert control.to_on is not None
        control.state = Control.State.LAPSED
        control.ended_on, control.ended_at, control.ended_by = control.to_on + DAY, at, actor
        control.unconfirmed_since = None
        control.save(update_fields=["state", "ended_on", "ended_at", "ended_by", "unconfirmed_since"])
        record(
            control,
            "lapse_control",
            at=at,
            case=control.case,
            actor=actor,
            asset_kind=control.kind,
            measure=control.measure,
            ruling=control.ruling,
            to_on=control.to_on,
            level="RED",
        )
    return len(rows)


@transaction.atomic
def explain_lapse(control: Control, *, explanation: str, at: dt.datetime, actor: User) -> Control:
    """The chief says how it came about and what was done; until then the incident is red on every desk it concerns."""
    Case.objects.held().get(pk=control.case_id)
    control = Control.objects.select_related("case").get(pk=control.pk)
    if not actor.has_perm("assets.explain_lapse") or not leads(control.case, actor, "CHIEF"):
        raise PermissionDenied
    if control.state != Control.State.LAPSED or control.explained_at:
        raise Refused(_("该控制没有待核查的失效事故"))
    if not explanation.strip():
        raise Refused(of_field("explanation", _("请写明失效原因和补救、问责处理")))
    control.explanation = explanation.strip()[:TEXT_MAX]
    control.explained_by, control.explained_at = actor, at
    control.save(update_fields=["explanation", "explained_by", "explained_at"])
    record(
        control, "explain_lapse", at=at, case=control.case, actor=actor, asset_kind=control.kind, to_on=control.to_on
    )
    return control
