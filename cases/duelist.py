"""Lists of what is due: by day of a month, before a holiday, red by case and by kind, and as a calendar feed."""

import calendar as months
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from bureau.calendar import DAY, Block, WorkCalendar
from bureau.models import Holiday, User
from bureau.roles import has_role
from cases import dues, nodes
from cases.dues import Due
from cases.models import Case, Deadline, DeadlineQuerySet, Pause
from cases.nodes import Level, Node
from cases.pauses import merged

# Who owns no deadline of his own.
LEADERS = ("CHIEF", "PRESIDENT", "VICE_PRESIDENT", "INSPECTOR", "COURT_HEAD", "COURT_PRESIDENT")
WORKDAYS_OF_A_YEAR = 260
HOLIDAY_WORKDAYS = 3  # so many working days before a holiday the list appears
RED_ROWS_MAX = 500
FEED_ROWS_MAX = 1000
FEED_BACK = dt.timedelta(days=60)
FEED_AHEAD = dt.timedelta(days=60)  # no money is due later than 15 days from its arrival
EVER = (dt.date(2000, 1, 1), dt.date(2999, 12, 31))


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a list with what falls due on it."""

    on: dt.date
    rest: str
    rows: list[Deadline]


def asked(user: User, chosen: dict[str, Any], *, today: dt.date) -> DeadlineQuerySet:
    """Return the running deadlines that the filters ask for: own or all in scope; a month, a day or a level."""
    rows = Deadline.objects.running().visible_to(user)
    if chosen.get("who") != "all":
        rows = rows.owned_by(user)
    if chosen.get("node"):
        rows = rows.filter(node=chosen["node"])
    if chosen.get("level"):
        # A level is asked for whatever the month.
        return rows.filter(level=chosen["level"]).for_list()
    if chosen.get("day"):
        return rows.filter(due_on=chosen["day"]).for_list()
    first, last = month_of(chosen.get("month"), today=today)
    return rows.filter(due_on__range=(first, last)).for_list()


def dues_asked(user: User, chosen: dict[str, Any], *, today: dt.date) -> list[Due]:
    """Return what the same filters ask for of that which other rooms count."""
    first, last = month_of(chosen.get("month"), today=today)
    if chosen.get("level"):
        first, last = EVER
    elif chosen.get("day"):
        first = last = chosen["day"]
    found = dues.between(user, first, last, today=today, is_own=chosen.get("who") != "all")
    node, level = chosen.get("node"), chosen.get("level")
    return [due for due in found if (not node or due.node == node) and (not level or due.level == level)]


def month_of(first: dt.date | None, *, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return first and last day of the month asked for, or of this one."""
    day = first or today
    return day.replace(day=1), day.replace(day=months.monthrange(day.year, day.month)[1])


def by_day(rows: list[Deadline]) -> list[Day]:
    """Group sorted rows by their day, with a word for a day of rest; one small query."""
    days = Holiday.objects.calendar()
    return [Day(on, rest_of(on, days), list(group)) for on, group in groupby(rows, key=lambda row: row.due_on)]


def rest_of(on: dt.date, days: WorkCalendar) -> str:
    """Return the word for a day of rest, or for a weekend on which courts work; empty for a plain working day."""
    if days.is_workday(on):
        return _("调休上班日") if on.weekday() >= 5 else ""
    return days.holiday_name(on) or _("休息日")


def holiday_near(today: dt.date) -> Block | None:
    """Return the public holiday that lasts, or begins within three working days."""
    return Holiday.objects.calendar().holiday_near(today, workdays=HOLIDAY_WORKDAYS)


def holiday_next(today: dt.date) -> Block | None:
    """Return the public holiday that lasts or comes next, as far as the calendar is published."""
    return Holiday.objects.calendar().holiday_near(today, workdays=WORKDAYS_OF_A_YEAR)


def falling_into(block: Block, user: User) -> DeadlineQuerySet:
    """Return what falls into the days off or is moved by them to the first working day after: owned or escalated."""
    after = Holiday.objects.calendar().next_workday(block.last_on + DAY)
    rows = Deadline.objects.running().visible_to(user).filter(due_on__range=(block.first_on, after))
    mine = rows.owned_by(user).values("pk")
    return rows.filter(Q(pk__in=mine) | Q(pk__in=rows.escalated_to(user).values("pk"))).for_list()


def dues_into(block: Block, user: User, *, today: dt.date) -> list[Due]:
    """Return what other rooms count that falls into the days off, or on the first working day after."""
    after = Holiday.objects.calendar().next_workday(block.last_on + DAY)
    is_own = not has_role(user, *LEADERS)
    return dues.between(user, block.first_on, after, today=today, is_own=is_own)


def dues_for_feed(user: User, *, today: dt.date) -> list[Due]:
    """Return what other rooms count that stands in the user's calendar feed."""
    return dues.between(user, today - FEED_BACK, today + FEED_AHEAD, today=today)


def for_feed(user: User, *, today: dt.date) -> DeadlineQuerySet:
    """Return what stands in the user's calendar feed: what he owes, from two months back on."""
    own = Deadline.objects.running().visible_to(user).owned_by(user)
    return own.filter(due_on__gte=today - FEED_BACK).for_list()[:FEED_ROWS_MAX]


def excluded(pauses: Iterable[Pause], *, today: dt.date) -> int:
    """Return how many days of a case do not count by today, each once."""
    return sum(interval.days for interval in merged(pause.interval(today=today) for pause in pauses))


def red_by_case(user: User) -> list[tuple[Case, list[Deadline]]]:
    """Return the user's own red deadlines by case, the oldest first, without those that another line shows."""
    hidden = [node.code for node in nodes.LIVE if node.has_own_desk]
    own = Deadline.objects.running().filter(level=Level.RED).exclude(node__in=hidden).owned_by(user)
    found: dict[int, tuple[Case, list[Deadline]]] = {}
    for row in own.exclude(pk__in=own.paused().values("pk")).for_list()[:RED_ROWS_MAX]:
        found.setdefault(row.case_id, (row.case, []))[1].append(row)
    return list(found.values())


def red_by_node(user: User) -> list[tuple[Node, int, dt.date]]:
    """Return how many red deadlines of each kind are escalated to the user, and the oldest day."""
    red = Deadline.objects.running().filter(level=Level.RED).visible_to(user).escalated_to(user)
    counts = red.order_by("node").values_list("node").annotate(Count("pk"), Min("due_on"))
    return [(nodes.BY_CODE[code], count, oldest_on) for code, count, oldest_on in counts]
