"""Pages of the bulk import: the template, the upload, the check, what was taken in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, excel
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Job
from documents import services as documents
from documents.models import Staged
from intake.applicationforms import AcceptanceForm
from intake.checklists import Paper
from intake.imports import services
from intake.imports.reading import ROWS_MAX
from intake.imports.services import Acceptance
from intake.imports.sheet import COLUMNS, NOTES, OPTIONAL, words
from intake.models import FilingImport, FilingSource

PAGE = 50


class ImportForm(AcceptanceForm):
    """The sheet that is to be checked, and what is said of all its filings."""

    reason = forms.ChoiceField(
        label=gettext_lazy("没有初次接待笔录的原因"),
        choices=[("", gettext_lazy("请选择")), *((row.value, row.label) for row in FilingSource.CHOSEN)],
        error_messages={"required": gettext_lazy("没有笔录不能立案；网上、邮寄、移送的请选择原因")},
    )
    words = forms.CharField(
        label=gettext_lazy("来源说明"),
        max_length=100,
        help_text=gettext_lazy("如网上立案编号、邮寄单号、移送函文号；适用于文件中的每一案"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    table = forms.FileField(
        label=gettext_lazy("立案表"),
        help_text=gettext_lazy("Excel（.xlsx）或CSV，不超过20 MB；请用下载的模板填写"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    field_order = ("table", "reason", "words", "met", "seen")

    def clean(self) -> dict[str, Any]:
        """Ask for what no filing is accepted without; said once for the whole file."""
        data = super().clean() or self.cleaned_data
        papers = (Paper.TRANSFER if data.get("reason") == FilingSource.Reason.TRANSFER else Paper.APPLICATION,)
        self.demand([paper for paper in (*papers, Paper.DOCUMENT) if paper not in data.get("seen", ())])
        return data

    def acceptance(self) -> Acceptance:
        """Return what is said of every filing of the file."""
        data = self.cleaned_data
        return Acceptance(data["reason"], data["words"], data["met"], data["seen"])


@requires("intake.file_case")
@require_http_methods(["GET", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """Upload a sheet, which is checked before anything is written; below, what the window has taken in."""
    if request.user.window is None:
        raise PermissionDenied
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound and form.is_valid():
        given: dict[str, Any] = {"at": clock.now(), "actor": request.user}
        try:
            table = documents.stage_table(form.cleaned_data["table"], **given)
            job = services.ask_import(table=table, acceptance=form.acceptance(), **given)
            return redirect("intake:import_job", job.pk)
        except Refused as refusal:
            form.refuse(refusal)
    rows = FilingImport.objects.visible_to(request.user).select_related("imported_by").order_by("-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows_max": ROWS_MAX}
    return render(request, "intake/imports.html", context, status=422 if form.errors else 200)


@requires("intake.file_case")
@require_safe
def import_template(request: StaffRequest) -> HttpResponse:
    """An empty sheet with its heading, and beside it what may be written in each column."""
    said = words()
    help_lines: list[tuple[str, str, str]] = [
        (label, _("可不填") if name in OPTIONAL else _("必填"), _("、").join(said.get(name, {})))
        for name, label in COLUMNS.items()
    ]
    help_lines += [("", "", str(note)) for note in NOTES]
    empty: excel.Table = (_("立案"), list(COLUMNS.values()), [])
    explained: excel.Table = (_("填写说明"), [_("列"), _("要求"), _("可填内容")], help_lines)
    return excel.download(excel.workbook(empty, explained), "filings")


def _job(request: StaffRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).filter(kind=services.KIND), pk=pk)


@requires("intake.file_case")
@require_safe
def import_job(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the check is; at its end every fault by row and column, or the button that takes the file in."""
    job = _job(request, pk)
    result = job.result or {}
    context = {"job": job, "result": result, "made": result.get("import"), "more": 0}
    context["more"] = max(0, result.get("fault_count", 0) - len(result.get("faults", [])))
    return render(request, "intake/import_job.html", context)


@requires("intake.file_case")
@require_POST
def take_import(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the checked file in; it is checked once more."""
    told = _job(request, pk).arguments
    table = Staged.objects.filter(staged_by=request.user, token=told["table"]).first()
    if table is None:
        messages.error(request, _("上传的文件已过期，请重新上传"))
        return redirect("intake:imports")
    acceptance = Acceptance(**told["acceptance"])
    given: dict[str, Any] = {"acceptance": acceptance, "at": clock.now(), "actor": request.user}
    job = services.ask_import(table=table, is_trial=False, **given)
    return redirect("intake:import_job", job.pk)


@requires("intake.file_case")
@require_safe
def imported(request: StaffRequest, pk: int) -> HttpResponse:
    """The cases that a file became."""
    row = get_object_or_404(FilingImport.objects.visible_to(request.user), pk=pk)
    filings = row.filings.select_related("case", "case__number_court").order_by("position")
    page = Paginator(filings, PAGE).get_page(request.GET.get("page"))
    return render(request, "intake/imported.html", {"row": row, "page": page})


@requires("intake.file_case")
@require_safe
def import_result(request: StaffRequest, pk: int) -> HttpResponse:
    """The numbers that the file's cases got, as a sheet."""
    row = get_object_or_404(FilingImport.objects.visible_to(request.user), pk=pk)
    titles = [_("批号"), _("行"), _("案号"), _("案款子账号"), _("标的（元）"), _("回执")]
    filings = row.filings.select_related("case", "case__escrow").order_by("position")
    lines = [
        (
            filing.batch,
            filing.position,
            filing.case.display_number,
            filing.case.escrow.number,
            filing.case.amount_claimed,
            request.build_absolute_uri(reverse("intake:receipt", args=[filing.case_id])),
        )
        for filing in filings
    ]
    return excel.download(excel.workbook((_("结果"), titles, lines), widths=[12, 8, 28, 24, 18, 48]), "filed")
