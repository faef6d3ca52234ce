"""The room's lists as Excel sheets; every cell that a person typed is text, never a formula."""

import datetime as dt
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from accounts.models import Payout, Receipt
from bureau.masking import mask_last4

ROWS_MAX = 5000
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def receipts(rows: QuerySet[Receipt], day: dt.date) -> HttpResponse:
    """Return the receipt list as of a day."""
    titles = [_("案号"), _("到账日"), _("金额"), _("未发放"), _("应发放日"), _("逾期天数"), _("承办法官"), _("承办人")]
    lines = (
        [
            row.case.display_number,
            row.arrived_on,
            row.amount,
            row.unpaid,  # type: ignore[attr-defined]
            row.due_on,
            max(0, (day - row.due_on).days),
            row.case.judge.name if row.case.judge else "",
            row.case.owner.name if row.case.owner else "",
        ]
        for row in rows[:ROWS_MAX]
    )
    return _sheet("receipts", titles, lines)


def payouts(rows: QuerySet[Payout]) -> HttpResponse:
    """Return the payout list; accounts by last four."""
    titles = [_("案号"), _("收款人"), _("账号"), _("金额"), _("状态"), _("申请时间"), _("到账日"), _("驳回或退票原因")]
    lines: Iterable[list[Any]] = (
        [
            row.case.display_number,
            row.payee.holder_name,
            mask_last4(row.payee.number_last4),
            row.amount,
            row.get_state_display(),
            f"{timezone.localtime(row.requested_at):%Y-%m-%d %H:%M}",
            row.paid_on,
            row.ended_note,
        ]
        for row in rows[:ROWS_MAX]
    )
    return _sheet("payouts", titles, lines)


def _sheet(name: str, titles: list[str], lines: Iterable[list[Any]]) -> HttpResponse:
    book = Workbook(write_only=True)
    page = book.create_sheet(name)
    page.append(titles)
    for line in lines:
        cells = []
        for value in line:
            is_text = isinstance(value, str)
            cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", str(value)) if is_text else value)
            if is_text:
                cell.data_type = "s"
            cells.append(cell)
        page.append(cells)
    out = BytesIO()
    book.save(out)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(out.getvalue(), content_type=TYPE, headers=headers)
