"""Which unit a case belongs to: by its day of filing, a revived one or a preservation by who had held it; data.

Local practice (domain handbook §0.1, §17 question 13), so a change is a new row with its day.
"""

import datetime as dt
from dataclasses import dataclass

from cases.models.codes import ExecutingUnit, TypeCode


@dataclass(frozen=True, slots=True)
class Route:
    """Cases of a type go to a unit, from a day on, by which unit had held what they come from."""

    type_code: TypeCode
    held_by: ExecutingUnit
    to: ExecutingUnit
    from_on: dt.date
    basis: str


ROUTES: tuple[Route, ...] = (
    Route(
        TypeCode.REVIVED,
        ExecutingUnit.BUREAU,
        ExecutingUnit.BUREAU,
        dt.date(2021, 8, 16),
        "综合执行局办理的案件恢复执行仍由综合执行局办理（本地规定，待确认）",
    ),
    Route(
        TypeCode.REVIVED,
        ExecutingUnit.COURT,
        ExecutingUnit.COURT,
        dt.date(2021, 8, 16),
        "旧存案件恢复执行由原办理法院办理（本地规定，待确认）",
    ),
    Route(
        TypeCode.PRESERVATION,
        ExecutingUnit.COURT,
        ExecutingUnit.COURT,
        dt.date(2021, 8, 16),
        "财产保全执行案件由原实施保全的法院办理（本地规定，待确认）",
    ),
)


@dataclass(frozen=True, slots=True)
class Cut:
    """First enforcement cases filed from a day on belong to a unit, until the next row."""

    to: ExecutingUnit
    from_on: dt.date
    basis: str


# What was filed before the consolidation is the old book: its court goes on with it in its own way.
CUTS: tuple[Cut, ...] = (
    Cut(ExecutingUnit.COURT, dt.date.min, "合并前立案的旧存案件由原法院继续办理（本地规定，待确认）"),
    Cut(ExecutingUnit.BUREAU, dt.date(2021, 8, 16), "合并后立案的执行案件由综合执行局办理（本地规定，待确认）"),
)


def cut_on(day: dt.date) -> Cut:
    """Return the row by which a case filed that day belongs to its unit."""
    return max((row for row in CUTS if row.from_on <= day), key=lambda row: row.from_on)


def route(type_code: str, held_by: str, *, on: dt.date) -> Route:
    """Return the route in force that day; raises LookupError where there is none."""
    found = [row for row in ROUTES if row.type_code == type_code and row.held_by == held_by and row.from_on <= on]
    if not found:
        raise LookupError(type_code, held_by, on)
    return max(found, key=lambda row: row.from_on)


def unit_of(type_code: str, *, filed_on: dt.date, held_by: str | None = None) -> Cut | Route:
    """Return the row by which a case filed that day belongs to its unit; `held_by` is who had held what it comes from.

    Raises LookupError where the table has no row.
    """
    if held_by is None or type_code == TypeCode.FIRST or not any(row.from_on <= filed_on for row in ROUTES):
        return cut_on(filed_on)
    return route(type_code, held_by, on=filed_on)
