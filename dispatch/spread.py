"""Expected against real: what an even share would have brought each person, and the reason of every difference.

Each placed block of weight w in a pool of n people brings everyone an even share of w ÷ n. The difference of what he
got splits, without remainder, over the reasons: away, must keep off, had the case before it was drawn again, load too
high, a series or a name instead of the draw, and the luck of the draw itself. What was taken back or drawn again counts
where it stands now, once.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from dispatch import allocation, pools
from dispatch.allocation import Step
from dispatch.models import Assignment, AssignmentRequest, Draw
from dispatch.whynot import SEATS

AWAY, APART, AGAIN, LOAD, SERIES, NAMED, LUCK = "AWAY", "APART", "AGAIN", "LOAD", "SERIES", "NAMED", "LUCK"
REASONS: dict[str, str | Promise] = {
    AWAY: _("请假、经办"),
    APART: _("回避"),
    AGAIN: _("重抽（原承办）"),
    LOAD: _("负荷"),
    SERIES: _("系列案"),
    NAMED: _("指定"),
    LUCK: _("抽签"),
}
HUNDRED = 100
TITLES = (_("岗位"), _("团队"), _("人员"), _("案件数"), _("其中指定"), _("应得负荷"), _("实得负荷"), _("差额"))


@dataclass(slots=True)
class Share:
    """One person in one seat over a period, in points."""

    seat: str
    user: int
    name: str
    team: str = ""
    cases: int = 0
    named: int = 0
    expected: Fraction = Fraction(0)
    real: int = 0
    reasons: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(REASONS, Fraction(0)))

    @property
    def difference(self) -> Fraction:
        """Return real less expected: the sum of the reasons."""
        return self.real - self.expected

    @property
    def cells(self) -> list[dict[str, object]]:
        """Return the numbers as printed, each with the label that a narrow screen shows."""
        labels = (*TITLES[5:], *REASONS.values())
        return [{"label": label, "value": f"{value:.2f}"} for label, value in zip(labels, self.numbers(), strict=True)]

    def numbers(self) -> list[float]:
        """Return expected, real, difference and each reason, in cases of the usual size."""
        values = [self.expected, Fraction(self.real), self.difference, *self.reasons.values()]
        return [round(float(value / HUNDRED), 2) + 0.0 for value in values]


def week_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return Monday and Sunday of the day's week."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=6)


def latest_day(today: dt.date) -> dt.date:
    """Return the day of the last draw until today: a Monday morning shows the week that was, not an empty one."""
    last = Draw.objects.filter(at__date__lte=today).order_by("-id").values_list("at", flat=True).first()
    return timezone.localdate(last) if last else today


def shares_of(steps: Iterable[Step]) -> list[Share]:
    """Return every person's share of these steps, by seat and number; pure."""
    found: dict[tuple[str, int], Share] = {}
    for step in steps:
        seat, people = step.pool.seat, step.pool.people
        for person in people:
            share = found.setdefault((seat, person.id), Share(seat, person.id, person.name))
            _add(share, step, person, Fraction(step.block.weight, len(people)))
    return [found[key] for key in sorted(found)]


def _add(share: Share, step: Step, person: allocation.Person, even: Fraction) -> None:
    block, is_chosen = step.block, step.chosen == person.id
    got = block.weight if is_chosen else 0
    share.expected += even
    share.real += got
    share.cases += len(block.cases) if is_chosen else 0
    if block.holder:
        is_named = block.why == allocation.NAMED
        share.named += len(block.cases) if is_named and is_chosen else 0
        share.reasons[NAMED if is_named else SERIES] += got - even
    elif person.off:
        share.reasons[AWAY] -= even
    elif person.id in block.barred:
        share.reasons[_barred(block, person)] -= even
    elif person.id not in step.eligible:
        share.reasons[LOAD] -= even
    else:
        # The eligible share what the others could not have; that part is arithmetic, the rest is luck.
        drawn = Fraction(block.weight, len(step.eligible))
        others = drawn - even
        for reason, part in _of_others(step, others).items():
            share.reasons[reason] += part
        share.reasons[LUCK] += got - drawn


def _barred(block: allocation.Block, person: allocation.Person) -> str:
    return AGAIN if block.barred[person.id] == allocation.PRESENT else APART


def _of_others(step: Step, others: Fraction) -> dict[str, Fraction]:
    """Split what an eligible person gains from the others' absence by their reasons."""
    counts: dict[str, int] = defaultdict(int)
    for person in step.pool.people:
        if person.off:
            counts[AWAY] += 1
        elif person.id in step.block.barred:
            counts[_barred(step.block, person)] += 1
        elif person.id not in step.eligible:
            counts[LOAD] += 1
    total = sum(counts.values())
    return {reason: others * count / total for reason, count in counts.items()} if total else {}


@dataclass(frozen=True, slots=True)
class Report:
    """The shares of a period with what was named, drawn again and taken back in it."""

    from_on: dt.date
    until_on: dt.date
    shares: list[Share]
    draws: int
    counts: dict[str, int]

    @property
    def week_before(self) -> dt.date:
        """Return a day of the week before."""
        return self.from_on - dt.timedelta(days=7)

    @property
    def week_after(self) -> dt.date:
        """Return a day of the week after."""
        return self.from_on + dt.timedelta(days=7)

    @property
    def by_team(self) -> list[tuple[str, list[Share]]]:
        """Return the shares under seat and team."""
        groups: dict[str, list[Share]] = defaultdict(list)
        for share in self.shares:
            groups[f"{SEATS[share.seat]} · {share.team}"].append(share)
        return sorted(groups.items())


def report(from_on: dt.date, until_on: dt.date) -> Report:
    """Return the report over the draws of these days, every draw run again from its inputs and seed."""
    draws = list(Draw.objects.filter(at__date__range=(from_on, until_on)).order_by("id"))
    ends = _ends(draws)
    steps = [
        step
        for draw in draws
        for step in allocation.allocate(allocation.read(draw.inputs, draw.inside), seed=draw.seed)
        if not all(_is_over(ends.get((draw.pk, item.id), ""), step.pool.seat) for item in step.block.cases)
    ]
    shares = shares_of(steps)
    users = User.objects.filter(pk__in={share.user for share in shares}).select_related("team")
    teams = {user.pk: user.team.name if user.team else "" for user in users}
    for share in shares:
        share.team = teams.get(share.user, "")
    decided = AssignmentRequest.objects.filter(state="APPROVED", decided_at__date__range=(from_on, until_on))
    counts = dict.fromkeys(AssignmentRequest.Kind.values, 0)
    for kind, count in _counted(decided):
        counts[kind] = count
    made = Assignment.objects.filter(assigned_at__date__range=(from_on, until_on), ended_at__isnull=True)
    counts["assigned"] = made.count()
    return Report(from_on, until_on, shares, len(draws), counts)


def _ends(draws: list[Draw]) -> dict[tuple[int, int], str]:
    """Return by draw and case why what was drawn no longer stands."""
    over = Assignment.objects.filter(draw__in=draws, ended_at__isnull=False)
    return {(draw, case): end for draw, case, end in over.values_list("draw", "case", "end")}


def _is_over(end: str, seat: str) -> bool:
    # A case drawn again keeps who started it.
    return end == Assignment.End.TAKEN_BACK or (end == Assignment.End.REASSIGNED and seat == pools.JUDGE)


def _counted(decided: Iterable[AssignmentRequest]) -> list[tuple[str, int]]:
    counts: dict[str, int] = defaultdict(int)
    for row in decided:
        counts[row.kind] += 1
    return sorted(counts.items())


def lines(made: Report) -> list[list[object]]:
    """Return the report as lines of a sheet, under `TITLES` and the reasons."""
    return [[str(SEATS[row.seat]), row.team, row.name, row.cases, row.named, *row.numbers()] for row in made.shares]
