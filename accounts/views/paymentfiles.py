"""Payment files: what waits for one, those that were made, and their bytes for who pays."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import export, forms, paymentfilepages, services
from accounts.models import PaymentFile, StatusReport
from accounts.services.paymentfiles import payer_objections
from accounts.statementforms import TakeStatusReport
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused

PAGE = 50
SEES = ("accounts.pay_payout", "accounts.view_ledger")
PAYS = "accounts.pay_payout"


@requires(*SEES)
@require_safe
def payment_files(request: StaffRequest) -> HttpResponse:
    """What waits for a file, and the files that were made, newest first."""
    page = Paginator(paymentfilepages.files(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "waiting": paymentfilepages.waiting(), "objections": payer_objections()}
    return render(request, "accounts/payment_files.html", context)


@requires(PAYS)
@require_POST
def make_payment_file(request: StaffRequest) -> HttpResponse:
    """Write the next payments into files, of one batch or of none."""
    form = forms.MakePaymentFile(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有这个批次"))
        return redirect("accounts:payment_files")
    try:
        files = services.make_payment_files(**form.cleaned_data, at=clock.now(), actor=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        said = ngettext(
            "已生成 %(count)d 个付款文件，请下载后交银行", "已生成 %(count)d 个付款文件，请下载后交银行", len(files)
        )
        messages.success(request, said % {"count": len(files)})
    return redirect("accounts:payment_files")


@requires(PAYS)
@require_POST
def take_payment_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The bytes, the same each time; taking them out is on record."""
    file = get_object_or_404(PaymentFile, pk=pk)
    try:
        content = services.take_payment_file(file, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:payment_files")
    return export.payment_file(file, content)


@requires(*SEES)
@require_http_methods(["GET", "POST"])
def status_reports(request: StaffRequest) -> HttpResponse:
    """What the bank reported on payment files, newest first; who pays takes a report in here."""
    pays = request.user.has_perm(PAYS)
    if request.method == "POST" and not pays:
        raise PermissionDenied
    form = TakeStatusReport(request.POST, request.FILES) if request.method == "POST" else TakeStatusReport()
    if form.is_valid():
        try:
            report = services.take_status_report(**form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, paymentfilepages.told(report))
            return redirect("accounts:status_reports")
    page = Paginator(StatusReport.objects.for_list(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form if pays else None}
    return render(request, "accounts/status_reports.html", context, status=422 if form.errors else 200)
