"""Lists as Excel sheets; a number is a number to reckon with, what a person typed is text, never a formula."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

ROWS_MAX = 5000  # a longer list is for a query, not for a sheet
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 18
YUAN = "#,##0.00"

Table = tuple[str, Sequence[str], Iterable[Sequence[Any]]]  # name, titles, lines


def workbook(*tables: Table, widths: Sequence[int] = ()) -> bytes:
    """Return a workbook of one sheet per table, its head in bold and frozen; widths are characters per column."""
    book = Workbook(write_only=True)
    for name, titles, lines in tables:
        page = book.create_sheet(name)
        page.freeze_panes = "A2"
        for number in range(len(titles)):
            width = widths[number] if number < len(widths) else WIDTH
            page.column_dimensions[get_column_letter(number + 1)].width = width
        page.append([_cell(page, title, is_bold=True) for title in titles])
        for line in lines:
            page.append([_cell(page, value) for value in line])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: WriteOnlyWorksheet, value: Any, *, is_bold: bool = False) -> Any:
    if isinstance(value, Decimal):
        number = WriteOnlyCell(page)
        number.value = value
        number.number_format = YUAN
        return number
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def download(content: bytes, name: str) -> HttpResponse:
    """Return the workbook as a file of that name."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
