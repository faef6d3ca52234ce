"""The one door through which the stage of a case changes."""

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_fsm import Transition

from bureau.errors import Refused
from bureau.models import Team, User
from cases.models import Case, Correction, Handover, Sanction
from cases.record import record
from cases.services.recusals import recusals
from cases.services.related import lock_objections

# What a transition itself may change.
MOVED = ("stage", "stage_since_on", "resume_stage", "closing_mode", "stream")
NOT_WHILE_HANDED_OVER = frozenset(("suspend", "stay", "settle", "propose_closing"))
# Every move that ends a case or proposes its end.
NOT_WHILE_WORK_IS_OPEN = ("propose_closing", "close")

UNSETTLED = Q(state=Correction.State.PROPOSED) | Q(wrong_person_at__isnull=False, cleared_at__isnull=True)


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


def stage_objections(case: Case, move: str, *, at: dt.datetime, changes: Mapping[str, Any] | None = None) -> list[str]:
    """Return why the move, with these changes of the case, may not happen now: stage, then every CASE_CHECK."""
    transitions = declared().get(move)
    if not transitions:
        raise Refused(_("没有这一步"))
    if case.stage not in {transition_.source for transition_ in transitions}:
        return [wrong_stage(case, transitions[0])]
    case = copy.copy(case)
    for name, value in (changes or {}).items():
        setattr(case, name, value)
    reasons = _own_objections(case, move)
    for path in settings.CASE_CHECKS:
        reasons += import_string(path)(case, move, at=at)
    return reasons


def wrong_stage(case: Case, move: Transition) -> str:
    """Return that the move does not start from the stage in which the case is."""
    words = {"stage": case.get_stage_display(), "move": move.custom["label"]}
    return _("案件处于“%(stage)s”阶段，不能%(move)s") % words


def _own_objections(case: Case, move: str) -> list[str]:
    if move in NOT_WHILE_HANDED_OVER and _has_pending_handover(case):
        return [_("有待接收的移交，请先接收或退回")]
    if move in NOT_WHILE_WORK_IS_OPEN and (count := case.work_orders.open().count()):
        return [_("有 %(count)d 件协作未办结，请先确认或撤回") % {"count": count}]
    if move in NOT_WHILE_WORK_IS_OPEN and case.corrections.filter(UNSETTLED).exists():
        return [_("有待确认的更正，或有误及他人的控制尚未解除")]
    if move == "archive":
        return _sanction_objections(case)
    return lock_objections(case) if move in NOT_WHILE_WORK_IS_OPEN else []


def _sanction_objections(case: Case) -> list[str]:
    """Return which sanctions have lost their ground, with the case or otherwise, and are not lifted yet."""
    rows = case.sanctions.filter(state=Sanction.State.REMOVAL_DUE).select_related("party")
    return [
        _("对%(name)s的%(kind)s尚未解除") % {"name": row.party.name, "kind": row.get_kind_display()}
        for row in rows.order_by("id")
    ]


def _has_pending_handover(case: Case) -> bool:
    return any(row.state == Handover.State.PENDING for row in case.handovers.all())


def moves_for(case: Case, user: User, *, at: dt.datetime) -> list[Move]:
    """Return the buttons of a case for a user: the same rule as `advance`."""
    moves = []
    for name, transitions in declared().items():
        here = [transition_ for transition_ in transitions if transition_.source == case.stage]
        if here and transitions[0].has_perm(case, user):
            moves.append((name, transitions[0].custom["label"]))
    barred = recusals(case, user) if moves else []
    return [Move(name, label, barred + stage_objections(case, name, at=at)) for name, label in moves]


@transaction.atomic
def advance(
    case: Case,
    move: str,
    *,
    at: dt.datetime,
    actor: User,
    changes: Mapping[str, Any] | None = None,
    since_on: dt.date | None = None,
    **details: Any,
) -> Case:
    """Carry out one declared transition: lock, check, move, save and record it.

    `changes` are fields of the case that change with the stage; `since_on` is since when it has been there, where that
    was before the act. Raises PermissionDenied or Refused.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    transitions = declared().get(move)
    if not transitions:
        raise Refused(_("没有这一步"))
    if not transitions[0].has_perm(case, actor):
        raise PermissionDenied
    if objections := recusals(case, actor) + stage_objections(case, move, at=at, changes=changes):
        raise Refused(objections)
    before = case.stage
    for name, value in (changes or {}).items():
        setattr(case, name, value)
    getattr(case, move)(at=at)
    case.stage_since_on = since_on or timezone.localdate(at)
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


def refuse_put_away(case: Case) -> None:
    """Refuse whatever would change the file of an archived case; raises Refused. After 终本 the file stays in use."""
    if case.is_put_away:
        raise Refused(_("本案已归档，卷宗、文书和记录不再变动；确需继续办理的，请依法恢复执行立案"))


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
def take_back(case: Case, *, stream: str, at: dt.datetime, actor: User) -> Case:
    """The assignment of a case not yet started is undone; the command centre holds it again, in the decided stream."""
    command = Team.objects.filter(kind=Team.Kind.COMMAND, is_active=True).order_by("id").first()
    changes = {"stream": stream, "stream_team": None, "judge": None, "team": command, "owner": None}
    before: dict[str, Any] = {"judge": case.judge_id, "starter": case.owner_id}
    return advance(case, "take_back", at=at, actor=actor, changes=changes, stream=stream, **before)


@transaction.atomic
def start(case: Case, *, at: dt.datetime, actor: User) -> Case:
    """The affairs team takes the case up; whoever starts it owns the stage."""
    return advance(case, "start", at=at, actor=actor, changes={"owner": actor})
