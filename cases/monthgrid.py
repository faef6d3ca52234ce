"""The month as a sheet of weeks: on every day how much falls due, how much of it is red, and the first few by name."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber

from bureau.calendar import DAY, WorkCalendar
from bureau.models import Holiday
from cases.duelist import rest_of
from cases.dues import Due
from cases.models import Deadline, DeadlineQuerySet
from cases.nodes import Level

SHOWN_MAX = 3  # of one day by name; the day's own list has the rest


@dataclass(slots=True)
class Square:
    """One day of the sheet; `is_within` is false for the days of the months beside."""

    on: dt.date
    is_within: bool
    is_workday: bool
    rest: str
    count: int = 0
    red_count: int = 0
    rows: list[Deadline] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)

    @property
    def hidden_count(self) -> int:
        """Return how many are not named in the square."""
        return self.count - len(self.rows) - len(self.dues)


def weeks(rows: DeadlineQuerySet, dues: list[Due], *, first: dt.date, last: dt.date) -> list[list[Square]]:
    """Return the weeks of the month, Monday first; three queries whatever falls due. `dues` stand before the rows."""
    days = Holiday.objects.calendar()
    monday, sunday = first - first.weekday() * DAY, last + (6 - last.weekday()) * DAY
    squares = [_square(monday + number * DAY, first, last, days) for number in range((sunday - monday).days + 1)]
    by_day = {square.on: square for square in squares}
    red = Count("pk", filter=Q(level=Level.RED))
    counts = rows.order_by().values_list("due_on").annotate(count=Count("pk"), red_count=red)
    for on, count, red_count in counts:
        by_day[on].count, by_day[on].red_count = count, red_count
    place = Window(RowNumber(), partition_by="due_on", order_by=("case", "id"))
    for row in rows.annotate(place=place).filter(place__lte=SHOWN_MAX):
        by_day[row.due_on].rows.append(row)
    for due in dues:
        square = by_day[due.on]
        square.dues.append(due)
        square.count, square.red_count = square.count + 1, square.red_count + (due.level == Level.RED)
    return [squares[number : number + 7] for number in range(0, len(squares), 7)]


def _square(on: dt.date, first: dt.date, last: dt.date, days: WorkCalendar) -> Square:
    # A plain weekend says itself by its colour.
    is_plain = on.weekday() >= 5 and not days.is_workday(on) and not days.holiday_name(on)
    return Square(on, first <= on <= last, days.is_workday(on), "" if is_plain else rest_of(on, days))
