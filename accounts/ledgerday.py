"""The totals of one day of the ledger: what came and went, by account and by purpose, and balances around it."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.dayfigures import columns
from accounts.models import Account, Transfer
from accounts.statement import NOTHING
from bureau import excel

_KIND = Account.Kind
# What stands together, with the figure that says how it closes.
_GROUPS: dict[str, tuple[str, ...]] = {
    "ledger_closing": (_KIND.BANK_MASTER,),
    "escrow_closing": (_KIND.ESCROW,),
    "unidentified_closing": (_KIND.UNIDENTIFIED,),
    "absent_closing": (_KIND.ABSENT,),
    "transit_closing": (_KIND.IN_TRANSIT, _KIND.FEES_DUE, _KIND.COSTS, _KIND.REFUNDS),
}


class Total(NamedTuple):
    """One group of accounts on that day; yuan."""

    label: str
    before: Decimal
    came: Decimal
    went: Decimal
    after: Decimal


class ByPurpose(NamedTuple):
    """The entries of one purpose on that day; yuan."""

    purpose: str
    label: str
    entry_count: int
    total: Decimal


class Totals(NamedTuple):
    """The whole day: the master account first, then what its money belongs to."""

    day: dt.date
    accounts: list[Total]
    purposes: list[ByPurpose]
    entry_count: int


def totals(day: dt.date) -> Totals:
    """Return the totals of that value day; three queries however many entries."""
    own, figures = Transfer.objects.filter(value_on=day).order_by(), columns(day, day)[day]
    came = dict(own.values_list("credit__kind").annotate(total=Sum("amount")))
    went = dict(own.values_list("debit__kind").annotate(total=Sum("amount")))
    labels = [_("执行款专户"), _("各案子账户"), _("不明案款"), _("提存款"), _("在途款")]
    rows = []
    for label, (figure, kinds) in zip(labels, _GROUPS.items(), strict=True):
        into, out = (sum((side.get(kind, NOTHING) for kind in kinds), NOTHING) for side in (came, went))
        if _KIND.BANK_MASTER in kinds:
            into, out = out, into  # what is with the bank stands on the other side
        rows.append(Total(label, figures[figure] - into + out, into, out, figures[figure]))
    return Totals(day, rows, *_purposes(own))


def _purposes(own: QuerySet[Transfer]) -> tuple[list[ByPurpose], int]:
    found = {purpose: told for purpose, *told in own.values_list("purpose").annotate(Count("pk"), Sum("amount"))}
    named = [(code, str(label)) for code, label in Transfer.Purpose.choices if code in found]
    rows = [ByPurpose(code, label, *found[code]) for code, label in named]
    return rows, sum(row.entry_count for row in rows)


def entries(day: dt.date) -> QuerySet[Transfer]:
    """Return the transfers booked with that value day."""
    rows = Transfer.objects.filter(value_on=day)
    return rows.select_related("debit", "credit", "debit__case", "credit__case", "actor").order_by("id")


def workbook(found: Totals, rows: list[Transfer]) -> HttpResponse:
    """Return the day as sheets: totals, purposes, and the entries themselves."""
    told = [list(row) for row in found.accounts]
    if len(rows) < found.entry_count:
        words = _("当日共 %(all)d 笔分录，本表列前 %(count)d 笔")
        told.append([words % {"all": found.entry_count, "count": len(rows)}])
    by_purpose = [[row.label, row.entry_count, row.total] for row in found.purposes]
    lines = [
        [
            row.get_purpose_display(),
            *(_side(account) for account in (row.debit, row.credit)),
            row.amount,
            row.reference,
            row.actor.name,
        ]
        for row in rows
    ]
    titles = [_("用途"), _("借方"), _("贷方"), _("金额（元）"), _("参考号"), _("经办")]
    content = excel.workbook(
        (_("合计"), [f"{found.day}", _("日初余额"), _("收入"), _("支出"), _("日终余额")], told),
        (_("按用途"), [_("用途"), _("笔数"), _("金额（元）")], by_purpose),
        (_("分录"), titles, lines),
    )
    return excel.download(content, f"ledger-{found.day}")


def _side(account: Account) -> str:
    case = f" {account.case.display_number}" if account.case else ""
    return f"{account.get_kind_display()}{case}"
