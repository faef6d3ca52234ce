"""Reads a sheet of filings: rows of one batch number are one case, every fault named by row and column."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.statementfiles import raw_rows
from bureau.errors import Refused
from bureau.models import Court
from cases import basis
from cases.models import Case, Claim, Party
from cases.models.codes import Basis
from intake.forms import ROWS_MAX as PARTIES_MAX
from intake.imports.cells import places_of
from intake.imports.checking import Draft
from intake.imports.reading import CASES_MAX, LINES_MAX, ROWS_MAX, UNZIPPED_MAX, Entry, Reading, Shape

BATCH_MAX = 20
SHARED = ("全部", "ALL")  # the batch number of what every case of the file shares, in either language
PAGE = ""  # the first one, whatever it is called
# Every column by its field; the label is the heading of the template, in the language of the courts.
COLUMNS: dict[str, str] = {
    "batch": "批号",
    "side": "诉讼地位",
    "kind": "主体类型",
    "name": "姓名或名称",
    "id_kind": "证件种类",
    "id_number": "证件号码",
    "phone": "电话",
    "address": "住址或住所地",
    "legal_representative": "法定代表人",
    "account": "收款账号",
    "bank_name": "开户行",
    "bank_code": "联行号",
    "service_address": "送达地址",
    "has_e_consent": "同意电子送达",
    "e_address": "电子送达地址",
    "has_ruling_consent": "同意裁定书电子送达",
    "court": "案号法院",
    "basis_kind": "执行依据",
    "basis_issuer": "作出机关",
    "basis_number": "执行依据文号",
    "basis_made_on": "文书作出日",
    "basis_effective_on": "生效日",
    "performance_due_on": "履行期限届满日",
    "cause": "案由",
    "clues": "财产线索",
    "entered_number": "全国系统案号",
    "claim_kind": "执行请求",
    "amount": "金额（元）",
    "rate": "利率或计算方法",
    "from_on": "起算日",
    "note": "请求说明",
}
OPTIONAL = frozenset(
    {"id_kind", "bank_code", "basis_effective_on", "performance_due_on", "cause", "clues", "entered_number"}
    | {"phone", "address", "legal_representative", "account", "bank_name", "rate", "from_on", "note"}
    | {"service_address", "has_e_consent", "e_address", "has_ruling_consent"}
)
PARTY = tuple(COLUMNS)[2:16]
CASE = tuple(COLUMNS)[16:26]
CLAIM = tuple(COLUMNS)[26:]
SHAPE = Shape(PAGE, CASE, PARTY, CLAIM)
DAYS = ("basis_made_on", "basis_effective_on", "performance_due_on", "from_on")
NOTES: tuple[Any, ...] = (
    gettext_lazy("同一案件的各行填同一批号；每行一名当事人、一项执行请求，二者可只填其一"),
    gettext_lazy(
        "同一申请执行人批量立案：批号填「全部」的行只填一次，其当事人和全案内容用于文件中的每一案；某案另填的以该案为准"
    ),
    gettext_lazy("执行依据和法院等全案内容填在该批号任一行即可，重复填写的须一致"),
    gettext_lazy("证件号码、账号列请保持文本格式；公式、图片和批注不读取，有公式的整个文件不收"),
    gettext_lazy("收款账号照收款账户确认书录入，户名即申请执行人"),
    gettext_lazy("送达地址和电子送达照送达地址确认书录入，只填申请执行人的行；未确认的留空，立案后再确认"),
)


class Sheet(Reading[Draft]):
    """A file as read: its cases by batch number and everything that is wrong."""


def words() -> dict[str, dict[str, str]]:
    """Return by column which words may stand in it, and the code of each."""
    titles: dict[str, list[str]] = {}
    for kind, rows in basis.TITLES.items():
        for title in rows:
            titles.setdefault(title, []).append(basis.chosen(kind, title))
    courts: dict[str, str] = {}
    for court in Court.objects.order_by("code"):
        courts |= dict.fromkeys((court.name, court.short_name, court.code), court.code)
    yes_or_no = {"是": "1", "否": ""}
    return {
        "has_e_consent": yes_or_no,
        "has_ruling_consent": yes_or_no,
        "side": {str(label): code for code, label in Party.Side.choices},
        "kind": {str(label): code for code, label in Party.Kind.choices},
        "id_kind": {str(label): code for code, label in Party.IdKind.choices},
        "court": courts,
        "basis_kind": {
            **{str(label): code for code, label in Basis.choices},
            **{title: codes[0] for title, codes in titles.items() if len(codes) == 1},
        },
        "claim_kind": {str(label): code for code, label in Claim.Kind.choices},
    }


def inspect(
    content: bytes, *, court: str = "", today: dt.date, progress: Callable[[int, int], None] | None = None
) -> Sheet:
    """Read the whole file and find everything wrong with it; changes nothing. `court` is meant where none is named.

    Raises Refused where the file as a whole cannot be read.
    """
    sheet = Sheet(hashlib.sha256(content).hexdigest(), {PAGE: COLUMNS})
    lines = enumerate(raw_rows(content, formulas=True, unzipped_max=UNZIPPED_MAX), start=1)
    first = next(lines, None)
    if first is None:
        raise Refused(_("文件是空的"))
    places, known = places_of(first[1], COLUMNS, OPTIONAL), words()
    for position, line in lines:
        if position > LINES_MAX or sheet.row_count > ROWS_MAX:
            raise Refused(_("一次最多 %(count)d 行，请分成几个文件") % {"count": ROWS_MAX})
        cells = {name: line[place] if place < len(line) else None for name, place in places.items()}
        if any(value not in (None, "") for value in cells.values()):
            sheet.row_count += 1
            said = sheet.said(PAGE, position, cells, known=known, days=DAYS)
            _take(sheet, position, said, today=today)
    _share(sheet)
    if not sheet.entries:
        raise Refused(_("文件中没有案件"))
    if len(sheet.entries) > CASES_MAX:
        raise Refused(_("一次最多 %(count)d 件，请分成几个文件") % {"count": CASES_MAX})
    for number, entry in enumerate(sheet.entries.values(), start=1):
        entry.draft.basis.setdefault("court", court)
        _check(sheet, entry)
        if progress:
            progress(number, len(sheet.entries))
    _check_numbers(sheet)
    return sheet


def _take(sheet: Sheet, position: int, said: dict[str, str], *, today: dt.date) -> None:
    batch = said.pop("batch", "")
    if not batch or len(batch) > BATCH_MAX:
        words_ = _("最多 %(count)d 个字") % {"count": BATCH_MAX} if batch else _("不能为空")
        sheet.add(PAGE, position, "batch", words_)
    batch = SHARED[0] if batch in SHARED else batch
    entry = sheet.entries.setdefault(batch[:BATCH_MAX], Entry(batch[:BATCH_MAX], position, Draft(today)))
    sheet.take(entry, entry.draft.basis, position, said, SHAPE)


def _share(sheet: Sheet) -> None:
    """Give every case what stands under the batch number of all: its parties first, its other contents where none."""
    shared = sheet.entries.pop(SHARED[0], None)
    if shared is None:
        return
    for (part, _index), position in shared.rows.items():
        if part == "claims":
            sheet.add(PAGE, position, "claim_kind", _("执行请求须逐案填写"))
    for entry in sheet.entries.values():
        for name, text in shared.draft.basis.items():
            if name not in entry.draft.basis:
                entry.draft.basis[name] = text
                entry.said_in[name] = shared.said_in[name]
        for part in ("applicants", "debtors"):
            given: list[dict[str, str]] = getattr(shared.draft, part)
            own: list[dict[str, str]] = getattr(entry.draft, part)
            if given and len(given) + len(own) > PARTIES_MAX:
                sheet.add(PAGE, entry.position, "side", _("一方最多 %(count)d 人") % {"count": PARTIES_MAX})
                continue
            for index in reversed(range(len(own))):
                entry.rows[part, index + len(given)] = entry.rows[part, index]
            entry.rows |= {(part, index): shared.rows[part, index] for index in range(len(given))}
            own[:0] = [dict(row) for row in given]


def _check(sheet: Sheet, entry: Entry[Draft]) -> None:
    sheet.check_parts(PAGE, entry)
    for part, index, name, reason in entry.draft.wrong():
        sheet.add_at(PAGE, entry, part, index, name, reason)


def _check_numbers(sheet: Sheet) -> None:
    typed: dict[str, int] = {}
    for entry in sheet.entries.values():
        form = entry.draft.forms["basis"][0]
        number = form.cleaned_data.get("entered_number") if hasattr(form, "cleaned_data") else ""
        if number:
            position = entry.said_in["entered_number"]
            if (first := typed.setdefault(number, position)) != position:
                sheet.add(PAGE, position, "entered_number", _("与第 %(row)d 行重复") % {"row": first})
    for number in _taken(typed):
        sheet.add(PAGE, typed[number], "entered_number", _("该案号已被使用"))


def _taken(numbers: Iterable[str]) -> list[str]:
    found = Case.objects.filter(number__in=list(numbers)).values_list("number", flat=True)
    return [number for number in found if number]
