"""What goes past the draw or repeats it: a reason, and another person who agrees (handbook §2.3)."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from cases import services as cases
from cases.models import Case
from cases.record import record
from dispatch import pools
from dispatch.assigning import draw_people, hold_draws, lock_cases, objections
from dispatch.models import Assignment, AssignmentRequest
from dispatch.oldbook import OLD_BOOK
from dispatch.pools import Ask, gather

REASON_MAX = 300


@transaction.atomic
def ask_assignment(
    *,
    wanted: Iterable[Case],
    kind: str,
    judge: User | None = None,
    reason: str,
    at: dt.datetime,
    actor: User,
) -> AssignmentRequest:
    """Ask to name a judge, to draw again or to take cases back; another person decides (handbook §2.3)."""
    if not actor.has_perm("dispatch.assign_case"):
        raise PermissionDenied
    reason = reason.strip()[:REASON_MAX]
    locked = lock_cases(wanted)
    reasons = _ask_objections(locked, kind, judge, reason, at=at, actor=actor)
    if reasons:
        raise Refused(reasons)
    request = AssignmentRequest.objects.create(
        kind=kind,
        judge=judge if kind == AssignmentRequest.Kind.NAMED else None,
        reason=reason,
        requested_by=actor,
        requested_at=at,
    )
    request.cases.set(locked)
    for case in locked:
        record(
            request, "ask_assignment", at=at, case=case, actor=actor, kind=kind, judge=request.judge_id, reason=reason
        )
    return request


def _ask_objections(
    locked: list[Case], kind: str, judge: User | None, reason: str, *, at: dt.datetime, actor: User
) -> list[str]:
    kinds = AssignmentRequest.Kind
    reasons = [] if reason else [of_field("reason", _("请写明理由"))]
    if kind not in kinds.values or not locked:
        return [*reasons, _("请选择事项和案件")]
    if kind == kinds.NAMED and judge is None:
        return [*reasons, of_field("judge", _("请选择承办法官"))]
    if judge is not None and kind == kinds.NAMED and judge.pk == actor.pk:
        reasons.append(of_field("judge", _("分案人不得承办本人所分的案件")))
    asked = AssignmentRequest.objects.waiting().about(locked)
    for case in locked:
        if case.pk in asked:
            reasons.append(_("%(number)s 已有待批准的申请") % {"number": case.display_number})
        reasons += _kind_objections(case, kind, judge if kind == kinds.NAMED else None, at=at, actor=actor)
    return reasons


def _kind_objections(case: Case, kind: str, judge: User | None, *, at: dt.datetime, actor: User) -> list[str]:
    kinds, number = AssignmentRequest.Kind, {"number": case.display_number}
    if case.is_of_court:
        return [str(OLD_BOOK)]
    if kind == kinds.TAKE_BACK and case.stage != Case.Stage.ALLOCATED:
        return [_("%(number)s 不在待启动阶段，不能收回分案") % number]
    if case.stage == Case.Stage.FILED and kind == kinds.NAMED:
        return objections(case, asked=(), at=at, actor=actor) or _named_objections(case, judge, at=at, actor=actor)
    if not case.is_open or case.judge_id is None or case.stream_team_id is None:
        return [_("%(number)s 没有在办的承办法官") % number]
    return _named_objections(case, judge, at=at, actor=actor) if judge else []


def _named_objections(case: Case, judge: User | None, *, at: dt.datetime, actor: User) -> list[str]:
    if judge is None:
        return []
    ask = _ask_of([case], case.stage == Case.Stage.FILED, judge, at=at, actors={actor.pk})
    if not (why := pools.why_not(judge, case, ask)):
        return []
    words = {"name": judge.name, "number": case.display_number, "why": why}
    return [of_field("judge", _("%(name)s不能承办 %(number)s：%(why)s") % words)]


def _ask_of(of: list[Case], is_first: bool, judge: User | None, *, at: dt.datetime, actors: set[int]) -> Ask:
    if is_first:
        return Ask(of, at, actors, named=judge)
    return Ask(of, at, actors, seats=(pools.JUDGE,), named=judge, team=of[0].stream_team, leaves_present=True)


@transaction.atomic
def decide_assignment(
    request: AssignmentRequest, *, is_approved: bool, note: str = "", at: dt.datetime, actor: User
) -> AssignmentRequest:
    """Agree or not to a request; what is agreed to is done in the same act, in the name of whoever asked."""
    if not actor.has_perm("dispatch.approve_assignment"):
        raise PermissionDenied
    hold_draws()
    request = (
        AssignmentRequest.objects.select_for_update(of=("self",))
        .select_related("judge", "requested_by", "decided_by")
        .get(pk=request.pk)
    )
    _refuse_decided(request)
    if actor.pk == request.requested_by_id:
        raise Refused(_("本申请由您提出，须由其他有批准权的人决定"))
    if actor.pk == request.judge_id:
        raise Refused(_("本申请指定由您承办，须由其他有批准权的人决定"))
    if not is_approved and not note.strip():
        raise Refused(of_field("note", _("请写明不批准的理由")))
    state = AssignmentRequest.State
    request.state = state.APPROVED if is_approved else state.REFUSED
    request.decided_by, request.decided_at, request.note = actor, at, note.strip()[:REASON_MAX]
    request.save(update_fields=["state", "decided_by", "decided_at", "note"])
    locked = lock_cases(request.cases.all())
    verb = "approve_assignment" if is_approved else "refuse_assignment"
    for case in locked:
        record(request, verb, at=at, case=case, actor=actor, kind=request.kind, note=request.note)
    if is_approved:
        _carry_out(request, locked, at=at)
    return request


def _refuse_decided(request: AssignmentRequest) -> None:
    if request.state == AssignmentRequest.State.WAITING:
        return
    # Withdrawn by whoever asked, else decided by another; in both cases who and what.
    who = request.decided_by or request.requested_by
    words = {"name": who.name, "state": request.get_state_display()}
    raise Refused(_("该申请已有决定：%(name)s，%(state)s") % words)


def _carry_out(request: AssignmentRequest, locked: list[Case], *, at: dt.datetime) -> None:
    asker = request.requested_by
    if request.kind == AssignmentRequest.Kind.TAKE_BACK:
        for case in locked:
            case.assignments.live().update(ended_at=at, end=Assignment.End.TAKEN_BACK)
            # A verdict given anew since then decides where the case goes next.
            cases.take_back(case, stream=case.verdict.decided, at=at, actor=asker)
        return
    assert request.decided_by_id is not None
    actors = {asker.pk, request.decided_by_id}
    groups: dict[tuple[bool, int], list[Case]] = {}
    for case in locked:
        if reasons := _kind_objections(case, request.kind, request.judge, at=at, actor=asker):
            raise Refused(reasons)
        groups.setdefault((case.stage == Case.Stage.FILED, case.stream_team_id or 0), []).append(case)
    for (is_first, _team), of in sorted(groups.items()):
        gathered = gather(_ask_of(of, is_first, request.judge, at=at, actors=actors))
        if gathered.left:
            raise Refused([_left(case, gathered.left[case.pk]) for case in of if case.pk in gathered.left])
        draw_people(gathered, of, request=request, at=at, actor=asker)


def _left(case: Case, why: str) -> str:
    return _("%(number)s：%(why)s") % {"number": case.display_number, "why": why}


@transaction.atomic
def withdraw_assignment(request: AssignmentRequest, *, at: dt.datetime, actor: User) -> AssignmentRequest:
    """Take one's own request back before it is decided."""
    if not actor.has_perm("dispatch.assign_case") or actor.pk != request.requested_by_id:
        raise PermissionDenied
    request = AssignmentRequest.objects.select_for_update().get(pk=request.pk)
    _refuse_decided(request)
    request.state = AssignmentRequest.State.WITHDRAWN
    request.save(update_fields=["state"])
    for case in lock_cases(request.cases.all()):
        record(request, "withdraw_assignment", at=at, case=case, actor=actor, kind=request.kind)
    return request
