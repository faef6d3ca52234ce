"""Distribution: plan, service, objections in their days, undisputed parts paid, disputed ones deposited (CPLI 509)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Distribution, DistributionShare, PayeeAccount, Payout, PlanObjection
from accounts.purposes import ABSENT, CLAIM, COURT, MOVE
from accounts.services.requests import ask
from accounts.shares import ShareData
from accounts.statement import NOTHING, statement_of
from bureau.errors import Refused, of_field
from bureau.models import Holiday, User
from bureau.money import yuan
from cases import nodes
from cases.models import Case, Party
from cases.record import record

# What is noted on an objection: field, verb of the record, and the field that must come before.
NOTES = {
    "NOTIFIED": ("notified_on", "notify_plan_objection", "received_on"),
    "COUNTERED": ("countered_on", "counter_plan_objection", "notified_on"),
    "COUNTER_NOTIFIED": ("counter_notified_on", "notify_plan_counter", "countered_on"),
    "SUIT": ("suit_on", "file_plan_suit", "counter_notified_on"),
}


@transaction.atomic
def propose_plan(
    case: Case, *, document: str, pool: Decimal, shares: Sequence[ShareData], at: dt.datetime, actor: User
) -> Distribution:
    """Propose how the money of a case is shared; the arithmetic was done before and stands in the plan's paper."""
    case = _held(case, actor)
    if reasons := plan_objections(case, document, pool, shares):
        raise Refused(reasons)
    plan = Distribution.objects.create(
        case=case, document=document.strip()[:200], pool=pool, proposed_at=at, proposed_by=actor
    )
    DistributionShare.objects.bulk_create(
        DistributionShare(
            distribution=plan,
            position=position,
            creditor=share.creditor.strip()[:100],
            claimed=share.claimed,
            amount=share.amount,
            party=share.party,
            target=share.target,
            payee=share.payee,
        )
        for position, share in enumerate(shares, start=1)
    )
    _record(plan, "propose_plan", at=at, actor=actor, amount=pool, count=len(shares), document=plan.document)
    return plan


def plan_objections(case: Case, document: str, pool: Decimal, shares: Sequence[ShareData]) -> list[str]:
    """Return why no such plan can be made."""
    reasons = []
    if not document.strip():
        reasons.append(of_field("document", _("请填写分配方案名称和文号")))
    if not shares:
        reasons.append(of_field("shares", _("请填写各债权人的分配额")))
    available = statement_of(case).available
    if not NOTHING < pool <= available:
        reasons.append(
            of_field(
                "pool", _("可分配金额应大于零，不超过可申请余额 %(available)s 元") % {"available": yuan(available)}
            )
        )
    if sum((share.amount for share in shares), NOTHING) > pool:
        reasons.append(of_field("shares", _("各债权人分配额合计超过可分配金额")))
    if any(not NOTHING <= share.amount <= share.claimed for share in shares):
        reasons.append(of_field("shares", _("分配额不能超过债权额")))
    if any(share.amount != round(share.amount, 2) for share in shares):
        reasons.append(of_field("shares", _("金额最多两位小数")))
    reasons += [
        of_field("shares", _("“%(name)s”的去向有误") % {"name": share.creditor})
        for share in shares
        if not _goes(case, share)
    ]
    if case.distributions.filter(state__in=[Distribution.State.PROPOSED, Distribution.State.APPROVED]).exists():
        reasons.append(_("本案已有未送达的分配方案"))
    return reasons


def _goes(case: Case, share: ShareData) -> bool:
    ways = [way for way in (share.party, share.target, share.payee) if way is not None]
    if len(ways) != 1 or not share.creditor.strip():
        return False
    if share.party:
        return share.party.case_id == case.pk and share.party.side == Party.Side.APPLICANT
    if share.target:
        is_ours = share.target.executing_unit == Case.ExecutingUnit.BUREAU
        return is_ours and share.target.pk != case.pk and (share.target.is_open or share.target.lives_on)
    assert share.payee is not None
    return share.payee.case_id == case.pk and share.payee.kind == PayeeAccount.Kind.COURT


@transaction.atomic
def approve_plan(plan: Distribution, *, at: dt.datetime, actor: User) -> Distribution:
    """The judge of the case approves the plan; never who proposed it."""
    case = Case.objects.held("owner", "judge").get(pk=plan.case_id)
    if not actor.has_perm("accounts.check_payout") or case.judge_id != actor.pk:
        raise PermissionDenied
    plan = _in_state(plan, Distribution.State.PROPOSED)
    if plan.proposed_by_id == actor.pk:
        raise Refused(_("不得核准本人提出的方案"))
    plan.approved_by, plan.approved_at, plan.state = actor, at, Distribution.State.APPROVED
    return _signed(plan, "approve_plan", at=at, actor=actor)


@transaction.atomic
def withdraw_plan(plan: Distribution, *, reason: str, at: dt.datetime, actor: User) -> Distribution:
    """A plan that was not served yet is taken back, to be made anew."""
    _held(plan.case, actor)
    plan = _in_state(plan, Distribution.State.PROPOSED, Distribution.State.APPROVED)
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写撤回原因")))
    plan.state = Distribution.State.WITHDRAWN
    return _signed(plan, "withdraw_plan", at=at, actor=actor, reason=reason.strip()[:200])


@transaction.atomic
def serve_plan(plan: Distribution, *, served_on: dt.date, at: dt.datetime, actor: User) -> Distribution:
    """The plan has reached the last of creditors and debtor: fifteen days for objections run from that day."""
    _held(plan.case, actor)
    plan = _in_state(plan, Distribution.State.APPROVED)
    assert plan.approved_at is not None
    if not timezone.localdate(plan.approved_at) <= served_on <= timezone.localdate(at):
        raise Refused(of_field("served_on", _("送达日应在核准日至今天之间")))
    plan.served_on, plan.objections_due_on = served_on, _due("PLAN_OBJECTION", served_on)
    plan.state = Distribution.State.SERVED
    return _signed(plan, "serve_plan", at=at, actor=actor, served_on=served_on, due_on=plan.objections_due_on)


@transaction.atomic
def object_to_plan(
    share: DistributionShare, *, by_name: str, amount: Decimal, received_on: dt.date, at: dt.datetime, actor: User
) -> PlanObjection:
    """A creditor or the debtor objects in writing to a share, in time; that sum is disputed from now on."""
    case = _held(share.distribution.case, actor)
    plan = _in_state(share.distribution, Distribution.State.SERVED)
    assert plan.served_on is not None
    assert plan.objections_due_on is not None
    reasons = []
    if not by_name.strip():
        reasons.append(of_field("by_name", _("请填写异议人")))
    if not plan.served_on <= received_on <= min(plan.objections_due_on, timezone.localdate(at)):
        reasons.append(
            of_field(
                "received_on", _("异议应在送达后至 %(day)s 提出，收到日不晚于今天") % {"day": plan.objections_due_on}
            )
        )
    left = share_left(share)
    if not NOTHING < amount <= left:
        reasons.append(
            of_field("amount", _("争议金额应大于零，不超过该份尚未发放的 %(left)s 元") % {"left": yuan(left)})
        )
    if reasons:
        raise Refused(reasons)
    objection = PlanObjection.objects.create(
        share=share, by_name=by_name.strip()[:100], amount=amount, received_on=received_on
    )
    record(objection, "object_to_plan", at=at, case=case, actor=actor, amount=amount, distribution=plan.pk)
    return objection


@transaction.atomic
def note_objection(objection: PlanObjection, *, what: str, on: dt.date, at: dt.datetime, actor: User) -> PlanObjection:
    """Note what followed an objection: others told, counter-opinion, objector told, lawsuit; each opens its days."""
    case = _held(objection.share.distribution.case, actor)
    objection = PlanObjection.objects.get(pk=objection.pk)
    field, verb, before = NOTES[what]
    earlier: dt.date | None = getattr(objection, before)
    if objection.result or getattr(objection, field):
        raise Refused(_("该事项已登记或异议已结束"))
    if earlier is None or not earlier <= on <= timezone.localdate(at):
        raise Refused(of_field("on", _("须在前一事项之后，且不晚于今天")))
    limit = {"COUNTERED": "COUNTER_OPINION", "SUIT": "PLAN_SUIT"}.get(what)
    if limit and on > _due(limit, earlier):
        raise Refused(of_field("on", _("期限已于 %(day)s 届满") % {"day": _due(limit, earlier)}))
    setattr(objection, field, on)
    objection.save(update_fields=[field])
    record(objection, verb, at=at, case=case, actor=actor, on=on)
    return objection


@transaction.atomic
def end_objection(
    objection: PlanObjection,
    *,
    result: str,
    awarded_to: DistributionShare | None,
    document: str,
    at: dt.datetime,
    actor: User,
) -> PlanObjection:
    """The dispute is over: by the plan as it was, or somebody else gets the disputed sum (CPLI 510)."""
    case = _held(objection.share.distribution.case, actor)
    objection = PlanObjection.objects.select_related("share").get(pk=objection.pk)
    reasons = [] if document.strip() else [of_field("document", _("请填写结束依据"))]
    if objection.result:
        reasons.append(_("该异议已结束"))
    is_changed = result == PlanObjection.Result.CHANGED
    if is_changed != (awarded_to is not None) or result not in ("KEPT", "CHANGED"):
        reasons.append(of_field("awarded_to", _("改由他人受偿的须选择受偿人，按原方案的不选")))
    if awarded_to and (awarded_to.distribution_id != objection.share.distribution_id or awarded_to == objection.share):
        reasons.append(of_field("awarded_to", _("受偿人须是同一方案的其他债权人")))
    if reasons:
        raise Refused(reasons)
    objection.result, objection.awarded_to = result, awarded_to
    objection.ended_on, objection.document = timezone.localdate(at), document.strip()[:200]
    objection.save(update_fields=["result", "awarded_to", "ended_on", "document"])
    record(objection, "end_plan_objection", at=at, case=case, actor=actor, document=objection.document)
    return objection


@transaction.atomic
def pay_share(share: DistributionShare, *, at: dt.datetime, actor: User) -> Payout:
    """Ask to pay what of a share is undisputed, once the days for objections are over; it goes on by four people."""
    case, plan = _held(share.distribution.case, actor), share.distribution
    if not plan.is_final(on=timezone.localdate(at)):
        raise Refused(_("异议期届满后才能发放"))
    amount = share_left(share)
    if amount <= 0:
        raise Refused(_("该份没有可发放的无争议金额"))
    asked = Payout(share=share, amount=amount, document=plan.document, calculation=_calculation(share))
    if share.party_id:
        asked.purpose, asked.payee = CLAIM, PayeeAccount.objects.live().filter(party=share.party_id).first()
        if asked.payee is None:
            raise Refused(_("申请执行人尚无已确认的收款账户，请其到窗口确认"))
    elif share.target_id:
        asked.purpose, asked.target = MOVE, share.target
    else:
        asked.purpose, asked.payee = COURT, share.payee
    return ask(case, asked, reference=_reference(share), at=at, actor=actor)


@transaction.atomic
def deposit_share(share: DistributionShare, *, at: dt.datetime, actor: User) -> Payout:
    """Ask to deposit what of a share is disputed; after the dispute finance reverses it and the share is paid."""
    case, amount = _held(share.distribution.case, actor), disputed(share) - _deposited(share)
    if amount <= 0:
        raise Refused(_("该份没有待提存的争议金额"))
    asked = Payout(purpose=ABSENT, share=share, absent=share.party, amount=amount, document=share.distribution.document)
    asked.calculation = _calculation(share)
    return ask(case, asked, reference=_reference(share), at=at, actor=actor)


def disputed(share: DistributionShare) -> Decimal:
    """Return the yuan of a share in open dispute, from what is loaded."""
    return _sum(row for row in share.objections.all() if not row.result)


def share_left(share: DistributionShare) -> Decimal:
    """Return the yuan of a share that are undisputed and neither paid nor asked for, from what is loaded."""
    changed = PlanObjection.Result.CHANGED
    lost = _sum(row for row in share.objections.all() if row.result == changed)
    won = _sum(row for row in share.awards.all() if row.result == changed)
    paid = _sum(row for row in _live(share) if row.purpose != ABSENT)
    return share.amount - disputed(share) - lost + won - paid


def _deposited(share: DistributionShare) -> Decimal:
    return _sum(row for row in _live(share) if row.purpose == ABSENT)


def _live(share: DistributionShare) -> list[Payout]:
    return [row for row in share.payouts.all() if row.state not in Payout.ENDED]


def _sum(rows: Iterable[PlanObjection | Payout]) -> Decimal:
    return sum((row.amount for row in rows), NOTHING)


def _calculation(share: DistributionShare) -> str:
    return f"{share.distribution.document} {share.creditor} {yuan(share.claimed)} {yuan(share.amount)}"


def _reference(share: DistributionShare) -> str:
    return f"D{share.distribution_id}-{share.position}-{share.payouts.count() + 1}"


def _due(node: str, start: dt.date) -> dt.date:
    return nodes.counted(nodes.BY_CODE[node], start, days=Holiday.objects.calendar()).due_on


def _held(case: Case, actor: User) -> Case:
    case = Case.objects.held("owner", "judge").get(pk=case.pk)
    if not actor.has_perm("accounts.request_payout") or case.owner_id != actor.pk:
        raise PermissionDenied
    return case


def _in_state(plan: Distribution, *states: str) -> Distribution:
    plan = Distribution.objects.select_related("case").get(pk=plan.pk)
    if plan.state not in states:
        raise Refused(_("该分配方案现为“%(state)s”，不能进行此操作") % {"state": plan.get_state_display()})
    return plan


def _signed(plan: Distribution, verb: str, *, at: dt.datetime, actor: User, **details: object) -> Distribution:
    plan.save()
    _record(plan, verb, at=at, actor=actor, **details)
    return plan


def _record(plan: Distribution, verb: str, *, at: dt.datetime, actor: User, **details: object) -> None:
    record(plan, verb, at=at, case=plan.case, actor=actor, distribution=plan.pk, **details)
