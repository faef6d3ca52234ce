"""Periods that do not count: entered by the judge with a look at the closing limit they make, and ended."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bureau import clock
from bureau.access import StaffRequest, requires
from cases import deadlines, forms, pages, services
from cases.models import Pause
from cases.services.pauses import papers_for, withdrawal_objections
from cases.views.acts import act_page, case_of, typed

TEMPLATE = "cases/period.html"
NOTICE = _("中止、暂缓由各自的办理自动扣除，不在这里登记。期间重叠只计一次。")


@require_http_methods(["GET", "POST"])
@requires("cases.suspend_case")
def exclude_period(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge enters a period that does not count; asked for a look first, the page shows the new limit only."""
    case = case_of(request, pk)
    form = forms.ExcludePeriod(typed(request), papers=papers_for(case))
    context: dict[str, Any] = {"heading": _("登记不计入期限的期间"), "notice": NOTICE}
    if "look" not in request.POST:
        return act_page(request, case, form, services.exclude_period, template=TEMPLATE, **context)
    if form.is_valid():
        today = clock.today()
        given = {name: value for name, value in form.arguments().items() if name != "paper"}
        pause = Pause(case=case, **given)
        context["preview"] = deadlines.previewed(case, pause, today=today)
        context["is_looked_at"] = True
    context |= pages.head(case, request.user, today=clock.today()) | {"form": form}
    return render(request, TEMPLATE, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("cases.suspend_case")
def end_period(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge says from which day on days count again."""
    pause = get_object_or_404(Pause.objects.visible_to(request.user), pk=pk)
    case, form = case_of(request, pause.case_id), forms.EndPeriod(typed(request))
    context: dict[str, Any] = {"heading": _("不计入期限的期间结束"), "pause": pause}
    return act_page(request, case, form, services.end_period, subject=pause, template=TEMPLATE, **context)


@require_http_methods(["GET", "POST"])
@requires("cases.review_closing")
def withdraw_period(request: StaffRequest, pk: int) -> HttpResponse:
    """A second person takes a period back."""
    pause = get_object_or_404(Pause.objects.visible_to(request.user), pk=pk)
    case, form = case_of(request, pause.case_id), forms.WithdrawPeriod(typed(request))
    context: dict[str, Any] = {"heading": _("撤回不计入期限的期间"), "pause": pause}
    context |= {"notice": _("撤回后这些天重新计入期限，记录保留；登记有误的，由承办法官另行登记正确的期间。")}
    barred = withdrawal_objections(pause, case, request.user)
    return act_page(
        request, case, form, services.withdraw_period, subject=pause, template=TEMPLATE, barred=barred, **context
    )
