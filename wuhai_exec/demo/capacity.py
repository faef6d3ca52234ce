"""How long a filing waits for its people: as replayed, and in arrival order with a stated capacity of the centre. Pure.

The replay draws its days around the seven of the bureau's own report, so the first figure is no finding. The second is:
it takes the filings as they came and lets the centre decide so many a working day, first come first served.
"""

import datetime as dt
from collections.abc import Iterable
from statistics import fmean, median
from typing import Any

from wuhai_exec.demo.walk import DAY, WORKDAYS

# What two dispatchers verify, triage and assign in a working day with the proposals before them. An assumption.
CAPACITY = 12
BEFORE, REPORTED = 20, 7


def in_arrival_order(filed: Iterable[dt.date], *, capacity: int = CAPACITY) -> list[int]:
    """Return of each filing, in the order of arrival, the calendar days until the centre has assigned it."""
    day, left, waits = dt.date.min, 0, []
    for filed_on in filed:
        if filed_on > day:
            day, left = WORKDAYS.next_workday(filed_on), capacity
        if not left:
            day, left = WORKDAYS.next_workday(day + DAY), capacity
        left -= 1
        waits.append((day - filed_on).days)
    return waits


def figures(replayed: list[int], filed: list[dt.date]) -> dict[str, Any]:
    """Return median and mean days from filing to assignment: as replayed, and by the stated capacity."""
    simulated = in_arrival_order(filed)
    return {
        "assigned_days": {"median": median(replayed), "mean": round(fmean(replayed), 1)} if replayed else {},
        "assigned_days_by_capacity": {
            "capacity": CAPACITY,
            "median": median(simulated),
            "mean": round(fmean(simulated), 1),
            "longest": max(simulated),
        }
        if simulated
        else {},
    }


def sentence(figures: dict[str, Any]) -> str:
    """Return what `make demo` prints."""
    real, made = figures["assigned_days"], figures["assigned_days_by_capacity"]
    return (
        f"Filing to assignment: median {real['median']:g}, mean {real['mean']} days as replayed "
        f"(the bureau's report: {REPORTED}; before: {BEFORE}). In arrival order at {made['capacity']} cases a working "
        f"day: median {made['median']:g}, mean {made['mean']}, longest {made['longest']} days."
    )
