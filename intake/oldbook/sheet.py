"""Reads the workbook of the old book: rows of one number are one case, every fault named by page, row and column."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.statementfiles import raw_rows
from bureau.errors import Refused
from bureau.models import User
from cases import casenumber
from intake.imports.cells import places_of
from intake.imports.reading import CASES_MAX, LINES_MAX, ROWS_MAX, UNZIPPED_MAX, Entry, Reading, Shape
from intake.oldbook.checking import OldDraft
from intake.oldbook.columns import CASE, CASES, CLAIM, COLUMNS, CONTROLS, DAYS, MONEY, OPTIONAL, PARTY, words

SHAPE = Shape(CASES, CASE, PARTY, CLAIM)


class OldBook(Reading[OldDraft]):
    """A workbook as read: its cases by number, and everything that is wrong."""


def inspect(content: bytes, *, staff: Mapping[str, User], today: dt.date) -> OldBook:
    """Read the whole workbook and find what is wrong in any cell; changes nothing. `staff` are the handlers by login.

    Raises Refused where the file as a whole cannot be read.
    """
    book = OldBook(hashlib.sha256(content).hexdigest(), COLUMNS)
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
        said = book.said(page, position, cells, known=known, days=DAYS[page])
        if number := _number(book, page, position, said.pop("number", "")):
            if page == CASES:
                entry = book.entries.setdefault(number, Entry(number, position, OldDraft(number, today, staff)))
                book.take(entry, entry.draft.case, position, said, SHAPE)
            else:
                _take_beside(book, page, number, position, said)


def _number(book: OldBook, page: str, position: int, text: str) -> str:
    """Return the canonical number of the row, empty where there is none to be read."""
    try:
        if not text:
            raise ValueError(_("不能为空"))
        return casenumber.parse(text).canonical
    except ValueError as error:
        book.add(page, position, "number", error)
        return ""


def _take_beside(book: OldBook, page: str, number: str, position: int, said: dict[str, str]) -> None:
    entry = book.entries.get(number)
    if entry is None:
        book.add(page, position, "number", _("“案件”表中没有这个案号"))
        return
    entry.put("controls" if page == CONTROLS else "money", position, said)


def _check(book: OldBook, entry: Entry[OldDraft]) -> None:
    book.check_parts(CASES, entry)
    for (page, part), forms in entry.draft.forms.items():
        for index, form in enumerate(forms):
            for name, reasons in form.errors.items():
                for reason in reasons:
                    book.add_at(page, entry, part, index, name, reason)
