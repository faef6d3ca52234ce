"""Money out: request → check → approve → pay → the bank's answer; four people (法〔2021〕322号, 法发〔2017〕6号)."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, PayeeAccount, Payout, PayoutPart, Receipt, Transfer
from accounts.services.ledger import house_account, post
from accounts.statement import ASKED, statement_of
from bureau.errors import Refused
from bureau.models import Deputy, User
from bureau.money import yuan
from bureau.roles import has_role
from cases.models import Case
from cases.record import record

CALCULATION_MAX = 2000
# What a step may change: never whom the money goes to, or how much.
STEP_FIELDS = (
    *("state", "checked_by", "checked_at", "approved_by", "approved_at", "approved_as", "paid_by", "sent_at"),
    *("answered_at", "paid_on", "ended_note"),
)


@transaction.atomic
def request_payout(
    case: Case,
    *,
    payee: PayeeAccount,
    amount: Decimal,
    calculation: str,
    reference: str,
    at: dt.datetime,
    actor: User,
) -> Payout:
    """Ask for a payment out of the case's escrow; the same reference again gives the first request."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not actor.has_perm("accounts.request_payout") or case.owner_id != actor.pk:
        raise PermissionDenied
    if first := Payout.objects.filter(reference=reference).first():
        if (first.case_id, first.payee_id, first.amount) != (case.pk, payee.pk, amount):
            raise Refused(_("该申请编号已用于另一笔发放"))
        return first
    # Read again under the lock: a change of the account may have come in between.
    payee = PayeeAccount.objects.select_related("party").get(pk=payee.pk)
    if reasons := request_objections(case, payee, amount, calculation):
        raise Refused(reasons)
    payout = Payout.objects.create(
        case=case,
        payee=payee,
        amount=amount,
        calculation=calculation.strip()[:CALCULATION_MAX],
        reference=reference,
        requested_by=actor,
        requested_at=at,
    )
    _take_parts(payout)
    _record(payout, "request_payout", at=at, actor=actor, last4=payee.number_last4)
    return payout


def request_objections(case: Case, payee: PayeeAccount, amount: Decimal, calculation: str) -> list[str]:
    """Return why this payment may not be asked for."""
    reasons = []
    if not (case.is_open or case.lives_on) or case.stage == Case.Stage.SUSPENDED:
        reasons.append(_("案件已结案或中止，不能申请发放"))
    if payee.party is None or payee.party.case_id != case.pk:
        reasons.append(_("收款账户不属于本案当事人"))
    reasons += payee_objections(payee)
    if amount <= 0 or amount != round(amount, 2):
        reasons.append(_("金额应大于零，最多两位小数"))
    if not calculation.strip():
        reasons.append(_("请填写计算说明"))
    statement = statement_of(case)
    if amount > statement.available:
        reasons.append(_("可发放余额为 %(available)s 元") % {"available": yuan(statement.available)})
    if payee.kind == PayeeAccount.Kind.APPLICANT and amount > statement.owed - statement.in_flight_to_applicants:
        reasons.append(_("超出尚欠金额，余款应退还被执行人"))
    if payee.kind == PayeeAccount.Kind.DEBTOR and amount > statement.surplus:
        reasons.append(_("只能退还超出尚欠金额的余款 %(surplus)s 元") % {"surplus": yuan(statement.surplus)})
    return reasons


def payee_objections(payee: PayeeAccount) -> list[str]:
    """Return why no money may go to this account now; the days of its receipts run on meanwhile."""
    reasons = []
    if payee.state != PayeeAccount.State.CONFIRMED or payee.replaced_at:
        reasons.append(_("收款账户未经确认或已停用"))
    if payee.kind == PayeeAccount.Kind.APPLICANT and payee.party and not payee.party.is_current:
        reasons.append(_("该申请执行人已变更，不能再向其发放"))
    if not payee.bears_the_name:
        reasons.append(_("户名与更正后的当事人姓名或名称不一致，须重新确认收款账户"))
    if PayeeAccount.objects.pending().filter(party=payee.party_id).exists():
        reasons.append(_("收款账户变更待另一人确认，确认前不能发放"))
    return reasons


def withdraw_requests(payee: PayeeAccount, *, reason: str, at: dt.datetime, actor: User) -> None:
    """Send back what was asked for a replaced account and is not with the bank; needs the case row's lock."""
    for payout in Payout.objects.filter(payee=payee, state__in=ASKED).select_related("case").order_by("id"):
        payout.state, payout.ended_note = Payout.State.REJECTED, reason
        _signed(payout, "reject_payout", at=at, actor=actor, reason=reason)


def _take_parts(payout: Payout) -> None:
    """Consume the case's receipts first-in first-out."""
    left = payout.amount
    parts = []
    live = ~Q(payout__state__in=Payout.ENDED)
    taken: dict[int, Decimal] = {}
    for part in PayoutPart.objects.filter(live, receipt__case=payout.case):
        taken[part.receipt_id] = taken.get(part.receipt_id, Decimal("0.00")) + part.amount
    for receipt in Receipt.objects.live().filter(case=payout.case).order_by("arrived_on", "id"):
        take = min(left, receipt.amount - taken.get(receipt.pk, Decimal("0.00")))
        if take > 0:
            parts.append(PayoutPart(payout=payout, receipt=receipt, amount=take))
            left -= take
        if left == 0:
            break
    if left:
        raise Refused(_("到账案款不足"))
    PayoutPart.objects.bulk_create(parts)


@transaction.atomic
def check_payout(payout: Payout, *, at: dt.datetime, actor: User) -> Payout:
    """The judge has checked sum and payee; a judge who requested it leaves it to another judge."""
    payout = _locked(payout, Payout.State.REQUESTED)
    if not may_check(payout, actor):
        raise PermissionDenied
    _refuse_unsettled_payee(payout)
    payout.checked_by, payout.checked_at, payout.state = actor, at, Payout.State.CHECKED
    return _signed(payout, "check_payout", at=at, actor=actor)


def may_check(payout: Payout, user: User) -> bool:
    """Return whether this judge may check it: the case's judge, or another one when that judge requested it."""
    if not user.has_perm("accounts.check_payout") or user.pk == payout.requested_by_id:
        return False
    return payout.case.judge_id in (user.pk, payout.requested_by_id)


@transaction.atomic
def approve_payout(payout: Payout, *, at: dt.datetime, actor: User) -> Payout:
    """The chief approves, or in his absence an authorised deputy, whose authority is kept with the payment."""
    payout = _locked(payout, Payout.State.CHECKED)
    authority = deputy_authority(actor, on=timezone.localdate(at))
    if not may_approve(actor, on=timezone.localdate(at)):
        raise PermissionDenied
    _refuse_same_person(payout, actor)
    _refuse_unsettled_payee(payout)
    payout.approved_by, payout.approved_at, payout.state = actor, at, Payout.State.APPROVED
    payout.approved_as = None if has_role(actor, "CHIEF") else authority
    return _signed(payout, "approve_payout", at=at, actor=actor, deputy=authority.pk if authority else None)


def may_approve(user: User, *, on: dt.date) -> bool:
    """Return whether the user approves payouts that day: the chief, or whoever is authorised to sign for him."""
    return has_role(user, "CHIEF") or deputy_authority(user, on=on) is not None


def acts_for(payout: Payout, user: User, *, on: dt.date) -> list[str]:
    """Return what the user may do with the payout now, by the rules that the services themselves ask."""
    state, acts = payout.state, []
    if state == Payout.State.REQUESTED and may_check(payout, user):
        acts = ["check", "reject"]
    elif state == Payout.State.CHECKED and may_approve(user, on=on):
        acts = ["reject"] if is_signed_by(payout, user) else ["approve", "reject"]
    elif state == Payout.State.APPROVED and user.has_perm("accounts.pay_payout") and not is_signed_by(payout, user):
        acts = ["pay"]
    if acts and payee_objections(payout.payee):
        return [act for act in acts if act == "reject"]
    return acts


def is_signed_by(payout: Payout, user: User) -> bool:
    """Return whether the user has already signed a step of this payout."""
    return user.pk in (payout.requested_by_id, payout.checked_by_id, payout.approved_by_id)


def deputy_authority(user: User, *, on: dt.date) -> Deputy | None:
    """Return the user's authority to approve payouts that day, if any."""
    return Deputy.objects.filter(
        deputy=user,
        act=Deputy.Act.APPROVE_PAYOUT,
        from_on__lte=on,
        until_on__gte=on,
        revoked_at__isnull=True,
    ).first()


@transaction.atomic
def reject_payout(payout: Payout, *, reason: str, at: dt.datetime, actor: User) -> Payout:
    """Checker or approver sends the request back with a reason; its receipts are free again."""
    if not reason.strip():
        raise Refused(_("请填写驳回原因"))
    payout = _locked(payout, Payout.State.REQUESTED, Payout.State.CHECKED)
    is_checking = payout.state == Payout.State.REQUESTED and may_check(payout, actor)
    is_approving = payout.state == Payout.State.CHECKED and may_approve(actor, on=timezone.localdate(at))
    if not (is_checking or is_approving):
        raise PermissionDenied
    payout.state, payout.ended_note = Payout.State.REJECTED, reason.strip()[:200]
    return _signed(payout, "reject_payout", at=at, actor=actor, reason=reason.strip())


@transaction.atomic
def pay_payout(payout: Payout, *, at: dt.datetime, actor: User) -> Payout:
    """Finance pays: the money leaves escrow and is in transit until the bank answers."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    payout = _locked(payout, Payout.State.APPROVED)
    _refuse_same_person(payout, actor)
    _refuse_unsettled_payee(payout)
    payout.paid_by, payout.sent_at, payout.state = actor, at, Payout.State.SENT
    _post(payout, Transfer.Purpose.PAYOUT, payout.case.escrow, house_account(Account.Kind.IN_TRANSIT), at, actor)
    return _signed(payout, "pay_payout", at=at, actor=actor)


@transaction.atomic
def confirm_payout(payout: Payout, *, paid_on: dt.date, at: dt.datetime, actor: User) -> Payout:
    """The bank has paid it on that value day."""
    payout = _locked(payout, Payout.State.SENT)
    payout.paid_on, payout.answered_at, payout.state = paid_on, at, Payout.State.PAID
    transit, master = house_account(Account.Kind.IN_TRANSIT), house_account(Account.Kind.BANK_MASTER)
    _post(payout, Transfer.Purpose.CONFIRM, transit, master, at, actor)
    return _signed(payout, "confirm_payout", at=at, actor=actor, paid_on=paid_on)


@transaction.atomic
def bounce_payout(payout: Payout, *, reason: str, at: dt.datetime, actor: User) -> Payout:
    """The bank has sent it back: the money is in escrow again and its receipts are free."""
    payout = _locked(payout, Payout.State.SENT)
    payout.answered_at, payout.ended_note, payout.state = at, reason[:200], Payout.State.BOUNCED
    _post(payout, Transfer.Purpose.BOUNCE, house_account(Account.Kind.IN_TRANSIT), payout.case.escrow, at, actor)
    return _signed(payout, "bounce_payout", at=at, actor=actor, reason=reason)


def _locked(payout: Payout, *states: str) -> Payout:
    case = Case.objects.held("owner", "judge").get(pk=payout.case_id)
    payout = Payout.objects.get(pk=payout.pk)
    payout.case = case
    if payout.state not in states:
        raise Refused(_("该笔发放现为“%(state)s”，不能进行此操作") % {"state": payout.get_state_display()})
    return payout


def _refuse_same_person(payout: Payout, actor: User) -> None:
    if is_signed_by(payout, actor):
        raise Refused(_("申请、审核、审批、付款须由四人分别办理"))


def _refuse_unsettled_payee(payout: Payout) -> None:
    if reasons := payee_objections(payout.payee):
        raise Refused(reasons)


def _post(payout: Payout, purpose: str, debit: Account, credit: Account, at: dt.datetime, actor: User) -> Transfer:
    return post(
        debit=debit,
        credit=credit,
        amount=payout.amount,
        purpose=purpose,
        reference=f"{purpose}-{payout.reference}",
        value_on=payout.paid_on or timezone.localdate(at),
        at=at,
        actor=actor,
    )


def _signed(payout: Payout, verb: str, *, at: dt.datetime, actor: User, **details: object) -> Payout:
    payout.save(update_fields=STEP_FIELDS)
    _record(payout, verb, at=at, actor=actor, **details)
    return payout


def _record(payout: Payout, verb: str, *, at: dt.datetime, actor: User, **details: object) -> None:
    record(payout, verb, at=at, case=payout.case, actor=actor, payout=payout.pk, amount=payout.amount, **details)
