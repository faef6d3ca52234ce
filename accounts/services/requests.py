"""Asking for money out of a case, for every purpose: what may be asked for, and which receipts it consumes."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import delayed
from accounts.models import PayeeAccount, Payout, PayoutPart, Receipt, Unmatch
from accounts.purposes import ABSENT, MOVE, PURPOSE_OF_PAYEE, RELEASE, WAYS
from accounts.statement import NOTHING, Reckoned, reckoned
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.money import yuan
from cases.evidence import named
from cases.models import Case, Party
from cases.record import record

CALCULATION_MAX, DOCUMENT_MAX = 2000, 200


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
    """Ask for a payment to a confirmed account; what it is for follows from whose account it is.

    The same reference again gives the first request; with other content it is refused.
    """
    purpose = PURPOSE_OF_PAYEE[payee.kind]
    asked = Payout(purpose=purpose, payee=payee, amount=amount, calculation=calculation, document=payee.document)
    return ask(case, asked, reference=reference, at=at, actor=actor)


@transaction.atomic
def request_move(
    case: Case,
    *,
    target: Case,
    amount: Decimal,
    calculation: str,
    paper: str,
    reference: str,
    at: dt.datetime,
    actor: User,
) -> Payout:
    """Ask to pass money on to another case of the bureau, by its distribution plan or 协助通知 in the file."""
    asked = Payout(purpose=MOVE, target=target, amount=amount, calculation=calculation, paper=paper)
    return ask(case, asked, reference=reference, at=at, actor=actor)


@transaction.atomic
def deposit_absent(
    case: Case,
    *,
    absent: Party,
    amount: Decimal,
    calculation: str,
    paper: str,
    reference: str,
    at: dt.datetime,
    actor: User,
) -> Payout:
    """Ask to deposit (提存) what a creditor refuses, or who cannot be found or has no known heirs (民法典 570)."""
    asked = Payout(purpose=ABSENT, absent=absent, amount=amount, calculation=calculation, paper=paper)
    return ask(case, asked, reference=reference, at=at, actor=actor)


@transaction.atomic
def release_deposit(
    deposit: Payout,
    *,
    payee: PayeeAccount,
    amount: Decimal,
    calculation: str,
    reference: str,
    at: dt.datetime,
    actor: User,
) -> Payout:
    """Ask to pay out what was deposited, to the creditor or to who takes his place (民法典 574)."""
    asked = Payout(
        purpose=RELEASE, payee=payee, releases=deposit, amount=amount, calculation=calculation, document=payee.document
    )
    return ask(deposit.case, asked, reference=reference, at=at, actor=actor)


def may_ask(case: Case, user: User, purpose: str = "") -> bool:
    """Return whether the user may ask: the stage's owner; after the end, for a release, the judge of the case."""
    if case.owner_id == user.pk and user.has_perm("accounts.request_payout"):
        return True
    is_judge = case.judge_id == user.pk and user.has_perm("accounts.check_payout")
    return purpose == RELEASE and not case.is_open and is_judge


def ask(case: Case, asked: Payout, *, reference: str, at: dt.datetime, actor: User) -> Payout:
    """Ask for what an unsaved payout says; runs inside a transaction, the same reference again gives the first."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not may_ask(case, actor, asked.purpose):
        raise PermissionDenied
    asked.case, asked.reference, asked.requested_by, asked.requested_at = case, reference, actor, at
    asked.calculation = asked.calculation.strip()[:CALCULATION_MAX]
    if first := Payout.objects.filter(reference=reference).first():
        if _content(first) != _content(asked):
            raise Refused(_("该申请编号已用于另一笔发放"))
        return first
    if asked.payee:
        # Read again under the lock: a change of the account may have come in between.
        asked.payee = PayeeAccount.objects.select_related("party").get(pk=asked.payee.pk)
    if asked.purpose in Payout.INTERNAL and not asked.share_id:
        paper = named(case, asked.paper)
        asked.document, asked.paper = (paper.words, paper.ref) if paper else ("", "")
    asked.document = asked.document.strip()[:DOCUMENT_MAX]
    if reasons := request_objections(asked):
        raise Refused(reasons)
    asked.save()
    _take_parts(asked)
    told = {
        "purpose": asked.purpose,
        "document": asked.document,
        "last4": asked.payee.number_last4 if asked.payee else "",
    }
    record(asked, "request_payout", at=at, case=case, actor=actor, payout=asked.pk, amount=asked.amount, **told)
    return asked


def _content(payout: Payout) -> tuple[object, ...]:
    whom = (payout.purpose, payout.payee_id, payout.target_id, payout.absent_id, payout.share_id, payout.releases_id)
    return (payout.case_id, *whom, payout.amount, payout.calculation, payout.paper or payout.document)


def request_objections(asked: Payout) -> list[str]:
    """Return why this may not be asked for."""
    case, reasons = asked.case, []
    if asked.purpose != RELEASE and (not (case.is_open or case.lives_on) or case.stage == Case.Stage.SUSPENDED):
        reasons.append(_("案件已结案或中止，不能申请发放"))
    reasons += _whom_objections(asked)
    if asked.amount <= 0 or asked.amount != round(asked.amount, 2):
        reasons.append(of_field("amount", _("金额应大于零，最多两位小数")))
    if not asked.calculation:
        reasons.append(of_field("calculation", _("请填写计算说明")))
    return reasons + _sum_objections(asked, reckoned(case, on=timezone.localdate(asked.requested_at)))


def _whom_objections(asked: Payout) -> list[str]:
    case, payee = asked.case, asked.payee
    reasons = []
    if payee and payee.case_id != case.pk:
        reasons.append(of_field("payee", _("收款账户不属于本案")))
    if payee and payee.kind not in WAYS[asked.purpose].payees:
        reasons.append(
            of_field("payee", _("该收款账户不能用于“%(purpose)s”") % {"purpose": asked.get_purpose_display()})
        )
    if payee:
        reasons += payee_objections(payee)
    elif not asked.document:
        reasons.append(of_field("paper", _("请选择本案卷宗中的依据文书或材料")))
    if asked.purpose == MOVE and asked.target:
        reasons += _target_objections(case, asked.target)
    if asked.releases and asked.releases.share_id:
        reasons.append(_("争议份额的提存，争议结束后由案款管理员冲正，再按方案发放"))
    if asked.absent and (asked.absent.case_id != case.pk or asked.absent.side != Party.Side.APPLICANT):
        reasons.append(of_field("party", _("只能为本案申请执行人提存")))
    return reasons


def _target_objections(case: Case, target: Case) -> list[str]:
    if target.pk == case.pk:
        return [of_field("target", _("不能转入本案"))]
    if target.executing_unit != Case.ExecutingUnit.BUREAU or not hasattr(target, "escrow"):
        return [of_field("target", _("另案不由本局执行，应录入该院执行款专户后转付"))]
    if not (target.is_open or target.lives_on):
        return [of_field("target", _("另案已结案，不能转入"))]
    return []


def _sum_objections(asked: Payout, statement: Reckoned) -> list[str]:
    amount, limit = asked.amount, WAYS[asked.purpose].limit
    if asked.releases:
        left = deposit_left(asked.releases)
        return [of_field("amount", _("提存款尚余 %(left)s 元") % {"left": yuan(left)})] if amount > left else []
    reasons = []
    if amount > statement.available:
        reasons.append(
            of_field("amount", _("可发放余额为 %(available)s 元") % {"available": yuan(statement.available)})
        )
    elif asked.purpose in delayed.HELD and not asked.share and amount > statement.payable:
        reasons.append(of_field("amount", delayed.words(asked.case, on=statement.on)))
    is_ours = asked.purpose != ABSENT or asked.absent_id is not None
    if limit == "owed" and is_ours and amount > statement.to_ask:
        reasons.append(of_field("amount", _beyond_owed(statement)))
    if limit == "surplus" and amount > statement.surplus:
        reasons.append(of_field("amount", _no_surplus(statement)))
    return reasons


def _beyond_owed(statement: Reckoned) -> str:
    told = {"day": statement.on, "left": yuan(statement.to_ask)}
    if not statement.is_certain:
        return _("截至 %(day)s 可发放申请执行人 %(left)s 元；利息尚不能核算，请承办法官先录入计算方法") % told
    return _("截至 %(day)s 可发放申请执行人 %(left)s 元（含利息和加倍部分）；超出的先缴执行申请费，余款退还") % told


def _no_surplus(statement: Reckoned) -> str:
    if not statement.is_certain:
        return _("利息尚不能核算，不能认定余款；请承办法官先录入计算方法")
    return _("只能退还超出应付申请执行人和执行申请费的余款 %(surplus)s 元") % {"surplus": yuan(statement.surplus)}


def deposit_left(deposit: Payout) -> Decimal:
    """Return what of a deposit is neither released nor asked for, in yuan; nothing before it is booked."""
    if deposit.purpose != ABSENT or deposit.state != Payout.State.PAID:
        return NOTHING
    live = deposit.releases_made.exclude(state__in=Payout.ENDED)
    taken: Decimal = live.aggregate(total=Sum("amount"))["total"] or NOTHING
    return deposit.amount - taken


def payee_objections(payee: PayeeAccount) -> list[str]:
    """Return why no money may go to this account now; the days of its receipts run on meanwhile."""
    reasons = []
    if payee.kind == PayeeAccount.Kind.AGENT and payee.agent and payee.agent.revoked_at:
        reasons.append(of_field("payee", _("代理人的授权已解除，不能再向其发放")))
    if payee.state != PayeeAccount.State.CONFIRMED or payee.replaced_at:
        reasons.append(of_field("payee", _("收款账户未经确认或已停用")))
    if payee.kind == PayeeAccount.Kind.APPLICANT and payee.party and not payee.party.is_current:
        reasons.append(of_field("payee", _("该申请执行人已变更，不能再向其发放")))
    if not payee.bears_the_name:
        reasons.append(of_field("payee", _("户名与更正后的当事人姓名或名称不一致，须重新确认收款账户")))
    if payee.party_id and PayeeAccount.objects.pending().filter(party=payee.party_id).exists():
        reasons.append(of_field("payee", _("收款账户待另一人确认，确认前不能发放")))
    return reasons


def _take_parts(payout: Payout) -> None:
    """Consume the case's receipts first-in first-out; a release consumed them when it was deposited."""
    if payout.purpose == RELEASE:
        return
    left = payout.amount
    parts = []
    live = ~Q(payout__state__in=Payout.ENDED)
    taken: dict[int, Decimal] = {}
    for part in PayoutPart.objects.filter(live, receipt__case=payout.case):
        taken[part.receipt_id] = taken.get(part.receipt_id, Decimal("0.00")) + part.amount
    receipts = Receipt.objects.live().filter(case=payout.case)
    if payout.purpose in delayed.HELD and not payout.share_id:
        on = timezone.localdate(payout.requested_at)
        receipts = receipts.exclude(pk__in=delayed.standing(on=on).values("receipt"))
    # What may be another case's is not paid until somebody has checked.
    doubted = Unmatch.objects.waiting().filter(receipt__case=payout.case).values("receipt")
    receipts = receipts.exclude(pk__in=doubted)
    for receipt in receipts.order_by("arrived_on", "id"):
        take = min(left, receipt.amount - taken.get(receipt.pk, Decimal("0.00")))
        if take > 0:
            parts.append(PayoutPart(payout=payout, receipt=receipt, amount=take))
            left -= take
        if left == 0:
            break
    if left:
        words = _("有来款正在申请退回待认领，复核前不能发放；其余到账案款不足")
        raise Refused(of_field("amount", words if doubted.exists() else _("到账案款不足")))
    PayoutPart.objects.bulk_create(parts)
