"""Reads the workbook of the old book: rows of one number are one case, every fault named by page, row and column."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.statementfiles import raw_rows
from bureau.errors import Refused
from bureau.models import User
from cases import casenumber
from cases.models import Party
from intake.imports.cells import cell_text, day_of, places_of
from intake.imports.sheet import FAULTS_MAX, LINES_MAX, ROWS_MAX, UNZIPPED_MAX
from intake.oldbook.checking import OldDraft
from intake.oldbook.columns import CASE, CASES, CLAIM, COLUMNS, CONTROLS, DAYS, MONEY, OPTIONAL, PARTY, words

CASES_MAX = 300
PARTIES_MAX = 100
NUMBER_MAX = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; never quotes what stands there, for it may be personal."""

    page: str
    position: int
    column: str
    reason: str


@dataclass(slots=True)
class Entry:
    """One case of the workbook, and in which row of which page each part of it stands."""

    position: int
    draft: OldDraft
    rows: dict[tuple[str, int], int] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class OldBook:
    """A workbook as read: its cases by number, and everything that is wrong."""

    sha256: str
    row_count: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    bad: set[tuple[str, int, str]] = field(default_factory=set)

    def add(self, page: str, position: int, name: str, reason: object) -> None:
        """Keep the first faults, one for a cell; count them all."""
        if name and (page, position, name) in self.bad:
            return
        self.bad.add((page, position, name))
        self.fault_count += 1
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(Fault(page, position, COLUMNS[page].get(name, ""), str(reason)))


def inspect(content: bytes, *, staff: Mapping[str, User], today: dt.date) -> OldBook:
    """Read the whole workbook and find what is wrong in any cell; changes nothing. `staff` are the handlers by login.

    Raises Refused where the file as a whole cannot be read.
    """
    book = OldBook(hashlib.sha256(content).hexdigest())
    if content[:4] != b"PK\x03\x04":
        # Says of every other kind of file what it is; a table without pages is no old book.
        next(iter(raw_rows(content)), None)
        raise Refused(_("旧存案件须用Excel（.xlsx）模板导入，含“案件”“控制”“案款”三张工作表"))
    known = words()
    for page in (CASES, CONTROLS, MONEY):
        _read(book, content, page, known[page], staff=staff, today=today)
    if not book.entries and not book.fault_count:
        raise Refused(_("文件中没有案件"))
    if len(book.entries) > CASES_MAX:
        raise Refused(_("一次最多 %(count)d 件，请分成几个文件") % {"count": CASES_MAX})
    for entry in book.entries.values():
        _check(book, entry)
    return book


def _read(
    book: OldBook,
    content: bytes,
    page: str,
    known: Mapping[str, Mapping[str, str]],
    *,
    staff: Mapping[str, User],
    today: dt.date,
) -> None:
    lines = enumerate(raw_rows(content, formulas=True, unzipped_max=UNZIPPED_MAX, page=page), start=1)
    first = next(lines, None)
    if first is None:
        raise Refused(_("工作表“%(name)s”是空的，第一行应为表头") % {"name": page})
    places = places_of(first[1], COLUMNS[page], OPTIONAL[page], page)
    for position, line in lines:
        if position > LINES_MAX or book.row_count > ROWS_MAX:
            raise Refused(_("一次最多 %(count)d 行，请分成几个文件") % {"count": ROWS_MAX})
        cells = {name: line[place] if place < len(line) else None for name, place in places.items()}
        if all(value in (None, "") for value in cells.values()):
            continue
        book.row_count += 1
        said = _said(book, page, position, cells, known)
        if number := _number(book, page, position, said.pop("number", "")):
            if page == CASES:
                entry = book.entries.setdefault(number, Entry(position, OldDraft(number, today, staff)))
                _take_case(book, entry, position, said)
            else:
                _take_beside(book, page, number, position, said)


def _said(
    book: OldBook, page: str, position: int, cells: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    said = {}
    for name, value in cells.items():
        try:
            text = cell_text(value)
            if name in DAYS[page]:
                text = day_of(text)
            if text and name in known:
                if text not in known[name]:
                    raise ValueError(_("不是可填的内容，可填内容见模板的填写说明"))
                text = known[name][text]
        except ValueError as error:
            book.add(page, position, name, error)
            text = ""
        said[name] = text
    return said


def _number(book: OldBook, page: str, position: int, text: str) -> str:
    """Return the canonical number of the row, empty where there is none to be read."""
    try:
        if not text:
            raise ValueError(_("不能为空"))
        return casenumber.parse(text).canonical
    except ValueError as error:
        book.add(page, position, "number", error)
        return ""


def _take_case(book: OldBook, entry: Entry, position: int, said: dict[str, str]) -> None:
    draft = entry.draft
    for name in CASE:
        if text := said.get(name, ""):
            first = entry.said_in.setdefault(name, position)
            if draft.case.setdefault(name, text) != text:
                book.add(CASES, position, name, _("与第 %(row)d 行同一案号的内容不一致") % {"row": first})
    party = {name: said.get(name, "") for name in PARTY}
    side = said.get("side", "")
    if any(party.values()) or side:
        _take_party(book, entry, position, side, party)
    claim = {name: said.get(name, "") for name in CLAIM}
    if any(claim.values()):
        entry.rows["claims", len(draft.claims)] = position
        draft.claims.append({**claim, "kind": claim["claim_kind"], "is_doubled": "on"})


def _take_party(book: OldBook, entry: Entry, position: int, side: str, party: dict[str, str]) -> None:
    if not side:
        book.add(CASES, position, "side", _("请填写诉讼地位"))
        return
    part = "applicants" if side == Party.Side.APPLICANT else "debtors"
    rows = getattr(entry.draft, part)
    if len(rows) >= PARTIES_MAX:
        book.add(CASES, position, "side", _("一方最多 %(count)d 人") % {"count": PARTIES_MAX})
        return
    entry.rows[part, len(rows)] = position
    rows.append(party)


def _take_beside(book: OldBook, page: str, number: str, position: int, said: dict[str, str]) -> None:
    entry = book.entries.get(number)
    if entry is None:
        book.add(page, position, "number", _("“案件”表中没有这个案号"))
        return
    part = "controls" if page == CONTROLS else "money"
    rows = getattr(entry.draft, part)
    entry.rows[part, len(rows)] = position
    rows.append(said)


def _check(book: OldBook, entry: Entry) -> None:
    draft = entry.draft
    needed = (
        (draft.applicants, "side", _("该案号没有申请执行人")),
        (draft.debtors, "side", _("该案号没有被执行人")),
        (draft.claims, "claim_kind", _("该案号没有执行请求")),
    )
    for rows, name, reason in needed:
        if not rows:
            book.add(CASES, entry.position, name, reason)
    for (page, part), forms in draft.forms.items():
        for index, form in enumerate(forms):
            for name, reasons in form.errors.items():
                for words_ in reasons:
                    add_at(book, entry, page, part, index, name, words_)


def add_at(book: OldBook, entry: Entry, page: str, part: str, index: int, name: str, reason: object) -> None:
    """Name what is wrong with one part of a case by the row and the column in which it stands."""
    column = {"kind": "claim_kind"}.get(name, name) if part == "claims" else name
    position = entry.rows.get((part, index)) or entry.said_in.get(column, entry.position)
    book.add(page, position, column if column in COLUMNS[page] else "", reason)
