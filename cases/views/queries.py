"""The network query from filing on: what waits to be queried, one case as far as a query needs it, asking again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import User
from bureau.paging import page_of
from cases import queryqueue, services, startforms
from cases.models import Case, NetworkQuery
from cases.onduty import judge_on_duty
from cases.views.acts import typed
from cases.views.work import say, ticked


@require_safe
@requires("cases.hand_over_case")
def query_list(request: StaffRequest) -> HttpResponse:
    """List the cases to be queried, those that wait, and those of which a provider has to be asked again."""
    on_duty = judge_on_duty(clock.today())
    act = startforms.LaunchMany(on_duty=on_duty, initial=queryqueue.usual(today=clock.today()))
    return _list_page(request, act, on_duty)


def _list_page(request: StaffRequest, act: startforms.LaunchMany, on_duty: User | None) -> HttpResponse:
    form = startforms.QueryFilters(request.GET)
    chosen = form.chosen()
    cases = queryqueue.listed(request.user, chosen)
    context: dict[str, Any] = {
        "form": form,
        "act": act,
        "on_duty": on_duty,
        "page": page_of(cases, request),
        "chosen": chosen,
        "counts": queryqueue.counts(request.user),
        "now": clock.now(),
    }
    return render(request, "cases/query_list.html", context, status=422 if act.errors else 200)


@require_POST
@requires("cases.hand_over_case")
def launch_many(request: StaffRequest) -> HttpResponse:
    """Ask the network about the debtors of the ticked cases."""
    cases = list(Case.objects.to_query(request.user).filter(pk__in=ticked(request, "case")))
    on_duty = judge_on_duty(clock.today())
    form = startforms.LaunchMany(request.POST, on_duty=on_duty)
    if not form.is_valid():
        return _list_page(request, form, on_duty)
    if not cases:
        messages.error(request, _("请先勾选案件"))
        return redirect("cases:queries")
    say(request, services.launch_many(cases, **form.arguments(), at=clock.now(), actor=request.user))
    return redirect("cases:queries")


@require_http_methods(["GET", "POST"])
@requires("cases.hand_over_case")
def query_case(request: StaffRequest, pk: int) -> HttpResponse:
    """Show of a case what a query needs: its debtors, clues, answers and leads; posting asks the network."""
    case = get_object_or_404(Case.objects.to_query(request.user).for_page(), pk=pk)
    on_duty = judge_on_duty(clock.today())
    usual = queryqueue.usual(today=clock.today())
    form = startforms.LaunchQuery(typed(request), case=case, on_duty=on_duty, initial=usual)
    if request.method == "POST" and form.is_valid():
        try:
            services.launch_query(case, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(number)s 已发起网络查控") % {"number": case.display_number})
            return redirect("cases:query_case", case.pk)
    context = queryqueue.page(case, request.user) | {"form": form, "today": clock.today(), "on_duty": on_duty}
    return render(request, "cases/query.html", context, status=422 if form.errors else 200)


@require_POST
@requires("cases.hand_over_case")
def ask_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask those again who refused or failed."""
    rows = NetworkQuery.objects.filter(case__in=Case.objects.to_query(request.user))
    query = get_object_or_404(rows.select_related("case"), pk=pk)
    try:
        services.ask_query_again(query, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已对未成功的单位重新发起查控"))
    return redirect("cases:query_case", query.case_id)
