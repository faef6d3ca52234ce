"""Cases put aside, over all cases, and the same hold for many of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.paging import page_of
from cases import card as cards
from cases import contactforms as forms
from cases import holdlist, services
from cases.models import Case, Hold
from cases.views.work import say, ticked


@require_safe
@requires("cases.view_case")
def hold_list(request: StaffRequest) -> HttpResponse:
    """Show which cases are put aside, by whom, why and until when; the nearest end first."""
    form, today = forms.HoldFilters(request.GET), clock.today()
    chosen = form.chosen()
    rows = holdlist.filtered(Hold.objects.visible_to(request.user), chosen, user=request.user, today=today)
    context = {"form": form, "page": page_of(rows, request), "is_filtered": bool(chosen), "today": today}
    return render(request, "cases/hold_list.html", context)


@require_POST
@requires("cases.hold_case")
def hold_many(request: StaffRequest) -> HttpResponse:
    """Put the ticked cases aside: first the form, then the act."""
    cases = Case.objects.visible_to(request.user).filter(pk__in=ticked(request, "case"))
    is_sent = "reason" in request.POST
    form = forms.HoldCase(request.POST if is_sent else None)
    rows = list(cases.for_list().order_by("id"))
    if not rows:
        messages.error(request, _("请先勾选案件"))
        return redirect("cases:list")
    if is_sent and form.is_valid():
        say(request, services.hold_many(rows, **form.arguments(), at=clock.now(), actor=request.user))
        return redirect("cases:hold_list")
    context: dict[str, Any] = {"form": form, "cases": rows, "reasons": cards.HOLD_REASONS}
    return render(request, "cases/hold_many.html", context, status=422 if form.errors else 200)
