"""The one door through which the stage of a case changes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_fsm import Transition

from bureau.errors import Refused
from bureau.models import Team, User
from cases.models import Case, Handover, Suspension
from cases.pauses import PauseKind
from cases.record import record
from cases.services import pauses

# What a transition itself may change.
MOVED = ("stage", "stage_since_on", "resume_stage", "closing_mode")


@dataclass(frozen=True, slots=True)
class Move:
    """One transition as a button: shown when the user may ever do it here, greyed with reasons when not now."""

    name: str
    label: str | Promise
    reasons: list[str]

    @property
    def is_available(self) -> bool:
        """Return whether it may happen now."""
        return not self.reasons


def declared() -> dict[str, list[Transition]]:
    """Return every declared transition by name, one entry per source stage."""
    field = Case._meta.get_field("stage")
    moves: dict[str, list[Transition]] = {}
    for transition_ in field.get_all_transitions(Case):
        moves.setdefault(transition_.name, []).append(transition_)
    return moves


def stage_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why the move may not happen now: source stage, then every room of CASE_CHECKS."""
    transitions = declared().get(move)
    if not transitions:
        raise Refused(_("没有这一步"))
    if case.stage not in {transition_.source for transition_ in transitions}:
        return [
            _("案件处于“%(stage)s”阶段，不能%(move)s")
            % {"stage": case.get_stage_display(), "move": transitions[0].custom["label"]}
        ]
    reasons = _own_objections(case, move)
    for path in settings.CASE_CHECKS:
        reasons += import_string(path)(case, move, at=at)
    return reasons


def _own_objections(case: Case, move: str) -> list[str]:
    if move in ("fulfil", "terminate", "suspend") and _has_pending_handover(case):
        return [_("有待接收的移交，请先接收或退回")]
    return []


def _has_pending_handover(case: Case) -> bool:
    return case.handovers.filter(state=Handover.State.PENDING).exists()


def moves_for(case: Case, user: User, *, at: dt.datetime) -> list[Move]:
    """Return the buttons of a case for a user: the same rule as `advance`."""
    moves = []
    for name, transitions in declared().items():
        here = [transition_ for transition_ in transitions if transition_.source == case.stage]
        if here and transitions[0].has_perm(case, user):
            moves.append(Move(name, transitions[0].custom["label"], stage_objections(case, name, at=at)))
    return moves


@transaction.atomic
def advance(
    case: Case,
    move: str,
    *,
    at: dt.datetime,
    actor: User,
    changes: Mapping[str, Any] | None = None,
    **details: Any,
) -> Case:
    """Carry out one declared transition: lock, check, move, save and record it.

    `changes` are fields of the case that change with the stage. Raises PermissionDenied or Refused.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    transitions = declared().get(move)
    if not transitions:
        raise Refused(_("没有这一步"))
    if not transitions[0].has_perm(case, actor):
        raise PermissionDenied
    if objections := stage_objections(case, move, at=at):
        raise Refused(objections)
    before = case.stage
    for name, value in (changes or {}).items():
        setattr(case, name, value)
    getattr(case, move)(at=at)
    case.stage_since_on = timezone.localdate(at)
    _save_through_the_door(case, before, [*MOVED, *(changes or {})])
    record(case, move, at=at, case=case, actor=actor, before=before, after=case.stage, **details)
    return case


def _save_through_the_door(case: Case, before: str, fields: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('wuhai_exec.advance', concat_ws(':', %s::bigint, %s::text, %s::text,"
            " pg_current_xact_id()), true)",
            [case.pk, before, case.stage],
        )
    case.save(update_fields=fields)


def _affairs_team() -> Team:
    return Team.objects.get(kind=Team.Kind.AFFAIRS, is_active=True)


@transaction.atomic
def allocate(
    case: Case, *, stream: str, stream_team: Team, judge: User, starter: User, at: dt.datetime, actor: User
) -> Case:
    """The command centre has named team and judge; the affairs team holds the case and its starter owns the stage."""
    return advance(
        case,
        "allocate",
        at=at,
        actor=actor,
        changes={
            "stream": stream,
            "stream_team": stream_team,
            "judge": judge,
            "team": _affairs_team(),
            "owner": starter,
        },
        stream=stream,
        team=stream_team.code,
        judge=judge.pk,
        starter=starter.pk,
    )


@transaction.atomic
def start(case: Case, *, at: dt.datetime, actor: User) -> Case:
    """The affairs team takes the case up; whoever starts it owns the stage."""
    return advance(case, "start", at=at, actor=actor, changes={"owner": actor})


@transaction.atomic
def suspend(case: Case, *, ground: str, document: str, at: dt.datetime, actor: User) -> Case:
    """The judge suspends the case on a ground, by a ruling (民事诉讼法 267; 2017 text 256)."""
    case = advance(case, "suspend", at=at, actor=actor, ground=ground, document=document)
    Suspension.objects.create(case=case, ground=ground, document=document, from_on=timezone.localdate(at))
    pauses.begin(case, PauseKind.SUSPENSION, document=document, on=timezone.localdate(at))
    return case


@transaction.atomic
def resume(case: Case, *, note: str, at: dt.datetime, actor: User) -> Case:
    """The ground is gone; the case goes on where it stood (执行工作规定 60)."""
    case = advance(case, "resume", at=at, actor=actor, note=note)
    case.suspensions.filter(until_on__isnull=True).update(until_on=timezone.localdate(at), resume_note=note)
    pauses.end(case, PauseKind.SUSPENSION, on=timezone.localdate(at))
    return case


@transaction.atomic
def fulfil(case: Case, *, document: str, at: dt.datetime, actor: User) -> Case:
    """Close as 执行完毕: nothing owed, unpaid or open (执行工作规定 64)."""
    return _close(case, "fulfil", document=document, at=at, actor=actor)


@transaction.atomic
def terminate(case: Case, *, document: str, at: dt.datetime, actor: User) -> Case:
    """Close as 终结执行 on the applicant's written withdrawal, with nothing held (民事诉讼法 268; 2017 text 257)."""
    return _close(case, "terminate", document=document, at=at, actor=actor)


def _close(case: Case, move: str, *, document: str, at: dt.datetime, actor: User) -> Case:
    if not document.strip():
        raise Refused(_("请写明结案文书或凭据"))
    changes = {
        "closed_on": timezone.localdate(at),
        "closing_document": document.strip(),
        "team": _affairs_team(),
        "owner": None,
    }
    return advance(case, move, at=at, actor=actor, changes=changes, document=document.strip())
