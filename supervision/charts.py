"""Geometry of the charts drawn on the server; pure. One chart is `components/bars.html`, 640 units wide."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

LEFT, RIGHT, ROW = 150, 460, 24  # behind the longest bar stands a sum with its count


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: its name, its length, the value as printed behind it, and its tone ('', second, bad)."""

    label: str
    value: float
    text: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar as drawn."""

    label: str
    value: str
    tone: str
    y: int
    text_y: int
    width: int
    value_x: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as drawn; the label is read aloud."""

    label: str | Promise
    height: int
    bars: list[Bar]


def bars(label: str | Promise, rows: Iterable[Row]) -> Chart:
    """Return horizontal bars, the longest as wide as the chart; a value of nothing has no width."""
    rows = list(rows)
    longest = max((row.value for row in rows), default=0) or 1
    drawn = []
    for place, row in enumerate(rows):
        width = round((RIGHT - LEFT) * row.value / longest)
        y = place * ROW + 4
        drawn.append(Bar(row.label, row.text or str(row.value), row.tone, y, y + 13, width, LEFT + width + 6))
    return Chart(label, len(rows) * ROW + 4, drawn)
