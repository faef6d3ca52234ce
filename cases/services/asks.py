"""What parties say through the public pages is taken in with its day, and answered."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import visits
from bureau.calendar import DAY
from bureau.errors import Refused
from bureau.models import Holiday, User
from bureau.record import record as record_event
from cases import nodes
from cases.models import Agent, Case, Party, PartyAsk
from cases.models.ask import answers_for_nobody
from cases.record import record
from cases.services.contacts import may_settle
from cases.services.stages import refuse_put_away

TEXT_MAX = 1000
NODES = {PartyAsk.Kind.CLUE: "CLUE_CHECK", PartyAsk.Kind.VISIT: "VISIT_ANSWER"}
COMPLAINT_DAYS = 7  # first answer (信访工作条例; 有信必复)


@transaction.atomic
def give_clue(
    party: Party, *, text: str, receipt: str, agent: Agent | None = None, at: dt.datetime, actor: User
) -> PartyAsk:
    """An applicant names property; the court checks it within seven days (财产调查规定 2, 17)."""
    row = _new(party, PartyAsk.Kind.CLUE, text, receipt, agent, at=at)
    record(row, "give_clue", at=at, case=row.case, actor=actor, side=party.side)
    return row


@transaction.atomic
def book_visit(
    party: Party,
    *,
    text: str,
    receipt: str,
    wanted_on: dt.date,
    wanted_half: str,
    agent: Agent | None = None,
    at: dt.datetime,
    actor: User,
) -> PartyAsk:
    """An applicant wants to be received; the team answers within two working days (局内规定)."""
    calendar = Holiday.objects.calendar()
    reasons = visits.objections(wanted_on, today=timezone.localdate(at), calendar=calendar)
    if wanted_half not in PartyAsk.Half.values:
        reasons.append(_("请选择上午或下午"))
    if reasons:
        raise Refused(reasons)
    wish = {"wanted_on": wanted_on, "wanted_half": wanted_half}
    row = _new(party, PartyAsk.Kind.VISIT, text, receipt, agent, at=at, **wish)
    record(row, "book_visit", at=at, case=row.case, actor=actor, side=party.side)
    return row


@transaction.atomic
def complain(
    party: Party, *, topic: str, text: str, receipt: str, agent: Agent | None = None, at: dt.datetime, actor: User
) -> PartyAsk:
    """An applicant complains; the inspectors answer within seven days, and the case's own record does not show it."""
    if topic not in PartyAsk.Topic.values:
        raise Refused(_("请选择反映的问题"))
    row = _new(party, PartyAsk.Kind.COMPLAINT, text, receipt, agent, at=at, topic=topic)
    record_event(row, "complain", at=at, actor=actor, number=row.case.display_number)
    return row


def _new(
    party: Party, kind: str, text: str, receipt: str, agent: Agent | None, *, at: dt.datetime, **fields: object
) -> PartyAsk:
    case = Case.objects.held().get(pk=party.case_id)
    if not text.strip():
        raise Refused(_("请写明内容"))
    if kind != PartyAsk.Kind.COMPLAINT:
        refuse_put_away(case)
    due_on = due_day(kind, timezone.localdate(at))
    told = {"party": party, "agent": agent, "text": text.strip()[:TEXT_MAX], "receipt": receipt, "asked_at": at}
    return PartyAsk.objects.create(case=case, kind=kind, due_on=due_on, **told, **fields)


def due_day(kind: str, day: dt.date) -> dt.date:
    """Return the last day for the answer."""
    if kind not in NODES:
        return day + COMPLAINT_DAYS * DAY
    node = nodes.BY_CODE[NODES[PartyAsk.Kind(kind)]]
    return Holiday.objects.calendar().due(day, node.count, node.unit).due_on  # type: ignore[arg-type]


def _meeting_objections(day: dt.date | None, half: str, *, today: dt.date) -> list[str]:
    reasons = []
    if day is None or not today < day <= today + visits.AHEAD_MAX * DAY:
        reasons.append(_("日期应在明天以后、60 天以内"))
    elif not Holiday.objects.calendar().is_workday(day):
        reasons.append(_("该日不上班，请另选工作日"))
    if half not in PartyAsk.Half.values:
        reasons.append(_("请选择上午或下午"))
    return reasons


def may_answer(ask: PartyAsk, user: User) -> bool:
    """Return whether the user may answer: the case's team or judge, and of a complaint an inspector.

    Until a case is somebody's, the command centre answers.
    """
    if ask.kind == PartyAsk.Kind.COMPLAINT:
        return user.has_perm("cases.answer_complaint")
    if ask.case.owner_id is None and ask.case.judge_id is None:
        return answers_for_nobody(user)
    return user.has_perm("cases.answer_ask") and may_settle(ask.case, user)


@transaction.atomic
def answer_ask(
    ask: PartyAsk,
    *,
    result: str,
    answer: str,
    meeting_on: dt.date | None = None,
    meeting_half: str = "",
    at: dt.datetime,
    actor: User,
) -> PartyAsk:
    """Answer once, in words that the party will read; what was promised to a visitor is a day."""
    case = Case.objects.select_for_update().get(pk=ask.case_id)
    ask = PartyAsk.objects.select_related("case").get(pk=ask.pk)
    if not may_answer(ask, actor):
        raise PermissionDenied
    today = timezone.localdate(at)
    if reasons := _answer_objections(ask, result, answer, meeting_on, meeting_half, today=today):
        raise Refused(reasons)
    is_meeting = result in PartyAsk.MEETING
    ask.result, ask.answer = result, answer.strip()[:TEXT_MAX]
    ask.meeting_on, ask.meeting_half = (meeting_on, meeting_half) if is_meeting else (None, "")
    ask.answered_by, ask.answered_at = actor, at
    ask.save(update_fields=["result", "answer", "meeting_on", "meeting_half", "answered_by", "answered_at"])
    if ask.kind == PartyAsk.Kind.COMPLAINT:
        record_event(ask, "answer_complaint", at=at, actor=actor, number=case.display_number, ask_result=result)
    else:
        verb = "answer_clue" if ask.kind == PartyAsk.Kind.CLUE else "answer_visit"
        record(ask, verb, at=at, case=case, actor=actor, ask_result=result)
    return ask


def _answer_objections(
    ask: PartyAsk, result: str, answer: str, meeting_on: dt.date | None, meeting_half: str, *, today: dt.date
) -> list[str]:
    if ask.answered_at is not None:
        return [_("已经答复过")]
    reasons = []
    if result not in dict(ask.results):
        reasons.append(_("请选择处理结果"))
    if not answer.strip():
        reasons.append(_("请写明答复，当事人会看到"))
    if result in PartyAsk.MEETING:
        reasons += _meeting_objections(meeting_on, meeting_half, today=today)
    return reasons
