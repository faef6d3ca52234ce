"""Lines typed by hand and automatic matches to undo: one of finance asks, another checks."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import entrypages, forms, services
from accounts.models import LineEntry, Receipt, Unmatch
from accounts.services.entries import check_objections as entry_objections
from accounts.services.receipts import escrow_of
from accounts.services.unmatching import check_objections, unmatch_objections
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.wording import Form

PAGE = 50
ENTERS, IDENTIFIES = "accounts.enter_bank_line", "accounts.identify_bank_line"


@requires(ENTERS)
@require_http_methods(["GET", "POST"])
def enter_bank_line(request: StaffRequest) -> HttpResponse:
    """Finance types one line of the statement; another books it."""
    today, typed = clock.today(), request.POST if request.method == "POST" else None
    form = forms.BankLine(typed, today=today, initial={"value_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_line(form.line(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记，待另一名案款管理员复核后入账"))
            return redirect("accounts:line_entries")
    context = {"form": form, "heading": _("登记来款"), "back": reverse("accounts:line_entries")}
    context["notice"] = _("银行有电子对账单的请导入对账单；手工登记的来款须由另一名案款管理员对照银行凭证复核后入账。")
    return render(request, "components/act.html", context, status=422 if form.errors else 200)


@requires(ENTERS, "accounts.view_ledger")
@require_safe
def line_entries(request: StaffRequest) -> HttpResponse:
    """Lines typed by hand: those that wait for a second person, and what became of the others."""
    chosen = request.GET.get("set", LineEntry.State.WAITING)
    page = Paginator(entrypages.entries(chosen), PAGE).get_page(request.GET.get("page"))
    sets = [*LineEntry.State.choices, ("all", _("全部"))]
    context = {"page": page, "sets": sets, "chosen": chosen, "today": clock.today()}
    return render(request, "accounts/line_entries.html", context)


def _entry(pk: int) -> LineEntry:
    return get_object_or_404(LineEntry.objects.for_list(), pk=pk)


@requires(ENTERS)
@require_safe
def line_entry(request: StaffRequest, pk: int) -> HttpResponse:
    """One line as typed, for whoever holds it to the bank's paper."""
    return _entry_page(request, _entry(pk))


def _entry_page(
    request: StaffRequest, entry: LineEntry, refuse: Form | None = None, wrong: Refused | None = None
) -> HttpResponse:
    context = {
        "entry": entry,
        "escrow": escrow_of(entry.virtual_number) if entry.virtual_number else None,
        "objections": entry_objections(entry, request.user) if entry.state == LineEntry.State.WAITING else [],
        "refuse_form": refuse or forms.RefuseLine(),
        "wrong": wrong,
    }
    is_wrong = wrong is not None or bool(refuse and refuse.errors)
    return render(request, "accounts/line_entry.html", context, status=422 if is_wrong else 200)


@requires(ENTERS)
@require_POST
def confirm_line(request: StaffRequest, pk: int) -> HttpResponse:
    """Another of finance books the line."""
    entry = _entry(pk)
    try:
        row = services.confirm_line(entry, at=clock.now(), actor=request.user)
    except Refused as refusal:
        return _entry_page(request, _entry(pk), wrong=refusal)
    messages.success(request, _("已入账：%(state)s") % {"state": row.get_state_display()})
    return redirect("accounts:line_entries")


@requires(ENTERS)
@require_POST
def refuse_line(request: StaffRequest, pk: int) -> HttpResponse:
    """The bank says something else: the line is not booked."""
    form = forms.RefuseLine(request.POST)
    done = _acted(request, form, services.refuse_line, _entry(pk), _("已退回，未入账"), "accounts:line_entries")
    return done or _entry_page(request, _entry(pk), refuse=form)


def _acted(
    request: StaffRequest, form: forms.Reasoned, act: Callable[..., object], thing: Any, said: str, then: str
) -> HttpResponse | None:
    if form.is_valid():
        try:
            act(thing, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect(then)
    return None


@requires(IDENTIFIES)
@require_http_methods(["GET", "POST"])
def ask_unmatch(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance finds that a line went to the wrong case by its number; another checks."""
    receipt = get_object_or_404(Receipt.objects.visible_to(request.user).for_list(), pk=pk)
    form = forms.Unidentify(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.ask_unmatch(receipt, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已申请，待另一名案款管理员复核"))
            return redirect("accounts:unmatch", row.pk)
    context = {"form": form, "receipt": receipt, "objections": unmatch_objections(receipt), "is_asked": True}
    return render(request, "accounts/unidentify.html", context, status=422 if form.errors else 200)


def _unmatch(request: StaffRequest, pk: int) -> Unmatch:
    return get_object_or_404(entrypages.unmatches(request.user), pk=pk)


@requires(IDENTIFIES)
@require_safe
def unmatch(request: StaffRequest, pk: int) -> HttpResponse:
    """One automatic match that somebody doubts, for whoever checks."""
    return _unmatch_page(request, _unmatch(request, pk))


def _unmatch_page(
    request: StaffRequest, row: Unmatch, refuse: Form | None = None, wrong: Refused | None = None
) -> HttpResponse:
    is_open = row.state == Unmatch.State.ASKED
    context = {
        "unmatch": row,
        "objections": check_objections(row, request.user) or unmatch_objections(row.receipt) if is_open else [],
        "may_refuse": is_open and not check_objections(row, request.user),
        "refuse_form": refuse or forms.RefuseUnmatch(),
        "wrong": wrong,
    }
    is_wrong = wrong is not None or bool(refuse and refuse.errors)
    return render(request, "accounts/unmatch.html", context, status=422 if is_wrong else 200)


@requires(IDENTIFIES)
@require_POST
def confirm_unmatch(request: StaffRequest, pk: int) -> HttpResponse:
    """Another of finance has checked: the money waits to be identified again."""
    row = _unmatch(request, pk)
    try:
        services.confirm_unmatch(row, at=clock.now(), actor=request.user)
    except Refused as refusal:
        return _unmatch_page(request, row, wrong=refusal)
    messages.success(request, _("已退回待认领"))
    return redirect("accounts:unidentified")


@requires(IDENTIFIES)
@require_POST
def refuse_unmatch(request: StaffRequest, pk: int) -> HttpResponse:
    """Another of finance finds that the money is this case's."""
    row, form = _unmatch(request, pk), forms.RefuseUnmatch(request.POST)
    done = _acted(request, form, services.refuse_unmatch, row, _("未予认可，来款留在本案"), "desk")
    return done or _unmatch_page(request, row, refuse=form)
