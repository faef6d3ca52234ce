"""Pages of the filing window."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases.models import Case
from cases.services import revival_objections
from documents import services as documents
from intake import receipts, reissuing, services
from intake.filings import FilingFilter, ReissueForm, filings_of
from intake.forms import ReviveForm
from intake.views_applications import file, filing_page, save
from intake.window import SAVING

PAGE_ROWS = 50


@requires("intake.file_case")
@require_safe
def filings(request: StaffRequest) -> HttpResponse:
    """List what was filed at the clerk's own window on a day, or what bears a number."""
    form = FilingFilter(request.GET)
    today = clock.today()
    rows = filings_of(request.user, form, today=today)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "today": today, "window": request.user.window}
    return render(request, "intake/list.html", context)


@requires("intake.file_case")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """File a case at the clerk's own window."""
    if request.user.window is None:
        raise PermissionDenied
    page, draft = filing_page(request, at=clock.now())
    try:
        if request.method == "POST" and page.act in SAVING:
            return save(request, page, draft)
        if request.method == "POST" and page.is_ready:
            filed = file(request, page, draft)
            receipts.keep_code(request.session, filed.case, filed.code)
            return redirect("intake:receipt", filed.case.pk)
    except Refused as refusal:
        page.refuse(refusal)
    status = 422 if request.method == "POST" and (page.has_errors or not page.is_reading) else 200
    return render(request, "intake/new.html", {"filing": page, "draft": draft}, status=status)


@requires("intake.file_case")
@require_POST
def keep_scan(request: StaffRequest) -> HttpResponse:
    """Keep a scan as soon as it is chosen; answer with the line and first page that stand beside its row."""
    upload = request.FILES.get("upload")
    if upload is None:
        return HttpResponse(_("请选择文件"), content_type="text/plain; charset=utf-8", status=422)
    try:
        kept = documents.stage_upload(upload, at=clock.now(), actor=request.user)
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=422)
    return render(request, "intake/_kept.html", {"kept": kept})


@requires("intake.file_case")
@require_safe
@never_cache
def receipt(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the receipt for printing; its look-up code stands on it the first time only."""
    case = get_object_or_404(receipts.readable(request.user, request.session), pk=pk)
    code = receipts.take_code(request.session, case)
    may_open = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    return render(request, "intake/receipt.html", {**receipts.receipt(case, code=code), "may_open": may_open})


@requires("intake.reissue_code")
@require_http_methods(["GET", "POST"])
def reissue(request: StaffRequest) -> HttpResponse:
    """Make a lost receipt again, at any window, for whoever shows the ID of an applicant or his agent."""
    form = ReissueForm(
        request.POST if request.method == "POST" else None, initial={"number": request.GET.get("number")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            filed = reissuing.reissue_receipt(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            receipts.keep_reissued(request.session, filed.case, filed.code)
            messages.success(request, _("原查询码已作废，新查询码见回执"))
            return redirect("intake:receipt", filed.case.pk)
    return render(request, "intake/reissue.html", {"form": form}, status=422 if form.errors else 200)


@requires("intake.revive_case")
@require_http_methods(["GET", "POST"])
def revive(request: StaffRequest, pk: int) -> HttpResponse:
    """File the 执恢 case of a closed one."""
    case = get_object_or_404(Case.objects.visible_to(request.user).prefetch_related("parties"), pk=pk)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReviveForm(*typed, applications=services.applications_of(case))
    if request.method == "POST" and form.is_valid():
        try:
            filed = services.revive_case(case, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _after_revival(request, filed)
    context = {"case": case, "form": form, "objections": revival_objections(case, at=clock.now())}
    return render(request, "intake/revive.html", context, status=422 if form.errors else 200)


def _after_revival(request: StaffRequest, filed: services.Filed) -> HttpResponse:
    # Whoever files at a window hands out the receipt; for the others the window issues a code when it is asked for.
    if not request.user.has_perm("intake.file_case"):
        messages.success(request, _("%(number)s 已立案") % {"number": filed.case.display_number})
        return redirect(filed.case)
    receipts.keep_code(request.session, filed.case, filed.code)
    return redirect("intake:receipt", filed.case.pk)
