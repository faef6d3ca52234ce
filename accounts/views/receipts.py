"""Money that arrived: the case's tab, the boards of what is unpaid, near and overdue, and delays."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import export, forms, pages, services
from accounts.models import Delay, Receipt, ReceiptQuerySet
from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import day_of
from cases.models import Case
from cases.pages import head

PAGE = 50


@requires("accounts.view_money")
@require_safe
def case_money(request: StaffRequest, pk: int) -> HttpResponse:
    """The money tab of a case."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page().select_related("escrow"), pk=pk)
    today = clock.today()
    context = head(case, request.user, today=today) | pages.case_money(case, request.user, today=today)
    return render(request, "accounts/case_money.html", context)


@requires("accounts.view_money")
@require_safe
def receipts(request: StaffRequest) -> HttpResponse:
    """Receipts by how pressing they are, with their ages."""
    day, chosen = _day(request), _set(request)
    page = Paginator(_rows(request, chosen, day), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": pages.with_holds(page.object_list),
        "today": day,
        "chosen": chosen,
        "sets": [(code, _label(code)) for code in pages.RECEIPT_SETS],
        "ages": pages.ages(request.user, today=day),
    }
    return render(request, "accounts/receipts.html", context)


@requires("accounts.view_money")
@require_POST
def export_receipts(request: StaffRequest) -> HttpResponse:
    """The list as a sheet; taking it out is on record."""
    day = _day(request)
    rows = list(_rows(request, _set(request), day)[: excel.ROWS_MAX])
    bureau.note_export("receipts", count=len(rows), at=clock.now(), actor=request.user)
    return export.receipts(rows, day)


def _rows(request: StaffRequest, chosen: str, day: dt.date) -> ReceiptQuerySet:
    return pages.receipts(request.user, chosen, today=day, unit=request.GET.get("unit", ""))


def _set(request: StaffRequest) -> str:
    chosen = request.GET.get("set", "unpaid")
    return chosen if chosen in pages.RECEIPT_SETS else "unpaid"


def _label(code: str) -> str:
    return {
        "unpaid": _("未发放"),
        "near": _("临期（三日内）"),
        "overdue": _("逾期"),
        "due": _("已到应发放日"),
        "all": _("全部"),
    }[code]


def _day(request: StaffRequest) -> dt.date:
    return day_of(request) or clock.today()


@requires("accounts.request_delay")
@require_http_methods(["GET", "POST"])
def request_delay(request: StaffRequest, pk: int) -> HttpResponse:
    """The handler asks to pay one receipt later, on a lawful ground."""
    receipt = get_object_or_404(Receipt.objects.visible_to(request.user).for_list(), pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = forms.RequestDelay(typed, case=receipt.case, today=clock.today())
    back = reverse("accounts:case_money", args=[receipt.case_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.request_delay(receipt, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提交延期申请，待审批"))
            return redirect(back)
    context = {"form": form, "case": receipt.case, "heading": _("申请延期发放"), "back": back}
    return render(request, "components/act.html", context, status=422 if form.errors else 200)


@requires("accounts.request_delay")
@require_http_methods(["GET", "POST"])
def tell_delay(request: StaffRequest, pk: int) -> HttpResponse:
    """The handler notes that the applicant was told."""
    delay = get_object_or_404(pages.delays(request.user), pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = forms.TellDelay(typed, initial={"told_on": clock.today()})
    back = reverse("accounts:case_money", args=[delay.receipt.case_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.tell_delay(delay, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记告知"))
            return redirect(back)
    context = {"form": form, "case": delay.receipt.case, "heading": _("告知申请执行人延期理由"), "back": back}
    return render(request, "components/act.html", context, status=422 if form.errors else 200)


@requires("accounts.approve_delay")
@require_safe
def delays(request: StaffRequest) -> HttpResponse:
    """Delays that wait for a decision, and those decided."""
    return _delays_page(request)


def _delays_page(request: StaffRequest, wrong: tuple[int, forms.DecideDelay] | None = None) -> HttpResponse:
    # `wrong` is the delay whose decision must be corrected, with what was typed.
    rows = pages.delays(request.user).order_by("decided_at", "requested_at", "id")
    page = Paginator(rows.filter(state=Delay.State.REQUESTED), PAGE).get_page(request.GET.get("page"))
    kept = dict([wrong] if wrong else [])
    asked = [(row, kept.get(row.pk) or forms.DecideDelay(auto_id=f"delay-{row.pk}-%s")) for row in page]
    decided = rows.exclude(state=Delay.State.REQUESTED).order_by("-decided_at", "-id")[:PAGE]
    context = {"page": page, "asked": asked, "decided": decided, "today": clock.today()}
    context["form"] = wrong[1] if wrong else None
    return render(request, "accounts/delays.html", context, status=422 if wrong else 200)


@requires("accounts.approve_delay")
@require_POST
def decide_delay(request: StaffRequest, pk: int) -> HttpResponse:
    """The chief or vice-president decides a delay."""
    delay = get_object_or_404(pages.delays(request.user), pk=pk)
    form = forms.DecideDelay(request.POST, auto_id=f"delay-{pk}-%s")
    if form.is_valid():
        try:
            delay = services.decide_delay(delay, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            is_approved = delay.state == Delay.State.APPROVED
            messages.success(request, _("已批准延期") if is_approved else _("未批准延期"))
            return redirect("accounts:delays")
    return _delays_page(request, (pk, form))


@requires("accounts.request_delay")
@require_POST
def end_delay(request: StaffRequest, pk: int) -> HttpResponse:
    """The reason has fallen away."""
    delay = get_object_or_404(pages.delays(request.user), pk=pk)
    try:
        services.end_delay(delay, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("延期已结束，请及时发放"))
    return redirect("accounts:case_money", delay.receipt.case_id)
