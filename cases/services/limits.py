"""The closing limit is lengthened by three months: the judge asks in its last days, the president decides."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import DAY
from bureau.errors import Refused, of_field
from bureau.models import User
from cases import deadlines
from cases.evidence import Paper, papers_of, scans
from cases.models import Case, Deadline, LimitExtension
from cases.models.leadership import leads
from cases.record import record
from cases.services.pauses import may_exclude

DECIDERS = ("PRESIDENT", "VICE_PRESIDENT")
LAST_DAYS = 5  # 法释〔2000〕29号 5: asked for within the last five days of the limit
REASON_MAX, NOTE_MAX = 500, 200
State = LimitExtension.State


def limit_objections(case: Case, *, today: dt.date) -> list[str]:
    """Return why more time cannot be asked for now."""
    if not case.is_open:
        return [_("案件已结案")]
    if case.limit_extensions.filter(state=State.PROPOSED).exists():
        return [_("已申请延长，待院长或者主管副院长审批")]
    first = case.closing_due_on - LAST_DAYS * DAY
    words = {"first": first, "last": case.closing_due_on}
    if today > case.closing_due_on:
        return [_("执行期限已于 %(last)s 届满，不能再申请延长") % words]
    if today < first:
        return [_("应在执行期限届满前 5 日内申请，即 %(first)s 至 %(last)s") % words]
    return []


def answers_of(case: Case) -> list[Paper]:
    """Return the scans of papers of a court, of which one is the high court's answer."""
    return scans(papers_of(case))


def needs_answer(case: Case) -> bool:
    """Return whether the house has lengthened the limit once: more is for the high court to allow."""
    return case.limit_extensions.filter(state=State.APPROVED).exists()


@transaction.atomic
def ask_longer_limit(case: Case, *, reason: str, paper: str = "", at: dt.datetime, actor: User) -> LimitExtension:
    """The judge asks for three more months for a special reason, from the second time on with the high court's answer.

    Legal source: 法释〔2000〕29号 5, 法发〔2006〕35号 1. Raises PermissionDenied for anybody but the case's judge.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not may_exclude(case, actor):
        raise PermissionDenied
    reasons = limit_objections(case, today=timezone.localdate(at))
    if not reason.strip():
        reasons.append(of_field("reason", _("请写明需要延长的特殊情况")))
    if needs_answer(case) and paper not in {row.ref for row in answers_of(case)}:
        reasons.append(of_field("paper", _("本院已延长一次；再延长应报高级人民法院，请选择其批复的扫描件")))
    if reasons:
        raise Refused(reasons)
    row = LimitExtension.objects.create(
        case=case,
        reason=reason.strip()[:REASON_MAX],
        paper=paper if needs_answer(case) else "",
        limit_on=case.closing_due_on,
        asked_by=actor,
        asked_at=at,
    )
    record(row, "ask_longer_limit", at=at, case=case, actor=actor, limit_on=row.limit_on, reason=row.reason)
    return row


@transaction.atomic
def decide_longer_limit(
    row: LimitExtension, *, result: str, note: str = "", at: dt.datetime, actor: User
) -> LimitExtension:
    """President or vice-president decide; approved, the closing limit ends three months later, pauses included.

    What was asked for in time may be approved after the limit has run out. Raises PermissionDenied for the asker.
    """
    case = Case.objects.select_for_update().get(pk=row.case_id)
    row = LimitExtension.objects.get(pk=row.pk)
    if not may_lengthen(case, actor) or actor.pk == row.asked_by_id:
        raise PermissionDenied
    if reasons := decision_objections(row, case) + _wanting(result, note):
        raise Refused(reasons)
    row.state, row.note, row.decided_by, row.decided_at = result, note.strip()[:NOTE_MAX], actor, at
    if result == State.REFUSED:
        row.save()
        record(row, "refuse_longer_limit", at=at, case=case, actor=actor, reason=row.note)
        return row
    _lengthen(case, row, at=at, actor=actor)
    return row


def may_lengthen(case: Case, user: User) -> bool:
    """Return whether the user decides on more time in this case: its president, for the old book that of its court."""
    return user.has_perm("cases.extend_limit") and leads(case, user, *DECIDERS)


def decision_objections(row: LimitExtension, case: Case) -> list[str]:
    """Return why nothing is to be decided."""
    if row.state != State.PROPOSED:
        return [_("该申请已处理")]
    return [] if case.is_open else [_("案件已结案")]


def _wanting(result: str, note: str) -> list[str]:
    if result not in (State.APPROVED, State.REFUSED):
        return [of_field("result", _("请选择处理结果"))]
    if result == State.REFUSED and not note.strip():
        return [of_field("note", _("请写明不予批准的理由"))]
    return []


def _lengthen(case: Case, row: LimitExtension, *, at: dt.datetime, actor: User) -> None:
    """Move the limit and say so: the event ends the clock of asking and opens the next, for the new limit."""
    today = timezone.localdate(at)
    limit = Deadline.objects.running().get(case=case, node=deadlines.closing_limit(case).code)
    row.until_on = deadlines.lengthened(case, limit, times=times_lengthened(case) + 1, today=today).due_on
    row.save()
    told = {"former_on": row.limit_on, "limit_on": row.until_on, "from_on": limit.started_on}
    record(row, "approve_longer_limit", at=at, case=case, actor=actor, **told)
    # The clock that was met keeps its day; the limit, and what the event opened for it, are counted anew.
    deadlines.recount(case, today=today)


def times_lengthened(case: Case) -> int:
    """Return how often the limit has been lengthened."""
    return case.limit_extensions.filter(state=State.APPROVED).count()
