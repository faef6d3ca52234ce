"""What the page of the roster prints: a week with its gaps, what was changed, and the lines of the desk."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.calendar import WorkCalendar
from bureau.desk import DeskItem
from bureau.models import Holiday, User
from cases.models import NetworkQuery
from dispatch import duties
from dispatch.dutyforms import REASONS, FillPlan, SwapPlan, WeekPlan
from dispatch.models import DutyTurn

DAY = dt.timedelta(days=1)
# A gap is raised so many working days beforehand.
AHEAD = 5
CHANGES_MAX = 30


def gaps(first: dt.date, last: dt.date, calendar: WorkCalendar) -> dict[dt.date, str]:
    """Return the working days without a judge who can be there, with why."""
    away = duties.absences(first, last)
    turns = _standing(first, last)
    found: dict[dt.date, str] = {}
    for number in range((last - first).days + 1):
        day = first + number * DAY
        turn = turns.get(day)
        if turn is None:
            if calendar.is_workday(day):
                found[day] = _("未排")
        elif (turn.judge_id, day) in away:
            found[day] = _("%(name)s 请假，请调整") % {"name": turn.judge.name}
        elif not turn.judge.is_active:
            found[day] = _("%(name)s 已停用，请调整") % {"name": turn.judge.name}
    return found


def coming_gaps(today: dt.date) -> dict[dt.date, str]:
    """Return the gaps of today and the next five working days."""
    calendar = Holiday.objects.calendar()
    last = today
    for _turn in range(AHEAD):
        last = calendar.next_workday(last + DAY)
    return gaps(today, last, calendar)


def _standing(first: dt.date, last: dt.date) -> dict[dt.date, DutyTurn]:
    return {turn.on: turn for turn in DutyTurn.objects.standing().between(first, last).for_list()}


def week_page(monday: dt.date, user: User, *, today: dt.date, **forms: Any) -> dict[str, Any]:
    """Return the week with its forms; a form that was refused comes back as it was typed."""
    sunday = monday + 6 * DAY
    calendar, turns = Holiday.objects.calendar(), _standing(monday, sunday)
    may_plan = user.has_perm("dispatch.plan_duty")
    plan = forms.get("plan") or WeekPlan(monday=monday, today=today, turns=turns)
    missing = gaps(max(monday, today), sunday, calendar) if sunday >= today else {}
    asked = _queries(monday, sunday)
    days = [
        {
            "on": on,
            "is_rest": not calendar.is_workday(on),
            "is_today": on == today,
            "turn": turns.get(on),
            "gap": missing.get(on, ""),
            "queries": asked.get((on, turns[on].judge_id), 0) if on in turns else 0,
            "field": plan[f"day_{on}"] if may_plan and f"day_{on}" in plan.fields else None,
        }
        for on in (monday + number * DAY for number in range(7))
    ]
    first = max(monday, today)
    return {
        "monday": monday,
        "sunday": sunday,
        "before": monday - 7 * DAY,
        "after": sunday + DAY,
        "days": days,
        "may_plan": may_plan,
        "is_open": sunday >= today,
        "plan": plan,
        "fill": FillPlan(initial={"first": first, "weeks": "4"}),
        "swap": SwapPlan(initial={"on": first}),
        "reasons": REASONS,
        "coming": coming_gaps(today),
        "changes": _changes(monday, sunday),
        **forms,
    }


def _queries(monday: dt.date, sunday: dt.date) -> dict[tuple[dt.date, int | None], int]:
    rows = NetworkQuery.objects.filter(launched_at__date__range=(monday, sunday))
    counted = rows.values_list("launched_at__date", "judge").annotate(count=Count("case", distinct=True)).order_by()
    return {(on, judge): count for on, judge, count in counted}


def _changes(monday: dt.date, sunday: dt.date) -> list[DutyTurn]:
    """Return the turns of the week that were taken over, the latest first."""
    rows = DutyTurn.objects.between(monday, sunday).filter(ended_at__isnull=False).for_list()
    return list(rows.order_by("-ended_at", "-id")[:CHANGES_MAX])


def leave_warning(user: User, first: dt.date, last: dt.date) -> str:
    """Return what to say to whoever registers leave over days of duty; empty where there are none."""
    days = (
        DutyTurn.objects.standing().filter(judge=user).between(first, last).order_by("on").values_list("on", flat=True)
    )
    if not days:
        return ""
    said = {"name": user.name, "days": "、".join(str(day) for day in days)}
    return _("%(name)s 请假期间排有值班：%(days)s，请调整值班表") % said


def items(user: User, *, today: dt.date) -> Iterator[DeskItem]:
    """Yield to who plans the days without a judge, as one line; to a judge that today is his.

    Both without a day, so that they stand behind the cases and never between one case and the next.
    """
    if user.has_perm("dispatch.plan_duty") and (missing := coming_gaps(today)):
        yield DeskItem(
            kind=_("值班空缺"),
            title=_("今后 %(ahead)d 个工作日内没有值班法官：%(days)s")
            % {"ahead": AHEAD, "days": "、".join(f"{day:%m-%d}" for day in sorted(missing))},
            url=f"{reverse('dispatch:duty')}?on={min(missing)}",
        )
    if user.has_perm("cases.suspend_case") and duties.judge_on(today) == user:
        yield DeskItem(
            kind=_("今日值班"),
            title=_("尚无承办法官的案件，今日以您的名义发起网络查控和紧急控制"),
            url=reverse("dispatch:duty"),
        )
