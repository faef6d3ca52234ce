"""The live board of the command centre: what waits, with whom and how long; every number opens the list behind it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, DateField, F, Func, IntegerField, Max, Q, Sum, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Court, Team, User
from cases.models import Case, CaseQuerySet, Deadline
from cases.nodes import Level
from dispatch.duties import judge_on
from dispatch.listforms import Filter
from dispatch.models import AssignmentRequest, Retriage, SendBack
from dispatch.queue import NEAR_DAYS, sees_send_backs
from dispatch.queue import counts as queue_counts
from dispatch.sections import SEES_REQUESTS

# Days in one stage after which a case counts as long there; the bureau's own measure of quiet (domain handbook §10.2).
LONG_DAYS = 15
PEOPLE_MAX = 40
WALL_PEOPLE = 8
STAGES = [stage for stage in Case.Stage if stage not in Case.ENDED]
DAY = dt.timedelta(days=1)


class BoardFilter(Filter):
    """Whose cases: all, or those of one court."""

    court = forms.ModelChoiceField(
        label=gettext_lazy("法院"),
        queryset=Court.objects.order_by("code"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("全部法院"),
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, what it counts, the list behind it, and whether it is bad news."""

    count: int
    url: str
    label: str | Promise = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Age:
    """How long cases have stood in their stage, in whole days, oldest and on average; both open the list by age."""

    oldest: int
    mean: str
    url: str


@dataclass(slots=True)
class TeamRow:
    """One team: its cases by stage, how old, how many are long there, how many red."""

    name: str
    total: Cell
    stages: list[Cell]
    long: Cell
    red: Cell
    unheld: Cell
    age: Age


@dataclass(slots=True)
class StageRow:
    """One stage: its queue over all teams, how old, how many red, how many with nobody."""

    label: str | Promise
    total: Cell
    long: Cell
    red: Cell
    unheld: Cell
    age: Age


@dataclass(slots=True)
class PersonRow:
    """One person: what he holds now, or as judge has in hand."""

    name: str
    team: str
    total: Cell
    long: Cell
    red: Cell
    age: Age


@dataclass(slots=True)
class Board:
    """What the page and the wall print: queues by stage and team, who holds what, who has it as judge."""

    now: dt.datetime
    clock: list[Cell]
    teams: list[TeamRow]
    people: list[PersonRow]
    judges: list[PersonRow] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)  # people beyond those listed, by duty
    stages: list[StageRow] = field(default_factory=list)
    queue: list[Cell] = field(default_factory=list)
    on_duty: User | None = None

    @property
    def stage_labels(self) -> list[str | Promise]:
        """Return the heads of the table."""
        return [stage.label for stage in STAGES]

    @property
    def busiest(self) -> list[PersonRow]:
        """Return who holds most, as far as the wall has room."""
        return self.people[:WALL_PEOPLE]


def board_of(user: User, *, court: Court | None, now: dt.datetime, today: dt.date) -> Board:
    """Return the board of the cases that the user sees; a constant number of queries."""
    cases = Case.objects.visible_to(user).of_bureau()
    fixed: dict[str, Any] = {"unit": Case.ExecutingUnit.BUREAU.value}
    if court is not None:
        cases, fixed = cases.filter(number_court=court), fixed | {"court": court.code}
    made = _Maker(cases, fixed, today)
    people, judges = made.people("owner"), made.people("judge")
    return Board(
        now,
        made.clock(),
        made.teams(),
        people[:PEOPLE_MAX],
        judges=judges[:PEOPLE_MAX],
        more={"people": len(people[PEOPLE_MAX:]), "judges": len(judges[PEOPLE_MAX:])},
        stages=made.stages(),
        queue=[*made.queue(user, court), *(_asked_of(user) if court is None else [])],
        on_duty=judge_on(today),
    )


class _Maker:
    """Counts cases of one scope and knows the address of the list behind each count."""

    def __init__(self, cases: CaseQuerySet, fixed: dict[str, Any], today: dt.date) -> None:
        self._cases, self._fixed, self._today = cases, fixed, today
        red = Deadline.objects.running().filter(level=Level.RED)
        self._is_red = Q(pk__in=red.values("case_id"))
        self._long_to = today - LONG_DAYS * DAY
        self._days = Func(
            Value(today, DateField()),
            F("stage_since_on"),
            template="(%(expressions)s)",
            arg_joiner=" - ",
            output_field=IntegerField(),
        )

    def _cell(self, count: int, label: str | Promise = "", tone: str = "", **filters: Any) -> Cell:
        address = urlencode({**self._fixed, **filters})
        return Cell(count or 0, f"{reverse('cases:list')}?{address}", label, tone if count else "")

    def _age(self, oldest: int, days: int, count: int, **filters: Any) -> Age:
        address = urlencode({**self._fixed, **filters, "sort": "since"})
        return Age(oldest, f"{days / count:.1f}", f"{reverse('cases:list')}?{address}")

    def clock(self) -> list[Cell]:
        """Return the filed cases by what is left of the seven days."""
        today = self._today
        parts: list[tuple[str | Promise, str, dt.date | None, dt.date | None]] = [
            (gettext_lazy("分流逾期"), "overdue", None, today - DAY),
            (gettext_lazy("今日到期"), "near", today, today),
            (gettext_lazy("三日内到期"), "near", today + DAY, today + NEAR_DAYS * DAY),
            (gettext_lazy("四日以上"), "", today + (NEAR_DAYS + 1) * DAY, None),
        ]
        filed = self._cases.filter(stage=Case.Stage.FILED)
        counted = filed.aggregate(
            **{f"part{number}": Count("pk", filter=_within(*part[2:])) for number, part in enumerate(parts)}
        )
        return [
            self._cell(
                counted[f"part{number}"],
                label,
                tone,
                stage=Case.Stage.FILED.value,
                **({"triage_from": first} if first else {}),
                **({"triage_to": last} if last else {}),
            )
            for number, (label, tone, first, last) in enumerate(parts)
        ]

    def _figures(self) -> dict[str, Any]:
        return {
            "total": Count("pk"),
            "long": Count("pk", filter=Q(stage_since_on__lte=self._long_to)),
            "red": Count("pk", filter=self._is_red),
            "oldest": Max(self._days),
            "days": Sum(self._days),
        }

    def teams(self) -> list[TeamRow]:
        """Return one row per team that holds open cases, in the order of the bureau."""
        unheld = Count("pk", filter=Q(owner__isnull=True))
        grouped = self._cases.open().filter(team__isnull=False).order_by().values("team__code", "stage")
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in grouped.annotate(unheld=unheld, **self._figures()):
            rows.setdefault(row["team__code"], []).append(dict(row))
        teams = Team.objects.filter(code__in=rows).order_by("id")
        return [self._team(team, rows[team.code]) for team in teams]

    def _team(self, team: Team, rows: list[dict[str, Any]]) -> TeamRow:
        by_stage = {row["stage"]: row["total"] for row in rows}
        totals = {name: sum(row[name] for row in rows) for name in ("total", "long", "red", "unheld", "days")}
        own = {"team": team.code, "set": "open"}
        return TeamRow(
            name=team.name,
            total=self._cell(totals["total"], **own),
            stages=[
                self._cell(by_stage.get(stage.value, 0), stage.label, team=team.code, stage=stage.value)
                for stage in STAGES
            ],
            long=self._cell(totals["long"], tone="near", **own, since_to=self._long_to, sort="since"),
            red=self._cell(totals["red"], tone="overdue", **own, level=Level.RED.value),
            unheld=self._cell(totals["unheld"], tone="near", **own, unheld="on"),
            age=self._age(max(row["oldest"] for row in rows), totals["days"], totals["total"], **own),
        )

    def stages(self) -> list[StageRow]:
        """Return one row per stage in which cases stand, in the order of the procedure."""
        unheld = Count("pk", filter=Q(owner__isnull=True))
        grouped = self._cases.open().order_by().values("stage")
        found = grouped.annotate(unheld=unheld, **self._figures())
        rows = {row["stage"]: dict(row) for row in found}
        return [self._stage(stage, rows[stage.value]) for stage in STAGES if stage.value in rows]

    def _stage(self, stage: Any, row: dict[str, Any]) -> StageRow:
        own = {"stage": stage.value}
        return StageRow(
            label=stage.label,
            total=self._cell(row["total"], **own),
            long=self._cell(row["long"], tone="near", **own, since_to=self._long_to, sort="since"),
            red=self._cell(row["red"], tone="overdue", **own, level=Level.RED.value),
            unheld=self._cell(row["unheld"], tone="near", **own, unheld="on"),
            age=self._age(row["oldest"], row["days"], row["total"], **own),
        )

    def people(self, duty: str) -> list[PersonRow]:
        """Return who holds what as `owner` of a stage, or has what as `judge`; most first."""
        held = self._cases.open().filter(**{f"{duty}__isnull": False}).order_by()
        names = {"who": F(duty), "name": F(f"{duty}__name"), "team_name": F(f"{duty}__team__name")}
        grouped = held.values(**names).annotate(**self._figures())
        rows: list[dict[str, Any]] = sorted(map(dict, grouped), key=lambda row: (-row["total"], row["who"]))
        return [self._person(row, duty) for row in rows]

    def _person(self, row: dict[str, Any], duty: str) -> PersonRow:
        own = {duty: row["who"], "set": "open"}
        return PersonRow(
            name=row["name"],
            team=row["team_name"] or "",
            total=self._cell(row["total"], **own),
            long=self._cell(row["long"], tone="near", **own, since_to=self._long_to, sort="since"),
            red=self._cell(row["red"], tone="overdue", **own, level=Level.RED.value),
            age=self._age(row["oldest"], row["days"], row["total"], **own),
        )

    def queue(self, user: User, court: Court | None) -> list[Cell]:
        """Return what waits in the command centre: a dispatcher's queue by state, for others what they may open."""
        if user.has_perm("dispatch.triage_case"):
            place = f"&court={court.code}" if court else ""
            return [
                Cell(
                    row["count"],
                    f"{reverse('dispatch:queue')}?{row['query']}{place}",
                    row["label"],
                    row["tone"] if row["count"] else "",
                )
                for row in queue_counts(user, today=self._today, court=court)
                if row["query"].startswith(("state=", "query="))
            ]
        filed = self._cases.filter(stage=Case.Stage.FILED)
        decided = filed.filter(triaged_on__lte=self._today).count()
        cells = [self._cell(decided, _("待分案"), stage=Case.Stage.FILED.value, set="triaged")]
        if court is None and sees_send_backs(user):
            back = SendBack.objects.visible_to(user).open().count()
            cells.append(Cell(back, f"{reverse('dispatch:send_backs')}?state=OPEN", _("已退回窗口")))
        return cells


def _within(first: dt.date | None, last: dt.date | None) -> Q:
    condition = Q()
    if first:
        condition &= Q(triage_due_on__gte=first)
    return condition & Q(triage_due_on__lte=last) if last else condition


def _asked_of(user: User) -> list[Cell]:
    """Return what waits to be answered or approved by somebody, as far as the user may open it."""
    cells = []
    if user.has_perm("dispatch.triage_case"):
        again = Retriage.objects.visible_to(user).open().count()
        address = reverse("dispatch:retriages")
        cells.append(Cell(again, address, _("待确认的重新分流"), "near" if again else ""))
    if any(user.has_perm(right) for right in SEES_REQUESTS):
        asked = AssignmentRequest.objects.waiting().count()
        address = f"{reverse('dispatch:requests')}?state=WAITING"
        cells.append(Cell(asked, address, _("待批准的指定和重抽"), "near" if asked else ""))
    return cells
