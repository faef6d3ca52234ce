"""The arithmetic of a node: its last day with the days that do not count, and how pressing it is; pure."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.calendar import DAY, Due, WorkCalendar, raw_due, weekday
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
    if node.unit == "hour":
        raise ValueError(node.code)
    due = _counted(node, start, days, tuple(intervals))
    return due._replace(steps=list(due.steps))


@lru_cache(maxsize=1024)
def _counted(node: Node, start: dt.date, days: WorkCalendar, intervals: tuple[Interval, ...]) -> Due:
    # Many cases begin on the same day; the calendar is part of the question.
    assert node.unit != "hour"
    with translation.override("zh-hans"):
        if node.unit == "workday":
            return days.due(start, node.count, "workday")
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


def named(until_on: dt.date, *, days: WorkCalendar) -> Due:
    """Return the last day that the act itself names; no rest day moves it (§5.1 no. 6)."""
    with translation.override("zh-hans"):
        said = _("决定载明至 %(day)s（%(week)s）届满，不因节假日顺延") % {"day": until_on, "week": weekday(until_on)}
        return days.noted(until_on, [said])


def yellow_on(node: Node, due_on: dt.date) -> dt.date:
    """Return the day from which it is yellow; working days are those of the published calendar."""
    if not node.yellow_in_workdays:
        return due_on - node.yellow * DAY
    days, day = WorkCalendar(), due_on
    for _turn in range(node.yellow):
        day -= DAY
        while not days.is_workday(day):
            day -= DAY
    return day


def level_on(node: Node, due_on: dt.date, today: dt.date) -> Level:
    """Return the level that a running deadline has on a day: a duty is red on its last day and after it."""
    left = (due_on - today).days
    if left <= 0:
        return Level(node.worst)
    if node.orange and left <= node.orange and node.worst == Level.RED:
        return Level.ORANGE
    return Level.YELLOW if today >= yellow_on(node, due_on) else Level.NONE


def next_alert_on(node: Node, due_on: dt.date, level: Level) -> dt.date | None:
    """Return the day on which something is to be said next; none when all has been said.

    What is no duty ends by itself the day after its last day.
    """
    days = {Level.YELLOW: yellow_on(node, due_on), Level.RED: due_on}
    if node.worst == Level.YELLOW:
        del days[Level.RED]
    elif node.orange:
        days[Level.ORANGE] = due_on - node.orange * DAY
    later = [day for name, day in days.items() if ORDER.index(name) > ORDER.index(level)]
    if later:
        return min(later)
    return None if node.is_duty else due_on + DAY
