"""Pages of the import of a court's old book: the template, the upload, the check, what was taken in."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, excel
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Job
from bureau.paging import page_of
from bureau.wording import Form
from cases.routing import CUTS, ROUTES
from cases.services.oldbook import court_of
from documents import services as documents
from documents.models import Staged
from intake.imports.reading import ROWS_MAX
from intake.models import OldBookImport, TakenIn
from intake.oldbook import services
from intake.oldbook.columns import COLUMNS, explained

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

IMPORT = "cases.import_old_book"


class OldBookForm(Form):
    """The workbook that is to be checked."""

    table = forms.FileField(
        label=gettext_lazy("旧存案件表"),
        help_text=gettext_lazy("Excel（.xlsx），不超过20 MB；请用下载的模板填写"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


@requires(IMPORT)
@require_http_methods(["GET", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """Upload a workbook, which is checked before anything is written; below, what the court has taken in."""
    court = court_of(request.user)
    if court is None:
        raise PermissionDenied
    form = OldBookForm(request.POST, request.FILES) if request.method == "POST" else OldBookForm()
    if form.is_bound and form.is_valid():
        try:
            return redirect("intake:old_book_job", ask(request, form.cleaned_data["table"]).pk)
        except Refused as refusal:
            form.refuse(refusal)
    rows = OldBookImport.objects.visible_to(request.user).select_related("imported_by").order_by("-id")
    rules = [*CUTS, *ROUTES]
    context = {"form": form, "page": page_of(rows, request), "rows_max": ROWS_MAX, "court": court, "rules": rules}
    return render(request, "intake/old_book.html", context, status=422 if form.errors else 200)


def ask(request: StaffRequest, upload: "UploadedFile[bytes]") -> Job:
    """Keep the upload and ask for its check."""
    table = documents.stage_table(upload, at=clock.now(), actor=request.user)
    return services.ask_import(table=table, at=clock.now(), actor=request.user)


@requires(IMPORT)
@require_safe
def template(request: StaffRequest) -> HttpResponse:
    """The three empty pages with their headings, and a page of notes on what may be written in each column."""
    pages: list[excel.Table] = [(name, list(columns.values()), []) for name, columns in COLUMNS.items()]
    notes: excel.Table = (_("填写说明"), [_("工作表"), _("列"), _("要求"), _("可填内容")], explained())
    return excel.download(excel.workbook(*pages, notes), "old-book")


def _job(request: StaffRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).filter(kind=services.KIND), pk=pk)


@requires(IMPORT)
@require_safe
def import_job(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the check is; at its end every fault by page, row and column, or the button that takes the file in."""
    job = _job(request, pk)
    result = job.result or {}
    context = {"job": job, "result": result, "made": result.get("import"), "more": 0}
    context["more"] = max(0, result.get("fault_count", 0) - len(result.get("faults", [])))
    return render(request, "intake/old_book_job.html", context)


@requires(IMPORT)
@require_POST
def take_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the checked workbook in; it is checked once more."""
    table = Staged.objects.filter(staged_by=request.user, token=_job(request, pk).arguments["table"]).first()
    if table is None:
        messages.error(request, _("上传的文件已过期，请重新上传"))
        return redirect("intake:old_book")
    job = services.ask_import(table=table, is_trial=False, at=clock.now(), actor=request.user)
    return redirect("intake:old_book_job", job.pk)


def _taken(row: OldBookImport) -> QuerySet[TakenIn]:
    people = ("case", "case__number_court", "case__judge", "case__owner", "case__escrow")
    return row.cases.select_related(*people).order_by("position")


@requires(IMPORT)
@require_safe
def taken(request: StaffRequest, pk: int) -> HttpResponse:
    """The cases that a workbook became."""
    row = get_object_or_404(OldBookImport.objects.visible_to(request.user), pk=pk)
    held = row.cases.aggregate(total=Sum("case__escrow__balance"))["total"]
    return render(
        request, "intake/old_book_taken.html", {"row": row, "page": page_of(_taken(row), request), "held": held}
    )


@requires(IMPORT)
@require_safe
def result(request: StaffRequest, pk: int) -> HttpResponse:
    """The cases of a workbook with their sub-accounts, as a sheet."""
    row = get_object_or_404(OldBookImport.objects.visible_to(request.user), pk=pk)
    titles = [_("行"), _("案号"), _("案款子账号"), _("现存案款（元）"), _("标的（元）")]
    titles += [_("承办法官"), _("承办人"), _("现阶段")]
    lines = [
        (
            taken_in.position,
            taken_in.case.display_number,
            taken_in.case.escrow.number,
            taken_in.case.escrow.balance,
            taken_in.case.amount_claimed,
            taken_in.case.judge.name if taken_in.case.judge else "",
            taken_in.case.owner.name if taken_in.case.owner else "",
            taken_in.case.get_stage_display(),
        )
        for taken_in in _taken(row)
    ]
    content = excel.workbook((_("结果"), titles, lines), widths=[8, 28, 24, 18, 18, 12, 12, 12])
    return excel.download(content, "old-book")
