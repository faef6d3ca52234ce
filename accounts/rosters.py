"""Reads a roster of payees from Excel or CSV: every row checked, each fault named by row and column; no ORM."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bureau import identity
from bureau.errors import Refused
from bureau.money import plain_decimal

ROWS_MAX = 170_000
AMOUNT_MAX = Decimal("99999999999999.99")
# The file may call a column by any of these words; the first is what the template says.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "户名", "收款人", "名称", "姓名或名称"),
    "id_number": ("证件号码", "身份证号", "身份证号码", "证件号", "统一社会信用代码"),
    "account": ("收款账号", "账号", "银行卡号", "卡号", "银行账号"),
    "bank_name": ("开户行", "开户银行", "银行"),
    "amount": ("金额", "发放金额", "应发金额", "金额（元）", "金额(元)"),
    "case_number": ("案号",),
    "bank_code": ("联行号", "行号"),
}
REQUIRED = ("name", "id_number", "account", "bank_name", "amount")
TEMPLATE = [COLUMNS[name][0] for name in (*REQUIRED, "bank_code", "case_number")]


@dataclass(frozen=True, slots=True)
class Line:
    """One payee as checked; `position` is the row's number in the file, its heading being 1."""

    position: int
    name: str
    id_number: str
    account: str
    bank_name: str
    bank_code: str
    amount: Decimal
    case_number: str
    is_person: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; never quotes what stands there, for it may be personal."""

    position: int
    column: str
    reason: str


def read(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row that is not empty with its number; raises Refused where the file as a whole cannot be read."""
    rows = _excel(content) if content[:4] == b"PK\x03\x04" else _csv(content)
    heading = next(rows, None)
    if heading is None:
        raise Refused(_("文件是空的"))
    places = _places(heading)
    for position, row in enumerate(rows, start=2):
        cells = {name: row[place] if place < len(row) else None for name, place in places.items()}
        if any(value not in (None, "") for value in cells.values()):
            yield position, cells


def _places(heading: Sequence[Any]) -> dict[str, int]:
    said = [re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cell or ""))) for cell in heading]
    words = {name: {unicodedata.normalize("NFKC", word) for word in aliases} for name, aliases in COLUMNS.items()}
    places = {name: said.index(word) for name in words for word in said if word in words[name]}
    if missing := [COLUMNS[name][0] for name in REQUIRED if name not in places]:
        raise Refused(_("第 1 行应为表头，缺少列：%(columns)s") % {"columns": _("、").join(missing)})
    return places


def _excel(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError):
        raise Refused(_("不是可读的Excel文件（.xlsx）")) from None
    yield from sheet.iter_rows(values_only=True)


def _csv(content: bytes) -> Iterator[Sequence[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused(_("文件编码应为UTF-8或GB18030"))
    if "\x00" in text:
        raise Refused(_("只接受Excel（.xlsx）和CSV文件（按内容识别，不看扩展名）"))
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        raise Refused(_("不是可读的CSV文件")) from None


class Checker:
    """Checks row after row; keeps what it has seen, so that nobody is paid twice by one file."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], dict[str, int]] = {}

    def check(self, position: int, cells: dict[str, Any]) -> tuple[Line | None, list[Fault]]:
        """Return the row as it will be paid, or what is wrong with it."""
        faults: list[Fault] = []

        def cell(name: str, what: Any) -> Any:
            try:
                return what(cells.get(name))
            except ValueError as error:
                faults.append(Fault(position, COLUMNS[name][0], str(error)))
                return None

        name = cell("name", _name)
        identified = cell("id_number", _id_number)
        is_person = bool(identified and identified[1])
        account = cell("account", lambda value: _account(value, is_person=is_person))
        bank_name = cell("bank_name", lambda value: _short(value, 100))
        bank_code = cell("bank_code", lambda value: identity.canonical_bank_code(_text(value)))
        amount, number = cell("amount", _amount), _text(cells.get("case_number"))
        id_number = identified[0] if identified else ""
        for kind, value in (("id_number", id_number), ("account", account or "")):
            if value and (fault := self._repeated(kind, number, value, position)):
                faults.append(fault)
        if faults:
            return None, faults
        return Line(position, name, id_number, account, bank_name, bank_code, amount, number, is_person), []

    def _repeated(self, kind: str, number: str, value: str, position: int) -> Fault | None:
        first = self.seen.setdefault((kind, number), {}).setdefault(value, position)
        if first == position:
            return None
        return Fault(position, COLUMNS[kind][0], _("与第 %(row)d 行重复") % {"row": first})


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _digits(value: Any) -> str:
    # Excel keeps fifteen digits of a number: the rest of a card or ID would be zeros, and somebody else's.
    if (isinstance(value, int | float) and abs(value) >= 10**15) or "E+" in _text(value).upper():
        raise ValueError(_("表格把它存成了数字，末位已丢失；请将该列改为文本格式后重新填写"))
    return _text(value)


def _short(value: Any, most: int) -> str:
    text = _text(value)
    if not text:
        raise ValueError(_("不能为空"))
    if len(text) > most:
        raise ValueError(_("最多 %(count)d 个字") % {"count": most})
    return text


def _name(value: Any) -> str:
    return identity.canonical_name(_short(value, 100))


def _id_number(value: Any) -> tuple[str, bool]:
    text = _digits(value)
    if not text:
        raise ValueError(_("不能为空"))
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if re.fullmatch(r"\d{17}[\dX]", plain):
        return identity.canonical_resident_id(plain).number, True
    if len(plain) == 18:
        return identity.canonical_uscc(plain), False
    return identity.canonical_other_id(plain), True


def _account(value: Any, *, is_person: bool) -> str:
    text = _digits(value)
    if not text:
        raise ValueError(_("不能为空"))
    return identity.canonical_account(text, is_person=is_person)


def _amount(value: Any) -> Decimal:
    if isinstance(value, float):
        value = repr(value)
    text = _text(value).strip()
    if not text:
        raise ValueError(_("不能为空"))
    try:
        amount = plain_decimal(text)
    except ValueError:
        raise ValueError(_("应为普通数字，如 30000.00，不用科学计数法")) from None
    if not 0 < amount <= AMOUNT_MAX:
        raise ValueError(_("金额应大于零"))
    if amount != round(amount, 2):
        raise ValueError(_("金额最多两位小数"))
    return amount.quantize(Decimal("0.01"))
