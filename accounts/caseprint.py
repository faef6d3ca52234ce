"""The statement of one case's account, on paper and as a sheet: every yuan in and out, and what is left."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts import caseledger
from accounts.models import Account, Payout, Receipt
from accounts.statement import Reckoned, reckoned
from bureau import excel
from bureau.masking import mask_last4
from bureau.money import yuan
from cases.models import Case
from documents.typesetting import typeset

SOURCE = Path(__file__).with_name("statement.typ")


def _sums(statement: Reckoned) -> list[tuple[str, Any]]:
    return [
        (_("申请执行标的额"), statement.claimed),
        (_("到账"), statement.arrived),
        (_("另案转入"), statement.moved_in),
        (_("已发放申请执行人"), statement.paid_to_applicants),
        (_("转付其他法院"), statement.courts),
        (_("执行申请费"), statement.fees),
        (_("执行费用"), statement.costs),
        (_("退还被执行人"), statement.refunded),
        (_("转入另案"), statement.moved_out),
        (_("提存"), statement.deposited),
        (_("银行处理中"), statement.sent),
        (_("余额"), statement.balance),
        (_("自行履行（不经本账户）"), statement.performed),
        *([(_("旧存导入前已发放"), statement.paid_before)] if statement.paid_before else []),
        (_("应付申请执行人（计至 %(day)s，含利息和加倍部分）") % {"day": statement.on}, statement.obligation),
        (_("尚欠申请执行人"), statement.owed),
        (_("尚应缴执行申请费"), statement.fee_left),
        (_("余款，应退被执行人"), statement.surplus),
    ]


def _receipts(case: Case, today: dt.date) -> list[list[Any]]:
    rows = Receipt.objects.live().filter(case=case).with_unpaid(on=today).for_list().order_by("arrived_on", "id")
    return [
        [
            row.arrived_on,
            row.bank_line.payer_name if row.bank_line else _("另案转入"),
            row.amount,
            row.unpaid,  # type: ignore[attr-defined]
            row.due_on,
        ]
        for row in rows
    ]


def _payouts(case: Case) -> list[list[Any]]:
    refused = (Payout.State.REJECTED, Payout.State.SENT_BACK)
    singles = Payout.objects.filter(case=case).single().exclude(state__in=refused).for_list()
    rows = [
        [
            row.get_purpose_display(),
            row.recipient,
            mask_last4(row.payee.number_last4) if row.payee else "",
            row.amount,
            row.get_state_display(),
            row.paid_on,
        ]
        for row in singles.order_by("requested_at", "id")
    ]
    for batch in case.batch_sums.select_related("batch").filter(sent__gt=0).order_by("batch"):
        words = _("批次 %(batch)d，%(count)d 人") % {"batch": batch.batch_id, "count": batch.row_count}
        rows.append([_("批量发放"), words, "", batch.sent, batch.batch.get_state_display(), None])
    return rows


def _lines(account: Account | None) -> list[list[Any]]:
    found = caseledger.lines(account) if account else []
    return [
        [row.value_on, row.label, row.income or None, row.outgo or None, row.balance, row.reference] for row in found
    ]


def _tables(case: Case, today: dt.date) -> list[tuple[str, list[str], list[list[Any]], Sequence[int], Sequence[int]]]:
    account = Account.objects.filter(case=case).first()
    receipts = [_("到账日"), _("付款人"), _("金额"), _("未发放"), _("应发放日")]
    payouts = [_("用途"), _("收款人"), _("账号"), _("金额"), _("状态"), _("到账日")]
    ledger = [_("起息日"), _("用途"), _("收入"), _("支出"), _("余额"), _("参考号")]
    return [
        (_("到账"), receipts, _receipts(case, today), (2, 4, 2, 2, 2), (2, 3)),
        (_("发放"), payouts, _payouts(case), (3, 4, 2, 2, 2, 2), (3,)),
        (_("分户账"), ledger, _lines(account), (2, 3, 2, 2, 2, 5), (2, 3, 4)),
    ]


def sheet(case: Case, *, today: dt.date) -> HttpResponse:
    """Return the statement as a workbook: sums, receipts, payments, ledger."""
    sums = (_("汇总"), [_("项目"), _("金额")], [list(pair) for pair in _sums(reckoned(case, on=today))])
    tables = [(name, heads, rows) for name, heads, rows, _widths, _numbers in _tables(case, today)]
    return excel.download(excel.workbook(sums, *tables), "statement")


def paper(case: Case, *, today: dt.date) -> bytes:
    """Return the statement as PDF; raises CannotPrint for a missing glyph."""
    account = Account.objects.filter(case=case).values_list("number", flat=True).first()
    data = {
        "title": _("一案一账号对账单"),
        "year": today.year,
        "month": today.month,
        "day": today.day,
        "facts": [
            _("案号：%(number)s　专用账号：%(account)s　截至：%(day)s　单位：元")
            % {"number": case.display_number, "account": account or "—", "day": today}
        ],
        "tables": [
            _table(
                _("汇总"),
                [_("项目"), _("金额")],
                [list(pair) for pair in _sums(reckoned(case, on=today))],
                (3, 2),
                (1,),
            ),
            *(_table(*table) for table in _tables(case, today)),
        ],
        "closing": [_("到账加转入，等于各项支出、银行处理中与余额之和。")],
    }
    return typeset(SOURCE, data, on=today)


def _table(
    title: str, heads: list[str], rows: list[list[Any]], widths: Sequence[int], numbers: Sequence[int]
) -> dict[str, Any]:
    cells = [[_cell(value, index in numbers) for index, value in enumerate(row)] for row in rows]
    return {"title": title, "heads": heads, "rows": cells, "widths": list(widths), "numbers": list(numbers)}


def _cell(value: Any, is_money: bool) -> str:
    if value is None:
        return ""
    return yuan(value) if is_money else str(value)
