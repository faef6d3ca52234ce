"""The arithmetic of a node: its last day with the days that do not count, and how pressing it is; pure."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.calendar import DAY, Due, WorkCalendar, raw_due
from cases.nodes.node import Node
from cases.pauses import Interval, extended


class Level(TextChoices):
    """How pressing a deadline is."""

    NONE = "NONE", gettext_lazy("正常")
    YELLOW = "YELLOW", gettext_lazy("黄色")
    ORANGE = "ORANGE", gettext_lazy("橙色")
    RED = "RED", gettext_lazy("红色")


ORDER = tuple(Level)


def counted(node: Node, start: dt.date, *, days: WorkCalendar, intervals: Sequence[Interval] = ()) -> Due:
    """Return the last day of the node's period and its arithmetic in Chinese, as it is kept with the deadline.

    The day of the trigger is not counted, excluded days are added, and a rest day at the end moves it (民事诉讼法 85).
    """
    if node.unit == "hour" and node.count % 24:
        raise ValueError(node.code)
    due = _counted(node, start, days, tuple(intervals))
    return due._replace(steps=list(due.steps))


@lru_cache(maxsize=1024)
def _counted(node: Node, start: dt.date, days: WorkCalendar, intervals: tuple[Interval, ...]) -> Due:
    # Many cases begin on the same day; the calendar is part of the question.
    with translation.override("zh-hans"):
        if node.unit == "workday":
            return days.due(start, node.count, "workday")
        if node.unit == "hour":
            # Whole days of hours, which no day of rest stops.
            last, said = raw_due(start, node.count // 24, "day")
            return days.noted(last, [said])
        raw, said = raw_due(start, node.count, node.unit)
        steps = [said]
        last, parts = extended(raw, start=start, intervals=intervals)
        for part in parts:
            steps.append(
                _("扣除 %(first)s 至 %(last)s 共 %(count)d 日")
                % {"first": part.from_on, "last": part.until_on - DAY, "count": part.days}
            )
        if parts:
            steps.append(_("顺延至 %(day)s") % {"day": last})
        return days.rolled(last, steps) if node.rolls else days.noted(last, steps)


def stated(node: Node, start: dt.date, due_on: dt.date) -> Due:
    """Return a last day that the act itself states: it is the truth, nothing is counted and no rest day moves it."""
    with translation.override("zh-hans"):
        words = {"start": start, "due": due_on, "source": node.stated_in or _("裁定")}
        return Due(due_on, [_("自 %(start)s 至 %(due)s，以%(source)s载明的期限为准，不因休息日顺延") % words], False)


def _steps(node: Node, due_on: dt.date) -> list[tuple[dt.date, Level]]:
    """Return on which days something is said, with its level, the first day first."""
    return [(_before(node, due_on, count, name), Level(name)) for count, name in node.ladder]


def _before(node: Node, due_on: dt.date, count: int, name: str) -> dt.date:
    # Working days are those of the published calendar.
    if not (node.yellow_in_workdays and name == Level.YELLOW):
        return due_on - count * DAY
    days, day = WorkCalendar(), due_on
    for _turn in range(count):
        day -= DAY
        while not days.is_workday(day):
            day -= DAY
    return day


def level_on(node: Node, due_on: dt.date, today: dt.date) -> Level:
    """Return the level that a running deadline has on a day: a duty is red on its last day and after it."""
    if today >= due_on:
        return Level(node.worst)
    reached = [level for day, level in _steps(node, due_on) if today >= day]
    return reached[-1] if reached else Level.NONE


def next_alert_on(node: Node, due_on: dt.date, level: Level, *, said_on: dt.date | None = None) -> dt.date | None:
    """Return the day on which something is to be said next; none when all has been said.

    Next is a higher level, or, where the node names its own alert days, the first of them after the day on which
    something was last said. What is no duty ends by itself the day after its last day.
    """
    steps = _steps(node, due_on)
    later = [day for day, name in steps if ORDER.index(name) > ORDER.index(level)]
    if node.alerts and said_on is not None:
        later = [day for day, _name in steps if day > said_on]
    if later:
        return min(later)
    return None if node.is_duty else due_on + DAY


def is_alert_day(node: Node, due_on: dt.date, day: dt.date | None) -> bool:
    """Return whether the day is one that the node itself names to be said, whatever was said before."""
    return day is not None and any(due_on - days * DAY == day for days, _level in node.alerts)
