"""The roster of judges on duty is planned, filled by turns and swapped; who was on duty is never rewritten."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Holiday, Team, User
from bureau.record import record
from dispatch import roster
from dispatch.models import DutyTurn, Leave

LOCK = "SELECT pg_advisory_xact_lock(hashtext('wuhai_exec duty'))"
REASON_MAX = 100
DAYS_MAX = 62
# Turns this far back or ahead decide who is next.
MEMORY = dt.timedelta(days=90)
DAY = dt.timedelta(days=1)


def judges() -> QuerySet[User, User]:
    """Return who can be on duty, by name; the judges of a court's old book have none for the bureau."""
    found = User.objects.filter(is_active=True, groups__name="JUDGE").exclude(team__kind=Team.Kind.COURT)
    return found.order_by("name", "pk")


def judge_on(day: dt.date) -> User | None:
    """Return the judge on duty that day; nobody where none is planned, or the one who is has left or is away."""
    turn = DutyTurn.objects.standing().filter(on=day).select_related("judge").first()
    if turn is None or not turn.judge.is_active or Leave.objects.on(day).filter(user=turn.judge).exists():
        return None
    return turn.judge


def absences(first: dt.date, last: dt.date) -> set[tuple[int, dt.date]]:
    """Return who is on leave on which of these days."""
    rows = Leave.objects.filter(from_on__lte=last, until_on__gte=first, ended_at=None)
    return {
        (user, first + number * DAY)
        for user, from_on, until_on in rows.values_list("user", "from_on", "until_on")
        for number in range((last - first).days + 1)
        if from_on <= first + number * DAY <= until_on
    }


@transaction.atomic
def plan_duty(turns: Mapping[dt.date, User | None], *, reason: str = "", at: dt.datetime, actor: User) -> DutyTurn:
    """Set who is on duty on these days, nobody where None stands; whoever had a day before loses it with a reason.

    Days gone by stay as they were. Returns the turn of the last day. Raises Refused with every objection.
    """
    standing = _lock(turns, actor)
    changed = {on: who for on, who in turns.items() if (standing[on].judge if on in standing else None) != who}
    ended = [standing[on] for on in sorted(changed) if on in standing]
    reason = reason.strip()[:REASON_MAX]
    reasons = _objections(changed, timezone.localdate(at))
    if ended and not reason:
        reasons.append(of_field("reason", _("调整已排定的值班，请写明理由")))
    if not changed:
        reasons.append(_("值班表没有变化"))
    if reasons:
        raise Refused(reasons)
    return _set(changed, ended, "plan_duty", reason=reason, at=at, actor=actor)


@transaction.atomic
def fill_duty(first: dt.date, last: dt.date, *, at: dt.datetime, actor: User) -> DutyTurn:
    """Give every working day without a judge to the one whose turn it is; what is planned stays."""
    today = timezone.localdate(at)
    calendar = Holiday.objects.calendar()
    span = [first + number * DAY for number in range(min((last - first).days + 1, DAYS_MAX))]
    days = [day for day in span if day >= today and calendar.is_workday(day)]
    if not days:
        raise Refused(_("所选期间没有今天以后的工作日"))
    _lock(days, actor)
    known = DutyTurn.objects.standing().between(days[0] - MEMORY, days[-1] + MEMORY)
    crew = {judge.pk: judge for judge in judges()}
    made = roster.rotation(
        days, judges=crew, standing=dict(known.values_list("on", "judge")), away=absences(days[0], days[-1])
    )
    if not made:
        raise Refused(_("没有可以排定的空缺：工作日都已有人值班，或法官都已请假"))
    return _set({on: crew[pk] for on, pk in made.items()}, [], "plan_duty", reason="", at=at, actor=actor)


@transaction.atomic
def swap_duty(on: dt.date, other_on: dt.date, *, reason: str, at: dt.datetime, actor: User) -> DutyTurn:
    """Exchange the judges of two days, for a reason."""
    standing = _lock([on, other_on], actor)
    reason = reason.strip()[:REASON_MAX]
    reasons = [] if reason else [of_field("reason", _("请写明对调理由"))]
    if on == other_on:
        reasons.append(of_field("other_on", _("请选择两个不同的日期")))
    for field, day in (("on", on), ("other_on", other_on)):
        if day not in standing:
            reasons.append(of_field(field, _("%(day)s 没有排定值班法官") % {"day": day}))
    if reasons:
        raise Refused(reasons)
    changed = {on: standing[other_on].judge, other_on: standing[on].judge}
    reasons = _objections(changed, timezone.localdate(at))
    if standing[on].judge_id == standing[other_on].judge_id:
        reasons.append(of_field("other_on", _("两天的值班法官是同一人")))
    if reasons:
        raise Refused(reasons)
    return _set(changed, [standing[on], standing[other_on]], "swap_duty", reason=reason, at=at, actor=actor)


def _lock(days: Iterable[dt.date], actor: User) -> dict[dt.date, DutyTurn]:
    """Let one plan at a time; return the standing turns of these days."""
    if not actor.has_perm("dispatch.plan_duty"):
        raise PermissionDenied
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    return {turn.on: turn for turn in DutyTurn.objects.standing().filter(on__in=list(days)).select_related("judge")}


def _objections(turns: Mapping[dt.date, User | None], today: dt.date) -> list[str]:
    reasons = []
    crew = {judge.pk for judge in judges()}
    away = absences(min(turns), max(turns)) if turns else set()
    for on, judge in sorted(turns.items()):
        if on < today:
            reasons.append(of_field(f"day_{on}", _("%(day)s 已过，值班记录不能修改") % {"day": on}))
        if judge is not None and judge.pk not in crew:
            said = _("%(day)s：%(name)s 不是在职员额法官") % {"day": on, "name": judge.name}
            reasons.append(of_field(f"day_{on}", said))
        elif judge is not None and (judge.pk, on) in away:
            reasons.append(of_field(f"day_{on}", _("%(day)s：%(name)s 请假") % {"day": on, "name": judge.name}))
    return reasons


def _set(
    turns: Mapping[dt.date, User | None],
    ended: list[DutyTurn],
    verb: str,
    *,
    reason: str,
    at: dt.datetime,
    actor: User,
) -> DutyTurn:
    DutyTurn.objects.filter(pk__in=[turn.pk for turn in ended]).update(ended_at=at, ended_by=actor, end_reason=reason)
    made = DutyTurn.objects.bulk_create(
        DutyTurn(on=on, judge=judge, set_by=actor, set_at=at) for on, judge in sorted(turns.items()) if judge
    )
    days = {str(on): judge.pk if judge else None for on, judge in sorted(turns.items())}
    before = {str(turn.on): turn.judge_id for turn in ended}
    subject = [*ended, *made][-1]
    record(subject, verb, at=at, actor=actor, days=days, before=before, reason=reason)
    return subject
