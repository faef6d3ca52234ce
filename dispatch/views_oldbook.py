"""Pages of the old book: its open cases by court, and moving one over by two people."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.acts import Nothing
from bureau.errors import Refused
from bureau.paging import page_of
from cases.models import Case
from cases.routing import CUTS
from dispatch import moves
from dispatch.listforms import OldBookFilter
from dispatch.moveforms import AskMoveForm, DecideMoveForm
from dispatch.oldbook import UnitMove

USUAL = ("与综合执行局在办案件系同一被执行人", "申请执行人申请统一执行", "原法院已无执行力量")


@requires("dispatch.assign_case", "dispatch.approve_assignment")
@require_safe
def old_book(request: StaffRequest) -> HttpResponse:
    """List the open cases that their court goes on with, and what was asked of them."""
    return _page(request)


def _page(request: StaffRequest, **more: Any) -> HttpResponse:
    cases = Case.objects.visible_to(request.user).open().filter(executing_unit=Case.ExecutingUnit.COURT)
    waiting = Prefetch("unit_moves", UnitMove.objects.waiting().select_related("asked_by"), to_attr="moves_waiting")
    form = OldBookFilter(request.GET)
    court = form.chosen().get("court")
    chosen = cases.filter(number_court=court) if court else cases
    rows = chosen.select_related("number_court", "filing_window").prefetch_related("parties", waiting)
    courts = cases.values("number_court__code", "number_court__name").annotate(count=Count("pk"))
    context: dict[str, Any] = {
        "page": page_of(rows.order_by("filed_on", "id"), request),
        "courts": courts.order_by("number_court__code"),
        "court": court.code if court else "",
        "form": form,
        "cuts": CUTS,
        "usual": USUAL,
        **more,
    }
    return render(request, "dispatch/old_book.html", context, status=422 if more.get("errors") else 200)


def _act(
    request: StaffRequest, form: Any, act: Callable[..., Any], subject: Case | UnitMove, done: str
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, errors=[str(word) for words in form.errors.values() for word in words], typed=form.data)
    try:
        act(subject, **form.cleaned_data, at=clock.now(), actor=request.user)
    except Refused as refusal:
        return _page(request, errors=[str(reason) for reason in refusal.reasons], typed=form.data)
    messages.success(request, done)
    return redirect("dispatch:old_book")


@requires("dispatch.assign_case")
@require_POST
def ask_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask to move one over."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    return _act(request, AskMoveForm(request.POST), moves.ask_move, case, _("已申请转入，待批准"))


@requires("dispatch.approve_assignment")
@require_POST
def decide_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Approve or refuse."""
    move = get_object_or_404(UnitMove.objects.visible_to(request.user), pk=pk)
    return _act(request, DecideMoveForm(request.POST), moves.decide_move, move, _("已作出决定"))


@requires("dispatch.assign_case")
@require_POST
def withdraw_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    move = get_object_or_404(UnitMove.objects.visible_to(request.user), pk=pk)
    return _act(request, Nothing(request.POST), moves.withdraw_move, move, _("已撤回"))
