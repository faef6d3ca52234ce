"""The room's lists as Excel sheets, and its payment files."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import BankAnswer, Batch, PaymentFile, Payout, Receipt
from accounts.painfiles import CONTENT_TYPE
from accounts.separation import Share, is_separate, stamp, step_labels
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


def separation(rows: Sequence[Payout], shares: Sequence[Share], batches: Sequence[Batch]) -> HttpResponse:
    """Return the separation report: payouts with their people, batches with theirs, and people with their steps."""
    steps = step_labels()
    titles = [_("案号"), _("付款参考号"), _("用途"), _("收款人"), _("金额"), _("状态"), *steps.values(), _("分离")]
    lines: Iterable[list[Any]] = (
        [
            row.case.display_number,
            row.reference,
            row.get_purpose_display(),
            row.recipient,
            row.amount,
            row.get_state_display(),
            stamp(row.requested_by.name, row.requested_at),
            stamp(row.checked_by.name if row.checked_by else "", row.checked_at),
            stamp(row.approved_by.name if row.approved_by else "", row.approved_at),
            stamp(row.paid_by.name if row.paid_by else "", row.sent_at),
            stamp(row.reversed_by.name if row.reversed_by else "", row.reversed_at),
            _("各不相同") if is_separate(row) else _("同一人办理两环节"),
        ]
        for row in rows
    )
    people = ([share.name, *(share.counts.get(step, 0) for step in steps)] for share in shares)
    by_person = (_("人员"), [_("人员"), *steps.values()], people)
    return excel.download(excel.workbook((_("发放"), titles, lines), _batches(batches), by_person), "separation")


def _batches(rows: Sequence[Batch]) -> excel.Table:
    titles = [_("批次"), _("案号"), _("名册"), _("人数"), _("合计（元）"), _("录入"), _("复核"), _("申请"), _("审核")]
    lines = (
        [
            row.pk,
            row.case.display_number,
            row.document,
            row.row_count,
            row.total,
            stamp(row.entered_by.name, row.entered_at),
            stamp(row.confirmed_by.name if row.confirmed_by else "", row.confirmed_at),
            stamp(row.requested_by.name if row.requested_by else "", row.requested_at),
            stamp(row.checked_by.name if row.checked_by else "", row.checked_at),
            stamp(row.approved_by.name if row.approved_by else "", row.approved_at),
            stamp(row.paid_by.name if row.paid_by else "", row.paid_at),
        ]
        for row in rows
    )
    return _("批量发放"), [*titles, _("审批"), _("付款")], lines


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


def unanswered(rows: Sequence[Payout]) -> HttpResponse:
    """Return payments that the bank has not answered yet."""
    titles = [
        _("案号"),
        _("付款参考号"),
        _("收款人"),
        _("金额"),
        _("状态"),
        _("付款时间"),
        _("提交银行时间"),
        _("付款人"),
    ]
    lines = (
        [
            *(row.case.display_number, row.reference, row.recipient, row.amount, row.standing),
            *(_stamp(row.sent_at), _stamp(row.submitted_at), row.paid_by.name if row.paid_by else ""),
        ]
        for row in rows
    )
    return excel.download(excel.workbook((_("银行答复"), titles, lines)), "bank-answers")


def bank_answers(rows: Sequence[BankAnswer]) -> HttpResponse:
    """Return messages of the bank that were not booked."""
    titles = [
        _("收到时间"),
        _("案号"),
        _("付款参考号"),
        _("性质"),
        _("银行答复"),
        _("退回原因"),
        _("查明结果"),
        _("查明人"),
    ]
    lines = (
        [
            *(_stamp(row.received_at), row.payout.case.display_number if row.payout else "", row.reference),
            *(row.get_kind_display(), row.get_said_display(), row.reason, row.settled_note),
            row.settled_by.name if row.settled_by else "",
        ]
        for row in rows
    )
    return excel.download(excel.workbook((_("银行答复"), titles, lines)), "bank-answers")


def _stamp(at: dt.datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def payment_file(file: PaymentFile, content: bytes) -> HttpResponse:
    """Return the bytes under the message id as a name; nothing on the way keeps them."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file.message_id}.xml"'
    response["Cache-Control"] = "no-store"
    return response
