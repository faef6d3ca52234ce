"""When the command centre decides what has come in: first come first served, so many cases a working day. Pure.

The book of 2021 is replayed on these days, so its triage time is no input but comes out of the arrivals and of
CAPACITY, the assumption: two dispatchers give four and a half hours a day together, half an hour to a case. It was
chosen because the bureau's own report, seven days, comes out of it; one case a day more or less moves it by a week.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from statistics import fmean, median
from typing import Any

from wuhai_exec.demo.walk import DAY, NOON, WORKDAYS

CAPACITY = 9
OTHERS = (8, 10, 12)
BEFORE, REPORTED = 20, 7


def decided_on(arrivals: Sequence[dt.datetime], *, capacity: int = CAPACITY) -> list[dt.date]:
    """Return for each filing the working day on which it is decided; what comes after noon is begun the next day."""
    found: dict[int, dt.date] = {}
    day, left = dt.date.min, 0
    for number in sorted(range(len(arrivals)), key=lambda number: arrivals[number]):
        at = arrivals[number]
        is_late = at.hour * 60 + at.minute >= NOON
        ready_on = WORKDAYS.next_workday(at.date() + is_late * DAY)
        if ready_on > day:
            day, left = ready_on, capacity
        elif not left:
            day, left = WORKDAYS.next_workday(day + DAY), capacity
        left -= 1
        found[number] = day
    return [found[number] for number in range(len(arrivals))]


def figures(triaged: list[int], assigned: list[int], arrivals: Sequence[dt.datetime]) -> dict[str, Any]:
    """Return days from filing to triage and to assignment as replayed, and what other capacities would have made."""
    medians = {}
    for capacity in OTHERS:
        days = decided_on(arrivals, capacity=capacity)
        medians[str(capacity)] = median((on - at.date()).days for on, at in zip(days, arrivals, strict=True))
    return {
        "triage_capacity": CAPACITY,
        "triage_days": _spread(triaged),
        "triage_days_at": medians,
        "assigned_days": _spread(assigned),
    }


def _spread(days: Iterable[int]) -> dict[str, Any]:
    rows = sorted(days)
    return {"median": median(rows), "mean": round(fmean(rows), 1), "longest": rows[-1]}


def sentence(figures: dict[str, Any]) -> str:
    """Return what `make demo` prints."""
    triage, assigned = figures["triage_days"], figures["assigned_days"]
    others = ", ".join(f"{days:g} at {capacity}" for capacity, days in figures["triage_days_at"].items())
    return (
        f"Filing to triage: median {triage['median']:g}, mean {triage['mean']}, longest {triage['longest']} days, as it"
        f" came out of arrival order at {figures['triage_capacity']} cases a working day (assumed; the bureau's report:"
        f" {REPORTED}, before: {BEFORE}). Days with other capacities: {others}."
        f" To assignment: median {assigned['median']:g}."
    )
