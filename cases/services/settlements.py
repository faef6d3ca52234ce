"""A case runs by a settlement: registered, its instalments noted, kept or broken."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Event, User
from cases.evidence import COURT_PAPER, Cited, Found, Paper, papers_of, spent
from cases.models import Agent, AgentQuerySet, Case, Cover, Instalment, Pause, Performance, Settlement
from cases.pauses import PauseKind
from cases.record import record
from cases.services import pauses
from cases.services.rests import SUSPENSION, cited, refuse
from cases.services.stages import advance

FAR_ABOVE = 3  # a slip of the keys; interest over years does not reach it
FAR_BELOW = Decimal("0.5")  # half of what is claimed: pointed out, not refused
INSTALMENTS_MAX, REASON_MAX = 60, 300
# The agreement itself is signed by the parties and scanned; what they agree before the court is a transcript.
TRANSCRIPT = "SETTLEMENT_RECORD"
# How money comes to the account of a case.
ARRIVALS = ("receive", "move_in")


def signers_of(case: Case, *, on: dt.date) -> AgentQuerySet:
    """Return the agents of the case who act that day, and may have signed a settlement."""
    found: AgentQuerySet = Agent.objects.live(on=on).filter(case=case)
    return found


@transaction.atomic
def settle(
    case: Case,
    *,
    document: str,
    terms: str,
    instalments: Sequence[tuple[dt.date, Decimal]],
    agents: Iterable[Agent] = (),
    ruling: Cited | None = None,
    from_on: dt.date | None = None,
    below_reason: str = "",
    at: dt.datetime,
    actor: User,
) -> Settlement:
    """Register a settlement with its instalments; the case stays open (民诉法解释 464; 法释〔2018〕3号).

    `document` names the agreement in the file ("material:5") or the transcript issued here ("document:12"); it was
    reached today, or on `from_on`. The agreement alone stops no limit. Where the court has ruled 中止 on it
    (法释〔2018〕3号 2), `ruling` names the ruling, and what does not count lasts as long as the settlement
    (法释〔2000〕29号 9). A sum far below what is claimed goes with `below_reason`, why the applicant agreed to it.
    `agents` signed for their parties: without the special power to settle nobody binds his party
    (执行工作规定 20).
    """
    day, signers = timezone.localdate(at), list(agents)
    from_on, paper = from_on or day, agreements(case).get(document)
    reasons = _terms_objections(case, terms, instalments, from_on=from_on)
    reasons += _far_below(case, instalments, below_reason)
    if paper is None:
        reasons.append(of_field("document", _("请选择卷宗中的和解协议或和解笔录；还没有的，请先扫描入卷或签发笔录")))
    if not case.filed_on <= from_on <= day:
        reasons.append(of_field("from_on", _("达成日应在立案日至今天之间")))
    reasons += _signing_objections(case, signers, on=from_on)
    ruled = cited(case, ruling, SUSPENSION, on=day, reasons=reasons) if ruling else Found()
    refuse(reasons)
    assert paper is not None
    total = sum((amount for _day, amount in instalments), Decimal("0.00"))
    told: dict[str, Any] = {"document": paper.label, "ruling": ruled.words, "amount": total, "count": len(instalments)}
    told |= {"note": below_reason.strip()[:REASON_MAX]} if below_reason.strip() else {}
    case = advance(case, "settle", at=at, actor=actor, **told, agents=[agent.pk for agent in signers], from_on=from_on)
    settlement = Settlement.objects.create(
        case=case,
        document=paper.label[:200],
        paper=paper.ref,
        terms=terms.strip(),
        agreed_on=from_on,
        pause=_pause(case, ruled, from_on, today=day) if ruled.words else None,
        ruling_paper=ruled.ref,
    )
    settlement.agents.set(signers)
    _agree(settlement, instalments, at=at, actor=actor)
    return settlement


# What came in as one of these may be the agreement of the parties.
AGREEING = (COURT_PAPER, "STATEMENT", "TALK", "OTHER")


def agreements(case: Case) -> dict[str, Paper]:
    """Return by ref what may be the agreement: a transcript issued here, or what came in since the case was filed."""
    taken = spent(case)
    return {
        ref: paper
        for ref, paper in papers_of(case).items()
        if not paper.is_void
        and ref not in taken
        and (paper.code == TRANSCRIPT if paper.is_issued else paper.code in AGREEING)
    }


def _pause(case: Case, ruled: Found, from_on: dt.date, *, today: dt.date) -> Pause:
    # What does not count begins with the ruling, if that is later than the agreement.
    first = max(from_on, ruled.on or from_on)
    return pauses.begin(case, PauseKind.SUSPENSION, document=ruled.words, from_on=first, today=today)


def _agree(
    settlement: Settlement, instalments: Sequence[tuple[dt.date, Decimal]], *, at: dt.datetime, actor: User
) -> None:
    rows = Instalment.objects.bulk_create(
        Instalment(settlement=settlement, position=position, due_on=due_on, amount=amount)
        for position, (due_on, amount) in enumerate(sorted(instalments), start=1)
    )
    for row in rows:
        agreed = {"position": row.position, "amount": row.amount, "due_on": row.due_on}
        record(row, "agree_instalment", at=at, case=settlement.case, actor=actor, **agreed)


def _terms_objections(
    case: Case, terms: str, instalments: Sequence[tuple[dt.date, Decimal]], *, from_on: dt.date
) -> list[str]:
    reasons = []
    if not terms.strip():
        reasons.append(of_field("terms", _("请写明和解的主要内容")))
    if not 1 <= len(instalments) <= INSTALMENTS_MAX:
        reasons.append(of_field("instalments", _("请填写一至 %(count)d 期付款") % {"count": INSTALMENTS_MAX}))
    if any(due_on < from_on for due_on, _amount in instalments):
        reasons.append(of_field("instalments", _("各期应付日不应早于和解达成日")))
    if any(amount <= 0 or amount != round(amount, 2) for _day, amount in instalments):
        reasons.append(of_field("instalments", _("金额应大于零，最多两位小数")))
    elif case.amount_claimed and sum(amount for _day, amount in instalments) > case.amount_claimed * FAR_ABOVE:
        words = _("和解金额超过申请执行标的额的 %(times)d 倍，请核对各期金额")
        reasons.append(of_field("instalments", words % {"times": FAR_ABOVE}))
    return reasons


def _far_below(case: Case, instalments: Sequence[tuple[dt.date, Decimal]], reason: str) -> list[str]:
    """Point out a sum far below what is claimed; the applicant may waive it, which is then said."""
    total = sum((amount for _day, amount in instalments), Decimal("0.00"))
    open_now = case.amount_claimed - case.performances.total()
    if reason.strip() or not instalments or total >= open_now * FAR_BELOW:
        return []
    words = {"total": f"{total:,.2f}", "claimed": f"{open_now:,.2f}"}
    said = _("各期合计 %(total)s 元，不足尚未履行的 %(claimed)s 元的一半；申请执行人同意放弃、或另有履行的，请写明")
    return [of_field("below_reason", said % words)]


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
    is_over = bool(instalment.paid_on) or not instalment.settlement.is_running
    return [_("该期已登记履行，或和解已结束")] if is_over else []


@transaction.atomic
def note_instalment(
    instalment: Instalment,
    *,
    paid_on: dt.date,
    note: str,
    arrivals: Sequence[int] = (),
    at: dt.datetime,
    actor: User,
) -> Instalment:
    """Record that one instalment was paid, with its proof.

    What went to the applicant directly is a direct performance too: it lessens what is owed once a second person has
    seen the applicant's word. What came to the account of the case names the arrivals that cover it (`arrivals`, events
    of the case's record); it lessens what is owed by its payout.
    """
    case = Case.objects.held("owner", "judge").get(pk=instalment.settlement.case_id)
    if not may_note_instalment(case, actor):
        raise PermissionDenied
    instalment = Instalment.objects.select_related("settlement").get(pk=instalment.pk)
    refuse(instalment_objections(instalment))
    covers, reasons = _covering(case, instalment, arrivals) if arrivals else ([], [])
    if not note.strip():
        reasons.append(of_field("note", _("请写明履行凭据")))
    if not instalment.settlement.agreed_on <= paid_on <= timezone.localdate(at):
        reasons.append(of_field("paid_on", _("实付日应在和解达成日至今天之间")))
    refuse(reasons)
    instalment.paid_on, instalment.paid_note, instalment.recorded_by = paid_on, note.strip()[:200], actor
    instalment.save(update_fields=["paid_on", "paid_note", "recorded_by"])
    Cover.objects.bulk_create(covers)
    if not covers:
        _note_performance(instalment, case, at=at, actor=actor)
    told = {"amount": instalment.amount, "paid_on": paid_on, "note": instalment.paid_note}
    told["arrivals"] = [cover.event_id for cover in covers]
    record(instalment, "note_instalment", at=at, case=case, actor=actor, **told)
    return instalment


def _note_performance(instalment: Instalment, case: Case, *, at: dt.datetime, actor: User) -> None:
    assert instalment.paid_on is not None
    performed = Performance.objects.create(
        case=case,
        amount=instalment.amount,
        performed_on=instalment.paid_on,
        way=Performance.Way.TRANSFER,
        proof=instalment.paid_note,
        recorded_by=actor,
        recorded_at=at,
    )
    told = {"amount": instalment.amount, "performed_on": instalment.paid_on, "way": performed.way}
    record(performed, "record_performance", at=at, case=case, actor=actor, **told)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Money that came to the account of the case, and what of it no instalment has been covered with; in yuan."""

    event: Event
    on: dt.date
    amount: Decimal
    left: Decimal

    @property
    def label(self) -> str:
        """Return what a list offers."""
        words = {"day": self.on, "amount": f"{self.amount:,.2f}", "left": f"{self.left:,.2f}"}
        return _("%(day)s 到账 %(amount)s 元，尚可对应 %(left)s 元") % words


def arrivals_of(case: Case) -> list[Arrival]:
    """Return what has come to the account of the case and was not given back, oldest first, where something is left."""
    chain = Event.objects.of_chain(f"case:{case.pk}")
    gone = set(chain.filter(verb="unidentify").values_list("subject", flat=True))
    used = dict(
        Cover.objects.filter(instalment__settlement__case=case)
        .values("event")
        .annotate(sum=Sum("amount"))
        .values_list("event", "sum")
    )
    found = []
    for event in chain.filter(verb__in=ARRIVALS).order_by("seq"):
        details = json.loads(event.details)
        amount = Decimal(details["amount"])
        left = amount - used.get(event.pk, Decimal(0))
        if event.subject not in gone and left > 0:
            found.append(Arrival(event, dt.date.fromisoformat(details["arrived_on"]), amount, left))
    return found


def _covering(case: Case, instalment: Instalment, chosen: Sequence[int]) -> tuple[list[Cover], list[str]]:
    """Return how the chosen arrivals cover the instalment, and why they do not."""
    by_event = {arrival.event.pk: arrival for arrival in arrivals_of(case)}
    if not set(chosen) <= set(by_event):
        return [], [of_field("arrivals", _("所选到账不是本案的到账，或者已用于其他各期"))]
    left, covers = instalment.amount, []
    for pk in dict.fromkeys(chosen):
        part = min(left, by_event[pk].left)
        if part > 0:
            covers.append(Cover(instalment=instalment, event=by_event[pk].event, amount=part))
            left -= part
    if left:
        words = _("所选到账尚差 %(left)s 元，不足本期应付金额") % {"left": f"{left:,.2f}"}
        return [], [of_field("arrivals", words)]
    return covers, []


def is_performed(case: Case) -> bool:
    """Return whether a settlement of the case was paid in every instalment: what it waived is owed no more."""
    kept = case.settlements.filter(outcome__in=("", Settlement.Outcome.KEPT)).annotate(
        open_count=models.Count("instalments", filter=Q(instalments__paid_on__isnull=True))
    )
    # What went to the applicant directly counts once a second person has seen his word.
    is_seen = not case.performances.filter(state=Performance.State.RECORDED).exists()
    return is_seen and kept.filter(open_count=0).exists()


def may_note_instalment(case: Case, user: User) -> bool:
    """Return whether the user records what was paid: the stage's owner, or the judge who registered the agreement.

    After 终结执行 on a running agreement it is the judge, or the affairs team that holds the file.
    """
    if user.has_perm("cases.settle_case") and user.pk == case.judge_id:
        return True
    if case.is_open:
        return user.has_perm("cases.propose_closing") and user.pk == case.owner_id
    return user.has_perm("cases.archive_case") and user.team_id == case.team_id


def break_objections(case: Case) -> list[str]:
    """Return why a settlement cannot be broken any more."""
    kept = Instalment.objects.filter(settlement__case=case, settlement__outcome="")
    is_kept = kept.exists() and not kept.filter(paid_on__isnull=True).exists()
    return [_("和解协议各期均已履行，不能终止；请提请结案")] if is_kept else []


@transaction.atomic
def break_settlement(case: Case, *, note: str, is_anticipatory: bool = False, at: dt.datetime, actor: User) -> Case:
    """The settlement is broken and the applicant asks to go on: the case goes on where it stood (民诉法解释 466).

    Before anything is due only a debtor who plainly will not perform breaks it (法释〔2018〕3号 11).
    """
    if not note.strip():
        raise Refused(of_field("note", _("请写明未履行的情况和申请执行人的申请")))
    refuse(break_objections(case))
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
