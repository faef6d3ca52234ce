"""Reads the bank's statement through the format kept for that bank: CSV, Excel, or messages of ISO 20022; no ORM.

Each line is checked, each fault named by row and column; what cannot be read at all is refused whole, with the reason.
"""

import csv
import datetime as dt
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from accounts import camt
from accounts.bank import BankLineData
from accounts.isofiles import is_xml
from accounts.statementbalances import account_above
from bureau.errors import Refused

ROWS_MAX = 120_000
COLUMNS_MAX = 100
UNZIPPED_MAX = 250 * 2**20  # a sheet of 120,000 lines unpacks to about 100 MB
AMOUNT_MAX = Decimal("99999999999999.99")
NO_PAYER = "（银行未列户名）"
# What a line may hold, and the headings that local banks print for it: offered when a format is set up.
FIELDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "day": (gettext_lazy("日期"), ("交易日期", "记账日期", "入账日期", "日期", "交易时间")),
    "time": (gettext_lazy("时间"), ("交易时刻", "时间", "记账时间")),
    "serial": (gettext_lazy("银行流水号"), ("流水号", "交易流水号", "银行流水号", "核心流水号", "交易流水")),
    "credit": (gettext_lazy("收入（贷方）金额"), ("贷方发生额", "收入金额", "贷方金额", "收入", "贷方")),
    "debit": (gettext_lazy("支出（借方）金额"), ("借方发生额", "支出金额", "借方金额", "支出", "借方")),
    "amount": (gettext_lazy("金额（支出为负）"), ("发生额", "交易金额", "金额")),
    "balance": (gettext_lazy("余额"), ("余额", "账户余额", "当前余额")),
    "name": (gettext_lazy("对方户名"), ("对方户名", "对方名称", "付款人", "付款人户名", "户名")),
    "account": (gettext_lazy("对方账号"), ("对方账号", "付款人账号", "付款账号")),
    "virtual_number": (gettext_lazy("子账号"), ("子账号", "虚拟账号", "入账子账号", "收款子账号")),
    "reference": (gettext_lazy("付款参考号"), ("付款参考号", "业务编号", "企业流水号", "客户参考号")),
    "remark": (gettext_lazy("附言"), ("附言", "摘要", "用途", "备注")),
    "own_account": (gettext_lazy("本方账号"), ("本方账号", "我方账号", "查询账号", "本账户账号")),
}
REQUIRED = ("day", "serial")
LENGTHS = {"serial": 40, "name": 100, "account": 40, "virtual_number": 32, "reference": 80, "remark": 200}
# Words that nothing is matched by: what is too long is cut, and the cut text is what the line says ever after.
CUT = ("name", "remark")
TOTALS = ("合计", "总计", "小计", "本页合计", "累计")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written: table or message, encoding, row of the heading, order of a day, field → heading."""

    columns: Mapping[str, str]
    header_row: int = 1
    encoding: str = "DETECTED"
    date_order: str = "YMD"
    kind: str = "TABLE"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as the bank says it; a negative amount is money out. `position` is its row in the file."""

    position: int
    serial: str
    value_on: dt.date
    amount: Decimal
    value_at: dt.time | None = None
    name: str = ""
    account: str = ""
    virtual_number: str = ""
    reference: str = ""
    remark: str = ""
    balance: Decimal | None = None

    def line(self) -> BankLineData:
        """Return it as one entered by hand would be, so that either repeats the other; money out is negative."""
        return BankLineData(
            serial=self.serial,
            value_on=self.value_on,
            amount=self.amount,
            payer_name=self.name or NO_PAYER,
            payer_account=self.account,
            virtual_number=self.virtual_number,
            remark=self.remark,
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; never quotes what stands there, for it may be personal."""

    position: int
    column: str
    reason: str


def raw_rows(
    content: bytes, encoding: str = "DETECTED", *, page: str = "", formulas: bool = False, unzipped_max: int = 0
) -> Iterator[Sequence[Any]]:
    """Yield the cells of every row of the first page, or of the one named; raises Refused where it cannot be read."""
    if not content:
        raise Refused(_("文件是空的"))
    if content[:4] == b"PK\x03\x04":
        return _excel(content, page, formulas=formulas, unzipped_max=unzipped_max or UNZIPPED_MAX)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Refused(_("这是旧版Excel（.xls）或加密文件，请另存为不加密的.xlsx后再导入"))
    if is_xml(content):
        raise Refused(_("这是XML报文，请选用种类为ISO 20022报文的银行格式"))
    if content[:5] == b"%PDF-" or content[:200].lstrip()[:1] == b"<":
        raise Refused(_("只接受Excel（.xlsx）和CSV文件（按内容识别，不看扩展名）"))
    return _csv(content, encoding)


def first_rows(content: bytes, encoding: str = "DETECTED", count: int = 12) -> list[list[str]]:
    """Return the first rows as text, for the screen on which a format is set up."""
    return [[_text(cell) for cell in row[:COLUMNS_MAX]] for row in islice(raw_rows(content, encoding), count)]


def guess(heading: Sequence[Any]) -> dict[str, str]:
    """Return which heading is most likely which field."""
    said = [_heading(cell) for cell in heading]
    found: dict[str, str] = {}
    for name, (_label, words) in FIELDS.items():
        for word in words:
            if word in said and word not in found.values():
                found[name] = word
                break
    if "credit" in found or "debit" in found:
        found.pop("amount", None)
    return found


def guess_header_row(rows: Sequence[Sequence[Any]]) -> int:
    """Return the number of the row that looks most like a heading."""
    best = max(range(len(rows)), key=lambda number: len(guess(rows[number])), default=0)
    return best + 1


def field_of(name: str) -> str:
    """Return the form's field for a field of a line."""
    return "payer" if name == "name" else name


def mapping_objections(columns: Mapping[str, str]) -> dict[str, str]:
    """Return by field why this mapping cannot read a statement."""
    wrong = {name: _("须指定对应的列") for name in REQUIRED if not columns.get(name)}
    if columns.get("amount"):
        if columns.get("credit") or columns.get("debit"):
            wrong["amount"] = _("已分列收入、支出的，不再指定带正负号的金额列")
    elif not columns.get("credit"):
        wrong["credit"] = _("须指定收入金额列，或带正负号的金额列")
    return wrong


def read(content: bytes, how: Layout) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line that is not empty, and no line of totals, with its number in the file."""
    lines = camt.cells(content, how.encoding) if how.kind == "CAMT" else _table(content, how)
    for count, line in enumerate(lines, start=1):
        if count > ROWS_MAX:
            raise Refused(_("一个文件最多 %(count)d 行，请按日期分开导出") % {"count": ROWS_MAX})
        yield line


def _table(content: bytes, how: Layout) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = enumerate(raw_rows(content, how.encoding), start=1)
    above = [row for _number, row in islice(rows, how.header_row)]
    if len(above) < how.header_row:
        raise Refused(_("文件不足 %(row)d 行，没有表头") % {"row": how.header_row})
    places, own = _places(above.pop(), how), account_above(above)
    for position, row in rows:
        cells: dict[str, Any] = {name: row[place] if place < len(row) else None for name, place in places.items()}
        is_total = not _text(cells["serial"]) and any(_text(cell).startswith(TOTALS) for cell in row[:3])
        if is_total or all(_text(value) == "" for value in cells.values()):
            continue
        if own and not cells.get("own_account"):
            cells["own_account"] = own
        yield position, cells


def _places(heading: Sequence[Any], how: Layout) -> dict[str, int]:
    said = [_heading(cell) for cell in heading]
    missing = [word for word in how.columns.values() if word and _heading(word) not in said]
    if missing:
        told = {"row": how.header_row, "columns": _("、").join(missing)}
        raise Refused(_("第 %(row)d 行应为表头，缺少列：%(columns)s；请核对所选银行格式") % told)
    return {name: said.index(_heading(word)) for name, word in how.columns.items() if word}


def _heading(cell: Any) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", _text(cell)))


def _excel(content: bytes, page: str, *, formulas: bool, unzipped_max: int) -> Iterator[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            if sum(part.file_size for part in pack.infolist()) > unzipped_max:
                raise Refused(_("Excel文件展开后过大，请另存为CSV或按日期分开导出"))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=not formulas, keep_links=False)
        if page and page not in book.sheetnames:
            raise Refused(_("缺少工作表“%(name)s”，请用下载的模板") % {"name": page})
        sheet = book[page] if page else book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True, max_col=COLUMNS_MAX)
    except Refused:
        raise
    # defusedxml's refusals of entities and DTDs are ValueErrors.
    except (InvalidFileException, zipfile.BadZipFile, zlib.error, struct.error, ParseError, *_BROKEN):
        raise Refused(_("不是可读的Excel文件（.xlsx）")) from None


_BROKEN = (LookupError, ValueError, OverflowError, OSError, EOFError, TypeError, AttributeError, RuntimeError)


def _csv(content: bytes, encoding: str) -> Iterator[Sequence[Any]]:
    wanted = {"UTF_8": ("utf-8-sig",), "GB18030": ("gb18030",)}.get(encoding, ("utf-8-sig", "gb18030"))
    for name in wanted:
        try:
            text = content.decode(name)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused(_("文件编码与所选不符：应为UTF-8或GB18030，文件可能已损坏"))
    if re.search(r"[\x00-\x08\x0e-\x1f\ufffd]", text):
        raise Refused(_("只接受Excel（.xlsx）和CSV文件（按内容识别，不看扩展名）"))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    except csv.Error:
        raise Refused(_("不是可读的CSV文件：引号不成对或单元格过长")) from None


def _delimiter(text: str) -> str:
    return max((",", "\t", ";", "|"), key=text[:4000].count)


class Checker:
    """Checks row after row; keeps the serials it has seen."""

    def __init__(self, how: Layout) -> None:
        self.how = how
        self.seen: dict[str, Entry] = {}

    def check(self, position: int, cells: dict[str, Any]) -> tuple[Entry | None, list[Fault]]:
        """Return the line, or what is wrong with it; none and no fault for a line that the file says twice."""
        faults: list[Fault] = []

        def cell(name: str, what: Callable[[Any], Any]) -> Any:
            try:
                return what(cells.get(name))
            except ValueError as error:
                faults.append(Fault(position, self.how.columns.get(name, ""), str(error)))
                return None

        said: dict[str, Any] = {"serial": cell("serial", _serial), "value_on": cell("day", self._day)}
        for name in ("name", "account", "virtual_number", "reference", "remark"):
            said[name] = cell(name, _number if name in ("account", "virtual_number") else _text) or ""
            if name in CUT:
                said[name] = said[name][: LENGTHS[name]].strip()
            if len(said[name]) > LENGTHS[name]:
                words = _("最多 %(count)d 个字") % {"count": LENGTHS[name]}
                faults.append(Fault(position, self.how.columns[name], words))
        said["value_at"] = cell("time", _time) or cell("day", _time_of_day)
        said["balance"] = cell("balance", _money)
        amounts = {name: cell(name, _money) for name in ("credit", "debit", "amount")}
        if not faults:
            said["amount"] = self._signed(position, amounts, faults)
        if faults:
            return None, faults
        entry = Entry(position=position, **said)
        first = self.seen.setdefault(entry.serial, entry)
        if first is entry or replace(entry, position=first.position) == first:
            return (entry if first is entry else None), []
        words = _("与第 %(row)d 行流水号相同，内容不同") % {"row": first.position}
        return None, [Fault(position, self.how.columns["serial"], words)]

    def _signed(self, position: int, amounts: dict[str, Decimal | None], faults: list[Fault]) -> Decimal:
        credit, debit, signed = (amounts[name] or Decimal("0.00") for name in ("credit", "debit", "amount"))
        column = self.how.columns.get("amount") or self.how.columns.get("credit", "")
        if credit and debit:
            faults.append(Fault(position, column, _("收入和支出不能同时有金额")))
        elif credit < 0 or debit < 0:
            faults.append(Fault(position, column, _("收入、支出分列时金额不能为负；冲账请按收入或支出另列")))
        elif not (total := credit - debit + signed):
            faults.append(Fault(position, column, _("没有金额")))
        else:
            return total
        return Decimal("0.00")

    def _day(self, value: Any) -> dt.date:
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = unicodedata.normalize("NFKC", _text(value))
        parts = re.findall(r"\d+", text)
        if parts and len(parts[0]) in (8, 14):
            digits = parts[0]
            parts = {
                "YMD": [digits[:4], digits[4:6], digits[6:8]],
                "DMY": [digits[:2], digits[2:4], digits[4:8]],
                "MDY": [digits[:2], digits[2:4], digits[4:8]],
            }[self.how.date_order]
        if len(parts) < 3:
            raise ValueError(_("不是日期"))
        places = {"YMD": (0, 1, 2), "DMY": (2, 1, 0), "MDY": (2, 0, 1)}[self.how.date_order]
        try:
            # Also what int() refuses: a run of thousands of digits.
            return dt.date(*(int(parts[place]) for place in places))
        except (ValueError, OverflowError):
            raise ValueError(_("没有这一天，请核对格式中的日期写法")) from None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # Banks pad cells with tabs so that Excel keeps long numbers as text.
    return str(value).strip().strip("'\"\u3000\ufeff").strip()


def _number(value: Any) -> str:
    # Excel keeps fifteen digits of a number: the rest would be zeros, and another account's.
    if (isinstance(value, int | float) and abs(value) >= 10**15) or re.fullmatch(r"[\d.]+E\+\d+", _text(value).upper()):
        raise ValueError(_("表格把它存成了数字，末位已丢失；请将该列存为文本，或用银行导出的CSV"))
    return re.sub(r"\s", "", _text(value))


def own_account(cells: Mapping[str, Any]) -> str:
    """Return the account that a line says it is of; none where it does not, or a sheet has cut its digits."""
    try:
        text = _number(cells.get("own_account"))
    except ValueError:
        return ""
    return text if re.fullmatch(r"[0-9A-Za-z-]{6,40}", text) else ""


def _serial(value: Any) -> str:
    text = _number(value)
    if not text:
        raise ValueError(_("不能为空"))
    if not re.fullmatch(r"[!-~]{1,40}", text):
        raise ValueError(_("应为不超过40位的字母、数字和符号"))
    return text


def _money(value: Any) -> Decimal | None:
    if isinstance(value, float):
        value = repr(value)
    text = unicodedata.normalize("NFKC", _text(value)).replace(",", "").removeprefix("¥").removesuffix("元").strip()
    if text in ("", "-", "--"):
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        is_foreign = re.fullmatch(r"[A-Z]{3}", text)
        raise ValueError(_("不是人民币") if is_foreign else _("应为数字")) from None
    if not amount.is_finite() or abs(amount) > AMOUNT_MAX:
        raise ValueError(_("应为数字"))
    if amount != round(amount, 2):
        raise ValueError(_("金额最多两位小数"))
    return amount.quantize(Decimal("0.01")) + 0  # no negative zero


def _time(value: Any) -> dt.time | None:
    if isinstance(value, dt.datetime):
        return value.time().replace(microsecond=0)
    if isinstance(value, dt.time):
        return value.replace(microsecond=0)
    text = _text(value)
    if not text:
        return None
    digits = text.zfill(6) if re.fullmatch(r"\d{5,6}", text) else ""
    parts = [digits[:2], digits[2:4], digits[4:]] if digits else re.findall(r"\d+", text)[-3:]
    try:
        return dt.time(*map(int, parts))  # type: ignore[arg-type]
    except (ValueError, TypeError):
        raise ValueError(_("不是时间")) from None


def _time_of_day(value: Any) -> dt.time | None:
    """Return the time that a day's cell carries, if any."""
    if isinstance(value, dt.datetime):
        return value.time().replace(microsecond=0) if value.time() != dt.time() else None
    found = re.search(r"\d{1,2}:\d{2}(:\d{2})?$", _text(value))
    return _time(found.group()) if found else None
