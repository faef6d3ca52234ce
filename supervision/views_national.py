"""The bridge to the national case system: overview, how files are written, daily files, and what must be typed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.statementforms import SampleFile
from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Holiday, Job
from bureau.paging import page_of
from documents import services as documents
from supervision import forms as room
from supervision.models import NationalFile, NationalMapping
from supervision.national import comparing, entries, files, forms, mappings, pages, sheet
from supervision.national.fields import FIELDS
from supervision.national.sight import KEEP, VIEW, cases_of, courts_of, keeps_books


@require_safe
@requires(VIEW)
def national(request: StaffRequest) -> HttpResponse:
    """Each court's newest file and last comparison as of a day; what waits to be typed."""
    today = clock.today()
    form = room.AsOf({"as_of": request.GET.get("as_of") or today.isoformat()}, today=today)
    as_of = form.cleaned_data["as_of"] if form.is_valid() else today
    context = {
        "form": form,
        "as_of": as_of,
        "is_today": as_of == today,
        "rows": pages.overview(request.user, as_of=as_of),
        "counts": pages.entry_counts(request.user),
        "may_keep": keeps_books(request.user),
    }
    return render(request, "supervision/national.html", context, status=422 if form.errors else 200)


@require_safe
@requires(VIEW)
def national_mappings(request: StaffRequest) -> HttpResponse:
    """How each court's file is written, with every version."""
    rows = NationalMapping.objects.visible_to(request.user).select_related("court", "saved_by")
    page = page_of(rows.order_by("court__code", "name", "-version"), request)
    newest = set(NationalMapping.objects.newest().values_list("pk", flat=True))
    found = [(row, pages.columns_of(row), row.pk in newest) for row in page]
    context = {"page": page, "rows": found, "may_keep": keeps_books(request.user)}
    return render(request, "supervision/national_mappings.html", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def new_national_mapping(request: StaffRequest) -> HttpResponse:
    """Set up a court's file: from a sample the columns are guessed and shown as they would be read."""
    return _mapping_page(request, None)


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def national_mapping(request: StaffRequest, pk: int) -> HttpResponse:
    """Change how a court's file is read: a new version."""
    rows = NationalMapping.objects.visible_to(request.user).newest().select_related("court", "saved_by")
    return _mapping_page(request, get_object_or_404(rows, pk=pk))


def _with_file(request: StaffRequest) -> tuple[QueryDict | None, str]:
    # The file is kept at once, so that a missing word does not lose it.
    if request.method != "POST":
        return None, ""
    typed = request.POST.copy()
    if upload := request.FILES.get("table"):
        try:
            typed["table_token"] = documents.stage_table(upload, at=clock.now(), actor=request.user).token
        except Refused as refusal:
            return typed, str(refusal)
    return typed, ""


def _mapping_page(request: StaffRequest, row: NationalMapping | None) -> HttpResponse:
    typed, refused = _with_file(request)
    file = SampleFile(typed, user=request.user, refused=refused)
    wrong, content = [refused] if refused else [], b""
    if file.kept and not wrong:
        content = documents.table_bytes(file.kept)
        wrong = _guess(typed, content)
    sample = _sample(request, typed, row, content) if content and not wrong else {}
    form = _mapping_form(request, typed, row, sample.get("headings", ()))
    if form.is_bound and form.is_valid() and _saved(request, form, row):
        return redirect("supervision:national_mappings")
    context = {"form": form, "file": file, "sample": sample, "row": row, "wrong": wrong}
    is_wrong = bool(wrong) or bool(form.errors)
    return render(request, "supervision/national_mapping.html", context, status=422 if is_wrong else 200)


def _guess(typed: QueryDict | None, content: bytes) -> list[str]:
    """Fill in what the sample suggests, and return why it cannot be read."""
    if typed is None or "guess" not in typed:
        return []
    try:
        found = sheet.guessed(content)
    except Refused as refusal:
        return refusal.reasons
    typed["header_row"] = str(found["header_row"])
    for field in FIELDS:
        typed[field.code] = found["columns"].get(field.code, "")
    return []


def _sample(
    request: StaffRequest, typed: QueryDict | None, row: NationalMapping | None, content: bytes
) -> dict[str, Any]:
    form = forms.Mapping(typed, user=request.user, row=row)
    form.is_valid()
    how = form.layout()
    court = row.court if row else form.cleaned_data.get("court")
    found = sheet.sample(content, how, court=court.code if court else "")
    return {**found, "lines": pages.sample_lines(found)}


def _mapping_form(
    request: StaffRequest, typed: QueryDict | None, row: NationalMapping | None, headings: Sequence[str]
) -> forms.Mapping:
    now = mappings.mapping_now(row) if row else None
    told: dict[str, Any] = {"user": request.user, "row": row, "headings": headings, "now": now}
    if typed is None or "save" in typed:
        return forms.Mapping(typed, initial=now, **told)
    # Only looked at: nothing is wrong yet with what is not chosen yet.
    return forms.Mapping(initial={name: typed.get(name) for name in forms.Mapping.base_fields}, **told)


def _saved(request: StaffRequest, form: forms.Mapping, row: NationalMapping | None) -> bool:
    try:
        mappings.save_mapping(row, **form.arguments(), at=clock.now(), actor=request.user)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("已保存"))
    return True


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def import_national(request: StaffRequest) -> HttpResponse:
    """Hand in a day's file; it is checked as a job, and taken in where nothing is wrong."""
    typed, refused = _with_file(request)
    day = forms.first_day(clock.today(), Holiday.objects.calendar().is_workday)
    form = forms.ImportNational(typed, user=request.user, refused=refused, initial={"day": day})
    if form.is_bound and form.is_valid() and form.kept:
        said = form.cleaned_data
        given: dict[str, Any] = {"at": clock.now(), "actor": request.user}
        try:
            job = files.ask_import(said["mapping"], table=form.kept, day=said["day"], **given)
            return redirect("supervision:national_job", job.pk)
        except Refused as refusal:
            form.refuse(refusal)
    has_mappings = NationalMapping.objects.visible_to(request.user).in_use().exists()
    context = {"form": form, "has_mappings": has_mappings}
    return render(request, "supervision/import_national.html", context, status=422 if form.errors else 200)


@require_safe
@requires(KEEP)
def national_job(request: StaffRequest, pk: int) -> HttpResponse:
    """How far it is; at its end every fault by row and column, or what came of it."""
    rows = Job.objects.visible_to(request.user).filter(kind__in=(files.KIND, comparing.KIND))
    return render(request, "supervision/national_job.html", pages.job_context(get_object_or_404(rows, pk=pk)))


@require_safe
@requires(VIEW)
def national_files(request: StaffRequest) -> HttpResponse:
    """The files taken in, newest first, every version."""
    form = forms.Nights(request.GET, courts=courts_of(request.user))
    rows = NationalFile.objects.visible_to(request.user).filter(**form.lookups())
    rows = rows.select_related("court", "mapping", "imported_by").order_by("-day", "court__code", "-version")
    context = {"form": form, "page": page_of(rows, request), "may_keep": keeps_books(request.user)}
    return render(request, "supervision/national_files.html", context, status=422 if form.errors else 200)


@require_safe
@requires(VIEW)
def national_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows of one file as they were taken in."""
    found = NationalFile.objects.visible_to(request.user).select_related("court", "mapping", "imported_by")
    row = get_object_or_404(found, pk=pk)
    fields, rows = pages.file_rows(row)
    page = page_of(rows, request)
    lines = [(line, pages.printed_row(line.values, fields)) for line in page]
    context = {"file": row, "fields": fields, "page": page, "lines": lines}
    return render(request, "supervision/national_file.html", context)


@require_safe
@requires(VIEW)
def to_type(request: StaffRequest) -> HttpResponse:
    """What must be typed in the national system, group by group; changed ones first."""
    form = forms.EntryFilters(request.GET)
    page = page_of(pages.entries(request.user, form.chosen()), request)
    context = {"form": form, "page": page, "may_keep": request.user.has_perm(KEEP)}
    return render(request, "supervision/to_type.html", context, status=422 if form.errors else 200)


@require_POST
@requires(KEEP)
def tick_many(request: StaffRequest) -> HttpResponse:
    """Tick the chosen groups as typed, each as it was shown."""
    form = forms.TickMany(request.POST)
    try:
        if not form.is_valid():
            raise Refused([str(word) for words in form.errors.values() for word in words])
        count = entries.tick_many(form.cleaned_data["entry"], at=clock.now(), actor=request.user)
        messages.success(request, _("已登记 %(count)d 项") % {"count": count})
    except Refused as refusal:
        messages.error(request, str(refusal))
    # The list as it was filtered.
    return redirect(f"{reverse('supervision:to_type')}?{request.GET.urlencode()}")


@require_POST
@requires(VIEW)
def export_to_type(request: StaffRequest) -> HttpResponse:
    """The list as an Excel file, value by value."""
    rows = pages.entries(request.user, forms.EntryFilters(request.GET).chosen())
    content, count = pages.entry_sheet(rows, request.user)
    bureau.note_export("to_type", count=count, at=clock.now(), actor=request.user)
    return excel.download(content, f"to-type-{clock.today()}")


@require_safe
@requires(VIEW)
def to_type_case(request: StaffRequest, pk: int) -> HttpResponse:
    """What must be typed of one case, each value to be copied by one click, each group to be ticked."""
    case = get_object_or_404(cases_of(request.user).select_related("number_court"), pk=pk)
    groups = pages.case_groups(case, request.user)
    context = {"case": case, "groups": groups, "may_keep": request.user.has_perm(KEEP)}
    context["may_open"] = type(case).objects.visible_to(request.user).filter(pk=pk).exists()
    return render(request, "supervision/to_type_case.html", context)


def _tick(request: StaffRequest, pk: int, form: Any, act: Any) -> HttpResponse:
    case = get_object_or_404(cases_of(request.user), pk=pk)
    try:
        if not form.is_valid():
            raise Refused([str(word) for words in form.errors.values() for word in words])
        act(case, **form.cleaned_data, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("supervision:to_type_case", pk)


@require_POST
@requires(KEEP)
def tick_group(request: StaffRequest, pk: int) -> HttpResponse:
    """Tick one group as typed, as it was shown."""
    return _tick(request, pk, forms.Tick(request.POST), entries.tick)


@require_POST
@requires(KEEP)
def untick_group(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a mistaken tick back."""
    return _tick(request, pk, forms.Untick(request.POST), entries.untick)
