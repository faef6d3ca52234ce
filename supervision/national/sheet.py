"""Reads a daily file of the national system by its mapping: one case a row, every fault by row and column; no ORM."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from accounts.statementfiles import Fault, raw_rows
from bureau.errors import Refused
from cases import casenumber
from cases.models.codes import TypeCode
from intake.imports.cells import cell_text
from supervision.national.fields import BY_CODE, FIELDS, USUAL, WAN, Field, guess, names, plain

ROWS_MAX = 20_000
LINES_MAX = 60_000  # with the empty ones, which Excel likes to leave below
FAULTS_MAX = 500
TEXT_MAX = 500
SAMPLE_ROWS = 8
HEADER_ROW_MAX = 50
UNZIPPED_MAX = 80 * 2**20
TOTALS = ("合计", "总计", "小计", "共计")
AMOUNT_MAX = Decimal("99999999999999.99")
KEPT_TYPES = tuple(TypeCode.values)
ORDERS = {"YMD": (0, 1, 2), "DMY": (2, 1, 0), "MDY": (2, 0, 1)}


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written: heading by field, code by word of a field, the heading's row, encoding, day order."""

    columns: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    header_row: int = 1
    encoding: str = "DETECTED"
    date_order: str = "YMD"


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the file; values are canonical text by field, empty where the cell is."""

    position: int
    number: str
    values: dict[str, str]


@dataclass(slots=True)
class Sheet:
    """A file as read: its cases and everything that is wrong."""

    sha256: str
    lines: dict[str, Line] = field(default_factory=dict)
    skipped_count: int = 0  # of types that are not carried out here
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    def add(self, position: int, column: str, reason: object) -> None:
        """Keep the first faults; count them all."""
        self.fault_count += 1
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(Fault(position, column, str(reason)))


def inspect(content: bytes, how: Layout, *, court: str, progress: Callable[[int, int], None] | None = None) -> Sheet:
    """Read the whole file of the court with that code and find everything wrong with it; changes nothing.

    Raises Refused where the file as a whole cannot be read.
    """
    sheet = Sheet(hashlib.sha256(content).hexdigest())
    for position, line, faults in read(content, how, court=court):
        for column, reason in faults:
            sheet.add(position, column, reason)
        if line is None:
            sheet.skipped_count += not faults
            continue
        first = sheet.lines.setdefault(line.number, line)
        if first is not line:
            reason = _("与第 %(row)d 行的案号重复") % {"row": first.position}
            sheet.add(position, how.columns["number"], reason)
        if progress and len(sheet.lines) % 500 == 0:
            progress(len(sheet.lines), 0)
    if not sheet.lines and not sheet.fault_count:
        raise Refused(_("文件中没有本院的执行案件"))
    return sheet


def read(content: bytes, how: Layout, *, court: str) -> Iterator[tuple[int, Line | None, list[tuple[str, str]]]]:
    """Yield each row that is not empty: its case, none for a type that is not kept, and what is wrong by column."""
    rows = enumerate(raw_rows(content, how.encoding, formulas=True, unzipped_max=UNZIPPED_MAX), start=1)
    heading = next((row for number, row in rows if number == how.header_row), None)
    if heading is None:
        raise Refused(_("文件不足 %(row)d 行，没有表头") % {"row": how.header_row})
    places, reader, count = _places(heading, how), _Reader(how, court), 0
    for position, row in rows:
        cells = {name: row[place] if place < len(row) else None for name, place in places.items()}
        if all(cell in (None, "") for cell in cells.values()) or _is_total(row, cells["number"]):
            if position > LINES_MAX:
                raise _too_long()
            continue
        count += 1
        if count > ROWS_MAX:
            raise _too_long()
        yield position, *reader.line(position, cells)


def _too_long() -> Refused:
    return Refused(_("一次最多 %(count)d 行，请核对是否为当日的案件清单") % {"count": ROWS_MAX})


def _is_total(row: Sequence[Any], number: Any) -> bool:
    return number in (None, "") and any(isinstance(cell, str) and cell.strip().startswith(TOTALS) for cell in row[:3])


def _heading(cell: Any) -> str:
    return plain("" if cell is None else str(cell))


def _places(heading: Sequence[Any], how: Layout) -> dict[str, int]:
    said = [_heading(cell) for cell in heading]
    counts, reasons = Counter(said), []
    wanted = {code: _heading(word) for code, word in how.columns.items() if word}
    missing = [how.columns[code] for code, word in wanted.items() if word not in counts]
    if missing:
        told = {"row": how.header_row, "columns": _("、").join(missing)}
        reasons.append(_("第 %(row)d 行应为表头，缺少列：%(columns)s；请核对列对应和表头所在的行") % told)
    if twice := [how.columns[code] for code, word in wanted.items() if counts[word] > 1]:
        reasons.append(_("表头中有同名的列，分不清取哪一列：%(columns)s") % {"columns": _("、").join(twice)})
    if reasons:
        raise Refused(reasons)
    return {code: said.index(word) for code, word in wanted.items()}


class _Reader:
    """Reads one row after the other."""

    def __init__(self, how: Layout, court: str) -> None:
        self.how, self.court = how, court
        self.fields = [BY_CODE[code] for code in how.columns if code in BY_CODE]
        self.words = {
            code: {plain(word): value for word, value in {**usual, **how.words.get(code, {})}.items()}
            for code, usual in USUAL.items()
        }

    def line(self, position: int, cells: Mapping[str, Any]) -> tuple[Line | None, list[tuple[str, str]]]:
        """Return the case and what is wrong in which column; no case for a type that is not kept."""
        try:
            found = self._number(cell_text(cells["number"]))
        except ValueError as error:
            return None, [(self.how.columns["number"], str(error))]
        if found is None:
            return None, []
        values, faults = {}, []
        for row in self.fields:
            if row.code == "number":
                continue
            try:
                values[row.code] = self._value(row, cells.get(row.code))
            except ValueError as error:
                faults.append((self.how.columns[row.code], str(error)))
        return Line(position, found, values), faults

    def _number(self, text: str) -> str | None:
        if not text:
            raise ValueError(_("不能为空"))
        number = casenumber.parse(text)
        if number.is_legacy:
            return number.canonical
        if number.court != self.court:
            raise ValueError(_("不是本院的案号，请核对文件和所选法院"))
        return number.canonical if number.type_code in KEPT_TYPES else None

    def _value(self, row: Field, cell: Any) -> str:
        if row.kind == "day":
            return self._day(cell)
        text = cell_text(cell)
        if len(text) > TEXT_MAX:
            raise ValueError(_("最多 %(count)d 个字") % {"count": TEXT_MAX})
        if row.kind == "money":
            return _money(text, in_wan=WAN in unicodedata.normalize("NFKC", self.how.columns[row.code]))
        if row.kind == "names":
            return "、".join(names(text))
        if row.kind == "code" and text:
            code = self.words[row.code].get(plain(text))
            if code is None:
                raise ValueError(_("不认识的用词，请在列对应中写明它的意思"))
            return code
        return text

    def _day(self, cell: Any) -> str:
        text = unicodedata.normalize("NFKC", cell_text(cell))
        if not text or text in ("-", "--", "/"):
            return ""
        parts = re.findall(r"\d+", text)
        # What Excel keeps as a day comes out as year, month, day, whatever the order of written ones.
        order = "YMD" if isinstance(cell, dt.date) else self.how.date_order
        if parts and len(parts[0]) in (8, 14):
            digits, year = parts[0], order == "YMD"
            parts = [digits[:4], digits[4:6], digits[6:8]] if year else [digits[:2], digits[2:4], digits[4:8]]
        if len(parts) < 3:
            raise ValueError(_("不是日期"))
        try:
            return dt.date(*(int(parts[place]) for place in ORDERS[order])).isoformat()
        except (ValueError, OverflowError):
            raise ValueError(_("没有这一天，请核对列对应中的日期写法")) from None


def _money(text: str, *, in_wan: bool) -> str:
    said = unicodedata.normalize("NFKC", text).replace(",", "").removeprefix("¥").removesuffix("元").strip()
    if said in ("", "-", "--", "/"):
        return ""
    try:
        amount = Decimal(said) * (10_000 if in_wan else 1)
    except InvalidOperation:
        raise ValueError(_("应为数字")) from None
    if not amount.is_finite() or not 0 <= amount <= AMOUNT_MAX:
        raise ValueError(_("应为不小于零的金额"))
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))


def sample(content: bytes, how: Layout, *, court: str) -> dict[str, Any]:
    """Return the first rows of a file as they stand and as they would be read, and why where they cannot be."""
    try:
        rows = raw_rows(content, how.encoding, formulas=True, unzipped_max=UNZIPPED_MAX)
        start = [[_shown(cell) for cell in row] for row in islice(rows, how.header_row + SAMPLE_ROWS)]
    except Refused as refusal:
        return {"refused": refusal.reasons}
    headings = [cell for cell in start[how.header_row - 1] if cell] if len(start) >= how.header_row else []
    found: dict[str, Any] = {"raw": list(enumerate(start, start=1)), "headings": headings}
    if how.columns.get("number"):
        found["fields"] = [row for row in FIELDS if how.columns.get(row.code)]
        found["read"] = _sample_lines(content, how, court)
    return found


def _sample_lines(content: bytes, how: Layout, court: str) -> dict[str, Any]:
    try:
        return {"lines": list(islice(read(content, how, court=court), SAMPLE_ROWS))}
    except Refused as refusal:
        return {"refused": refusal.reasons}


def guessed(content: bytes) -> dict[str, Any]:
    """Return row of the heading and heading by field, as they most likely are in a file of the court."""
    rows = raw_rows(content, formulas=True, unzipped_max=UNZIPPED_MAX)
    start = [[_shown(cell) for cell in row] for row in islice(rows, 12)]
    found = [guess(row) for row in start]
    best = max(range(len(found)), key=lambda number: len(found[number]), default=0)
    return {"header_row": best + 1, "columns": found[best] if found else {}}


def _shown(cell: Any) -> str:
    try:
        return cell_text(cell)
    except ValueError as error:
        return f"〔{error}〕"
