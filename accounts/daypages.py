"""What the pages and sheets of days print."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import DayDifference, DaySheet, DaySheetQuerySet, DifferenceNote, StatementRepeat
from accounts.terms import term
from bureau import excel
from bureau.calendar import WorkCalendar

SETS = ("", "OPEN", "SIGNED", "TWO")
REPEAT_SETS = ("", *StatementRepeat.Kind.values)


class Row(NamedTuple):
    """One line of the three columns; a column that has no such figure is empty."""

    label: str
    bank: Decimal | int | None
    ledger: Decimal | int | None
    sub: Decimal | int | None
    is_count: bool = False
    is_balance: bool = False


def signing_due_on(day: dt.date, days: WorkCalendar) -> dt.date:
    """Return by when a day is to be signed."""
    rule = term("SIGN", on=day)
    return days.due(day, rule.count, rule.unit).due_on


def sheets(state: str) -> DaySheetQuerySet:
    """Return the days in one state, or those without the bank's balance, or all, newest first."""
    rows: DaySheetQuerySet = DaySheet.objects.for_list()
    if state == DaySheet.Compared.TWO:
        return rows.two_way()
    return rows.filter(state=state) if state in DaySheet.State.values else rows


def columns_of(sheet: DaySheet) -> list[Row]:
    """Return the three columns of a day, line by line."""
    charged = Row(_("银行收费（累计，不入账）"), sheet.fees_closing, None, None, is_balance=True)
    fees = [charged] if sheet.fees_closing else []
    return [
        Row(_("收入"), sheet.bank_in, sheet.ledger_in, None),
        Row(_("收入笔数"), sheet.bank_in_count, sheet.ledger_in_count, None, True),
        Row(_("支出"), sheet.bank_out, sheet.ledger_out, None),
        Row(_("支出笔数"), sheet.bank_out_count, sheet.ledger_out_count, None, True),
        Row(_("各案子账户"), None, None, sheet.escrow_closing),
        Row(_("不明案款"), None, None, sheet.unidentified_closing),
        Row(_("提存款"), None, None, sheet.absent_closing),
        Row(_("在途款"), None, None, sheet.transit_closing),
        *fees,
        Row(_("日终余额"), sheet.bank_closing, sheet.ledger_closing, sheet.sub_closing, is_balance=True),
    ]


def balance_words(sheet: DaySheet) -> str:
    """Return whose balances were compared, and who typed the bank's."""
    typed = sheet.typed_balance
    if typed is None:
        return str(sheet.compared.label)
    told = {"what": sheet.compared.label, "name": typed.entered_by.name, "ground": typed.ground}
    told["when"] = f"{timezone.localtime(typed.entered_at):%Y-%m-%d %H:%M}"
    return _("%(what)s：%(name)s %(when)s，%(ground)s") % told


def differences(sheet: DaySheet) -> QuerySet[DayDifference]:
    """Return what differs, or differed, on a day, with what was said of it; two queries."""
    notes = Prefetch("notes", DifferenceNote.objects.select_related("noted_by").order_by("id"))
    return sheet.differences.select_related("payout").prefetch_related(notes).order_by("ended_at", "kind", "id")


def repeats(kind: str) -> QuerySet[StatementRepeat]:
    """Return the repeated lines of one kind, or all, newest first."""
    rows = StatementRepeat.objects.select_related("statement", "found_by").order_by("-found_at", "-id")
    return rows.filter(kind=kind) if kind in StatementRepeat.Kind.values else rows


def workbook(sheet: DaySheet, rows: Sequence[DayDifference]) -> HttpResponse:
    """Return the day as sheets: columns, and differences with what was said of them."""
    lines: list[list[Any]] = [[row.label, row.bank, row.ledger, row.sub] for row in columns_of(sheet)]
    told = [
        [
            row.get_kind_display(),
            row.reference,
            row.bank_amount,
            row.ledger_amount,
            _("；").join(f"{note.note}{_('（')}{note.noted_by.name}{_('）')}" for note in row.notes.all()),
            _("已消除") if row.ended_at else "",
        ]
        for row in rows
    ]
    lines.append([balance_words(sheet)])
    columns = (f"{sheet.day}", [_("项目"), _("银行"), _("账面"), _("子账户")], lines)
    titles = [_("类别"), _("银行流水号或参考号"), _("银行金额"), _("账面金额"), _("说明"), _("状态")]
    return excel.download(excel.workbook(columns, (_("差异"), titles, told)), f"day-{sheet.day}")
