"""What a file of the bank says of its own account: whose it is, and balances that follow from its lines; no ORM."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any, Protocol

from django.utils.translation import gettext as _

from bureau.calendar import DAY

DAYS_MAX = 366  # further than any statement reaches: a slip in a day is told of elsewhere
# How a table names its account above its heading.
_ACCOUNT = re.compile(r"账\s*号\D{0,6}(\d[\d ]{8,38}\d)")


class Line(Protocol):
    """One line with what stood on the account after it."""

    @property
    def position(self) -> int:
        """Return its row in the file."""

    @property
    def value_on(self) -> dt.date:
        """Return its day."""

    @property
    def amount(self) -> Decimal:
        """Return yuan, negative where they went out."""

    @property
    def balance(self) -> Decimal | None:
        """Return what stood on the account after it."""


@dataclass(frozen=True, slots=True)
class Balances:
    """What stood on the account before the first line, after the last, and at the end of each day; yuan."""

    opening: Decimal
    closing: Decimal
    by_day: dict[dt.date, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """The row at which balances do not follow from each other, in words."""

    position: int
    reason: str


def balances(lines: Sequence[Line]) -> Balances | Broken | None:
    """Return the balances where every line carries one; where they contradict the lines, the first row that does.

    Lines of one moment may stand in any order: where neither order of the file follows, it is enough that each balance
    but the last is where another line starts.
    """
    if not lines or any(line.balance is None for line in lines):
        return None
    for rows in (lines, lines[::-1]):
        if not _breaks(rows):
            return Balances(_before(rows[0]), _after(rows[-1]), _by_day(rows))
    before, after = Counter(map(_before, lines)), Counter(map(_after, lines))
    first, last = list((before - after).elements()), list((after - before).elements())
    if len(first) == len(last) == 1:
        return Balances(first[0], last[0], {max(line.value_on for line in lines): last[0]})
    if not first and not last:
        return None  # what came went again, in no order that is told
    broken = min(_breaks(lines), _breaks(lines[::-1]), key=len)
    return Broken(broken[0].position, _("余额与相邻行的余额、本行金额对不上，文件自相矛盾或缺行"))


def _breaks(rows: Sequence[Line]) -> list[Line]:
    return [row for last, row in pairwise(rows) if _before(row) != _after(last)]


def _after(line: Line) -> Decimal:
    assert line.balance is not None
    return line.balance


def _before(line: Line) -> Decimal:
    return _after(line) - line.amount


def _by_day(rows: Sequence[Line]) -> dict[dt.date, Decimal]:
    # A day without a line ends as the day before it.
    said = {row.value_on: _after(row) for row in rows}
    first, last = min(said), max(said)
    found: dict[dt.date, Decimal] = {}
    for number in range(min((last - first).days, DAYS_MAX) + 1):
        day = first + number * DAY
        found[day] = said[day] if day in said else found[day - DAY]
    return found


def account_above(rows: Iterable[Sequence[Any]]) -> str:
    """Return the account that a table names above its heading; none where a sheet has cut its digits."""
    for row in rows:
        if any(isinstance(cell, float) or (isinstance(cell, int) and cell >= 10**15) for cell in row):
            continue
        if found := _ACCOUNT.search(" ".join(str(cell) for cell in row if cell is not None)):
            return found.group(1).replace(" ", "")
    return ""
