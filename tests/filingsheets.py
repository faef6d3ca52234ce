"""Sheets of filings as a window would hand them in."""

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from documents import services as documents
from documents.models import Staged
from intake.imports.services import Acceptance
from intake.imports.sheet import COLUMNS
from intake.models import Condition

APPLICANT = {
    "batch": "1",
    "side": "申请执行人",
    "kind": "自然人",
    "name": "张安然",
    "id_number": "11010519491231002X",
    "phone": "13800001234",
    "account": "6222020200112230004",
    "bank_name": "中国银行乌海分行",
    "court": "海勃湾法院",
    "basis_kind": "民事判决书",
    "basis_issuer": "乌海市海勃湾区人民法院",
    "basis_number": "（2021）内0302民初100号",
    "basis_made_on": "2021-05-10",
    "basis_effective_on": "2021年6月1日",
    "claim_kind": "本金",
    "amount": "50000.00",
}
DEBTOR = {"batch": "1", "side": "被执行人", "kind": "法人或其他组织", "name": "乌海市测试商贸有限公司"}


def line(**changes: Any) -> list[dict[str, Any]]:
    """Return the two rows of one case, the first with those changes."""
    batch = changes.get("batch", "1")
    return [APPLICANT | changes, DEBTOR | {"batch": batch}]


def book(cases: Sequence[Sequence[dict[str, Any]]], heading: Sequence[str] = tuple(COLUMNS.values())) -> bytes:
    """Return an Excel file of those rows."""
    out, made = io.BytesIO(), Workbook()
    page = made.active
    page.append(list(heading))
    for rows in cases:
        for row in rows:
            page.append([row.get(name) for name in COLUMNS])
    made.save(out)
    return out.getvalue()


ACCEPTANCE = Acceptance("POST", "挂号信1号", Condition.values, ["APPLICATION", "DOCUMENT"])
SAID = {"reason": "POST", "words": "挂号信1号", "met": Condition.values, "seen": ["APPLICATION", "DOCUMENT"]}


def staged(content: bytes, clerk: Any, at: Any) -> Staged:
    """Return the file kept as uploaded."""
    return documents.stage_table(SimpleUploadedFile("立案.xlsx", content), at=at, actor=clerk)
