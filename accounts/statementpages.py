"""What the pages of the bank's statements print."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.isofiles import is_xml
from accounts.models import BankFormat, BankLine, Statement, StatementDebit
from accounts.statementfiles import FIELDS, Checker, Layout, first_rows, guess, guess_header_row, read
from bureau.errors import Refused

_LINES = {
    "matched": BankLine.State.MATCHED,
    "unidentified": BankLine.State.UNIDENTIFIED,
    "returned": BankLine.State.RETURNED,
    "refunded": BankLine.State.REFUNDED,
}
_DEBITS = {
    "out": Q(state__in=StatementDebit.MATCHED),
    "fees": Q(state=StatementDebit.State.FEE),
    "open": ~Q(state__in=StatementDebit.EXPLAINED),
}
SETS = (*_LINES, *_DEBITS)
SAMPLE_ROWS = 8


def statements() -> QuerySet[Statement]:
    """Return the files taken in, newest first."""
    return Statement.objects.select_related("bank_format", "imported_by").order_by("-imported_at", "-id")


def sets(statement: Statement) -> list[tuple[str, str, int, Decimal | None]]:
    """Return one statement's lines by what became of them: code, name, count and sum; two queries."""
    sums: dict[str, Any] = {}
    for name, state in _LINES.items():
        sums[f"{name}_count"] = Count("pk", filter=Q(state=state))
        sums[f"{name}_sum"] = Sum("amount", filter=Q(state=state))
    lines = statement.lines.aggregate(**sums)
    sums = {}
    for name, which in _DEBITS.items():
        sums[f"{name}_count"], sums[f"{name}_sum"] = Count("pk", filter=which), Sum("amount", filter=which)
    found = {**lines, **statement.debits.aggregate(**sums)}
    labels = {
        "matched": _("已归案"),
        "unidentified": _("待认领"),
        "returned": _("付款退回"),
        "refunded": _("已退付款人"),
        "out": _("核对上的付款"),
        "fees": _("银行收费"),
        "open": _("未核对的支出"),
    }
    return [(code, labels[code], found[f"{code}_count"], found[f"{code}_sum"]) for code in SETS]


def rows(statement: Statement, chosen: str) -> QuerySet[Any]:
    """Return the lines of one set, oldest first."""
    if chosen in _LINES:
        lines = statement.lines.filter(state=_LINES[chosen]).select_related("returns__case")
        lines = lines.prefetch_related("receipts__case")
        return lines.defer("payer_account").order_by("value_on", "id")
    debits = statement.debits.select_related("payout", "payout__case").order_by("value_on", "id")
    return debits.filter(_DEBITS[chosen])


def open_debits() -> QuerySet[StatementDebit]:
    """Return what went out of the account and is no payment of ours, oldest first."""
    rows = StatementDebit.objects.exclude(state__in=StatementDebit.EXPLAINED)
    return rows.select_related("statement", "payout", "payout__case").order_by("value_on", "id")


def guessed(content: bytes) -> dict[str, Any]:
    """Return what a new format most likely is, from a file of the bank."""
    if is_xml(content):
        return {"kind": BankFormat.Kind.CAMT}
    start = first_rows(content)
    row = guess_header_row(start)
    return {"header_row": row, **guess(start[row - 1] if start else [])}


def sample(content: bytes, layout: Layout) -> dict[str, Any]:
    """Return the first rows of the file as they stand and as they would be read; says why where they cannot be."""
    if layout.kind == BankFormat.Kind.CAMT:
        return {"read": _read(content, layout)}
    try:
        start = first_rows(content, layout.encoding, layout.header_row + SAMPLE_ROWS)
    except Refused as refusal:
        return {"refused": refusal.reasons}
    headings = [cell for cell in start[layout.header_row - 1] if cell] if len(start) >= layout.header_row else []
    found: dict[str, Any] = {
        "raw": list(enumerate(start, start=1)),
        "headings": headings,
        "read": _read(content, layout),
    }
    return found


def _read(content: bytes, layout: Layout) -> dict[str, Any]:
    checker, lines = Checker(layout), []
    try:
        for position, cells in islice(read(content, layout), SAMPLE_ROWS):
            entry, faults = checker.check(position, cells)
            lines.append({"position": position, "entry": entry, "faults": faults})
    except Refused as refusal:
        return {"refused": refusal.reasons}
    return {"lines": lines}


def labels(columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is read from which column, in words."""
    return [(str(FIELDS[name][0]), columns[name]) for name in FIELDS if columns.get(name)]
