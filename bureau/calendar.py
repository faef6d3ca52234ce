"""Working days and day arithmetic (民事诉讼法 85, 2017 text 82; 民法典 200–203); pure, no ORM."""

import calendar as calendar_
import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

import chinese_calendar
from django.utils import timezone
from django.utils.translation import gettext as _

Unit = Literal["day", "workday", "month", "year"]
DAY = dt.timedelta(days=1)
COUNT_MAX = 36_600
WORKING = "MAKE_UP_WORK"
_KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.constants.holidays)
KNOWN_UNTIL = max(_KNOWN_YEARS)


@lru_cache(maxsize=366 * 30)
def _is_published_workday(day: dt.date) -> bool:
    # The package looks through all its years at every question.
    return bool(chinese_calendar.is_workday(day))


class Due(NamedTuple):
    """The last day of a period, how it was counted, and whether a year without a published calendar was used."""

    due_on: dt.date
    steps: list[str]
    is_provisional: bool


class Block(NamedTuple):
    """Days off in a row around a public holiday."""

    first_on: dt.date
    last_on: dt.date
    name: str


class WorkCalendar:
    """Published State Council days, with the bureau's own rows on top; unknown years know weekends only."""

    def __init__(self, overrides: Mapping[dt.date, str] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._key = frozenset(self._overrides.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkCalendar) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def is_workday(self, day: dt.date) -> bool:
        """Return whether courts work: make-up Saturdays and Sundays do, swapped rest days do not."""
        kind = self._overrides.get(day)
        if kind is not None:
            return kind == WORKING
        if day.year in _KNOWN_YEARS:
            return _is_published_workday(day)
        return day.weekday() < 5

    def is_provisional(self, day: dt.date) -> bool:
        """Return whether the day's year has no published calendar and no row of the bureau's."""
        return day.year not in _KNOWN_YEARS and not any(known.year == day.year for known in self._overrides)

    def holiday_name(self, day: dt.date) -> str:
        """Return the public holiday to whose days off the day belongs, in Chinese; empty for any other day."""
        kind = self._overrides.get(day)
        if kind is not None:
            return "" if kind == WORKING else str(_("法定节假日"))
        named = chinese_calendar.constants.holidays.get(day)
        return chinese_calendar.Holiday(named).chinese if named else ""

    def holiday_near(self, today: dt.date, *, workdays: int) -> Block | None:
        """Return the days off around a public holiday that last today, or begin within so many working days."""
        day, passed = today, 0
        while not self.holiday_name(day):
            passed += self.is_workday(day)
            day += DAY
            if passed > workdays:
                return None
        first, last = day, day
        while not self.is_workday(first - DAY):
            first -= DAY
        while not self.is_workday(last + DAY):
            last += DAY
        return Block(first, last, self.holiday_name(day))

    def next_workday(self, day: dt.date) -> dt.date:
        """Return the day itself, or the first working day after it."""
        while not self.is_workday(day):
            day += DAY
        return day

    def due(self, start: dt.date, count: int, unit: Unit) -> Due:
        """Return the last day of a period that begins the day after `start`; raises ValueError for a bad one."""
        if not 0 <= count <= COUNT_MAX:
            raise ValueError(_("期限长度超出范围"))
        try:
            return self._due(start, count, unit)
        except OverflowError:
            raise ValueError(_("期限超出可计算的日期范围")) from None

    def _due(self, start: dt.date, count: int, unit: Unit) -> Due:
        if unit == "workday":
            return self._workdays(start, count)
        raw, said = raw_due(start, count, unit)
        return self.rolled(raw, [said])

    def rolled(self, raw: dt.date, steps: list[str]) -> Due:
        """Return the last day after a rest day at the end has moved it to the next working day; adds to the steps."""
        steps = list(steps)
        due_on = self.next_workday(raw)
        if due_on != raw:
            steps.append(
                _("届满日为休息日，顺延至其后第一个工作日 %(due)s（%(week)s）")
                % {"due": due_on, "week": weekday(due_on)}
            )
        elif raw.weekday() >= 5:
            steps.append(_("当日为调休上班日，不顺延"))
        return self.noted(due_on, steps)

    def _workdays(self, start: dt.date, count: int) -> Due:
        day = start
        counted: list[str] = []
        for _turn in range(count):
            day = self.next_workday(day + DAY)
            counted.append(f"{day:%m-%d}")
        steps = [
            _("自 %(start)s 次日起算 %(count)d 个工作日：%(days)s")
            % {"start": start, "count": count, "days": _("、").join(counted[:15]) + ("……" if count > 15 else "")}
        ]
        return self.noted(day, steps)

    def noted(self, due_on: dt.date, steps: list[str]) -> Due:
        """Return the day as it stands, with a word where its year has no published calendar."""
        provisional = self.is_provisional(due_on)
        if provisional:
            steps.append(_("%(year)d 年放假安排尚未公布，暂按周末计算") % {"year": due_on.year})
        return Due(due_on, steps, provisional)


def raw_due(start: dt.date, count: int, unit: Unit) -> tuple[dt.date, str]:
    """Return the last day of a calendar period before rest days are looked at, and how it was counted."""
    if unit == "day":
        raw = start + count * DAY
        said = _("自 %(start)s 次日起算 %(count)d 日，至 %(raw)s（%(week)s）")
    elif unit in ("month", "year"):
        raw = same_day(start, months=count * (12 if unit == "year" else 1))
        said = (
            _("自 %(start)s 起 %(count)d 个月，对应日为 %(raw)s（%(week)s）")
            if unit == "month"
            else _("自 %(start)s 起 %(count)d 年，对应日为 %(raw)s（%(week)s）")
        )
    else:
        raise ValueError(_("期限单位只能是日、工作日、月、年"))
    return raw, said % {"start": start, "count": count, "raw": raw, "week": weekday(raw)}


def end_of(day: dt.date) -> dt.datetime:
    """Return the midnight that ends the day here: what is before it was known by the end of the day."""
    return timezone.make_aware(dt.datetime.combine(day + DAY, dt.time.min))


def weekday(day: dt.date) -> str:
    """Return the weekday's Chinese name."""
    return str((_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[day.weekday()])


def same_day(start: dt.date, *, months: int) -> dt.date:
    """Return the same-number day so many months on, or the last day of that month; never moved past holidays."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    if year > dt.MAXYEAR:
        raise OverflowError(year)
    return dt.date(year, month + 1, min(start.day, calendar_.monthrange(year, month + 1)[1]))
