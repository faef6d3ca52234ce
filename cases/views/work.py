"""Work orders: my team's list, the tab of a case, the acts on one order, and the same act on many."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from cases import pages, services, workforms, worklist
from cases.forms import Act
from cases.models import Case, WorkOrder
from cases.services.workbatches import ITEMS_MAX

BATCHES: dict[str, Any] = {
    "accept": services.accept_many,
    "finish": services.finish_many,
    "confirm": services.confirm_many,
}


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _order(request: StaffRequest, pk: int) -> WorkOrder:
    return get_object_or_404(WorkOrder.objects.visible_to(request.user).for_list(), pk=pk)


def ticked(request: StaffRequest, name: str) -> list[int]:
    """Return the keys of the ticked rows, at most as many as one act takes."""
    words = request.POST.getlist(name)[:ITEMS_MAX]
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]


@require_safe
@requires("cases.view_case")
def work_list(request: StaffRequest) -> HttpResponse:
    """Show the work orders that the user sees, nearest due day first."""
    return _list_page(request, workforms.BatchAct())


def _list_page(request: StaffRequest, batch: workforms.BatchAct, ticked: Iterable[int] = ()) -> HttpResponse:
    form, today = workforms.Filters(request.GET), clock.today()
    orders = WorkOrder.objects.visible_to(request.user).for_list()
    page = page_of(worklist.filtered(orders, form.chosen(), user=request.user, today=today), request)
    context = {"page": page, "form": form, "batch": batch, "ticked": set(ticked), "today": today}
    context["rows"] = worklist.rows(page.object_list, request.user)
    return render(request, "cases/work_list.html", context, status=422 if batch.errors else 200)


@require_POST
@requires("cases.do_work", "cases.request_work")
def work_many(request: StaffRequest) -> HttpResponse:
    """Accept, finish or confirm the ticked orders in one act; what was left is said one by one."""
    form, chosen = workforms.BatchAct(request.POST), ticked(request, "order")
    if not chosen:
        form.add_error(None, _("请先勾选协作"))
    if not form.is_valid():
        return _list_page(request, form, chosen)
    orders = WorkOrder.objects.visible_to(request.user).filter(pk__in=chosen)
    words = {"text": form.cleaned_data["text"]} if form.cleaned_data["act"] == "finish" else {}
    batch = BATCHES[form.cleaned_data["act"]](orders, **words, at=clock.now(), actor=request.user)
    say(request, batch)
    return redirect(f"{request.path.removesuffix('many/')}?{request.GET.urlencode()}")


def say(request: StaffRequest, batch: services.Batch) -> None:
    """Tell what was done and, one by one, what was left and why."""
    if batch.done:
        messages.success(request, _("已办理 %(count)d 项") % {"count": len(batch.done)})
    for row in batch.left:
        messages.error(
            request, _("%(number)s 未办理：%(reason)s") % {"number": row.number, "reason": "；".join(row.reasons)}
        )


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def work(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the work orders of the case and, to whoever speaks for it, the form to ask for another."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    form = workforms.RequestWork(_typed(request), user=request.user, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            services.request_work(case, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(number)s：已请求协作") % {"number": case.display_number})
            return redirect("cases:work", case.pk)
    orders = WorkOrder.objects.filter(case=case).for_list().order_by("-requested_at", "-id")
    context = pages.head(case, request.user, today=clock.today()) | {"form": form}
    context |= {"rows": worklist.rows(orders, request.user, case=case)}
    context |= {"may_request": case.is_open and services.may_request(case, request.user)}
    return render(request, "cases/work.html", context, status=422 if form.errors else 200)


def _at_once(request: StaffRequest, pk: int, act: Callable[..., Any], said: str) -> HttpResponse:
    order = _order(request, pk)
    try:
        act(order, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said % {"number": order.case.display_number})
    return _back(request, order)


def _back(request: StaffRequest, order: WorkOrder) -> HttpResponse:
    # Once nothing is open any more the doing team no longer sees the case.
    is_visible = Case.objects.visible_to(request.user).filter(pk=order.case_id).exists()
    return redirect("cases:work", order.case_id) if is_visible else redirect("cases:work_list")


@require_POST
@requires("cases.do_work")
def accept_work(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the order."""
    return _at_once(request, pk, services.accept_work, _("%(number)s：已接单"))


@require_POST
@requires("cases.request_work")
def confirm_work(request: StaffRequest, pk: int) -> HttpResponse:
    """Confirm the answer."""
    return _at_once(request, pk, services.confirm_work, _("%(number)s：已确认协作结果"))


def _by_form(
    request: StaffRequest, order: WorkOrder, form: Act, act: Callable[..., Any], heading: str | Promise, **context: Any
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(order, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("%(number)s：%(act)s，已办理") % {"number": order.case.display_number, "act": heading}
            )
            return _back(request, order)
    case = Case.objects.visible_to(request.user).for_page().get(pk=order.case_id)
    page = pages.head(case, request.user, today=clock.today())
    page |= {"form": form, "heading": heading, "order": order, **context}
    return render(request, "cases/work_act.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("cases.do_work")
def finish_work(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer the order; an on-site item with result and two officers."""
    order = _order(request, pk)
    files = request.FILES if request.method == "POST" else None
    form: Act = workforms.Finish(_typed(request), files)
    if order.kind == WorkOrder.Kind.ONSITE:
        form = workforms.OnsiteRow(_typed(request), files, officers=workforms.field_officers(order.to_team_id))
    return _by_form(request, order, form, services.finish_work, gettext_lazy("答复协作"))


@require_http_methods(["GET", "POST"])
@requires("cases.request_work")
def return_work(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the answer back to be done again."""
    order, form = _order(request, pk), workforms.Reason(_typed(request))
    reasons = {"reasons": worklist.RETURN_REASONS}
    return _by_form(request, order, form, services.return_work, gettext_lazy("退回重办"), **reasons)


@require_http_methods(["GET", "POST"])
@requires("cases.request_work")
def withdraw_work(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the request back."""
    order, form = _order(request, pk), workforms.Reason(_typed(request))
    reasons = {"reasons": worklist.WITHDRAW_REASONS}
    return _by_form(request, order, form, services.withdraw_work, gettext_lazy("撤回协作"), **reasons)


@require_POST
@requires("cases.request_work")
def request_many(request: StaffRequest) -> HttpResponse:
    """Ask for work of one kind on all ticked cases: first the form, then the act."""
    cases = Case.objects.visible_to(request.user).filter(pk__in=ticked(request, "case"))
    is_sent = "text" in request.POST
    form = workforms.RequestWork(request.POST if is_sent else None, user=request.user)
    rows = list(cases.for_list().order_by("id"))
    if not rows:
        messages.error(request, _("请先勾选案件"))
        return redirect("cases:list")
    if is_sent and form.is_valid():
        batch = services.request_many(rows, **form.arguments(), at=clock.now(), actor=request.user)
        say(request, batch)
        return redirect("cases:work_list")
    context = {"form": form, "cases": rows}
    return render(request, "cases/work_many.html", context, status=422 if form.errors else 200)
