"""A case of the old book is moved over: asked, decided by another, or taken back."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case
from cases.record import record
from cases.services.oldbook import move_over
from dispatch.oldbook import UnitMove

REASON_MAX = 300


@transaction.atomic
def ask_move(case: Case, *, reason: str, at: dt.datetime, actor: User) -> UnitMove:
    """The command centre asks that the bureau carry out an open case of the old book."""
    if not actor.has_perm("dispatch.assign_case"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=case.pk)
    reasons = [] if reason.strip() else [of_field("reason", _("请写明转入理由"))]
    if not case.is_of_court or not case.is_open:
        reasons.append(_("只有未结的旧存案件可以转入"))
    if case.unit_moves.waiting().exists():
        reasons.append(_("本案已有待批准的转入申请"))
    if reasons:
        raise Refused(reasons)
    move = UnitMove.objects.create(case=case, reason=reason.strip()[:REASON_MAX], asked_by=actor, asked_at=at)
    record(move, "ask_move", at=at, case=case, actor=actor, reason=move.reason)
    return move


@transaction.atomic
def decide_move(move: UnitMove, *, is_approved: bool, note: str = "", at: dt.datetime, actor: User) -> UnitMove:
    """Another approves, and the case is the bureau's from now on: it waits to be triaged; or refuses with a reason.

    Refused too while the case rests, is being closed, or has a payout on its way (the move of its stage says so).
    """
    if not actor.has_perm("dispatch.approve_assignment"):
        raise PermissionDenied
    move, case = _held(move)
    reasons = []
    if move.asked_by_id == actor.pk:
        reasons.append(_("申请人不能批准本人的申请"))
    if not is_approved and not note.strip():
        reasons.append(of_field("note", _("不批准请写明意见")))
    if is_approved and not case.is_open:
        reasons.append(_("只有未结的旧存案件可以转入"))
    if reasons:
        raise Refused(reasons)
    move.state = UnitMove.State.APPROVED if is_approved else UnitMove.State.REFUSED
    move.decided_by, move.decided_at, move.note = actor, at, note.strip()[:REASON_MAX]
    move.save(update_fields=["state", "decided_by", "decided_at", "note"])
    if is_approved:
        case = move_over(case, at=at, actor=actor)
    verb = "approve_move" if is_approved else "refuse_move"
    record(move, verb, at=at, case=case, actor=actor, reason=move.note)
    return move


@transaction.atomic
def withdraw_move(move: UnitMove, *, at: dt.datetime, actor: User) -> UnitMove:
    """Whoever asked takes it back."""
    move, case = _held(move)
    if move.asked_by_id != actor.pk:
        raise PermissionDenied
    move.state, move.decided_at = UnitMove.State.WITHDRAWN, at
    move.save(update_fields=["state", "decided_at"])
    record(move, "withdraw_move", at=at, case=case, actor=actor)
    return move


def _held(move: UnitMove) -> tuple[UnitMove, Case]:
    case = Case.objects.select_for_update().get(pk=move.case_id)
    move = UnitMove.objects.get(pk=move.pk)
    if move.state != UnitMove.State.WAITING:
        raise Refused(_("该申请已处理：%(state)s") % {"state": move.get_state_display()})
    return move, case
