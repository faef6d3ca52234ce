"""The time of one demo case: steps in working hours on working days, never backwards."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bureau.calendar import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)
# Minutes of the day in which staff work: 8:30–12:00 and 14:30–17:00.
OPENS, NOON, AFTERNOON, CLOSES = 510, 720, 870, 1020
WORKDAYS = WorkCalendar()


@dataclass(frozen=True, slots=True)
class Step:
    """One act to be replayed: when, what, and with which details."""

    at: dt.datetime
    verb: str
    details: Mapping[str, Any] = field(default_factory=dict)


class TooLate(Exception):
    """The walk ran past the end of the book."""


def moment(day: dt.date, minute: int) -> dt.datetime:
    """Return that minute of that day in Wuhai."""
    return dt.datetime.combine(day, dt.time(minute // 60, minute % 60), tzinfo=SHANGHAI)


def arrival(rng: Random, day: dt.date) -> dt.datetime:
    """Return when somebody comes to the window: that day, or the first working day after it."""
    minute = OPENS + rng.randrange(20, 190) if rng.random() < 0.6 else AFTERNOON + rng.randrange(5, 100)
    return moment(WORKDAYS.next_workday(day), minute)


class Walk:
    """Puts the steps of one case on the calendar."""

    def __init__(self, rng: Random, *, start_at: dt.datetime, until: dt.datetime) -> None:
        self._rng = rng
        self._until = until
        self._minute = start_at.hour * 60 + start_at.minute
        self.day = start_at.date()
        self.steps: list[Step] = []

    def do(self, verb: str, **details: Any) -> None:
        """Take the step now; raises TooLate after the end of the book."""
        at = moment(self.day, self._minute)
        if at > self._until:
            raise TooLate
        self.steps.append(Step(at, verb, details))
        self._pass(self._rng.randrange(4, 25))

    def do_after(self, days: int, verb: str) -> None:
        """Take the last step of all so many days later, if the book lasts that long."""
        at = moment(WORKDAYS.next_workday(self.day + days * DAY), self._minute)
        if at <= self._until:
            self.steps.append(Step(at, verb))

    def wait(self, workdays: int) -> None:
        """Let so many working days pass; none is later the same day, or the next morning."""
        if workdays == 0:
            self._pass(self._rng.randrange(10, 70))
            return
        for _turn in range(workdays):
            self.day = WORKDAYS.next_workday(self.day + DAY)
        self._minute = self._morning() if self._rng.random() < 0.6 else AFTERNOON + self._rng.randrange(0, 100)

    def wait_until(self, day: dt.date) -> None:
        """Go to that day, or the first working day after it; a day gone by is later today."""
        day = WORKDAYS.next_workday(day)
        if day <= self.day:
            self.wait(0)
            return
        self.day = day
        self._minute = self._morning()

    def _pass(self, minutes: int) -> None:
        self._minute += minutes
        if NOON < self._minute < AFTERNOON:
            self._minute = AFTERNOON + self._rng.randrange(2, 25)
        if self._minute > CLOSES:
            self.day = WORKDAYS.next_workday(self.day + DAY)
            self._minute = self._morning()

    def _morning(self) -> int:
        return OPENS + self._rng.randrange(5, 150)
