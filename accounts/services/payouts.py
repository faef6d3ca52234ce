"""Money out: request → check → approve → pay → the bank's answer; four people (法〔2021〕322号, 法发〔2017〕6号)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import delayed
from accounts.models import Account, PayeeAccount, Payout, Receipt, Transfer
from accounts.purposes import RELEASE, WAYS
from accounts.services.approvals import deputy_authority, may_approve_payout
from accounts.services.days import booking_day
from accounts.services.ledger import house_account, post
from accounts.services.requests import payee_objections
from accounts.statement import ASKED
from accounts.tiers import tier_of
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.roles import has_role
from cases.models import Case
from cases.record import record

# What a step may change: never whom the money goes to, or how much.
STEP_FIELDS = (
    *("state", "checked_by", "checked_at", "approved_by", "approved_at", "approved_as", "paid_by", "sent_at"),
    *(
        "answered_at",
        "paid_on",
        "ended_note",
        "sent_back_by",
        "sent_back_at",
        "reversed_at",
        "reversed_by",
        "returned_at",
        "unanswered",
        "unanswered_at",
    ),
)


def withdraw_requests(payee: PayeeAccount, *, reason: str, at: dt.datetime, actor: User) -> None:
    """Send back what was asked for a replaced account and is not with the bank; needs the case row's lock."""
    for payout in Payout.objects.filter(payee=payee, state__in=ASKED).select_related("case").order_by("id"):
        payout.state, payout.ended_note = Payout.State.REJECTED, reason
        _signed(payout, "reject_payout", at=at, actor=actor, reason=reason)


@transaction.atomic
def check_payout(payout: Payout, *, at: dt.datetime, actor: User) -> Payout:
    """The judge has checked sum and payee; a judge who requested it leaves it to another judge."""
    payout = _locked(payout, Payout.State.REQUESTED)
    if not may_check(payout, actor):
        raise PermissionDenied
    _refuse_unsettled(payout, timezone.localdate(at))
    payout.checked_by, payout.checked_at, payout.state = actor, at, Payout.State.CHECKED
    return _signed(payout, "check_payout", at=at, actor=actor)


def may_check(payout: Payout, user: User) -> bool:
    """Return whether this judge may check it: the case's judge, or another one when that judge requested it."""
    if not user.has_perm("accounts.check_payout") or user.pk == payout.requested_by_id:
        return False
    return payout.case.judge_id in (user.pk, payout.requested_by_id)


@transaction.atomic
def approve_payout(payout: Payout, *, at: dt.datetime, actor: User) -> Payout:
    """Whoever approves sums of that size approves it, or his authorised deputy, whose authority is kept with it."""
    payout, today = _locked(payout, Payout.State.CHECKED), timezone.localdate(at)
    if not may_approve_payout(payout, actor, on=today):
        raise PermissionDenied
    _refuse_same_person(payout, actor)
    _refuse_unsettled(payout, today)
    tier = tier_of(payout.amount, on=today)
    is_own = has_role(actor, tier.role) or payout.case.is_of_court
    authority = None if is_own else deputy_authority(actor, on=today, role=tier.role)
    payout.approved_by, payout.approved_at, payout.state = actor, at, Payout.State.APPROVED
    payout.approved_as = authority
    return _signed(payout, "approve_payout", at=at, actor=actor, deputy=authority.pk if authority else None)


def acts_for(payout: Payout, user: User, *, on: dt.date, notes: list[str] | None = None) -> list[str]:
    """Return what the user may do with the payout now, by the rules that the services themselves ask.

    `notes` is what `unsettled` says of it, where that has been asked.
    """
    state = payout.state
    acts: list[str] = []
    if payout.batch_row_id:
        return acts
    if state == Payout.State.REQUESTED and may_check(payout, user):
        acts = ["check", "reject"]
    elif state == Payout.State.CHECKED and may_approve_payout(payout, user, on=on):
        acts = ["reject"] if is_signed_by(payout, user) else ["approve", "reject"]
    elif state == Payout.State.APPROVED and user.has_perm("accounts.pay_payout") and not is_signed_by(payout, user):
        acts = ["send_back"] if cooling_objections(payout, on=on) else ["pay", "send_back"]
    elif state == Payout.State.PAID and not reverse_objections(payout, user):
        acts = ["reverse"]
    if acts and payout.state in ASKED and (unsettled(payout, on) if notes is None else notes):
        return [act for act in acts if act in ("reject", "send_back")]
    return acts


def is_signed_by(payout: Payout, user: User) -> bool:
    """Return whether the user has already signed a step of this payout."""
    return user.pk in (payout.requested_by_id, payout.checked_by_id, payout.approved_by_id)


@transaction.atomic
def reject_payout(payout: Payout, *, reason: str, at: dt.datetime, actor: User) -> Payout:
    """Checker or approver sends the request back with a reason; its receipts are free again."""
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写驳回原因")))
    payout = _locked(payout, Payout.State.REQUESTED, Payout.State.CHECKED)
    is_checking = payout.state == Payout.State.REQUESTED and may_check(payout, actor)
    is_checked = payout.state == Payout.State.CHECKED
    is_approving = is_checked and may_approve_payout(payout, actor, on=timezone.localdate(at))
    if not (is_checking or is_approving):
        raise PermissionDenied
    payout.state, payout.ended_note = Payout.State.REJECTED, reason.strip()[:200]
    return _signed(payout, "reject_payout", at=at, actor=actor, reason=reason.strip())


@transaction.atomic
def pay_payout(payout: Payout, *, at: dt.datetime, actor: User) -> Payout:
    """Finance pays: the money leaves escrow and is in transit until the bank answers.

    What stays in the house, a move to another case or a deposit, is booked by the same act.
    """
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    payout = _locked(payout, Payout.State.APPROVED)
    _refuse_same_person(payout, actor)
    _refuse_unsettled(payout, timezone.localdate(at))
    if reasons := cooling_objections(payout, on=timezone.localdate(at)):
        raise Refused(reasons)
    payout.paid_by, payout.sent_at = actor, at
    way = WAYS[payout.purpose]
    if way.through is None:
        return _book_in_the_house(payout, at=at, actor=actor)
    payout.state = Payout.State.SENT
    source = house_account(Account.Kind.ABSENT) if payout.purpose == RELEASE else payout.case.escrow
    _post(payout, way.posts, source, house_account(way.through), at, actor)
    return _signed(payout, "pay_payout", at=at, actor=actor)


@transaction.atomic
def send_back_payout(payout: Payout, *, reason: str, at: dt.datetime, actor: User) -> Payout:
    """Finance sends an approved payout back to its requester instead of paying it; its receipts are free again."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    payout = _locked(payout, Payout.State.APPROVED)
    _refuse_same_person(payout, actor)
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写退回原因")))
    payout.sent_back_by, payout.sent_back_at, payout.state = actor, at, Payout.State.SENT_BACK
    payout.ended_note = reason.strip()[:200]
    return _signed(payout, "send_back_payout", at=at, actor=actor, reason=payout.ended_note)


def cooling_objections(payout: Payout, *, on: dt.date) -> list[str]:
    """Return why it cannot be paid that day though it may be signed: a changed account cools, an authority has ended.

    The fifteen days run on.
    """
    payee = payout.payee
    if payee is None:
        return []
    reasons = []
    if payee.usable_on and on < payee.usable_on:
        told = {"day": payee.usable_on}
        reasons.append(_("收款账户变更的冷静期未满，%(day)s 起可以付款；十五日期限照常计算") % told)
    if payee.kind == PayeeAccount.Kind.AGENT and payee.agent and not payee.agent.acts_on(on):
        reasons.append(_("代理人的授权已解除或不在期限内"))
    return reasons


def _book_in_the_house(payout: Payout, *, at: dt.datetime, actor: User) -> Payout:
    """Move the money to the other case's escrow, or to the deposit; no bank has to answer."""
    payout.paid_on, payout.answered_at, payout.state = timezone.localdate(at), at, Payout.State.PAID
    credit = payout.target.escrow if payout.target else house_account(Account.Kind.ABSENT)
    _post(payout, WAYS[payout.purpose].posts, payout.case.escrow, credit, at, actor)
    if payout.target is None:
        return _signed(payout, "deposit_absent", at=at, actor=actor, document=payout.document)
    _receive_parts(payout, payout.target, at=at, actor=actor)
    return _signed(payout, "move", at=at, actor=actor, document=payout.document)


def _receive_parts(payout: Payout, target: Case, *, at: dt.datetime, actor: User) -> None:
    """Let what was consumed here arrive there with its first arrival day: moving money never buys days."""
    for part in payout.parts.select_related("receipt").order_by("receipt__arrived_on", "id"):
        first = part.receipt
        receipt = Receipt.objects.create(
            case=target,
            moved_part=part,
            amount=part.amount,
            arrived_on=first.arrived_on,
            due_on=first.due_on,
            due_steps=first.due_steps,
            received_at=at,
        )
        told = {"amount": part.amount, "arrived_on": first.arrived_on, "due_on": first.due_on}
        number = payout.case.display_number
        record(receipt, "move_in", at=at, case=target, actor=actor, number=number, document=payout.document, **told)


@transaction.atomic
def confirm_payout(payout: Payout, *, paid_on: dt.date, at: dt.datetime, actor: User) -> Payout:
    """The bank has paid it on that value day."""
    payout = _locked(payout, Payout.State.SENT)
    payout.paid_on, payout.answered_at, payout.state = paid_on, at, Payout.State.PAID
    payout.unanswered, payout.unanswered_at = "", None
    master = house_account(Account.Kind.BANK_MASTER)
    _post(payout, Transfer.Purpose.CONFIRM, _way_out(payout).credit, master, at, actor)
    return _signed(payout, "confirm_payout", at=at, actor=actor, paid_on=paid_on)


@transaction.atomic
def bounce_payout(payout: Payout, *, reason: str, at: dt.datetime, actor: User) -> Payout:
    """The bank has sent it back: the money is where it came from again, and its receipts are free."""
    payout = _locked(payout, Payout.State.SENT)
    payout.answered_at, payout.ended_note, payout.state = at, reason[:200], Payout.State.BOUNCED
    payout.unanswered, payout.unanswered_at = "", None
    out = _way_out(payout)
    _post(payout, Transfer.Purpose.BOUNCE, out.credit, out.debit, at, actor)
    return _signed(payout, "bounce_payout", at=at, actor=actor, reason=reason)


@transaction.atomic
def reverse_payout(payout: Payout, *, reason: str, at: dt.datetime, actor: User) -> Payout:
    """Another of finance takes back a move or deposit booked in error, by a reversal that names the first transfer.

    Only while nothing of it is asked for or paid on the other side.
    """
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    payout = _locked(payout, Payout.State.PAID)
    if reasons := [
        *reverse_objections(payout, actor),
        *([] if reason.strip() else [of_field("reason", _("请填写冲正原因"))]),
    ]:
        raise Refused(reasons)
    first = _way_out(payout)
    post(
        debit=first.credit,
        credit=first.debit,
        amount=first.amount,
        purpose=Transfer.Purpose.REVERSE,
        reference=f"REV-{first.reference}",
        value_on=timezone.localdate(at),
        at=at,
        actor=actor,
        reverses=first,
        payout=payout,
    )
    told = {"reason": reason.strip()[:200]}
    for receipt in Receipt.objects.live().filter(moved_part__payout=payout).order_by("id"):
        receipt.voided_at, receipt.voided_by, receipt.void_reason = at, actor, told["reason"]
        receipt.save(update_fields=["voided_at", "voided_by", "void_reason"])
        assert payout.target is not None
        record(receipt, "move_back", at=at, case=payout.target, actor=actor, amount=receipt.amount, **told)
    payout.reversed_at, payout.reversed_by, payout.state = at, actor, Payout.State.REVERSED
    payout.ended_note = told["reason"]
    return _signed(payout, "reverse_payout", at=at, actor=actor, **told)


def reverse_objections(payout: Payout, user: User) -> list[str]:
    """Return why the user cannot take this back: it left the house, he booked it, or it is used already."""
    if payout.purpose not in Payout.INTERNAL or not user.has_perm("accounts.pay_payout"):
        return [_("只有本局内部的转入另案和提存可以冲正，由案款管理员办理")]
    reasons = []
    if payout.paid_by_id == user.pk:
        reasons.append(_("须由记账人以外的案款管理员冲正"))
    used = Payout.objects.exclude(state__in=Payout.ENDED).filter(parts__receipt__moved_part__payout=payout)
    if used.exists() or payout.releases_made.exclude(state__in=Payout.ENDED).exists():
        reasons.append(_("该款已在对方申请或发放，不能冲正"))
    return reasons


def _way_out(payout: Payout) -> Transfer:
    """Return the transfer by which the money left its account."""
    return payout.transfers.select_related("debit", "credit").get(
        purpose__in=[way.posts for way in WAYS.values()], reverses__isnull=True
    )


def _locked(payout: Payout, *states: str) -> Payout:
    # A move locks both cases, in the order of their numbers: two opposite ones wait for each other in turn.
    for pk in sorted({payout.case_id, payout.target_id or payout.case_id}):
        locked = Case.objects.held("owner", "judge").get(pk=pk)
        if pk == payout.case_id:
            case = locked
    payout = Payout.objects.select_related("target", "payee", "payee__agent").get(pk=payout.pk)
    payout.case = case
    if payout.batch_row_id:
        raise Refused(_("该笔属于批量发放，请在批次中办理"))
    if payout.state not in states:
        raise Refused(_("该笔发放现为“%(state)s”，不能进行此操作") % {"state": payout.get_state_display()})
    return payout


def _refuse_same_person(payout: Payout, actor: User) -> None:
    if is_signed_by(payout, actor):
        raise Refused(_("申请、审核、审批、付款须由四人分别办理"))


def _refuse_unsettled(payout: Payout, on: dt.date) -> None:
    if reasons := unsettled(payout, on):
        raise Refused(reasons)


def unsettled(payout: Payout, on: dt.date) -> list[str]:
    """Return why it may not be signed that day: its account does not stand, or a delay holds its money back."""
    payee = payee_objections(payout.payee) if payout.payee else []
    return payee + delayed.objections(payout, on=on)


def _post(payout: Payout, purpose: str, debit: Account, credit: Account, at: dt.datetime, actor: User) -> Transfer:
    return post(
        debit=debit,
        credit=credit,
        amount=payout.amount,
        purpose=purpose,
        reference=f"{purpose}-{payout.reference}",
        value_on=booking_day(payout.paid_on or timezone.localdate(at)),
        at=at,
        actor=actor,
        payout=payout,
    )


def _signed(payout: Payout, verb: str, *, at: dt.datetime, actor: User, **details: object) -> Payout:
    payout.save(update_fields=STEP_FIELDS)
    _record(payout, verb, at=at, actor=actor, **details)
    return payout


def _record(payout: Payout, verb: str, *, at: dt.datetime, actor: User, **details: object) -> None:
    record(payout, verb, at=at, case=payout.case, actor=actor, payout=payout.pk, amount=payout.amount, **details)
