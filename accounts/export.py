"""The room's lists as Excel sheets."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Payout, Receipt
from bureau import excel
from bureau.masking import mask_last4


def receipts(rows: Sequence[Receipt], day: dt.date) -> HttpResponse:
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
        for row in rows
    )
    return excel.download(excel.workbook((_("来款"), titles, lines)), "receipts")


def payouts(rows: Sequence[Payout]) -> HttpResponse:
    """Return the payout list; accounts by last four."""
    titles = [
        _("案号"),
        _("用途"),
        _("收款人"),
        _("账号"),
        _("金额"),
        _("状态"),
        _("申请时间"),
        _("到账日"),
        _("驳回或退票原因"),
    ]
    lines: Iterable[list[Any]] = (
        [
            row.case.display_number,
            row.get_purpose_display(),
            row.recipient,
            mask_last4(row.payee.number_last4) if row.payee else "",
            row.amount,
            row.get_state_display(),
            f"{timezone.localtime(row.requested_at):%Y-%m-%d %H:%M}",
            row.paid_on,
            row.ended_note,
        ]
        for row in rows
    )
    return excel.download(excel.workbook((_("发放"), titles, lines)), "payouts")
