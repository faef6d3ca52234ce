"""Lines of the bank typed by hand: one of finance types, another holds them to the bank's paper and books them."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.bank import BankLineData
from accounts.models import BankLine, LineEntry
from accounts.services.receipts import arrive, escrow_of, line_objections
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record

State = LineEntry.State


@transaction.atomic
def enter_line(line: BankLineData, *, at: dt.datetime, actor: User) -> LineEntry:
    """Type one line of the bank; it waits for another of finance and moves no money until then.

    The same serial again gives the first answer; with other content it is refused.
    """
    if not actor.has_perm("accounts.enter_bank_line"):
        raise PermissionDenied
    with connection.cursor() as cursor:
        # Two who type the same line at once: the second gets the first one's answer.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"wuhai_exec line {line.serial}"])
    known = LineEntry.objects.filter(serial=line.serial).exclude(state=State.REFUSED).first()
    if known:
        if known.content_sha256 != line.content_sha256():
            raise Refused(of_field("serial", _("银行流水号 %(serial)s 已登记，但内容不同") % {"serial": line.serial}))
        return known
    reasons = line_objections(line, escrow_of(line.virtual_number), today=timezone.localdate(at))
    if BankLine.objects.filter(serial=line.serial).exists():
        reasons.append(of_field("serial", _("银行流水号 %(serial)s 已由对账单入账") % {"serial": line.serial}))
    if reasons:
        raise Refused(reasons)
    row = LineEntry.objects.create(
        serial=line.serial,
        value_on=line.value_on,
        amount=line.amount,
        payer_name=line.payer_name,
        payer_account=line.payer_account,
        payer_account_last4=line.payer_account[-4:],
        virtual_number=line.virtual_number,
        remark=line.remark,
        content_sha256=line.content_sha256(),
        entered_by=actor,
        entered_at=at,
    )
    return _record(row, "enter_line", at=at, actor=actor)


@transaction.atomic
def confirm_line(entry: LineEntry, *, at: dt.datetime, actor: User) -> BankLine:
    """Another of finance has held the line to the bank's paper: it is booked."""
    entry = _waiting(entry, actor)
    line = arrive(entry.data(), entered_by=entry.entered_by, at=at, actor=actor)
    _end(entry, State.CONFIRMED, line=line, at=at, actor=actor)
    _record(entry, "confirm_line", at=at, actor=actor)
    return line


@transaction.atomic
def refuse_line(entry: LineEntry, *, reason: str, at: dt.datetime, actor: User) -> LineEntry:
    """Another of finance finds that the bank says something else: nothing is booked, the line may be typed anew."""
    entry = _waiting(entry, actor)
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写退回原因")))
    _end(entry, State.REFUSED, reason=reason.strip()[:200], at=at, actor=actor)
    return _record(entry, "refuse_line", at=at, actor=actor)


def check_objections(entry: LineEntry, user: User) -> list[str]:
    """Return why the user does not check this entry."""
    if entry.state != State.WAITING:
        return [_("该笔登记已办结：%(state)s") % {"state": entry.get_state_display()}]
    return [_("须由登记人以外的案款管理员复核")] if entry.entered_by_id == user.pk else []


def _waiting(entry: LineEntry, actor: User) -> LineEntry:
    if not actor.has_perm("accounts.enter_bank_line"):
        raise PermissionDenied
    rows = LineEntry.objects.select_for_update(of=("self",)).select_related("entered_by")
    entry = rows.get(pk=entry.pk)
    if reasons := check_objections(entry, actor):
        raise Refused(reasons)
    return entry


def _end(
    entry: LineEntry, state: State, *, reason: str = "", line: BankLine | None = None, at: dt.datetime, actor: User
) -> None:
    entry.state, entry.reason, entry.line, entry.checked_by, entry.ended_at = state, reason, line, actor, at
    entry.save(update_fields=["state", "reason", "line", "checked_by", "ended_at"])


def _record(entry: LineEntry, verb: str, *, at: dt.datetime, actor: User) -> LineEntry:
    record(entry, verb, at=at, actor=actor, serial=entry.serial, amount=entry.amount, reason=entry.reason)
    return entry
