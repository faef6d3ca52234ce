"""Periods that do not count: begun and ended with a document, and counted on each day while they last (§5.2)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from cases import deadlines
from cases.evidence import Paper, papers_of
from cases.models import Case, Pause
from cases.models.leadership import answers_for
from cases.pauses import PauseKind
from cases.record import record

DOCUMENT_MAX = REASON_MAX = 200
# What rests by acts of their own, which begin and end the period by themselves.
OWN_ACTS = (PauseKind.SUSPENSION, PauseKind.STAY, PauseKind.STAY_ABOVE)
KINDS = [row for row in PauseKind.choices if row[0] not in OWN_ACTS]
# Papers about persons, which show no such period.
OF_PERSONS = ("APPLICATION", "IDENTITY", "AUTHORITY", "ADDRESS", "PAYEE", "DEBTOR")


def begin(
    case: Case,
    kind: str,
    *,
    document: str,
    from_on: dt.date,
    today: dt.date,
    until_on: dt.date | None = None,
    paper: str = "",
) -> Pause:
    """Let a period begin inside another act, which holds the case's lock and records itself."""
    words = document.strip()[:DOCUMENT_MAX]
    pause = Pause.objects.create(case=case, kind=kind, document=words, paper=paper, from_on=from_on, until_on=until_on)
    deadlines.recount(case, today=today)
    return pause


def end(case: Case, kind: str, *, on: dt.date, today: dt.date) -> None:
    """End the running periods of a kind inside another act; that day counts again.

    What stands still for a settlement ends with the settlement only.
    """
    running = Pause.objects.running().filter(case=case, kind=kind, settlement__isnull=True)
    running.filter(from_on__lte=on).update(until_on=on)
    running.filter(from_on__gt=on).update(until_on=F("from_on"))
    deadlines.recount(case, today=today)


def end_one(pause: Pause, *, on: dt.date) -> None:
    """End this period inside another act; that day counts again."""
    pause.until_on = max(on, pause.from_on)
    pause.save(update_fields=["until_on"])
    deadlines.recount(pause.case, today=on)


@transaction.atomic
def exclude_period(
    case: Case,
    *,
    kind: str,
    paper: str,
    from_on: dt.date,
    until_on: dt.date | None,
    at: dt.datetime,
    actor: User,
) -> Pause:
    """The judge enters a period that does not count, by a paper of the file; without an end it runs until ended.

    `paper` names a document issued here or a scan received ("document:12", "material:5"). Suspension and stay have acts
    of their own. Raises PermissionDenied for anybody but the case's judge.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    _refuse_others(case, actor)
    today = timezone.localdate(at)
    cited = {row.ref: row for row in papers_for(case)}.get(paper)
    reasons = _period_objections(case, kind, cited, from_on, until_on, today=today)
    if reasons or cited is None:
        raise Refused(reasons)
    pause = Pause.objects.create(
        case=case,
        kind=kind,
        document=cited.words[:DOCUMENT_MAX],
        paper=cited.ref,
        from_on=from_on,
        until_on=until_on,
        entered_by=actor,
    )
    deadlines.recount(case, today=today)
    record(
        pause,
        "exclude_period",
        at=at,
        case=case,
        actor=actor,
        pause=kind,
        document=pause.document,
        from_on=from_on,
        until_on=until_on,
    )
    return pause


def _period_objections(
    case: Case, kind: str, cited: Paper | None, from_on: dt.date, until_on: dt.date | None, *, today: dt.date
) -> list[str]:
    reasons = []
    if kind not in dict(KINDS):
        reasons.append(of_field("kind", _("请选择扣除事由；中止、暂缓执行请另行办理")))
    if cited is None:
        reasons.append(of_field("paper", _("请选择本案卷宗中的依据文书：已签发的文书或者入卷的扫描件")))
    if not case.filed_on <= from_on <= today:
        reasons.append(of_field("from_on", _("起始日应在立案日至今天之间")))
    if until_on and not from_on < until_on <= today:
        reasons.append(of_field("until_on", _("恢复计算日应晚于起始日，且不晚于今天")))
    if not case.is_open:
        reasons.append(_("案件已结案"))
    return reasons


@transaction.atomic
def end_period(pause: Pause, *, until_on: dt.date, at: dt.datetime, actor: User) -> Pause:
    """The judge ends a running period; from that day on days count again."""
    case = Case.objects.select_for_update().get(pk=pause.case_id)
    _refuse_others(case, actor)
    pause = Pause.objects.get(pk=pause.pk)
    today = timezone.localdate(at)
    if not is_ended_by_hand(pause, case):
        raise Refused(_("该扣除期间已结束，或应以恢复执行结束"))
    if not pause.from_on <= until_on <= today:
        raise Refused(of_field("until_on", _("恢复计算日应在起始日至今天之间")))
    pause.until_on = until_on
    pause.save(update_fields=["until_on"])
    deadlines.recount(case, today=today)
    record(pause, "end_period", at=at, case=case, actor=actor, pause=pause.kind, until_on=until_on)
    return pause


def papers_for(case: Case) -> list[Paper]:
    """Return the papers of the file that may show a period, newest first: issued and not voided, or received."""
    rows = [row for row in papers_of(case).values() if not row.is_void and row.code not in OF_PERSONS]
    return sorted(rows, key=lambda row: row.on, reverse=True)


@transaction.atomic
def withdraw_period(pause: Pause, *, reason: str, at: dt.datetime, actor: User) -> Pause:
    """A second person takes back a period entered wrongly: every day of it counts again, and the row says why.

    A right one may be entered after it. Raises PermissionDenied for who reviews no cases or does not see this one.
    """
    case = Case.objects.select_for_update().get(pk=pause.case_id)
    pause = Pause.objects.get(pk=pause.pk)
    if not may_withdraw_period(case, actor) or not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise PermissionDenied
    reasons = withdrawal_objections(pause, case, actor)
    if not reason.strip():
        reasons.append(of_field("reason", _("请写明撤回原因")))
    if reasons:
        raise Refused(reasons)
    today = timezone.localdate(at)
    former = pause.until_on
    pause.withdrawn_by, pause.withdrawn_on, pause.until_on = actor, today, pause.from_on
    pause.withdrawn_reason = reason.strip()[:REASON_MAX]
    pause.save(update_fields=["withdrawn_by", "withdrawn_on", "withdrawn_reason", "until_on"])
    deadlines.recount(case, today=today)
    told = {"from_on": pause.from_on, "until_on": former, "reason": pause.withdrawn_reason}
    record(pause, "withdraw_period", at=at, case=case, actor=actor, pause=pause.kind, **told)
    return pause


def may_withdraw_period(case: Case, user: User) -> bool:
    """Return whether the user reviews cases of this one's house: the bureau's, or for the old book its own court's."""
    return user.has_perm("cases.review_closing") and answers_for(case, user)


def withdrawal_objections(pause: Pause, case: Case, user: User) -> list[str]:
    """Return why the period cannot be taken back, or not by this user."""
    if pause.withdrawn_on:
        return [_("该扣除期间已撤回")]
    if pause.kind in OWN_ACTS:
        return [_("中止、暂缓的期间随恢复执行结束，不能单独撤回")]
    if pause.entered_by_id == user.pk:
        return [_("应由登记人以外的人（局长等结案审查人）撤回")]
    return [] if case.is_open else [_("案件已结案")]


def _refuse_others(case: Case, actor: User) -> None:
    if not may_exclude(case, actor):
        raise PermissionDenied


def may_exclude(case: Case, user: User) -> bool:
    """Return whether the user decides which periods of the case do not count: its judge."""
    return user.has_perm("cases.suspend_case") and case.judge_id == user.pk


def is_ended_by_hand(pause: Pause, case: Case) -> bool:
    """Return whether the period runs and is no suspension or stay in force, which end when the case goes on."""
    rests = case.stage == Case.Stage.STAYED and pause.kind in (PauseKind.STAY, PauseKind.STAY_ABOVE)
    return pause.until_on is None and pause.kind != PauseKind.SUSPENSION and not rests


def move_paused(*, today: dt.date) -> int:
    """Add today to the running periods: while a limit stands still, its last day moves on day by day."""
    unmoved = Pause.objects.running().filter(Q(counted_on__isnull=True) | Q(counted_on__lt=today), from_on__lt=today)
    cases = list(unmoved.order_by("case").values_list("case", flat=True).distinct())
    for pk in cases:
        _move(pk, today)
    return len(cases)


@transaction.atomic
def _move(case_pk: int, today: dt.date) -> None:
    case = Case.objects.select_for_update().get(pk=case_pk)
    deadlines.recount(case, today=today)
    Pause.objects.running().filter(case=case, from_on__lt=today).update(counted_on=today)
