"""The stage board: how many cases stand in each stage, how long, and which is the oldest; every figure by query."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseQuerySet, Deadline
from cases.models.codes import Stage
from cases.nodes import Level

# Days since filing: up to, inclusive; the last has no end.
AGES: tuple[tuple[int, int | None], ...] = ((0, 30), (31, 90), (91, 150), (151, None))
AGE_LABELS: tuple[str | Promise, ...] = (_("30日内"), _("31–90日"), _("91–150日"), _("150日以上"))
NEAR_DAYS = 30


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, the list behind it, and its name where it stands alone."""

    count: int
    url: str
    label: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One stage of the board."""

    stage: str
    label: str
    total: Cell
    ages: list[Cell]
    near: Cell
    overdue: Cell
    red: Cell
    longest: Cell
    oldest_on: dt.date | None
    oldest_url: str


def page(cases: CaseQuerySet, *, today: dt.date) -> dict[str, Any]:
    """Return what `cases/_board.html` prints."""
    stages = rows(cases, today=today)
    return {
        "rows": stages,
        "open_count": sum(row.total.count for row in stages),
        "overdue_count": sum(row.overdue.count for row in stages),
    }


def rows(cases: CaseQuerySet, *, today: dt.date) -> list[Row]:
    """Return one row per open stage in order; two queries."""
    counts: dict[str, Any] = {f"age{number}": Count("pk", filter=_aged(age, today)) for number, age in enumerate(AGES)}
    figures: dict[str, Any] = {
        row["stage"]: row
        for row in cases.open()
        .order_by()
        .values("stage")
        .annotate(
            total=Count("pk"),
            near=Count("pk", filter=Q(closing_due_on__range=(today, today + dt.timedelta(days=NEAR_DAYS)))),
            overdue=Count("pk", filter=Q(closing_due_on__lt=today)),
            oldest_on=Min("filed_on"),
            since_on=Min("stage_since_on"),
            **counts,
        )
    }
    running = Deadline.objects.running().filter(level=Level.RED)
    red = cases.open().filter(pk__in=running.values("case_id")).order_by().values_list("stage")
    for stage, count in red.annotate(Count("pk")):
        figures[stage]["red"] = count
    return [_row(stage, figures.get(stage.value, {}), today) for stage in Stage if stage not in Case.ENDED]


def _aged(age: tuple[int, int | None], today: dt.date) -> Q:
    first, last = age
    condition = Q(filed_on__lte=today - dt.timedelta(days=first))
    return condition if last is None else condition & Q(filed_on__gte=today - dt.timedelta(days=last))


def _row(stage: Stage, figures: dict[str, Any], today: dt.date) -> Row:
    def cell(name: str, label: str | Promise = "", **filters: object) -> Cell:
        address = urlencode({"stage": stage.value, **filters})
        return Cell(figures.get(name, 0), f"{reverse('cases:list')}?{address}", label)

    ages = []
    for number, (first, last) in enumerate(AGES):
        period: dict[str, object] = {"filed_to": today - dt.timedelta(days=first)}
        if last is not None:
            period["filed_from"] = today - dt.timedelta(days=last)
        ages.append(cell(f"age{number}", AGE_LABELS[number], **period))
    since_on = figures.get("since_on")
    longest = cell("longest", sort="since")
    return Row(
        stage=stage.value,
        label=str(stage.label),
        total=cell("total"),
        ages=ages,
        near=cell("near", set="open", due_to=today + dt.timedelta(days=NEAR_DAYS), due_from=today),
        overdue=cell("overdue", set="overdue"),
        red=cell("red", level=Level.RED.value),
        longest=replace(longest, count=(today - since_on).days if since_on else 0),
        oldest_on=figures.get("oldest_on"),
        oldest_url=cell("oldest", sort="filed").url,
    )
