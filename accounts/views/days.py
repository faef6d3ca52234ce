"""The account of the house day by day: sheets, differences and what was said of them, the signature, repeated lines."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import daypages, services
from accounts.dayforms import EnterBankBalance, ExplainDifference, NameSignatory
from accounts.models import DayDifference, DaySheet, StatementRepeat
from accounts.services.days import balance_objections, sign_objections
from accounts.services.signatories import may_sign, named, naming_objections, signatories
from bureau import clock
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Holiday

PAGE = 50
SEES, EXPLAINS, NAMES = "accounts.view_ledger", "accounts.explain_difference", "accounts.approve_payout"


@requires(SEES)
@require_safe
def days(request: StaffRequest) -> HttpResponse:
    """All days, newest first; what should have been signed is red."""
    chosen = request.GET.get("set", "")
    page = Paginator(daypages.sheets(chosen), PAGE).get_page(request.GET.get("page"))
    calendar = Holiday.objects.calendar()
    rows = [(row, daypages.signing_due_on(row.day, calendar)) for row in page.object_list]
    sets = zip(daypages.SETS, (_("全部"), *DaySheet.State.labels, _("仅两方核对")), strict=True)
    context = {"page": page, "rows": rows, "sets": sets, "chosen": chosen, "today": clock.today()}
    return render(request, "accounts/days.html", context)


@requires(EXPLAINS)
@require_POST
def make_day_sheets(request: StaffRequest) -> HttpResponse:
    """Bring the days that nobody has signed up to date, as every night."""
    services.make_day_sheets(at=clock.now(), actor=request.user)
    messages.success(request, _("未签结的日子已按现有流水和分录重新核对"))
    return redirect("accounts:days")


@requires(SEES)
@require_safe
def day(request: StaffRequest, pk: int) -> HttpResponse:
    """One day: three columns, what differs, and the signature."""
    return _day(request, get_object_or_404(DaySheet.objects.for_list(), pk=pk))


def _day(request: StaffRequest, sheet: DaySheet, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"sheet": sheet, "columns": daypages.columns_of(sheet)}
    context |= {"differences": daypages.differences(sheet), "today": clock.today()}
    context["balance_words"] = daypages.balance_words(sheet)
    if sheet.state == DaySheet.State.OPEN:
        context |= {"signatories": signatories(sheet.day), "named": named(sheet)}
        context["may_sign"] = may_sign(sheet, request.user)
    if context.get("may_sign"):
        context["objections"] = sign_objections(sheet, request.user, today=clock.today())
    return render(request, "accounts/day.html", context, status=status)


@requires(SEES)
@require_POST
def sign_day(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody of finance who paid nothing that day signs it, or whom the chief named; the service asks who may."""
    sheet = get_object_or_404(DaySheet.objects.for_list(), pk=pk)
    try:
        services.sign_day(sheet, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _day(request, sheet, status=422)
    messages.success(request, _("%(day)s 已签结") % {"day": sheet.day})
    return redirect("accounts:day", pk)


@requires(NAMES)
@require_http_methods(["GET", "POST"])
def name_signatory(request: StaffRequest, pk: int) -> HttpResponse:
    """The chief names who signs a day on which everybody of finance paid."""
    sheet = get_object_or_404(DaySheet, pk=pk)
    form = NameSignatory(request.POST if request.method == "POST" else None, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_signatory(sheet, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已指定签结人"))
            return redirect("accounts:name_signatory", pk)
    context = {"form": form, "sheet": sheet, "named": named(sheet), "barred": naming_objections(sheet)}
    context |= {"heading": _("指定日对账签结人"), "back": reverse("desk")}
    return render(request, "accounts/name_signatory.html", context, status=422 if form.errors else 200)


@requires(EXPLAINS)
@require_http_methods(["GET", "POST"])
def enter_bank_balance(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance types the bank's balance of a day, where no file gives it."""
    sheet = get_object_or_404(DaySheet, pk=pk)
    form = EnterBankBalance(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_bank_balance(sheet, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已录入银行余额，签结人会看到为人工录入"))
            return redirect("accounts:day", pk)
    context = {"form": form, "barred": balance_objections(sheet), "back": reverse("accounts:day", args=[pk])}
    context["heading"] = _("录入银行余额 %(day)s") % {"day": sheet.day}
    return render(request, "components/act.html", context, status=422 if form.errors else 200)


@requires(EXPLAINS)
@require_http_methods(["GET", "POST"])
def explain_difference(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance says what a difference is."""
    row = get_object_or_404(DayDifference.objects.select_related("sheet"), pk=pk)
    form, back = ExplainDifference(request.POST if request.method == "POST" else None), ("accounts:day", row.sheet_id)
    if request.method == "POST" and form.is_valid():
        try:
            services.explain_difference(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已记入说明"))
            return redirect(*back)
    context = {"form": form, "difference": row, "heading": _("说明对账差异"), "back": reverse(back[0], args=[back[1]])}
    return render(request, "accounts/explain_difference.html", context, status=422 if form.errors else 200)


@requires(SEES)
@require_POST
def export_day(request: StaffRequest, pk: int) -> HttpResponse:
    """The day as sheets; taking it out is on record."""
    sheet = get_object_or_404(DaySheet.objects.for_list(), pk=pk)
    rows = list(daypages.differences(sheet))
    bureau.note_export("day_sheet", count=len(rows), at=clock.now(), actor=request.user)
    return daypages.workbook(sheet, rows)


@requires("accounts.import_statement", SEES)
@require_safe
def repeats(request: StaffRequest) -> HttpResponse:
    """Lines of files whose serial stood in the books already."""
    chosen = request.GET.get("set", "")
    page = Paginator(daypages.repeats(chosen), PAGE).get_page(request.GET.get("page"))
    sets = zip(daypages.REPEAT_SETS, (_("全部"), *StatementRepeat.Kind.labels), strict=True)
    return render(request, "accounts/repeats.html", {"page": page, "sets": sets, "chosen": chosen})
