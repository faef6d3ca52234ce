"""Pages of the queue: the clerk's counter and its acts, the slip, the screen of the hall, the figures."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Window
from intake import hall, hallforms, slips, tickets, waiting
from intake.models import Ticket

COUNTER = "counter"  # where the clerk sits, kept in his session


def _ticket(request: StaffRequest, pk: int) -> Ticket:
    rows = Ticket.objects.visible_to(request.user).select_related("window", "person__team", "person__window")
    return get_object_or_404(rows, pk=pk)


def _window(request: StaffRequest) -> Window:
    if request.user.window is None:
        raise PermissionDenied
    return request.user.window


def _counter(request: StaffRequest, *, take: Any = None, call: Any = None) -> HttpResponse:
    page = hall.counter_page(request.user, _window(request), today=clock.today(), now=clock.now())
    call = call or hallforms.CallForm(initial={"counter": request.session.get(COUNTER, "")})
    context = page | {"take": take or hallforms.TakeForm(), "call": call, "counter": request.session.get(COUNTER, "")}
    wrong = (take and take.errors) or call.errors
    return render(request, "intake/counter.html", context, status=422 if wrong else 200)


@requires("intake.serve_queue")
@require_safe
def counter(request: StaffRequest) -> HttpResponse:
    """Show the queue of the clerk's window, with whoever is next one key away."""
    return _counter(request)


@requires("intake.serve_queue")
@require_POST
def take(request: StaffRequest) -> HttpResponse:
    """Give a visitor his number and print the slip."""
    form = hallforms.TakeForm(request.POST)
    if form.is_valid():
        try:
            ticket = tickets.take_ticket(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("intake:slip", ticket.pk)
    return _counter(request, take=form)


@requires("intake.serve_queue")
@require_POST
def call_next(request: StaffRequest) -> HttpResponse:
    """Call whoever is next."""
    form = hallforms.CallForm(request.POST)
    if not form.is_valid():
        return _counter(request, call=form)
    request.session[COUNTER] = form.cleaned_data["counter"]
    try:
        ticket = tickets.call_next(**form.cleaned_data, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("正在呼叫 %(number)s") % {"number": ticket.number})
    return redirect("intake:counter")


def _act(service: Callable[..., Ticket], said: Any) -> Callable[..., HttpResponseBase]:
    """Return the view of an act that asks for nothing."""

    @requires("intake.serve_queue")
    @require_POST
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        extra = {"counter": request.session.get(COUNTER, "")} if service is tickets.call_ticket else {}
        try:
            ticket = service(_ticket(request, pk), **extra, at=clock.now(), actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said % {"number": ticket.number})
        return redirect("intake:counter")

    return view


call = _act(tickets.call_ticket, gettext_lazy("正在呼叫 %(number)s"))
recall = _act(tickets.recall_ticket, gettext_lazy("再次呼叫 %(number)s"))
start = _act(tickets.start_ticket, gettext_lazy("开始接待 %(number)s"))
finish = _act(tickets.finish_ticket, gettext_lazy("%(number)s 已办结"))
skip = _act(tickets.skip_ticket, gettext_lazy("%(number)s 已过号"))
leave = _act(tickets.leave_ticket, gettext_lazy("%(number)s 已离开"))


@requires("intake.serve_queue")
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Put somebody back into the queue."""
    form = hallforms.ReopenForm(request.POST)
    form.full_clean()
    try:
        ticket = tickets.reopen_ticket(_ticket(request, pk), **form.cleaned_data, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(number)s 已重新排队") % {"number": ticket.number})
    return redirect("intake:counter")


@requires("intake.serve_queue")
@require_http_methods(["GET", "POST"])
def transfer(request: StaffRequest, pk: int) -> HttpResponse:
    """Pass a visitor on; the number stays."""
    ticket = _ticket(request, pk)
    form = hallforms.TransferForm(
        request.POST if request.method == "POST" else None, initial={"window": ticket.window_id}
    )
    if request.method == "POST" and form.is_valid():
        try:
            tickets.transfer_ticket(ticket, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(number)s 已转，号码不变") % {"number": ticket.number})
            return redirect("intake:counter")
    context = {"ticket": ticket, "form": form, "reasons": hallforms.TRANSFER_REASONS}
    return render(request, "intake/transfer.html", context, status=422 if form.errors else 200)


@requires("intake.serve_queue")
@require_http_methods(["GET", "POST"])
def slip(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the visitor's slip for printing; posting says whom he is to see."""
    ticket = _ticket(request, pk)
    form = hallforms.DirectForm(
        request.POST if request.method == "POST" else None, initial={"person": ticket.person_id}, user=request.user
    )
    if request.method == "POST" and form.is_valid():
        try:
            tickets.direct_ticket(ticket, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("intake:slip", ticket.pk)
    context = slips.of_ticket(ticket) | {"form": form}
    return render(request, "intake/slip.html", context, status=422 if form.errors else 200)


def _hall_window(request: StaffRequest) -> Window:
    code, own = request.GET.get("window", ""), request.user.window
    if request.user.has_perm("intake.serve_queue"):
        if own is None or (code and code != own.code):
            raise Http404
        return own
    rows = Window.objects.filter(is_active=True).order_by("code")
    window = get_object_or_404(rows, code=code[:8].replace("\x00", "")) if code else rows.first()
    if window is None:
        raise Http404
    return window


@requires("intake.view_hall")
@require_safe
def screen(request: StaffRequest) -> HttpResponse:
    """Show the hall who is called to where; it asks again by itself, with htmx or by the browser's own refresh."""
    page = hall.screen(_hall_window(request), today=clock.today(), now=clock.now())
    return render(request, "intake/screen.html", page)


def _figures(request: StaffRequest) -> tuple[hallforms.FigureFilter, list[waiting.Row]]:
    form = hallforms.FigureFilter(request.GET, user=request.user, today=clock.today())
    if not form.is_valid():
        return form, []
    days = {"from_on": form.cleaned_data["from_on"], "until_on": form.cleaned_data["until_on"]}
    return form, waiting.figures(form.windows(), **days, now=clock.now())


@requires("intake.view_hall")
@require_safe
def figures(request: StaffRequest) -> HttpResponse:
    """Show how long visitors waited, and how many gave up."""
    form, rows = _figures(request)
    context = {"form": form, "rows": rows, "total": rows[-1] if rows else None}
    return render(request, "intake/figures.html", context, status=422 if form.errors else 200)


@requires("intake.view_hall")
@require_POST
def export_figures(request: StaffRequest) -> HttpResponse:
    """Hand the same out as an Excel sheet."""
    form, rows = _figures(request)
    if form.errors:
        return redirect("intake:figures")
    bureau.note_export("waiting", count=len(rows), at=clock.now(), actor=request.user)
    return excel.download(excel.workbook(waiting.table(rows), widths=(24, 12)), f"waiting-{clock.today()}")
