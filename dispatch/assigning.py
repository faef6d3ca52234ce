"""Every assignment: by draw, one or many; and what goes past the draw or repeats it, on another person's approval."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record as record_in_room
from cases import services as cases
from cases.models import Case
from cases.record import record
from dispatch import allocation, pools
from dispatch.models import Assignment, AssignmentRequest, Draw, SeedChain
from dispatch.oldbook import OLD_BOOK
from dispatch.pools import Ask, Gathered, gather

REASON_MAX = 300
CHAIN_MIN, CHAIN_MAX = 100, 100_000
# One draw at a time in the whole bureau: loads stand still while they are compared, seeds come in order. Taken before
# any case is locked.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('wuhai_exec draw'))"


@dataclass(slots=True)
class Outcome:
    """What a call has assigned, and which cases it left and why."""

    made: list[Assignment] = field(default_factory=list)
    left: dict[int, str] = field(default_factory=dict)


def hold_draws() -> None:
    """Wait until no other draw runs, and let none begin before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


@transaction.atomic
def make_chain(*, length: int, at: dt.datetime, actor: User) -> SeedChain:
    """Make a chain of seeds and publish its tip; it serves from the next day on, when all could have seen the tip."""
    if not actor.has_perm("dispatch.make_chain"):
        raise PermissionDenied
    if not CHAIN_MIN <= length <= CHAIN_MAX:
        raise Refused(
            of_field("length", _("种子数应在 %(low)d 到 %(high)d 之间") % {"low": CHAIN_MIN, "high": CHAIN_MAX})
        )
    root = secrets.token_hex(32)
    chain = SeedChain.objects.create(
        tip=allocation.seed_at(root, steps=length),
        length=length,
        root=root,
        published_at=at,
        from_on=timezone.localdate(at) + dt.timedelta(days=1),
        made_by=actor,
    )
    record_in_room(chain, "make_chain", at=at, actor=actor, tip=chain.tip, length=length)
    return chain


def objections(case: Case, *, at: dt.datetime, actor: User) -> list[str]:
    """Return why a case may not be assigned by this person now; what depends on the draw is no part of it."""
    if case.is_of_court:
        return [str(OLD_BOOK)]
    if case.stage != Case.Stage.FILED:
        return [_("案件已分案")]
    # What somebody is asked to decide is not drawn over his head.
    if case.assignment_requests.waiting().exists():
        return [_("本案的指定申请尚待批准，批准、不批准或者撤回后再分案")]
    barred: list[str] = cases.recusals(case, actor)
    return barred + cases.stage_objections(case, "allocate", at=at)


def _locked(wanted: Iterable[Case]) -> list[Case]:
    pks = [case.pk for case in wanted]
    return list(Case.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))


@transaction.atomic
def assign(case: Case, *, at: dt.datetime, actor: User) -> Assignment:
    """Draw judge and starter of a triaged case; raises Refused when it cannot be assigned."""
    done = assign_many([case], at=at, actor=actor)
    if done.left:
        raise Refused(list(done.left.values()))
    return done.made[0]


@transaction.atomic
def assign_many(wanted: Iterable[Case], *, expected: str = "", at: dt.datetime, actor: User) -> Outcome:
    """Place these cases in one draw; what cannot be placed is left with its reason.

    With `expected`, the hash of the preview's inputs, nothing is drawn when they have changed since.
    """
    if not actor.has_perm("dispatch.assign_case"):
        raise PermissionDenied
    hold_draws()
    locked, left = _sorted_out(_locked(wanted), at=at, actor=actor)
    gathered = gather(Ask(locked, at, {actor.pk}))
    left |= gathered.left
    if expected and expected != fingerprint(gathered, left):
        raise Refused(_("预览后案件、人员或负荷已有变化，请核对新的预览后再确认"))
    made = _draw(gathered, locked, at=at, actor=actor) if gathered.inputs.pools else []
    return Outcome(made, left)


def _sorted_out(found: list[Case], *, at: dt.datetime, actor: User) -> tuple[list[Case], dict[int, str]]:
    free, left = [], {}
    for case in found:
        if reasons := objections(case, at=at, actor=actor):
            left[case.pk] = str(Refused(reasons))
        else:
            free.append(case)
    return free, left


def preview(wanted: Iterable[Case], *, at: dt.datetime, actor: User) -> Gathered:
    """Return what a draw of these cases would depend on, and what it would leave; nothing is changed or drawn."""
    free, left = _sorted_out(sorted(wanted, key=lambda case: case.pk), at=at, actor=actor)
    gathered = gather(Ask(free, at, {actor.pk}))
    gathered.left |= left
    return gathered


def fingerprint(gathered: Gathered, left: dict[int, str]) -> str:
    """Return the hash by which a preview is known again; the moment does not count, the day does through the loads."""
    inputs = allocation.Inputs(gathered.inputs.mode, "", gathered.inputs.waiting, gathered.inputs.pools)
    return allocation.commitment(f"{inputs.canonical()}{sorted(left)}")


def _commit(gathered: Gathered, *, at: dt.datetime, actor: User) -> tuple[Draw, list[allocation.Step]]:
    inputs = gathered.inputs
    text, chain, number = inputs.canonical(), None, 0
    if inputs.mode == allocation.DRAW:
        chain = SeedChain.objects.usable(on=timezone.localdate(at)).first()
        if chain is None:
            raise Refused(_("没有可用的抽签种子：请审判管理部门制作并公布新的种子链，次日起可用"))
        number = chain.used + 1  # type: ignore[attr-defined]
    draw = Draw.objects.create(
        mode=inputs.mode,
        inputs=text,
        commitment=allocation.commitment(text),
        chain=chain,
        number=number,
        at=at,
        by=actor,
    )
    record_in_room(draw, "commit_draw", at=at, actor=actor, commitment=draw.commitment, number=number)
    if chain is not None:
        draw.seed = allocation.seed_at(chain.root, steps=chain.length - number)
        draw.save(update_fields=["seed"])
        record_in_room(draw, "open_draw", at=at, actor=actor, seed=draw.seed, number=number)
    return draw, allocation.allocate(inputs, seed=draw.seed)


def _draw(
    gathered: Gathered,
    locked: list[Case],
    *,
    request: AssignmentRequest | None = None,
    at: dt.datetime,
    actor: User,
) -> list[Assignment]:
    draw, steps = _commit(gathered, at=at, actor=actor)
    found = {(step.pool.seat, case.id): step for step in steps for case in step.block.cases}
    users = User.objects.select_related("team").in_bulk({step.chosen for step in steps})
    made = []
    for case in locked:
        if (pools.JUDGE, case.pk) not in found:
            continue
        step = found[pools.JUDGE, case.pk]
        started = found.get((pools.STARTER, case.pk))
        judge, starter = users[step.chosen], users[started.chosen] if started else case.owner
        assert judge.team is not None
        assert starter is not None
        if not started:
            case.assignments.live().update(ended_at=at, end=Assignment.End.REASSIGNED)
            cases.change_judge(case, to=judge, at=at, actor=actor)
        made.append(
            Assignment.objects.create(
                case=case,
                draw=draw,
                request=request,
                way=_way(step, draw),
                team=judge.team,
                judge=judge,
                starter=starter,
                weight=next(item.weight for item in step.block.cases if item.id == case.pk),
                reason=request.reason if request else "",
                assigned_at=at,
                assigned_by=actor,
            )
        )
        if started:
            given = {"stream": case.stream, "stream_team": judge.team, "judge": judge, "starter": starter}
            cases.allocate(case, **given, at=at, actor=actor)
    return made


def _way(step: allocation.Step, draw: Draw) -> str:
    if step.block.holder:
        return Assignment.Way.NAMED if step.block.why == allocation.NAMED else Assignment.Way.SERIES
    return Assignment.Way.DRAWN if draw.mode == Draw.Mode.DRAW else Assignment.Way.LEAST


# What goes past the draw, or repeats it -------------------------------------------------------------------------------


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
    locked = _locked(wanted)
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
    for case in locked:
        if case.assignment_requests.filter(state=AssignmentRequest.State.WAITING).exists():
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
        return objections(case, at=at, actor=actor) or _named_objections(case, judge, at=at, actor=actor)
    if not case.is_open or case.judge_id is None or case.stream_team_id is None:
        return [_("%(number)s 没有在办的承办法官") % number]
    return _named_objections(case, judge, at=at, actor=actor) if judge else []


def _named_objections(case: Case, judge: User | None, *, at: dt.datetime, actor: User) -> list[str]:
    gathered = gather(_ask_of([case], case.stage == Case.Stage.FILED, judge, at=at, actors={actor.pk}))
    if not gathered.left:
        return []
    words = {"name": judge.name if judge else "", "number": case.display_number}
    return [
        of_field(
            "judge", _("%(name)s不能承办 %(number)s：须回避、请假、不在办理该类案件的团队，或者已是承办法官") % words
        )
    ]


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
        .select_related("judge", "requested_by")
        .get(pk=request.pk)
    )
    if request.state != AssignmentRequest.State.WAITING:
        raise Refused(_("该申请已有决定"))
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
    locked = _locked(request.cases.all())
    verb = "approve_assignment" if is_approved else "refuse_assignment"
    for case in locked:
        record(request, verb, at=at, case=case, actor=actor, kind=request.kind, note=request.note)
    if is_approved:
        _carry_out(request, locked, at=at)
    return request


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
            raise Refused(list(dict.fromkeys(gathered.left.values())))
        _draw(gathered, of, request=request, at=at, actor=asker)


@transaction.atomic
def withdraw_assignment(request: AssignmentRequest, *, at: dt.datetime, actor: User) -> AssignmentRequest:
    """Take one's own request back before it is decided."""
    if not actor.has_perm("dispatch.assign_case") or actor.pk != request.requested_by_id:
        raise PermissionDenied
    request = AssignmentRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != AssignmentRequest.State.WAITING:
        raise Refused(_("该申请已有决定"))
    request.state = AssignmentRequest.State.WITHDRAWN
    request.save(update_fields=["state"])
    for case in _locked(request.cases.all()):
        record(request, "withdraw_assignment", at=at, case=case, actor=actor, kind=request.kind)
    return request


# Many at once, with progress ------------------------------------------------------------------------------------------


def assign_in_chunks(
    pks: Iterable[int], *, size: int, at: Callable[[], dt.datetime], actor: User, progress: Callable[[int, int], None]
) -> Outcome:
    """Assign many cases, so many to a draw, heaviest first; every draw is a transaction, so a lost worker goes on."""
    known = Case.objects.filter(pk__in=list(pks), stage=Case.Stage.FILED)
    whole, done = Outcome(), 0
    groups = pools.heaviest_groups(list(known), on=timezone.localdate(at()))
    total = sum(len(group) for group in groups)
    chunk: list[Case] = []
    for number, group in enumerate(groups, start=1):
        chunk += group
        if len(chunk) >= size or number == len(groups):
            part = assign_many(chunk, at=at(), actor=actor)
            whole.made += part.made
            whole.left |= part.left
            done += len(chunk)
            chunk = []
            progress(done, total)
    return whole
