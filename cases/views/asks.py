"""What parties said through the public pages: the list, and one of them with its answer."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from cases import askforms as forms
from cases import services
from cases.models import PartyAsk, PartyAskQuerySet
from cases.views.acts import typed


@require_safe
@requires(*PartyAsk.READ_BY)
def asks(request: StaffRequest) -> HttpResponse:
    """Show what parties said on the cases the user sees; unanswered ones unless asked otherwise."""
    form, today = forms.AskFilters(request.GET), clock.today()
    rows = asked(PartyAsk.objects.visible_to(request.user), form.chosen(), today=today)
    return render(request, "cases/ask_list.html", {"form": form, "page": page_of(rows, request), "today": today})


def asked(rows: PartyAskQuerySet, chosen: dict[str, str], *, today: dt.date) -> PartyAskQuerySet:
    """Return the rows that fit every chosen filter."""
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    state = chosen.get("state", "")
    if state == "answered":
        rows = rows.filter(answered_at__isnull=False)
    elif state != "all":
        rows = rows.waiting()
    return (rows.filter(due_on__lt=today) if state == "late" else rows).for_list()


@require_http_methods(["GET", "POST"])
@requires(*PartyAsk.READ_BY)
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one, and answer it."""
    row = get_object_or_404(PartyAsk.objects.visible_to(request.user).for_list(), pk=pk)
    form = forms.AnswerAsk(typed(request), ask=row, initial={"meeting_on": row.wanted_on})
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_ask(row, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _("已答复，当事人可在公众查询页看到"))
            return redirect(row)
    context = {"ask": row, "form": form, "today": clock.today(), "may_answer": services.may_answer(row, request.user)}
    return render(request, "cases/ask.html", context, status=422 if form.errors else 200)
