"""Which unit gets a revived case: the bureau's own come back to it, the old book's go to their court; data.

Local practice (domain handbook §0.1, §17 question 13), so a change is a new row with its day.
"""

import datetime as dt
from dataclasses import dataclass

from cases.models.codes import ExecutingUnit, TypeCode


@dataclass(frozen=True, slots=True)
class Route:
    """Cases of a type whose closed case was carried out by one unit go to a unit, from a day on."""

    type_code: TypeCode
    closed_by: ExecutingUnit
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
)


def route(type_code: str, closed_by: str, *, on: dt.date) -> Route:
    """Return the route in force that day; raises LookupError where there is none."""
    found = [row for row in ROUTES if row.type_code == type_code and row.closed_by == closed_by and row.from_on <= on]
    if not found:
        raise LookupError(type_code, closed_by, on)
    return max(found, key=lambda row: row.from_on)
