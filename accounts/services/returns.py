"""Money that the bank sends back after it was paid (退票): the bounce of that payment, never a new receipt.

The money is where it came from again, its receipts are free again, and their fifteen days run on.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.bank import BankLineData
from accounts.models import Account, BankLine, Payout, Statement, Transfer
from accounts.purposes import WAYS
from accounts.services.debits import words_of
from accounts.services.ledger import house_account, post
from accounts.services.payouts import confirm_payout
from accounts.services.sending import confirm_rows
from accounts.statementfiles import Entry
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from cases.record import record

# How banks say that money comes back; the reader of messages says it for those that use codes.
_SAID = re.compile("退票|退汇|退回")
DAYS_MAX = 60  # banks send back within days; an older payment is told by its reference alone
_AWAY = (Payout.State.SENT, Payout.State.PAID)


@dataclass(slots=True)
class Return:
    """One line in, with the payment that comes back by it."""

    entry: Entry
    payout: Payout


def match(entries: Sequence[Entry], escrows: Collection[str]) -> list[Return]:
    """Find the lines by which payments of ours come back; each payment once.

    By reference and sum; where the bank says that it is a return, also by account and sum, if only one payment fits. A
    deposit to the number of a case is one, unless the bank says otherwise.
    """
    said = {entry.serial for entry in entries if _SAID.search(entry.remark)}
    asked = [entry for entry in entries if entry.serial in said or entry.virtual_number not in escrows]
    words = {entry.serial: words_of(entry.reference, entry.remark) for entry in asked}
    by_reference = {
        row.reference: row for row in _away().filter(reference__in={word for each in words.values() for word in each})
    }
    likely = _likely([entry for entry in asked if entry.serial in said])
    found: dict[int, Return] = {}
    for entry in asked:
        named = next((by_reference[word] for word in words[entry.serial] if word in by_reference), None)
        fitting = [named] if named else _to(entry, likely if entry.serial in said else {})
        fitting = [row for row in fitting if row.pk not in found and _fits(row, entry)]
        if len(fitting) == 1:
            found[fitting[0].pk] = Return(entry, fitting[0])
    return list(found.values())


def returned_payout(line: BankLineData) -> Payout | None:
    """Return the payment that comes back by a line entered by hand, where the line says that it does."""
    if not _SAID.search(line.remark):
        return None
    entry = Entry(
        position=1,
        serial=line.serial,
        value_on=line.value_on,
        amount=line.amount,
        name=line.payer_name,
        account=line.payer_account,
        remark=line.remark,
    )
    found = match([entry], ())
    return found[0].payout if found else None


def _away() -> QuerySet[Payout]:
    return Payout.objects.filter(state__in=_AWAY, payee__isnull=False).select_related("payee")


def _likely(entries: Sequence[Entry]) -> dict[object, list[Payout]]:
    if not entries:
        return {}
    to = Q(payee__holder_name__in={entry.name for entry in entries})
    to |= Q(payee__number_last4__in={entry.account[-4:] for entry in entries if entry.account})
    since = min(entry.value_on for entry in entries) - dt.timedelta(days=DAYS_MAX)
    rows = _away().filter(to, amount__in={entry.amount for entry in entries}, sent_at__date__gte=since)
    likely: dict[object, list[Payout]] = {}
    for row in rows.order_by("pk"):
        likely.setdefault(row.amount, []).append(row)
    return likely


def _to(entry: Entry, likely: dict[object, list[Payout]]) -> list[Payout]:
    return [row for row in likely.get(entry.amount, []) if _is_to(row, entry)]


def _is_to(payout: Payout, entry: Entry) -> bool:
    assert payout.payee is not None
    if entry.account:
        return str(payout.payee.number) == entry.account
    return payout.payee.holder_name == entry.name


def _fits(payout: Payout, entry: Entry) -> bool:
    assert payout.sent_at is not None
    left_on = payout.paid_on or timezone.localdate(payout.sent_at)
    return payout.amount == entry.amount and left_on <= entry.value_on


@transaction.atomic
def take_back(
    payout: Payout,
    line: BankLineData,
    value_at: dt.time | None = None,
    statement: Statement | None = None,
    *,
    entered_by: User | None = None,
    at: dt.datetime,
    actor: User,
) -> BankLine:
    """Book the line as the bounce of the payment; what the bank had not confirmed was paid all the same.

    A line that no statement brought was typed by `entered_by` and checked by the actor.
    """
    case = Case.objects.held("owner", "judge").get(pk=payout.case_id)
    payout = Payout.objects.select_related("batch_row__batch").get(pk=payout.pk)
    if payout.state == Payout.State.SENT:
        _confirm(payout, line.value_on, at=at, actor=actor)
        payout.refresh_from_db()
    changed = _("付款 %(reference)s 刚有变动，请重新导入") % {"reference": payout.reference}
    if payout.state != Payout.State.PAID:
        raise Refused(changed)
    try:
        with transaction.atomic():
            row = _book_line(payout, line, value_at, statement, entered_by=entered_by, at=at, actor=actor)
    except IntegrityError:
        raise Refused(changed) from None
    first = payout.transfers.select_related("debit").get(purpose__in=[way.posts for way in WAYS.values()])
    post(
        debit=house_account(Account.Kind.BANK_MASTER),
        credit=first.debit,
        amount=payout.amount,
        purpose=Transfer.Purpose.BOUNCE,
        reference=f"IN-{line.serial}",
        value_on=line.value_on,
        at=at,
        actor=actor,
        payout=payout,
    )
    payout.state, payout.returned_at, payout.ended_note = Payout.State.BOUNCED, at, _reason(line)
    payout.save(update_fields=["state", "returned_at", "ended_note"])
    told = {"payout": payout.pk, "amount": payout.amount, "reason": payout.ended_note, "serial": line.serial}
    record(payout, "bounce_payout", at=at, case=case, actor=actor, **told)
    return row


def _confirm(payout: Payout, paid_on: dt.date, *, at: dt.datetime, actor: User) -> None:
    if payout.batch_row is None:
        confirm_payout(payout, paid_on=paid_on, at=at, actor=actor)
    else:
        confirm_rows(payout.batch_row.batch, {payout.pk: paid_on}, at=at, actor=actor)


def _reason(line: BankLineData) -> str:
    return (line.remark or _("银行退回"))[:200]


def _book_line(
    payout: Payout,
    line: BankLineData,
    value_at: dt.time | None,
    statement: Statement | None,
    *,
    entered_by: User | None,
    at: dt.datetime,
    actor: User,
) -> BankLine:
    return BankLine.objects.create(
        serial=line.serial,
        value_on=line.value_on,
        value_at=value_at,
        amount=line.amount,
        payer_name=line.payer_name,
        payer_account=line.payer_account,
        payer_account_last4=line.payer_account[-4:],
        virtual_number=line.virtual_number,
        remark=line.remark,
        content_sha256=line.content_sha256(),
        state=BankLine.State.RETURNED,
        returns=payout,
        statement=statement,
        entered_at=at,
        entered_by=entered_by or actor,
        checked_by=actor if entered_by else None,
    )
