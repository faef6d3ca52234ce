"""Workbooks of an old book as a court would hand them in, and a case taken in for tests of its working."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from accounts.models import BankLine
from cases.models import Case
from intake.oldbook import services
from intake.oldbook.columns import CASES, COLUMNS, CONTROLS, MONEY
from tests.factories import House, moment

AT = moment(2021, 9, 1)
APPLICANT = {
    "number": "（2019）内0302执88号",
    "side": "申请执行人",
    "kind": "自然人",
    "name": "张安然",
    "id_number": "11010519491231002X",
    "phone": "13800001234",
    "filed_on": "2019-03-04",
    "basis_kind": "民事判决书",
    "basis_issuer": "乌海市海勃湾区人民法院",
    "basis_number": "（2018）内0302民初100号",
    "basis_made_on": "2018-11-10",
    "basis_effective_on": "2018年12月1日",
    "performance_due_on": "2018-12-31",
    "judge": "court_judge",
    "owner": "court_officer",
    "stage": "办理中",
    "since_on": "2019-04-01",
    "claim_kind": "本金",
    "amount": "50000.00",
}
DEBTOR = {"side": "被执行人", "kind": "法人或其他组织", "name": "乌海市测试商贸有限公司"}
CONTROL = {
    "number": "(2019)内0302执88号",
    "debtor": "乌海市测试商贸有限公司",
    "kind": "银行存款",
    "measure": "冻结",
    "thing": "中国银行乌海分行，账号尾号8765",
    "unit": "中国银行乌海分行",
    "ruling": "(2019)内0302执88号之一",
    "from_on": "2020-10-08",
    "to_on": "2021-10-07",
}
HELD = {
    "number": "(2019)内0302执88号",
    "what": "现存",
    "on": "2021-08-20",
    "amount": "8000.00",
    "payer_name": "乌海市测试商贸有限公司",
}
PAID = {"number": "(2019)内0302执88号", "what": "此前已发放", "on": "2020-01-06", "amount": "12000.00"}
Rows = Sequence[Mapping[str, Any]]


def rows(**changes: Any) -> list[dict[str, Any]]:
    """Return the two rows of one case, the first with those changes."""
    first = APPLICANT | changes
    return [first, DEBTOR | {"number": first["number"]}]


def book(
    cases: Rows = (), controls: Rows = (), money: Rows = (), *, pages: Sequence[str] = (CASES, CONTROLS, MONEY)
) -> bytes:
    """Return a workbook of those rows, with the pages that are named."""
    out, made = io.BytesIO(), Workbook()
    made.remove(made.active)
    given = {CASES: cases, CONTROLS: controls, MONEY: money}
    for name in pages:
        page = made.create_sheet(name)
        page.append(list(COLUMNS[name].values()))
        for row in given[name]:
            page.append([row.get(field) for field in COLUMNS[name]])
    if not pages:
        made.create_sheet("别的")
    made.save(out)
    return out.getvalue()


def take_in(house: House, *, controls: Rows = (), money: Rows = (), at: Any = AT, **changes: Any) -> Case:
    """Take one case in by the import itself, as the court's clerk, and return it."""
    content = book(rows(**changes), controls, money)
    read = services.read(content, at=at, actor=house.old_book_clerk)
    services.rehearse(read, at=at, actor=house.old_book_clerk)
    assert not read.fault_count, read.faults
    made = services.take_in(read, name="旧存.xlsx", at=at, actor=house.old_book_clerk)
    return made.cases.get().case


def carried(case: Case) -> list[BankLine]:
    """Return the lines by which money of the case was carried over."""
    return list(BankLine.objects.filter(serial__startswith=f"JC-{case.pk}-").order_by("id"))
