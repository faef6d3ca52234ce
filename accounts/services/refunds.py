"""Unidentified money back to its payer: finance asks, an approver signs, a third of finance pays, the bank answers.

The line is held while anything is decided about it: a claim and a refund never both bind it.
"""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, BankLine, LineRefund, Transfer
from accounts.payees import PayeeData
from accounts.services.approvals import deputy_authority, may_approve_sum
from accounts.services.days import booking_day
from accounts.services.ledger import house_account, post
from accounts.tiers import tier_of
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record
from bureau.roles import has_role

State = LineRefund.State
NOTE_MAX = 200


@transaction.atomic
def request_refund(
    line: BankLine,
    *,
    payee: PayeeData,
    reason: str,
    ground: str,
    document: str,
    reference: str,
    at: dt.datetime,
    actor: User,
) -> LineRefund:
    """Ask that money which no case claims goes back whole to who paid it; the same reference again is the first answer.

    The account is the one that the bank names with the line; only where it names none is it entered.
    """
    if not actor.has_perm("accounts.identify_bank_line"):
        raise PermissionDenied
    line = BankLine.objects.select_for_update().get(pk=line.pk)
    if first := LineRefund.objects.filter(reference=reference).first():
        if first.line_id != line.pk:
            raise Refused(_("参考号 %(reference)s 已用于另一笔款项") % {"reference": reference})
        return first
    payee = PayeeData(line.payer_name, line.payer_account or payee.number, payee.bank_name.strip(), payee.bank_code)
    if reasons := [*refund_objections(line), *_missing(payee, ground=ground, document=document)]:
        raise Refused(reasons)
    refund = LineRefund.objects.create(
        line=line,
        amount=line.amount,
        holder_name=payee.holder_name,
        number=payee.number,
        number_last4=payee.number[-4:],
        bank_name=payee.bank_name,
        bank_code=payee.bank_code,
        reason=reason,
        ground=ground.strip()[:NOTE_MAX],
        document=document.strip()[:100],
        reference=reference,
        requested_by=actor,
        requested_at=at,
    )
    return _record(refund, "request_refund", at=at, actor=actor, reason=reason)


def refund_objections(line: BankLine) -> list[str]:
    """Return why that line does not go back to its payer now."""
    if line.refunds.live().exists():
        return [_("该笔来款已申请退还付款人")]
    if line.state != BankLine.State.UNIDENTIFIED:
        return [_("该笔来款已归案")]
    if line.claims.waiting().exists():
        return [_("该笔来款已有人认领，等待核对")]
    return []


def _missing(payee: PayeeData, *, ground: str, document: str) -> list[str]:
    said = (
        ("account", payee.number, _("请填写付款人的账号")),
        ("bank_name", payee.bank_name, _("请填写开户行")),
        ("ground", ground.strip(), _("请写明查询经过")),
        ("document", document.strip(), _("请填写依据文书")),
    )
    return [of_field(name, words) for name, text, words in said if not text]


@transaction.atomic
def approve_refund(refund: LineRefund, *, at: dt.datetime, actor: User) -> LineRefund:
    """Whoever approves payments of that size, or his authorised deputy, approves; never who asked."""
    refund, today = _held(refund, State.REQUESTED), timezone.localdate(at)
    if not may_approve_sum(refund.amount, actor, on=today):
        raise PermissionDenied
    _refuse_same_person(refund, actor)
    role = tier_of(refund.amount, on=today).role
    refund.approved_as = None if has_role(actor, role) else deputy_authority(actor, on=today, role=role)
    refund.approved_by, refund.approved_at, refund.state = actor, at, State.APPROVED
    return _step(refund, "approve_refund", "approved_by", "approved_at", "approved_as", at=at, actor=actor)


@transaction.atomic
def refuse_refund(refund: LineRefund, *, note: str, at: dt.datetime, actor: User) -> LineRefund:
    """The approver sends it back with a reason; the line waits for its case again, from its first day."""
    refund = _held(refund, State.REQUESTED)
    if not may_approve_sum(refund.amount, actor, on=timezone.localdate(at)):
        raise PermissionDenied
    _refuse_same_person(refund, actor)
    return _end(refund, State.REFUSED, "refuse_refund", note=note, at=at, actor=actor)


@transaction.atomic
def withdraw_refund(refund: LineRefund, *, note: str, at: dt.datetime, actor: User) -> LineRefund:
    """Finance takes it back before it is paid, because a case has turned up."""
    if not actor.has_perm("accounts.identify_bank_line"):
        raise PermissionDenied
    refund = _held(refund, *LineRefund.OPEN)
    return _end(refund, State.WITHDRAWN, "withdraw_refund", note=note, at=at, actor=actor)


@transaction.atomic
def pay_refund(refund: LineRefund, *, at: dt.datetime, actor: User) -> LineRefund:
    """A third person of finance pays: the money is in transit until the bank answers, and the line waits no more."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    refund = _held(refund, State.APPROVED)
    _refuse_same_person(refund, actor)
    refund.paid_by, refund.sent_at, refund.state = actor, at, State.SENT
    _step(refund, "pay_refund", "paid_by", "sent_at", at=at, actor=actor)
    _post(refund, Transfer.Purpose.LINE_REFUND, Account.Kind.UNIDENTIFIED, Account.Kind.REFUNDS, at, actor)
    _set_line(refund, BankLine.State.REFUNDED)
    return refund


@transaction.atomic
def confirm_refund(refund: LineRefund, *, paid_on: dt.date, at: dt.datetime, actor: User) -> LineRefund:
    """The bank has paid it on that value day."""
    refund = _held(refund, State.SENT)
    refund.paid_on, refund.answered_at, refund.state = paid_on, at, State.PAID
    _post(refund, Transfer.Purpose.CONFIRM, Account.Kind.REFUNDS, Account.Kind.BANK_MASTER, at, actor)
    return _step(refund, "confirm_refund", "paid_on", "answered_at", at=at, actor=actor)


@transaction.atomic
def bounce_refund(refund: LineRefund, *, reason: str, at: dt.datetime, actor: User) -> LineRefund:
    """The bank has sent it back: the money is unidentified again, and its line waits from its first day."""
    refund = _held(refund, State.SENT)
    refund.answered_at, refund.state = at, State.BOUNCED
    refund.ended_note = (reason.strip() or _("银行退回"))[:NOTE_MAX]
    _post(refund, Transfer.Purpose.BOUNCE, Account.Kind.REFUNDS, Account.Kind.UNIDENTIFIED, at, actor)
    _step(refund, "bounce_refund", "answered_at", "ended_note", at=at, actor=actor, reason=refund.ended_note)
    _set_line(refund, BankLine.State.UNIDENTIFIED)
    return refund


def acts_for(refund: LineRefund, user: User, *, on: dt.date, signs: Collection[str]) -> list[str]:
    """Return what the user, who signs for these roles that day, may do with it, as the services themselves ask."""
    acts: list[str] = []
    is_new = not is_signed_by(refund, user)
    if refund.state == State.REQUESTED and is_new and tier_of(refund.amount, on=on).role in signs:
        acts += ["approve", "refuse"]
    if refund.state == State.APPROVED and is_new and user.has_perm("accounts.pay_payout"):
        acts.append("pay")
    if refund.state in LineRefund.OPEN and user.has_perm("accounts.identify_bank_line"):
        acts.append("withdraw")
    return acts


def is_signed_by(refund: LineRefund, user: User) -> bool:
    """Return whether the user has already signed a step of it."""
    return user.pk in (refund.requested_by_id, refund.approved_by_id)


def _held(refund: LineRefund, *states: str) -> LineRefund:
    # The line first, for which claims and refunds race; what it says never changes.
    line = BankLine.objects.select_for_update().get(pk=refund.line_id)
    refund = LineRefund.objects.select_for_update().get(pk=refund.pk)
    refund.line = line
    if refund.state not in states:
        raise Refused(_("该笔退款现为“%(state)s”，不能进行此操作") % {"state": refund.get_state_display()})
    return refund


def _refuse_same_person(refund: LineRefund, actor: User) -> None:
    if is_signed_by(refund, actor):
        raise Refused(_("申请、审批、付款须由三人分别办理"))


def _end(refund: LineRefund, state: str, verb: str, *, note: str, at: dt.datetime, actor: User) -> LineRefund:
    if not note.strip():
        raise Refused(of_field("reason", _("请填写原因")))
    refund.state, refund.ended_by, refund.ended_at = state, actor, at
    refund.ended_note = note.strip()[:NOTE_MAX]
    return _step(refund, verb, "ended_by", "ended_at", "ended_note", at=at, actor=actor, reason=refund.ended_note)


def _set_line(refund: LineRefund, state: str) -> None:
    refund.line.state = state
    refund.line.save(update_fields=["state"])


def _post(refund: LineRefund, purpose: str, debit: str, credit: str, at: dt.datetime, actor: User) -> None:
    post(
        debit=house_account(debit),
        credit=house_account(credit),
        amount=refund.amount,
        purpose=purpose,
        reference=f"{purpose}-{refund.reference}",
        value_on=booking_day(refund.paid_on or timezone.localdate(at)),
        at=at,
        actor=actor,
        refund=refund,
    )


def _step(refund: LineRefund, verb: str, *fields: str, at: dt.datetime, actor: User, reason: str = "") -> LineRefund:
    refund.save(update_fields=["state", *fields])
    return _record(refund, verb, at=at, actor=actor, reason=reason)


def _record(refund: LineRefund, verb: str, *, at: dt.datetime, actor: User, reason: str) -> LineRefund:
    record(
        refund,
        verb,
        at=at,
        actor=actor,
        serial=refund.line.serial,
        amount=refund.amount,
        document=refund.document,
        paid_on=refund.paid_on,
        reason=reason,
    )
    return refund
