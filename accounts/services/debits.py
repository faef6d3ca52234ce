"""Money out on a statement: our own payments found by reference and sum, and confirmed; the rest is kept to explain."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Batch, LineRefund, Payout, Statement, StatementDebit
from accounts.services.payouts import confirm_payout
from accounts.services.refunds import confirm_refund
from accounts.services.sending import confirm_rows
from accounts.statementfiles import Entry
from bureau.models import User

State = StatementDebit.State
# What the bank says of itself on a line of money out that is no payment of ours.
_OWN_WORDS = re.compile("手续费|管理费|工本费|服务费|利息|结息")
_WORD = re.compile(r"[A-Za-z0-9_-]{2,80}")


@dataclass(slots=True)
class Debit:
    """One line out with what it turned out to be."""

    entry: Entry
    state: str
    payout: Payout | None = None
    refund: LineRefund | None = None


def match(entries: Sequence[Entry]) -> list[Debit]:
    """Find the payment of each line: by the reference that the bank repeats in its column or in the remark."""
    words = {entry.serial: words_of(entry.reference, entry.remark) for entry in entries}
    asked = {word for found in words.values() for word in found}
    refunds = LineRefund.objects.filter(reference__in=asked)
    by_reference: dict[str, Payout | LineRefund] = {row.reference: row for row in refunds}
    payouts = Payout.objects.filter(reference__in=asked).select_related("batch_row")
    by_reference |= {row.reference: row for row in payouts}
    taken = _confirmed(by_reference.values())
    debits = []
    for entry in entries:
        row = next((by_reference[word] for word in words[entry.serial] if word in by_reference), None)
        state = _state(entry, row, taken)
        if row and state in StatementDebit.MATCHED:
            taken.add(row.reference)
        payout, refund = (None, row) if isinstance(row, LineRefund) else (row, None)
        debits.append(Debit(entry, state, payout, refund))
    return debits


def _confirmed(rows: Iterable[Payout | LineRefund]) -> set[str]:
    told = StatementDebit.objects.filter(state__in=StatementDebit.MATCHED)
    found = told.filter(payout__in=[row for row in rows if isinstance(row, Payout)])
    back = told.filter(refund__in=[row for row in rows if isinstance(row, LineRefund)])
    return {*found.values_list("payout__reference", flat=True), *back.values_list("refund__reference", flat=True)}


def words_of(reference: str, remark: str) -> list[str]:
    """Return what may be a reference of ours: the bank's own column first, then words of the remark."""
    return list(dict.fromkeys(filter(None, [reference, *_WORD.findall(remark)])))


def _state(entry: Entry, row: Payout | LineRefund | None, taken: Collection[str]) -> str:
    if row is None:
        return State.FEE if _OWN_WORDS.search(entry.remark + entry.name) else State.UNMATCHED
    if row.reference in taken:
        return State.REPEATED
    if row.amount != -entry.amount:
        return State.OTHER_AMOUNT
    if _is_paid(row):
        return State.KNOWN
    is_sent = row.state == Payout.State.SENT and row.sent_at is not None
    if is_sent and entry.value_on >= timezone.localdate(row.sent_at):
        return State.CONFIRMED
    return State.OTHER_STATE


def _is_paid(row: Payout | LineRefund) -> bool:
    if isinstance(row, LineRefund):
        return row.state == LineRefund.State.PAID
    return row.payee_id is not None and (row.state == Payout.State.PAID or row.returned_at is not None)


def book(debits: Sequence[Debit], statement: Statement, *, at: dt.datetime, actor: User) -> None:
    """Keep every line, and confirm what it confirms; runs under the locks of the cases."""
    batches: dict[int, dict[int, dt.date]] = {}
    for debit in debits:
        if debit.state == State.CONFIRMED and debit.refund:
            confirm_refund(debit.refund, paid_on=debit.entry.value_on, at=at, actor=actor)
        if debit.state != State.CONFIRMED or debit.payout is None:
            continue
        if debit.payout.batch_row_id is None:
            confirm_payout(debit.payout, paid_on=debit.entry.value_on, at=at, actor=actor)
        else:
            batch_id = debit.payout.batch_row.batch_id  # type: ignore[union-attr]
            batches.setdefault(batch_id, {})[debit.payout.pk] = debit.entry.value_on
    for batch in Batch.objects.filter(pk__in=batches).order_by("pk"):
        confirm_rows(batch, batches[batch.pk], at=at, actor=actor)
    StatementDebit.objects.bulk_create((_row(debit, statement) for debit in debits), batch_size=2000)


def _row(debit: Debit, statement: Statement) -> StatementDebit:
    entry = debit.entry
    return StatementDebit(
        statement=statement,
        serial=entry.serial,
        value_on=entry.value_on,
        amount=-entry.amount,
        payee_name=entry.name,
        remark=entry.remark,
        content_sha256=entry.line().content_sha256(),
        state=debit.state,
        payout=debit.payout,
        refund=debit.refund,
    )
