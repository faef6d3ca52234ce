"""A case rests by ruling or decision, or runs by a settlement, and goes on where it stood."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import same_day
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case, Instalment, Settlement, Stay, Suspension
from cases.pauses import PauseKind
from cases.record import record
from cases.services import pauses
from cases.services.stages import advance

# Longest stay by ground, in months: 民诉法解释 467; 执行工作规定 77 (extendable by a new decision).
STAY_MONTHS_MAX: dict[str, int] = {Stay.Ground.SECURITY: 12, Stay.Ground.UPPER_COURT: 3, Stay.Ground.OTHER: 3}
INSTALMENTS_MAX = 60
# Which excluded period a stay is, by its ground (法释〔2000〕29号 9).
PAUSES = {Stay.Ground.UPPER_COURT.value: PauseKind.STAY_ABOVE}


@transaction.atomic
def suspend(case: Case, *, ground: str, document: str, at: dt.datetime, actor: User) -> Case:
    """The judge suspends the case on a ground, by a ruling (民事诉讼法 267; 2017 text 256)."""
    case = advance(case, "suspend", at=at, actor=actor, ground=ground, document=document)
    Suspension.objects.create(case=case, ground=ground, document=document, from_on=timezone.localdate(at))
    pauses.begin(case, PauseKind.SUSPENSION, document=document, on=timezone.localdate(at))
    return case


@transaction.atomic
def stay(case: Case, *, ground: str, document: str, until_on: dt.date, at: dt.datetime, actor: User) -> Case:
    """A decision stays the case to a day within the longest term of its ground (民诉法解释 467; 执行工作规定 77)."""
    day = timezone.localdate(at)
    reasons = [] if document.strip() else [_("请写明决定书或通知")]
    last = same_day(day, months=STAY_MONTHS_MAX.get(ground, 0))
    if ground not in STAY_MONTHS_MAX:
        reasons.append(_("请选择暂缓事由"))
    elif not day < until_on <= last:
        reasons.append(_("暂缓截止日应在今天以后、%(last)s 以前（含当日）") % {"last": last})
    if reasons:
        raise Refused(reasons)
    case = advance(case, "stay", at=at, actor=actor, ground=ground, document=document, until_on=until_on)
    Stay.objects.create(case=case, ground=ground, document=document.strip(), from_on=day, until_on=until_on)
    pauses.begin(case, PAUSES.get(ground, PauseKind.STAY), document=document, on=day)
    return case


@transaction.atomic
def resume(case: Case, *, note: str, at: dt.datetime, actor: User) -> Case:
    """The ground is gone; the case goes on where it stood (执行工作规定 60)."""
    case = advance(case, "resume", at=at, actor=actor, note=note)
    day = timezone.localdate(at)
    case.suspensions.filter(until_on__isnull=True).update(until_on=day, resume_note=note)
    case.stays.filter(ended_on__isnull=True).update(ended_on=day, end_note=note)
    for kind in (PauseKind.SUSPENSION, PauseKind.STAY, PauseKind.STAY_ABOVE):
        pauses.end(case, kind, on=day)
    return case


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
    at: dt.datetime,
    actor: User,
) -> Settlement:
    """Register a settlement with its instalments; the case stays open (民诉法解释 464; 法释〔2018〕3号)."""
    if reasons := _settlement_objections(document, terms, instalments, today=timezone.localdate(at)):
        raise Refused(reasons)
    total = sum((amount for _day, amount in instalments), Decimal("0.00"))
    case = advance(case, "settle", at=at, actor=actor, document=document, amount=total, count=len(instalments))
    settlement = Settlement.objects.create(
        case=case, document=document.strip(), terms=terms.strip(), agreed_on=timezone.localdate(at)
    )
    Instalment.objects.bulk_create(
        Instalment(settlement=settlement, position=position, due_on=due_on, amount=amount)
        for position, (due_on, amount) in enumerate(sorted(instalments), start=1)
    )
    return settlement


def _settlement_objections(
    document: str, terms: str, instalments: Sequence[tuple[dt.date, Decimal]], *, today: dt.date
) -> list[str]:
    reasons = [] if document.strip() else [_("请写明和解协议")]
    if not terms.strip():
        reasons.append(_("请写明和解的主要内容"))
    if not 1 <= len(instalments) <= INSTALMENTS_MAX:
        reasons.append(_("请填写一至 %(count)d 期付款") % {"count": INSTALMENTS_MAX})
    if any(due_on < today for due_on, _amount in instalments):
        reasons.append(_("各期应付日不应早于今天"))
    if any(amount <= 0 or amount != round(amount, 2) for _day, amount in instalments):
        reasons.append(_("金额应大于零，最多两位小数"))
    return reasons


@transaction.atomic
def note_instalment(instalment: Instalment, *, paid_on: dt.date, note: str, at: dt.datetime, actor: User) -> Instalment:
    """Record that one instalment was paid, with its proof."""
    case = Case.objects.held("owner", "judge").get(pk=instalment.settlement.case_id)
    if not may_note_instalment(case, actor):
        raise PermissionDenied
    instalment = Instalment.objects.select_related("settlement").get(pk=instalment.pk)
    if instalment.paid_on or instalment.settlement.outcome:
        raise Refused(_("该期已登记履行，或和解已结束"))
    if not note.strip():
        raise Refused(_("请写明履行凭据"))
    if not instalment.settlement.agreed_on <= paid_on <= timezone.localdate(at):
        raise Refused(_("实付日应在和解达成日至今天之间"))
    instalment.paid_on, instalment.paid_note, instalment.recorded_by = paid_on, note.strip()[:200], actor
    instalment.save(update_fields=["paid_on", "paid_note", "recorded_by"])
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


def may_note_instalment(case: Case, user: User) -> bool:
    """Return whether the user records what was paid: the stage's owner, or the judge who registered the agreement."""
    by_owner = user.has_perm("cases.propose_closing") and user.pk == case.owner_id
    return by_owner or (user.has_perm("cases.settle_case") and user.pk == case.judge_id)


@transaction.atomic
def break_settlement(case: Case, *, note: str, at: dt.datetime, actor: User) -> Case:
    """The settlement is broken and the applicant asks to go on: the case goes on where it stood (民诉法解释 466)."""
    if not note.strip():
        raise Refused(_("请写明未履行的情况和申请执行人的申请"))
    case = advance(case, "break_settlement", at=at, actor=actor, note=note)
    end_settlement(case, Settlement.Outcome.BROKEN, on=timezone.localdate(at), note=note)
    return case


def end_settlement(case: Case, outcome: str, *, on: dt.date, note: str) -> None:
    """End the running settlement of a case that the caller holds."""
    case.settlements.filter(outcome="").update(outcome=outcome, ended_on=on, end_note=note.strip()[:200])
