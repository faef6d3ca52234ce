"""Gathers what a draw depends on: who could fill a seat, loads, bars, series and holders."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from bureau.models import Team, User
from cases.models import Agent, Case, Party, RelatedCase
from dispatch import allocation
from dispatch.allocation import Block, Inputs, Item, Person, Pool
from dispatch.models import Conflict, Leave
from dispatch.weights import load_of_each, weight_of, weight_of_each
from dispatch.whynot import named, nobody

JUDGE, STARTER = "JUDGE", "STARTER"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be placed: cases, seats, who acts and may get nothing, a named judge, whom the case shall leave."""

    cases: list[Case]
    at: dt.datetime
    actors: Collection[int]
    seats: tuple[str, ...] = (JUDGE, STARTER)
    named: User | None = None
    team: Team | None = None
    leaves_present: bool = False


@dataclass(slots=True)
class Gathered:
    """The inputs of a draw, and which cases cannot be placed and why."""

    inputs: Inputs
    left: dict[int, str] = field(default_factory=dict)


def gather(ask: Ask) -> Gathered:
    """Return inputs over everything that can be placed; what nobody may take is left out before any seed is used."""
    left: dict[int, str] = {}
    cases = sorted(ask.cases, key=lambda case: case.pk)
    while True:
        pools = _pools(ask, [case for case in cases if case.pk not in left])
        stuck = {
            case.id: nobody(pool, block)
            for pool in pools
            for block in pool.blocks
            if not allocation.available(pool, block)
            for case in block.cases
        }
        if not stuck:
            break
        left |= stuck
    placed = [case.pk for case in cases if case.pk not in left]
    inputs = Inputs(
        mode=settings.ASSIGNMENT_MODE,
        at=timezone.localtime(ask.at).isoformat(timespec="seconds"),
        waiting=_heaviest_waiting(placed, on=timezone.localdate(ask.at)),
        pools=tuple(pools),
    )
    return Gathered(inputs, left)


def why_not(judge: User, case: Case, ask: Ask) -> str:
    """Return which rule stands against giving a case to this judge, or nothing."""
    asked = replace(ask, cases=[case], named=None, seats=(JUDGE,))
    return named(judge, case, next(iter(_pools(asked, [case])), None))


def _heaviest_waiting(placed: Iterable[int], *, on: dt.date) -> int:
    # Those not yet triaged weigh as ordinary ones: the heaviest that they could be.
    rest = Case.objects.filter(stage=Case.Stage.FILED).exclude(pk__in=placed)
    return rest.aggregate(most=Max(weight_of_each(on)))["most"] or 0


def _pools(ask: Ask, cases: list[Case]) -> list[Pool]:
    on = timezone.localdate(ask.at)
    away = {row.user_id: row.cover_id for row in Leave.objects.on(on).order_by("id")}
    pools, lots = [], []
    if JUDGE in ask.seats:
        by_stream: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            by_stream[case.stream].append(case)
        lots = [(JUDGE, stream, judges(stream, ask.team), of) for stream, of in sorted(by_stream.items())]
    if STARTER in ask.seats and cases:
        lots.append((STARTER, Team.Kind.AFFAIRS.value, starters(), cases))
    known = Known(cases)
    for seat, unit, users, of in lots:
        people = _people(users, "judge" if seat == JUDGE else "owner", away, ask, on=on)
        blocks = [_block(seat, group, people, known, away, ask, on=on) for group in known.series(of)]
        pools.append(Pool(seat, unit, tuple(people), tuple(blocks)))
    return pools


def judges(stream: str, team: Team | None = None) -> QuerySet[User]:
    """Return the judges of the active teams that do such cases, or of one of them."""
    teams = Q(team=team) if team else Q(team__kind=stream, team__is_active=True)
    return User.objects.filter(teams, is_active=True, groups__name="JUDGE").distinct()


def starters() -> QuerySet[User]:
    """Return the affairs-team members who may start a case."""
    return User.objects.filter(
        team__kind=Team.Kind.AFFAIRS, is_active=True, groups__permissions__codename="start_case"
    ).distinct()


def _people(users: QuerySet[User], duty: str, away: Mapping[int, int], ask: Ask, *, on: dt.date) -> list[Person]:
    rows = list(users.order_by("pk"))
    loads = loads_of([user.pk for user in rows], duty, on=on)
    people = []
    for user in rows:
        off = allocation.ACTOR if user.pk in ask.actors else allocation.LEAVE if user.pk in away else ""
        load, count = loads.get(user.pk, (0, 0))
        people.append(Person(user.pk, user.name, load, count, off))
    return people


def loads_of(users: Collection[int], duty: str, *, on: dt.date) -> dict[int, tuple[int, int]]:
    """Return points and number of the open cases of each, as `judge` or as `owner` of their stage."""
    rows = (
        Case.objects.open()
        .filter(**{f"{duty}__in": users})
        .values(who=F(f"{duty}_id"))
        .annotate(points=Sum(load_of_each(on)), count=Count("pk"))
    )
    return {row["who"]: (row["points"], row["count"]) for row in rows}


def _block(
    seat: str,
    group: list[Case],
    people: list[Person],
    known: "Known",
    away: Mapping[int, int],
    ask: Ask,
    *,
    on: dt.date,
) -> Block:
    barred = known.barred([row.id for row in people], group)
    if ask.leaves_present:
        barred |= {case.judge_id: allocation.PRESENT for case in group if case.judge_id}
    items = tuple(Item(case.pk, case.display_number, weight_of(case, on=on)) for case in group)
    able = {row.id for row in people if not row.off and row.id not in barred}
    if ask.named is not None and seat == JUDGE:
        named = ask.named.pk if ask.named.pk in able else 0
        return Block(items, barred if named else dict.fromkeys([row.id for row in people], "NAMED"), named, "NAMED")
    holder, why = (0, "") if seat != JUDGE or ask.leaves_present else known.holder(group, able, away)
    return Block(items, barred, holder, why)


class Known:
    """Parties, agents, conflicts, panels and running series of a set of cases, each read once."""

    def __init__(self, cases: list[Case]) -> None:
        self._cases = cases
        pks = [case.pk for case in cases]
        self._names: dict[int, set[str]] = defaultdict(set)
        self._digests: dict[int, set[str]] = defaultdict(set)
        self._debtors: dict[int, set[str]] = defaultdict(set)
        for party in Party.objects.filter(case__in=pks).defer("id_number", "phone", "address"):
            self._names[party.case_id] |= {party.name, party.legal_representative} - {""}
            if party.id_digest:
                self._digests[party.case_id].add(party.id_digest)
            if party.side == Party.Side.DEBTOR and party.id_digest and party.is_current:
                self._debtors[party.case_id].add(party.id_digest)
        for case, name in Agent.objects.filter(case__in=pks, revoked_at=None).values_list("case_id", "name"):
            self._names[case].add(name)
        self._conflicts = list(Conflict.objects.live().values_list("user_id", "party_name", "id_digest"))
        self._panels: dict[int, set[int]] = defaultdict(set)
        before = {case.revives_id: case.pk for case in cases if case.revives_id}
        seats = RelatedCase.objects.filter(case__in=[*pks, *before], reviewer__isnull=False)
        for case, reviewer in seats.exclude(state=RelatedCase.State.STRUCK).values_list("case_id", "reviewer_id"):
            self._panels[before.get(case, case)].add(reviewer)
        self._running = self._series_judges()

    def _series_judges(self) -> dict[str, dict[int, int]]:
        # Which judges have open cases of a debtor, and how many.
        digests = set().union(*self._debtors.values()) if self._debtors else set()
        rows = (
            Party.objects.filter(side=Party.Side.DEBTOR, id_digest__in=digests, case__judge__isnull=False)
            .exclude(case__in=[case.pk for case in self._cases])
            .exclude(case__stage__in=Case.ENDED)
            .values_list("id_digest", "case__judge_id")
            .annotate(count=Count("case", distinct=True))
        )
        found: dict[str, dict[int, int]] = defaultdict(dict)
        for digest, judge, count in rows:
            found[digest][judge] = count
        return found

    def series(self, cases: list[Case]) -> list[list[Case]]:
        """Return the cases in groups that share a debtor, in the order of their numbers."""
        group_of: dict[str, int] = {}
        groups: dict[int, list[Case]] = {}
        for case in cases:
            joined = sorted({group_of[debtor] for debtor in self._debtors[case.pk] if debtor in group_of})
            rows = [row for first in joined for row in groups.pop(first)] + [case]
            rows.sort(key=lambda row: row.pk)
            groups[rows[0].pk] = rows
            for row in rows:
                group_of.update(dict.fromkeys(self._debtors[row.pk], rows[0].pk))
        return [groups[first] for first in sorted(groups)]

    def barred(self, users: Collection[int], group: list[Case]) -> dict[int, str]:
        """Return who must keep off a group: a declared relation to anybody in it, or a seat on its panel."""
        names = set().union(*(self._names[case.pk] for case in group))
        digests = set().union(*(self._digests[case.pk] for case in group))
        found = {user: allocation.PANEL for case in group for user in self._panels[case.pk] if user in users}
        for user, name, digest in self._conflicts:
            if user in users and (name in names or digest in digests):
                found[user] = allocation.CONFLICT
        return found

    def holder(self, group: list[Case], able: set[int], away: Mapping[int, int]) -> tuple[int, str]:
        """Return who has the running series of a group's debtor, or covers for him, if he can have it."""
        counts: dict[int, int] = defaultdict(int)
        for debtor in {debtor for case in group for debtor in self._debtors[case.pk]}:
            for judge, count in self._running.get(debtor, {}).items():
                counts[judge] += count
        for judge in sorted(counts, key=lambda judge: (-counts[judge], judge)):
            if judge in able:
                return judge, allocation.SERIES
            if away.get(judge) in able:
                return away[judge], allocation.COVER
        return 0, ""


def heaviest_groups(cases: list[Case], *, on: dt.date) -> list[list[Case]]:
    """Return the cases grouped by series, the heaviest group first."""
    groups = Known(cases).series(sorted(cases, key=lambda case: case.pk))
    return sorted(groups, key=lambda group: (-sum(weight_of(case, on=on) for case in group), group[0].pk))
