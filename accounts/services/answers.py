"""The bank's answers: each booked once; said twice it is noted, said otherwise it is a question.

Whatever comes first under the lock of the case is booked: an answer by itself, one that was asked for, or a line of the
statement. The others find the payment answered and change nothing.
"""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import bank
from accounts.models import BankAnswer, BankLine, LineRefund, Payout
from accounts.services.ledger import hold_cases
from accounts.services.payouts import bounce_payout, confirm_payout
from accounts.services.refunds import bounce_refund, confirm_refund
from accounts.services.sending import book_rows, order_of
from accounts.services.silence import flag_unanswered
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record as record_in_room
from cases.record import record

BOOKED, AGREES = "BOOKED", "AGREES"
SAID_AT_MOST = 80


@transaction.atomic
def take_answer(payout: Payout, answer: bank.Answer, *, is_asked: bool, at: dt.datetime, actor: User) -> str:
    """Book a final answer, or say what it is beside the one that was booked: BOOKED, AGREES, or the kind of the note.

    What agrees is noted only when the bank says it by itself: to an inquiry it may well say the same.
    """
    payout = _held(payout)
    if payout.state == Payout.State.SENT:
        _book(payout, answer, at=at, actor=actor)
        return BOOKED
    return _late(payout, answer, is_asked=is_asked, at=at, actor=actor)


@transaction.atomic
def take_refund_answer(refund: LineRefund, answer: bank.Answer, *, is_asked: bool, at: dt.datetime, actor: User) -> str:
    """Book a final answer about money that goes back to its payer, or say what it is, as `take_answer` does."""
    # The line's row is what every step of a refund holds first.
    BankLine.objects.select_for_update().get(pk=refund.line_id)
    refund = LineRefund.objects.get(pk=refund.pk)
    if refund.state != LineRefund.State.SENT:
        return _late(refund, answer, is_asked=is_asked, at=at, actor=actor)
    if answer.state == bank.PAID and answer.value_on:
        confirm_refund(refund, paid_on=answer.value_on, at=at, actor=actor)
    else:
        bounce_refund(refund, reason=answer.reason, at=at, actor=actor)
    return BOOKED


def _late(row: Payout | LineRefund, answer: bank.Answer, *, is_asked: bool, at: dt.datetime, actor: User) -> str:
    agrees = row.state == answer.state and (answer.state == bank.BOUNCED or row.paid_on == answer.value_on)
    if agrees and is_asked:
        return AGREES
    kind = BankAnswer.Kind.REPEATED if agrees else BankAnswer.Kind.CONTRADICTS
    _note(kind, row, answer, at=at, actor=actor)
    return kind


def _held(payout: Payout) -> Payout:
    """Return the payment as it stands, under the locks that whoever books its answer takes, in the same order."""
    row = Payout.objects.select_related("batch_row__batch").get(pk=payout.pk)
    cases = [row.case_id]
    if row.batch_row:
        cases = list(row.batch_row.batch.by_case.values_list("case_id", flat=True))
    held = {case.pk: case for case in hold_cases(cases)}
    row.refresh_from_db(fields=["state", "paid_on", "unanswered", "submitted_at", "resent_at", "paid_by"])
    row.case = held[row.case_id]
    return row


def _book(payout: Payout, answer: bank.Answer, *, at: dt.datetime, actor: User) -> None:
    if payout.batch_row:
        book_rows(payout.batch_row.batch, {payout.pk: answer}, at=at, actor=actor)
    elif answer.state == bank.PAID and answer.value_on:
        confirm_payout(payout, paid_on=answer.value_on, at=at, actor=actor)
    else:
        bounce_payout(payout, reason=answer.reason, at=at, actor=actor)


def _note(kind: str, named: Payout | LineRefund | None, answer: bank.Answer, *, at: dt.datetime, actor: User) -> None:
    payout = named if isinstance(named, Payout) else None
    reference = named.reference if named else answer.reference[:SAID_AT_MOST]
    # An answer to an inquiry bears no serial: the same one again is the same.
    serial = answer.serial or f"{reference}/{answer.state}/{answer.value_on or ''}"
    row, is_new = BankAnswer.objects.get_or_create(
        serial=serial[:SAID_AT_MOST],
        defaults={
            "payout": payout,
            "refund": named if isinstance(named, LineRefund) else None,
            "reference": reference,
            "kind": kind,
            "said": answer.state,
            "value_on": answer.value_on,
            "reason": answer.reason[:200],
            "received_at": at,
        },
    )
    if not is_new:
        return
    if payout:
        told = {"payout": payout.pk, "kind": kind, "said": answer.state, "amount": payout.amount}
        record(row, "note_bank_answer", at=at, case=payout.case, actor=actor, **told)
    elif named:
        said, amount = answer.state, named.amount
        record_in_room(row, "note_bank_answer", at=at, actor=actor, kind=kind, said=said, amount=amount)
    else:
        record_in_room(row, "note_strange_answer", at=at, actor=actor, reference=reference, said=answer.state)


def take_unasked(answers: Sequence[bank.Answer], *, at: dt.datetime, actor: User) -> int:
    """Take what the bank says by itself; return how many answers were booked."""
    said = [answer for answer in answers if answer.is_final]
    named = {answer.reference for answer in said}
    ours = {row.reference: row for row in Payout.objects.filter(reference__in=named)}
    refunds = {row.reference: row for row in LineRefund.objects.filter(reference__in=named)}
    booked = 0
    for answer in said:
        if payout := ours.get(answer.reference):
            booked += take_answer(payout, answer, is_asked=False, at=at, actor=actor) == BOOKED
        elif refund := refunds.get(answer.reference):
            booked += take_refund_answer(refund, answer, is_asked=False, at=at, actor=actor) == BOOKED
        else:
            with transaction.atomic():
                _note(BankAnswer.Kind.STRANGE, None, answer, at=at, actor=actor)
    return booked


def inquire_payout(payout: Payout, *, at: dt.datetime, actor: User) -> str:
    """Ask the bank, by our reference, what became of a payment that it left unanswered; return what came of it."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    payout = Payout.objects.select_related("payee", "case").get(pk=payout.pk)
    if reasons := inquiry_objections(payout):
        raise Refused(reasons)
    # Outside of any transaction: the bank may take its time, and its answer may come by another way meanwhile.
    answer = bank.current().inquire(order_of(payout), today=timezone.localdate(at))
    with transaction.atomic():
        held = _held(payout)
        record(
            held,
            "inquire_payout",
            at=at,
            case=held.case,
            actor=actor,
            payout=held.pk,
            amount=held.amount,
            said=answer.state,
        )
        if answer.is_final:
            return take_answer(held, answer, is_asked=True, at=at, actor=actor)
        if answer.state == bank.PENDING:
            flag_unanswered([held.pk], Payout.Unanswered.DELAYED, at=at, actor=actor)
    return answer.state


@transaction.atomic
def resend_payout(payout: Payout, *, at: dt.datetime, actor: User) -> Payout:
    """Hand an unanswered payment to the bank once more: the same order, the same reference, paid once at most."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    held = _held(payout)
    if reasons := resend_objections(held):
        raise Refused(reasons)
    held.resent_at, held.unanswered, held.unanswered_at = at, "", None
    held.save(update_fields=["resent_at", "unanswered", "unanswered_at"])
    bank.current().submit(order_of(held))
    record(held, "resend_payout", at=at, case=held.case, actor=actor, payout=held.pk, amount=held.amount)
    return held


def inquiry_objections(payout: Payout) -> list[str]:
    """Return why there is nothing to ask the bank about."""
    if payout.state != Payout.State.SENT:
        return [_("银行已先行答复，该笔现为“%(state)s”") % {"state": payout.get_state_display()}]
    return [] if payout.unanswered else [_("尚在银行答复时限内，不必查询")]


def resend_objections(payout: Payout) -> list[str]:
    """Return why it is not handed over again."""
    if reasons := inquiry_objections(payout):
        return reasons
    if payout.unanswered == Payout.Unanswered.DELAYED:
        return [_("银行已受理该笔，不得重新提交，请继续查询")]
    if bank.current().by_file:
        return [_("该笔以付款文件提交：请将原付款文件重新交银行，报文标识不变，银行不会重复付款")]
    return []


@transaction.atomic
def settle_answer(answer: BankAnswer, *, note: str, at: dt.datetime, actor: User) -> BankAnswer:
    """Somebody of finance who did not pay it says what the bank's contradiction turned out to be."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    row = (
        BankAnswer.objects.select_for_update(of=("self",))
        .select_related("payout", "payout__case", "refund")
        .get(pk=answer.pk)
    )
    if reasons := [*settle_objections(row, actor), *([] if note.strip() else [of_field("note", _("请填写查明结果"))])]:
        raise Refused(reasons)
    row.settled_at, row.settled_by, row.settled_note = at, actor, note.strip()[:200]
    row.save(update_fields=["settled_at", "settled_by", "settled_note"])
    if row.payout:
        told = {"payout": row.payout_id, "note": row.settled_note}
        record(row, "settle_bank_answer", at=at, case=row.payout.case, actor=actor, **told)
    else:
        record_in_room(row, "settle_strange_answer", at=at, actor=actor, note=row.settled_note)
    return row


def settle_objections(answer: BankAnswer, user: User) -> list[str]:
    """Return why this user cannot say what it turned out to be."""
    if answer.kind == BankAnswer.Kind.REPEATED:
        return [_("重复答复未改变任何记账，无需查明")]
    if answer.settled_at:
        return [_("已查明")]
    paid = answer.payout or answer.refund
    if paid and paid.paid_by_id == user.pk:
        return [_("须由付款人以外的案款管理员查明")]
    return []
