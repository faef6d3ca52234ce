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
from cases.models import Case, Pause
from cases.pauses import PauseKind
from cases.record import record

DOCUMENT_MAX = 200


def begin(case: Case, kind: str, *, document: str, from_on: dt.date, today: dt.date) -> Pause:
    """Let a period begin inside another act, which holds the case's lock and records itself."""
    pause = Pause.objects.create(case=case, kind=kind, document=document.strip()[:DOCUMENT_MAX], from_on=from_on)
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
    document: str,
    from_on: dt.date,
    until_on: dt.date | None,
    at: dt.datetime,
    actor: User,
) -> Pause:
    """The judge enters a period that does not count, with its document; without an end it runs until ended.

    Suspension has an act of its own. Raises PermissionDenied for anybody but the case's judge.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    _refuse_others(case, actor)
    today = timezone.localdate(at)
    reasons = []
    if kind not in PauseKind.values or kind == PauseKind.SUSPENSION:
        reasons.append(of_field("kind", _("请选择扣除事由；中止执行请另行办理")))
    if not document.strip():
        reasons.append(of_field("document", _("请填写依据文书")))
    if not case.filed_on <= from_on <= today:
        reasons.append(of_field("from_on", _("起始日应在立案日至今天之间")))
    if until_on and not from_on < until_on <= today:
        reasons.append(of_field("until_on", _("恢复计算日应晚于起始日，且不晚于今天")))
    if not case.is_open:
        reasons.append(_("案件已结案"))
    if reasons:
        raise Refused(reasons)
    pause = Pause.objects.create(
        case=case, kind=kind, document=document.strip()[:DOCUMENT_MAX], from_on=from_on, until_on=until_on
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
