"""How long visitors waited and were served, and how many gave up: per window and matter over a range of days."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.excel import Table
from bureau.models import Window
from intake.models import Ticket

State = Ticket.State
DAYS_MAX = 366


class Median(Aggregate):
    """The median of durations; what is empty does not count."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one window and matter; of all matters or windows where it names none. Times in minutes."""

    window: str
    category: str
    issued: int
    served: int
    lost: int
    wait_median: float | None
    wait_max: float | None
    service_median: float | None
    still_count: int  # of them, who waits now, and how long the longest has
    still_max: float | None
    is_sum: bool = False

    @property
    def lost_share(self) -> float | None:
        """Return how many of a hundred whose visit has ended were not served; none where nobody's has."""
        ended = self.served + self.lost
        return round(100 * self.lost / ended, 1) if ended else None


def _measures(now: dt.datetime) -> dict[str, Any]:
    still = Q(state__in=[State.WAITING, State.CALLED], day=timezone.localdate(now))
    wait = ExpressionWrapper(F("started_at") - F("issued_at"), DurationField())
    service = ExpressionWrapper(F("ended_at") - F("started_at"), DurationField())
    return {
        "issued": Count("pk"),
        "served": Count("pk", filter=Q(state=State.DONE)),
        "lost": Count("pk", filter=Q(state__in=[State.SKIPPED, State.LEFT])),
        "wait_median": Median(wait),
        "wait_max": Max(wait),
        "still_count": Count("pk", filter=still),
        "still_since": Min("issued_at", filter=still),
        "service_median": Median(service, filter=Q(is_closed_by_day=False, state=State.DONE)),
    }


def _minutes(value: dt.timedelta | None) -> float | None:
    return None if value is None else round(value.total_seconds() / 60, 1)


def _row(window: str, category: str, found: Mapping[str, Any], now: dt.datetime, *, is_sum: bool = False) -> Row:
    counts = (found["issued"], found["served"], found["lost"])
    wait, longest, service = (_minutes(found[name]) for name in ("wait_median", "wait_max", "service_median"))
    since = found["still_since"]
    still = (found["still_count"], _minutes(now - since) if since else None)
    return Row(window, category, *counts, wait, longest, service, *still, is_sum)


def figures(windows: Iterable[Window], *, from_on: dt.date, until_on: dt.date, now: dt.datetime) -> list[Row]:
    """Return a row per window and matter, one per window, and one of all windows where there are several."""
    names = {window.pk: window.name for window in windows}
    tickets = Ticket.objects.filter(window__in=names, day__range=(from_on, until_on))
    labels: dict[str, str] = {code: str(label) for code, label in Ticket.Category.choices}
    single = list(tickets.values("window", "category").annotate(**_measures(now)).order_by("window", "category"))
    sums = {row["window"]: row for row in tickets.values("window").annotate(**_measures(now)).order_by("window")}
    rows: list[Row] = []
    for key, name in names.items():
        if key not in sums:
            continue
        rows += [_row(name, labels[row["category"]], row, now) for row in single if row["window"] == key]
        rows.append(_row(name, _("合计"), sums[key], now, is_sum=True))
    if len(sums) > 1:
        rows.append(_row(_("全部窗口"), _("合计"), tickets.aggregate(**_measures(now)), now, is_sum=True))
    return rows


def table(rows: Iterable[Row]) -> Table:
    """Return the sheet."""
    titles = (
        _("窗口"),
        _("事项"),
        _("取号"),
        _("已接待"),
        _("过号和离开"),
        _("放弃率（百分比）"),
        _("等候中位数（分钟）"),
        _("最长等候（分钟）"),
        _("接待中位数（分钟）"),
        _("仍在等候"),
        _("仍在等候最长（分钟）"),
    )
    return _("等候数据"), titles, _lines(rows)


def _lines(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield (
            *(row.window, row.category, row.issued, row.served, row.lost, row.lost_share),
            *(row.wait_median, row.wait_max, row.service_median, row.still_count, row.still_max),
        )
