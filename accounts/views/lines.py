"""Bank lines, the queue of unidentified money, and one day of the ledger."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import forms, ledgerday, pages, services
from accounts.books import INVARIANTS
from accounts.models import BankLine, BooksCheck, Receipt
from accounts.services.receipts import unidentify_objections
from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused

PAGE = 50


@requires("accounts.enter_bank_line", "accounts.view_ledger")
@require_safe
def bank_lines(request: StaffRequest) -> HttpResponse:
    """All lines of money in, newest first."""
    rows = BankLine.objects.prefetch_related("receipts__case", "claims__claimed_by").order_by("-value_on", "-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/bank_lines.html", {"page": page, "today": clock.today()})


@requires("accounts.identify_bank_line")
@require_http_methods(["GET", "POST"])
def unidentify(request: StaffRequest, pk: int) -> HttpResponse:
    """Another of finance takes wrongly identified money back; asked once more, for it cannot be undone."""
    receipt = get_object_or_404(Receipt.objects.visible_to(request.user).for_list(), pk=pk)
    form = forms.Unidentify(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.unidentify(receipt, reason=form.cleaned_data["reason"], at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已退回待认领"))
            return redirect("accounts:unidentified")
    context = {"form": form, "receipt": receipt, "objections": unidentify_objections(receipt, request.user)}
    return render(request, "accounts/unidentify.html", context, status=422 if form.errors else 200)


@requires("accounts.view_ledger", "accounts.approve_payout")
@require_safe
def books(request: StaffRequest) -> HttpResponse:
    """What the nightly proofs of the books found, newest first."""
    page = Paginator(BooksCheck.objects.newest_first(), PAGE).get_page(request.GET.get("page"))
    last = BooksCheck.objects.newest_first().first()
    context = {"page": page, "last": last, "faults": pages.faults_of(last) if last else [], "invariants": INVARIANTS}
    return render(request, "accounts/books.html", context)


@requires("accounts.view_ledger")
@require_safe
def ledger(request: StaffRequest) -> HttpResponse:
    """One value day of the ledger: its totals and its entries."""
    form = forms.Day(request.GET)
    day = form.day(clock.today())
    page = Paginator(ledgerday.entries(day), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "day": day, "page": page, "totals": ledgerday.totals(day)}
    return render(request, "accounts/ledger.html", context)


@requires("accounts.view_ledger")
@require_POST
def export_ledger(request: StaffRequest) -> HttpResponse:
    """The day as sheets; taking it out is on record."""
    day = forms.Day(request.GET).day(clock.today())
    rows = list(ledgerday.entries(day)[: excel.ROWS_MAX])
    bureau.note_export("ledger", count=len(rows), at=clock.now(), actor=request.user)
    return ledgerday.workbook(ledgerday.totals(day), rows)
