"""Pages of the roster of judges on duty: a week of it, planning, filling by turns, swapping."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from dispatch import duties, dutypages
from dispatch.dutyforms import FillPlan, SwapPlan, WeekChoice, WeekPlan
from dispatch.models import DutyTurn


@requires("cases.view_case")
@require_safe
def duty(request: StaffRequest) -> HttpResponse:
    """Show who is on duty in a week, which days have nobody, and what was changed."""
    asked = WeekChoice(request.GET)
    return _page(request, asked.monday(clock.today()), asked)


def _page(request: StaffRequest, monday: dt.date, asked: WeekChoice | None = None, **forms: Any) -> HttpResponse:
    context = dutypages.week_page(monday, request.user, today=clock.today(), **forms)
    context |= {"choice": WeekChoice(initial={"on": monday}), "asked": asked}
    return render(request, "dispatch/duty.html", context, status=422 if forms else 200)


def _monday(request: StaffRequest) -> dt.date:
    return WeekChoice({"on": request.POST.get("week", "")}).monday(clock.today())


@requires("dispatch.plan_duty")
@require_POST
def plan_duty(request: StaffRequest) -> HttpResponse:
    """Set the judges of the week."""
    monday, today = _monday(request), clock.today()
    turns = {turn.on: turn for turn in DutyTurn.objects.standing().between(monday, monday + dt.timedelta(days=6))}
    form = WeekPlan(request.POST, monday=monday, today=today, turns=turns)
    return _act(request, monday, "plan", form, duties.plan_duty)


@requires("dispatch.plan_duty")
@require_POST
def fill_duty(request: StaffRequest) -> HttpResponse:
    """Give every working day without a judge to the one whose turn it is."""
    form = FillPlan(request.POST)
    return _act(request, _monday(request), "fill", form, duties.fill_duty)


@requires("dispatch.plan_duty")
@require_POST
def swap_duty(request: StaffRequest) -> HttpResponse:
    """Exchange the judges of two days."""
    form = SwapPlan(request.POST)
    return _act(request, _monday(request), "swap", form, duties.swap_duty)


def _act(request: StaffRequest, monday: dt.date, name: str, form: Any, act: Any) -> HttpResponse:
    if form.is_valid():
        given = getattr(form, "arguments", lambda: form.cleaned_data)()
        try:
            act(**given, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("值班表已保存"))
            return redirect(f"{reverse('dispatch:duty')}?on={monday}")
    return _page(request, monday, **{name: form})
