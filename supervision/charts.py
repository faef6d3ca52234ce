"""Charts as the page draws them, pure: `components/bars.html` is a table whose bars are as long as the figures."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

WIDEST = 100  # the longest bar of a chart, in hundredths of its column


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: its length, the text beside it, its tone ('', second, bad), and the list behind it."""

    value: float
    text: str = ""
    tone: str = ""
    url: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a chart: its name and a figure of each series."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as drawn; the label is read aloud, the series are named where there are several."""

    label: str | Promise
    rows: list[Row]
    series: tuple[str | Promise, ...] = ()


def bars(label: str | Promise, rows: Iterable[Row], series: tuple[str | Promise, ...] = ()) -> Chart:
    """Return a chart of bars, the longest as wide as its column; a value of nothing has no width."""
    rows = list(rows)
    longest = max((bar.value for row in rows for bar in row.bars), default=0) or 1
    return Chart(label, [Row(row.label, tuple(_drawn(bar, longest) for bar in row.bars)) for row in rows], series)


def _drawn(bar: Bar, longest: float) -> Bar:
    return Bar(bar.value, bar.text or str(bar.value), bar.tone, bar.url, round(WIDEST * bar.value / longest))
