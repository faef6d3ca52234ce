"""Distribution: plan and arithmetic, the judge, service on each; the undisputed is paid, the disputed deposited."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.distribution import Distribution as Computed
from accounts.models import Distribution, DistributionShare, PayeeAccount, Payout, PlanDelivery, PlanObjection
from accounts.purposes import ABSENT, CLAIM, COURT, MOVE
from accounts.services.requests import ask
from accounts.shares import ShareData, computed, printed_steps
from accounts.statement import NOTHING, statement_of
from bureau.errors import Refused, of_field
from bureau.models import Holiday, User
from bureau.money import yuan
from cases import nodes
from cases.evidence import Paper, issued, papers_of, scans
from cases.models import Case, Party
from cases.record import record

PLAN_CODE = "DISTRIBUTION"
CREDITOR_MAX = 100


@transaction.atomic
def propose_plan(
    case: Case, *, debtor: str, pool: Decimal, shares: Sequence[ShareData], at: dt.datetime, actor: User
) -> Distribution:
    """Propose how the money of a case is shared: the law's arithmetic, and another sum only for a reason given."""
    case = held(case, actor)
    if reasons := plan_objections(case, debtor, pool, shares):
        raise Refused(reasons)
    sums = computed(pool, debtor, shares).shares
    if reasons := _amount_objections(pool, shares, sums):
        raise Refused(reasons)
    plan = Distribution.objects.create(
        case=case,
        debtor=debtor,
        pool=pool,
        steps=printed_steps(pool, debtor, shares, on=timezone.localdate(at)),
        proposed_at=at,
        proposed_by=actor,
    )
    rows = [
        _share(plan, position, share, sums[share.creditor.strip()]) for position, share in enumerate(shares, start=1)
    ]
    DistributionShare.objects.bulk_create(rows)
    departed = sum(row.is_departure for row in rows)
    _record(plan, "propose_plan", at=at, actor=actor, amount=pool, count=len(rows), departed=departed)
    return plan


def try_plan(
    case: Case, *, debtor: str, pool: Decimal, shares: Sequence[ShareData], at: dt.datetime, actor: User
) -> tuple[Computed, list[tuple[ShareData, Decimal]]]:
    """Return the arithmetic of a plan and the computed sum of each share, keeping nothing."""
    case = held(case, actor)
    if reasons := plan_objections(case, debtor, pool, shares):
        raise Refused(reasons)
    done = computed(pool, debtor, shares, on=timezone.localdate(at))
    return done, [(share, done.shares[share.creditor.strip()]) for share in shares]


def _share(plan: Distribution, position: int, share: ShareData, sum_: Decimal) -> DistributionShare:
    amount = sum_ if share.amount is None else share.amount
    return DistributionShare(
        distribution=plan,
        position=position,
        creditor=share.creditor.strip(),
        claimed=share.claimed,
        amount=amount,
        computed=sum_,
        reason=share.reason.strip()[:200] if amount != sum_ else "",
        basis=share.basis.strip()[:200],
        is_secured=share.is_secured,
        rank=share.rank,
        party=share.party,
        target=share.target,
        payee=share.payee,
    )


def plan_objections(case: Case, debtor: str, pool: Decimal, shares: Sequence[ShareData]) -> list[str]:
    """Return why no such plan can be computed."""
    reasons = []
    if debtor not in Distribution.Debtor.values:
        reasons.append(of_field("debtor", _("请选择被执行人类别")))
    if not shares:
        reasons.append(of_field("shares", _("请填写各债权人及其债权额")))
    names = [share.creditor.strip() for share in shares]
    if len(names) != len(set(names)):
        reasons.append(of_field("shares", _("债权人名称不能重复，同一债权人有多项债权的，名称后注明")))
    if any(len(name) > CREDITOR_MAX for name in names):
        reasons.append(of_field("shares", _("债权人名称过长")))
    available = statement_of(case).available
    if not NOTHING < pool <= available or pool != round(pool, 2):
        reasons.append(
            of_field(
                "pool", _("可分配金额应大于零，不超过可申请余额 %(available)s 元") % {"available": yuan(available)}
            )
        )
    if any(share.claimed <= 0 or share.claimed != round(share.claimed, 2) for share in shares):
        reasons.append(of_field("shares", _("债权额应大于零，最多两位小数")))
    reasons += [
        of_field("shares", _("“%(name)s”的去向有误") % {"name": share.creditor})
        for share in shares
        if not _goes(case, share)
    ]
    reasons += [
        of_field("shares", _("“%(name)s”是案外债权人，请填写其执行依据文号") % {"name": share.creditor})
        for share in shares
        if share.payee is not None and not share.basis.strip()
    ]
    if case.distributions.filter(state__in=[Distribution.State.PROPOSED, Distribution.State.APPROVED]).exists():
        reasons.append(_("本案已有未送达的分配方案"))
    return reasons


def _amount_objections(pool: Decimal, shares: Sequence[ShareData], sums: dict[str, Decimal]) -> list[str]:
    """Return what is wrong with sums that depart from the arithmetic."""
    reasons = []
    rows = [(share, sums[share.creditor.strip()]) for share in shares]
    amounts = [sum_ if share.amount is None else share.amount for share, sum_ in rows]
    if sum(amounts, NOTHING) > pool:
        reasons.append(of_field("shares", _("各债权人分配额合计超过可分配金额")))
    if any(not NOTHING <= amount <= share.claimed for amount, share in zip(amounts, shares, strict=True)):
        reasons.append(of_field("shares", _("分配额不能超过债权额")))
    if any(amount != round(amount, 2) for amount in amounts):
        reasons.append(of_field("shares", _("金额最多两位小数")))
    for (share, sum_), amount in zip(rows, amounts, strict=True):
        if amount != sum_ and not share.reason.strip():
            told = {"name": share.creditor, "computed": yuan(sum_)}
            reasons.append(
                of_field("shares", _("“%(name)s”的分配额与计算结果 %(computed)s 元不一致，请填写理由") % told)
            )
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
    plan = _before_judge(plan, actor)
    plan.approved_by, plan.approved_at, plan.state = actor, at, Distribution.State.APPROVED
    return _signed(plan, "approve_plan", at=at, actor=actor)


@transaction.atomic
def return_plan(plan: Distribution, *, reason: str, at: dt.datetime, actor: User) -> Distribution:
    """The judge sends a proposed plan back with his reason; it is then made anew."""
    plan = _before_judge(plan, actor)
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写退回原因")))
    plan.returned_note, plan.state = reason.strip()[:200], Distribution.State.RETURNED
    return _signed(plan, "return_plan", at=at, actor=actor, reason=plan.returned_note)


def _before_judge(plan: Distribution, actor: User) -> Distribution:
    judged(plan.case, actor)
    plan = in_state(plan, Distribution.State.PROPOSED)
    if plan.proposed_by_id == actor.pk:
        raise Refused(_("不得核准本人提出的方案"))
    return plan


@transaction.atomic
def withdraw_plan(plan: Distribution, *, reason: str, at: dt.datetime, actor: User) -> Distribution:
    """A plan that has reached nobody yet is taken back, to be made anew."""
    held(plan.case, actor)
    plan = in_state(plan, Distribution.State.PROPOSED, Distribution.State.APPROVED)
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写撤回原因")))
    if plan.deliveries.exists():
        raise Refused(_("方案已送达，不能撤回；有误的，按异议程序更正"))
    plan.state = Distribution.State.WITHDRAWN
    return _signed(plan, "withdraw_plan", at=at, actor=actor, reason=reason.strip()[:200])


@transaction.atomic
def serve_plan(
    plan: Distribution,
    *,
    paper: str,
    recipients: Collection[str],
    served_on: dt.date,
    at: dt.datetime,
    actor: User,
) -> Distribution:
    """The plan's document has reached these creditors and debtors; each one's fifteen days run from that day.

    `recipients` are names as `recipients_of` gives them. Once it has reached everybody the plan is served.
    """
    case = held(plan.case, actor)
    plan = in_state(plan, Distribution.State.APPROVED)
    assert plan.approved_at is not None
    waiting = waiting_recipients(plan)
    reasons = [] if plan.paper else _name_paper(plan, paper)
    if not timezone.localdate(plan.approved_at) <= served_on <= timezone.localdate(at):
        reasons.append(of_field("served_on", _("送达日应在核准日至今天之间")))
    if not recipients or not set(recipients) <= set(waiting):
        reasons.append(of_field("recipients", _("请选择尚未送达的债权人或被执行人")))
    if reasons:
        raise Refused(reasons)
    due_on = due("PLAN_OBJECTION", served_on)
    for name in [name for name in waiting if name in set(recipients)]:
        kind, _colon, key = name.partition(":")
        row = PlanDelivery.objects.create(
            distribution=plan,
            share_id=int(key) if kind == "share" else None,
            party_id=int(key) if kind == "party" else None,
            delivered_on=served_on,
            objections_due_on=due_on,
            recorded_at=at,
            recorded_by=actor,
        )
        told = {"whom": waiting[name], "served_on": served_on, "due_on": due_on}
        record(row, "serve_plan", at=at, case=case, actor=actor, distribution=plan.pk, **told)
    if len(waiting) == len(set(recipients)):
        days = plan.deliveries.aggregate(served=Max("delivered_on"), due=Max("objections_due_on"))
        plan.served_on, plan.objections_due_on = days["served"], days["due"]
        plan.state = Distribution.State.SERVED
    plan.save()
    return plan


def recipients_of(plan: Distribution) -> dict[str, str]:
    """Return whom the plan must reach: every creditor in it and every debtor, name by key (CPLI 509)."""
    rows = {f"share:{row.pk}": row.creditor for row in plan.shares.order_by("position")}
    debtors = [row for row in plan.case.parties.order_by("position") if row.side == Party.Side.DEBTOR]
    return rows | {f"party:{row.pk}": row.name for row in debtors if row.is_current}


def waiting_recipients(plan: Distribution) -> dict[str, str]:
    """Return whom it has not reached yet, name by key."""
    reached = {f"share:{row.share_id}" if row.share_id else f"party:{row.party_id}" for row in plan.deliveries.all()}
    return {key: name for key, name in recipients_of(plan).items() if key not in reached}


def _name_paper(plan: Distribution, ref: str) -> list[str]:
    """Set the document that is served: 财产分配方案 as issued here, saying what the plan says, or its scan."""
    paper = {row.ref: row for row in plan_papers(plan.case)}.get(ref)
    if paper is None:
        return [of_field("paper", _("请选择已签发的财产分配方案，或其扫描件"))]
    if paper.is_issued and not _says(paper, plan):
        return [of_field("paper", _("所选文书的分配表与核准的方案不一致，请按方案重新制作"))]
    plan.paper, plan.document = paper.ref, paper.words[:200]
    return []


def _says(paper: Paper, plan: Distribution) -> bool:
    lines = [line for line in paper.says.get("shares", "").replace("|", "｜").splitlines() if line.strip()]
    told = [(cells[0].strip(), cells[-1].replace(",", "").strip()) for cells in (line.split("｜") for line in lines)]
    return told == [(row.creditor, str(row.amount)) for row in plan.shares.order_by("position")]


def plan_papers(case: Case) -> list[Paper]:
    """Return the documents by which a plan can be served, newest first: issued here, or scanned papers of a court."""
    papers = papers_of(case)
    return [*issued(papers, (PLAN_CODE,)), *scans(papers)]


@transaction.atomic
def pay_share(share: DistributionShare, *, at: dt.datetime, actor: User) -> Payout:
    """Ask to pay what of a share is undisputed, once the days for objections are over; it goes on by four people."""
    case, plan = held(share.distribution.case, actor), share.distribution
    if not plan.is_final(on=timezone.localdate(at)):
        raise Refused(_("异议期届满后才能发放"))
    amount = share_left(share)
    if amount <= 0:
        raise Refused(_("该份没有可发放的无争议金额"))
    asked = Payout(share=share, amount=amount, calculation=_calculation(share))
    asked.document, asked.paper = plan.document, plan.paper
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
    case, amount = held(share.distribution.case, actor), disputed(share) - _deposited(share)
    if amount <= 0:
        raise Refused(_("该份没有待提存的争议金额"))
    asked = Payout(purpose=ABSENT, share=share, absent=share.party, amount=amount)
    asked.document, asked.paper = share.distribution.document, share.distribution.paper
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


def due(node: str, start: dt.date) -> dt.date:
    """Return the last day of a right that runs from a day."""
    return nodes.counted(nodes.BY_CODE[node], start, days=Holiday.objects.calendar()).due_on


def held(case: Case, actor: User) -> Case:
    """Return the case, held, for its owner alone."""
    case = Case.objects.held("owner", "judge").get(pk=case.pk)
    if not actor.has_perm("accounts.request_payout") or case.owner_id != actor.pk:
        raise PermissionDenied
    return case


def judged(case: Case, actor: User) -> Case:
    """Return the case, held, for its judge alone."""
    case = Case.objects.held("owner", "judge").get(pk=case.pk)
    if not actor.has_perm("accounts.check_payout") or case.judge_id != actor.pk:
        raise PermissionDenied
    return case


def in_state(plan: Distribution, *states: str) -> Distribution:
    """Return the plan as it stands now, in one of these states."""
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
