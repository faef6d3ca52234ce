"""Every assignment by draw, one case or many; what goes past the draw or repeats it is asked for in `asking`."""

import datetime as dt
import secrets
from collections.abc import Callable, Container, Iterable
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
from dispatch import allocation, pools, series
from dispatch.models import Assignment, AssignmentRequest, Draw, SeedChain
from dispatch.oldbook import OLD_BOOK
from dispatch.pools import Ask, Gathered, gather

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


def objections(case: Case, *, asked: Container[int], at: dt.datetime, actor: User) -> list[str]:
    """Return why a case may not be assigned by this person now; what depends on the draw is no part of it.

    `asked` are the ids of cases about which a request waits.
    """
    if case.is_of_court:
        return [str(OLD_BOOK)]
    if case.stage != Case.Stage.FILED:
        return [_("案件已分案")]
    # What somebody is asked to decide is not drawn over his head.
    if case.pk in asked:
        return [_("本案的指定申请尚待批准，批准、不批准或者撤回后再分案")]
    barred: list[str] = cases.recusals(case, actor)
    return barred + cases.stage_objections(case, "allocate", at=at)


def lock_cases(wanted: Iterable[Case]) -> list[Case]:
    """Return the cases under their locks, in the one order."""
    pks = [case.pk for case in wanted]
    return list(Case.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))


@transaction.atomic
def assign(case: Case, *, at: dt.datetime, actor: User) -> Assignment:
    """Draw judge and starter of a triaged case, with its series; raises Refused when it cannot be assigned."""
    done = assign_many([case], at=at, actor=actor)
    if case.pk in done.left:
        raise Refused(done.left[case.pk])
    return next(row for row in done.made if row.case_id == case.pk)


@transaction.atomic
def assign_many(wanted: Iterable[Case], *, expected: str = "", at: dt.datetime, actor: User) -> Outcome:
    """Place these cases and what waits of their series in one draw; what cannot be placed is left with its reason.

    With `expected`, the hash of the preview's inputs, nothing is drawn when they have changed since.
    """
    if not actor.has_perm("dispatch.assign_case"):
        raise PermissionDenied
    hold_draws()
    # As they stand now: whoever calls may have decided the stream a moment ago.
    asked = Case.objects.filter(pk__in=[case.pk for case in wanted])
    locked, left = _sorted_out(lock_cases([*asked, *series.waiting_with(asked)]), at=at, actor=actor)
    gathered = gather(Ask(locked, at, {actor.pk}))
    left |= gathered.left
    if expected and expected != fingerprint(gathered, left):
        raise Refused(_("预览后案件、人员或负荷已有变化，请核对新的预览后再确认"))
    made = draw_people(gathered, locked, at=at, actor=actor) if gathered.inputs.pools else []
    return Outcome(made, left)


def _sorted_out(found: list[Case], *, at: dt.datetime, actor: User) -> tuple[list[Case], dict[int, str]]:
    free, left, asked = [], {}, AssignmentRequest.objects.waiting().about(found)
    for case in found:
        if reasons := objections(case, asked=asked, at=at, actor=actor):
            left[case.pk] = str(Refused(reasons))
        else:
            free.append(case)
    return free, left


def preview(wanted: Iterable[Case], *, at: dt.datetime, actor: User) -> Gathered:
    """Return what a draw of these cases would depend on, and what it would leave; nothing is changed or drawn."""
    asked = list(wanted)
    whole = sorted([*asked, *series.waiting_with(asked)], key=lambda case: case.pk)
    free, left = _sorted_out(whole, at=at, actor=actor)
    gathered = gather(Ask(free, at, {actor.pk}))
    gathered.left |= left
    return gathered


def fingerprint(gathered: Gathered, left: dict[int, str]) -> str:
    """Return the hash by which a preview is known again; the moment does not count, the day does through the loads."""
    inputs = allocation.Inputs(gathered.inputs.mode, "", gathered.inputs.waiting, gathered.inputs.pools)
    return allocation.commitment(f"{inputs.canonical()}{inputs.kept_inside(salt='')}{sorted(left)}")


def _commit(gathered: Gathered, *, at: dt.datetime, actor: User) -> tuple[Draw, list[allocation.Step]]:
    kept = gathered.inputs.kept_inside(salt=secrets.token_hex(16))
    inputs = gathered.inputs.over(kept)
    text, chain, number = inputs.canonical(), None, 0
    if inputs.mode == allocation.DRAW:
        chain = SeedChain.objects.usable(on=timezone.localdate(at)).first()
        if chain is None:
            raise Refused(_("没有可用的抽签种子：请审判管理部门制作并公布新的种子链，次日起可用"))
        number = chain.used + 1  # type: ignore[attr-defined]
    draw = Draw.objects.create(
        mode=inputs.mode,
        inputs=text,
        inside=kept,
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


def draw_people(
    gathered: Gathered,
    locked: list[Case],
    *,
    request: AssignmentRequest | None = None,
    at: dt.datetime,
    actor: User,
) -> list[Assignment]:
    """Commit to the inputs, open the seed and give every placed case its people; the caller holds the draws."""
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
    if draw.mode == Draw.Mode.LEAST:
        return Assignment.Way.LEAST
    return Assignment.Way.DRAWN if len(step.eligible) > 1 else Assignment.Way.ONLY


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
