"""A case rests by ruling or decision, or runs by a settlement, and goes on where it stood."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import same_day
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.evidence import Cited, Found, Paper, find, issued, papers_of
from cases.models import Agent, AgentQuerySet, Case, Instalment, Pause, Performance, Settlement, Stay, Suspension
from cases.pauses import PauseKind
from cases.record import record
from cases.services import pauses
from cases.services.stages import advance

# Longest stay by ground, in months: 民诉法解释 467; 执行工作规定 77 (extendable by a new decision).
STAY_MONTHS_MAX: dict[str, int] = {Stay.Ground.SECURITY: 12, Stay.Ground.UPPER_COURT: 3, Stay.Ground.OTHER: 3}
FAR_ABOVE = 3  # a slip of the keys; interest over years does not reach it
INSTALMENTS_MAX = 60
# Which excluded period a stay is, by its ground (法释〔2000〕29号 9).
PAUSES = {Stay.Ground.UPPER_COURT.value: PauseKind.STAY_ABOVE}
# The templates of the documents that halt a case and let it go on.
SUSPENSION, STAY, RESUMPTION = ("SUSPENSION",), ("STAY",), ("RESUMPTION",)


@transaction.atomic
def suspend(case: Case, *, ground: str, document: Cited, at: dt.datetime, actor: User) -> Case:
    """The judge suspends the case on a ground, by a ruling (民事诉讼法 267; 2017 text 256).

    A running settlement may be suspended too; it goes on as a settlement.
    """
    day = timezone.localdate(at)
    reasons = [] if ground in Suspension.Ground.values else [of_field("ground", _("请选择中止事由"))]
    found = _document(case, document, SUSPENSION, on=day, reasons=reasons)
    case = advance(case, "suspend", at=at, actor=actor, ground=ground, document=found.words)
    Suspension.objects.create(case=case, ground=ground, document=found.words, paper=found.ref, from_on=day)
    pauses.begin(case, PauseKind.SUSPENSION, document=found.words, on=day)
    return case


@transaction.atomic
def stay(case: Case, *, ground: str, document: Cited, until_on: dt.date, at: dt.datetime, actor: User) -> Case:
    """A decision stays the case to a day within the longest term of its ground (民诉法解释 467; 执行工作规定 77)."""
    day = timezone.localdate(at)
    last = same_day(day, months=STAY_MONTHS_MAX.get(ground, 0))
    reasons = []
    if ground not in STAY_MONTHS_MAX:
        reasons.append(of_field("ground", _("请选择暂缓事由")))
    elif not day < until_on <= last:
        reasons.append(of_field("until_on", _("暂缓截止日应在今天以后、%(last)s 以前（含当日）") % {"last": last}))
    found = _document(case, document, STAY, on=day, reasons=reasons)
    case = advance(case, "stay", at=at, actor=actor, ground=ground, document=found.words, until_on=until_on)
    Stay.objects.create(case=case, ground=ground, document=found.words, paper=found.ref, from_on=day, until_on=until_on)
    pauses.begin(case, PAUSES.get(ground, PauseKind.STAY), document=found.words, on=day)
    return case


@transaction.atomic
def resume(case: Case, *, note: str, document: Cited, at: dt.datetime, actor: User) -> Case:
    """The ground is gone; by written notice the case goes on where it stood (执行工作规定 60)."""
    day = timezone.localdate(at)
    reasons = [] if note.strip() else [of_field("note", _("请写明恢复的理由"))]
    found = _document(case, document, RESUMPTION, on=day, reasons=reasons)
    case = advance(case, "resume", at=at, actor=actor, note=note, document=found.words)
    notice = {"resume_document": found.words, "resume_paper": found.ref}
    case.suspensions.filter(until_on__isnull=True).update(until_on=day, resume_note=note, **notice)
    case.stays.filter(ended_on__isnull=True).update(ended_on=day, end_note=note, **notice)
    for kind in (PauseKind.SUSPENSION, PauseKind.STAY, PauseKind.STAY_ABOVE):
        pauses.end(case, kind, on=day)
    return case


def _document(case: Case, cited: Cited, codes: tuple[str, ...], *, on: dt.date, reasons: list[str]) -> Found:
    """Return the document that the act names; raises Refused with these reasons and its own. One serves one act.

    Locks the case, so that nobody voids the document meanwhile.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    found = find(case, cited, codes=codes, on=on)
    reasons = [*reasons, *found.reasons]
    if found.ref and found.ref in used_papers(case):
        reasons.append(of_field("paper", _("所选文书已用于此前的中止、暂缓或恢复")))
    if reasons:
        raise Refused(reasons)
    return found


def papers_for(case: Case, codes: tuple[str, ...]) -> list[Paper]:
    """Return the issued documents of these templates that no such act has used yet, newest first."""
    used = used_papers(case)
    return [paper for paper in issued(papers_of(case), codes) if paper.ref not in used]


def signers_of(case: Case, *, on: dt.date) -> AgentQuerySet:
    """Return the agents of the case who act that day, and may have signed a settlement."""
    found: AgentQuerySet = Agent.objects.live(on=on).filter(case=case)
    return found


def used_papers(case: Case) -> set[str]:
    """Return the documents by which the case was halted or went on before."""
    rows = [*case.suspensions.values_list("paper", "resume_paper"), *case.stays.values_list("paper", "resume_paper")]
    return {ref for row in rows for ref in row if ref} | set(case.settlements.values_list("ruling_paper", flat=True))


@transaction.atomic
def call_ended_stays(*, at: dt.datetime, actor: User) -> int:
    """Say loudly, once, that a stay has run out: an event on each case; return how many."""
    today = timezone.localdate(at)
    rows = Stay.objects.filter(ended_on__isnull=True, called_on__isnull=True, until_on__lt=today)
    count = 0
    for row in rows.select_related("case").select_for_update(of=("self",), skip_locked=True).order_by("id")[:200]:
        row.called_on = today
        row.save(update_fields=["called_on"])
        record(row, "stay_ended", at=at, case=row.case, actor=actor, until_on=row.until_on)
        count += 1
    return count


@transaction.atomic
def settle(
    case: Case,
    *,
    document: str,
    terms: str,
    instalments: Sequence[tuple[dt.date, Decimal]],
    agents: Iterable[Agent] = (),
    ruling: Cited | None = None,
    at: dt.datetime,
    actor: User,
) -> Settlement:
    """Register a settlement with its instalments; the case stays open (民诉法解释 464; 法释〔2018〕3号).

    The agreement alone stops no limit. Where the court has ruled 中止 on it (法释〔2018〕3号 2), `ruling` names the
    ruling, and the period that does not count lasts as long as the settlement (法释〔2000〕29号 9). `agents` signed for
    their parties: without the special power to settle nobody binds his party (执行工作规定 20).
    """
    day, signers = timezone.localdate(at), list(agents)
    reasons = _settlement_objections(document, terms, instalments, today=day)
    if case.amount_claimed and sum(amount for _day, amount in instalments) > case.amount_claimed * FAR_ABOVE:
        reasons.append(
            of_field(
                "instalments", _("和解金额超过申请执行标的额的 %(times)d 倍，请核对各期金额") % {"times": FAR_ABOVE}
            )
        )
    reasons += _signing_objections(case, signers, on=day)
    ruled = _document(case, ruling, SUSPENSION, on=day, reasons=reasons) if ruling else Found()
    if reasons:
        raise Refused(reasons)
    total = sum((amount for _day, amount in instalments), Decimal("0.00"))
    details: dict[str, Any] = {"document": document, "ruling": ruled.words, "amount": total, "count": len(instalments)}
    details["agents"] = [agent.pk for agent in signers]
    case = advance(case, "settle", at=at, actor=actor, **details)
    settlement = Settlement.objects.create(
        case=case,
        document=document.strip(),
        terms=terms.strip(),
        agreed_on=day,
        pause=pauses.begin(case, PauseKind.SUSPENSION, document=ruled.words, on=day) if ruled.words else None,
        ruling_paper=ruled.ref,
    )
    settlement.agents.set(signers)
    rows = Instalment.objects.bulk_create(
        Instalment(settlement=settlement, position=position, due_on=due_on, amount=amount)
        for position, (due_on, amount) in enumerate(sorted(instalments), start=1)
    )
    for row in rows:
        agreed = {"position": row.position, "amount": row.amount, "due_on": row.due_on}
        record(row, "agree_instalment", at=at, case=case, actor=actor, **agreed)
    return settlement


def _settlement_objections(
    document: str, terms: str, instalments: Sequence[tuple[dt.date, Decimal]], *, today: dt.date
) -> list[str]:
    reasons = [] if document.strip() else [of_field("document", _("请写明和解协议"))]
    if not terms.strip():
        reasons.append(of_field("terms", _("请写明和解的主要内容")))
    if not 1 <= len(instalments) <= INSTALMENTS_MAX:
        reasons.append(of_field("instalments", _("请填写一至 %(count)d 期付款") % {"count": INSTALMENTS_MAX}))
    if any(due_on < today for due_on, _amount in instalments):
        reasons.append(of_field("instalments", _("各期应付日不应早于今天")))
    if any(amount <= 0 or amount != round(amount, 2) for _day, amount in instalments):
        reasons.append(of_field("instalments", _("金额应大于零，最多两位小数")))
    return reasons


def _signing_objections(case: Case, agents: Iterable[Agent], *, on: dt.date) -> list[str]:
    reasons = []
    for agent in agents:
        words = {"name": agent.name}
        if agent.case_id != case.pk or not agent.acts_on(on):
            reasons.append(of_field("agents", _("%(name)s不是本案现任代理人，不能签署和解协议") % words))
        elif not agent.has_special_power(Agent.Power.SETTLE):
            reasons.append(
                of_field(
                    "agents", _("%(name)s没有“代为执行和解”的特别授权，所签和解协议须由当事人本人签署或追认") % words
                )
            )
    return reasons


def instalment_objections(instalment: Instalment) -> list[str]:
    """Return why an instalment cannot be noted as paid now."""
    is_over = bool(instalment.paid_on or instalment.settlement.outcome)
    return [_("该期已登记履行，或和解已结束")] if is_over else []


@transaction.atomic
def note_instalment(
    instalment: Instalment, *, paid_on: dt.date, note: str, is_direct: bool = False, at: dt.datetime, actor: User
) -> Instalment:
    """Record that one instalment was paid, with its proof.

    What went to the applicant directly is a direct performance too: it lessens what is owed once a second person has
    seen the applicant's word. What came to the account of the case does so by its payout.
    """
    case = Case.objects.held("owner", "judge").get(pk=instalment.settlement.case_id)
    if not may_note_instalment(case, actor):
        raise PermissionDenied
    instalment = Instalment.objects.select_related("settlement").get(pk=instalment.pk)
    if reasons := instalment_objections(instalment):
        raise Refused(reasons)
    if not note.strip():
        raise Refused(of_field("note", _("请写明履行凭据")))
    if not instalment.settlement.agreed_on <= paid_on <= timezone.localdate(at):
        raise Refused(of_field("paid_on", _("实付日应在和解达成日至今天之间")))
    instalment.paid_on, instalment.paid_note, instalment.recorded_by = paid_on, note.strip()[:200], actor
    instalment.save(update_fields=["paid_on", "paid_note", "recorded_by"])
    if is_direct:
        performed = Performance.objects.create(
            case=case,
            amount=instalment.amount,
            performed_on=paid_on,
            way=Performance.Way.TRANSFER,
            proof=instalment.paid_note,
            recorded_by=actor,
            recorded_at=at,
        )
        told = {"amount": instalment.amount, "performed_on": paid_on, "way": performed.way}
        record(performed, "record_performance", at=at, case=case, actor=actor, **told)
    record(
        instalment,
        "note_instalment",
        at=at,
        case=case,
        actor=actor,
        amount=instalment.amount,
        paid_on=paid_on,
        note=instalment.paid_note,
    )
    return instalment


def is_performed(case: Case) -> bool:
    """Return whether a settlement of the case was paid in every instalment: what it waived is owed no more."""
    kept = case.settlements.filter(outcome__in=("", Settlement.Outcome.KEPT)).annotate(
        open_count=models.Count("instalments", filter=Q(instalments__paid_on__isnull=True))
    )
    return kept.filter(open_count=0).exists()


def may_note_instalment(case: Case, user: User) -> bool:
    """Return whether the user records what was paid: the stage's owner, or the judge who registered the agreement."""
    by_owner = user.has_perm("cases.propose_closing") and user.pk == case.owner_id
    return by_owner or (user.has_perm("cases.settle_case") and user.pk == case.judge_id)


@transaction.atomic
def break_settlement(case: Case, *, note: str, is_anticipatory: bool = False, at: dt.datetime, actor: User) -> Case:
    """The settlement is broken and the applicant asks to go on: the case goes on where it stood (民诉法解释 466).

    Before anything is due only a debtor who plainly will not perform breaks it (法释〔2018〕3号 11).
    """
    if not note.strip():
        raise Refused(of_field("note", _("请写明未履行的情况和申请执行人的申请")))
    late = Instalment.objects.filter(
        settlement__case=case, settlement__outcome="", paid_on__isnull=True, due_on__lt=timezone.localdate(at)
    )
    if not is_anticipatory and not late.exists():
        raise Refused(
            of_field("is_anticipatory", _("没有逾期未付的期次；被执行人明确表示或者以行为表明不履行的，请勾选预期违约"))
        )
    case = advance(case, "break_settlement", at=at, actor=actor, note=note)
    end_settlement(case, Settlement.Outcome.BROKEN, on=timezone.localdate(at), note=note)
    return case


def end_settlement(case: Case, outcome: str, *, on: dt.date, note: str) -> None:
    """End the running settlement of a case that the caller holds, and the period that stood still for it."""
    running = case.settlements.filter(outcome="")
    for pause in Pause.objects.running().filter(settlement__in=running):
        pause.case = case
        pauses.end_one(pause, on=on)
    running.update(outcome=outcome, ended_on=on, end_note=note.strip()[:200])
