"""The bank's statements: import by trial and confirmation, what was taken in, and how each bank writes its files."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services, statementpages
from accounts.camt import COLUMNS
from accounts.models import BankFormat, StatementDebit
from accounts.services import bankformats
from accounts.services.statementjobs import KIND
from accounts.services.statements import layout_of
from accounts.statementfiles import Layout, field_of
from accounts.statementforms import ImportStatement, SampleFile, SaveBankFormat
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Job
from documents import services as documents

PAGE = 50
SEES = ("accounts.import_statement", "accounts.view_ledger")
IMPORTS = "accounts.import_statement"


@requires(*SEES)
@require_safe
def statements(request: StaffRequest) -> HttpResponse:
    """Files of the bank that were taken in, newest first, and what went out without a payment of ours."""
    page = Paginator(statementpages.statements(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "open_count": statementpages.open_debits().count()}
    return render(request, "accounts/statements.html", context)


@requires(*SEES)
@require_safe
def open_debits(request: StaffRequest) -> HttpResponse:
    """Money out that finance must explain."""
    page = Paginator(statementpages.open_debits(), PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/open_debits.html", {"page": page})


@requires(IMPORTS)
@require_http_methods(["GET", "POST"])
def import_statement(request: StaffRequest) -> HttpResponse:
    """Finance uploads a file; it is read and checked as a job before anything is taken in."""
    typed, refused = _with_file(request)
    form = ImportStatement(typed, user=request.user, refused=refused)
    if form.is_bound and form.is_valid() and form.kept:
        chosen = form.cleaned_data["bank_format"]
        job = services.ask_statement(chosen, table=form.kept, at=clock.now(), actor=request.user)
        return redirect("accounts:statement_job", job.pk)
    context = {
        "form": form,
        "heading": _("导入对账单"),
        "button": _("上传并试读"),
        "back": reverse("accounts:statements"),
    }
    context["notice"] = _("先试读，不入账；有一行有误，整个文件都不入账。重复导入不会重复入账。")
    context["has_formats"] = BankFormat.objects.filter(is_active=True).exists()
    return render(request, "accounts/import_statement.html", context, status=422 if form.errors else 200)


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


def _job(request: StaffRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).filter(kind=KIND), pk=pk)


@requires(IMPORTS)
@require_safe
def statement_job(request: StaffRequest, pk: int) -> HttpResponse:
    """How far it is; at its end every fault by row and column, or the sums and the button that takes the file in."""
    job = _job(request, pk)
    result = job.result or {}
    states = dict(StatementDebit.State.choices)
    debits = [(states.get(state, state), count, total) for state, count, total in result.get("debits", ())]
    bank_format = BankFormat.objects.get(pk=job.arguments["format"])
    context = {"job": job, "result": result, "debits": debits, "bank_format": bank_format}
    return render(request, "accounts/statement_job.html", context)


@requires(IMPORTS)
@require_POST
def take_statement(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the checked file in, once; it is checked once more under the locks."""
    try:
        job = services.take_statement(_job(request, pk), at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:import_statement")
    return redirect("accounts:statement_job", job.pk)


@requires(*SEES)
@require_safe
def statement(request: StaffRequest, pk: int) -> HttpResponse:
    """One file: its sums, and its lines by what became of them."""
    row = get_object_or_404(statementpages.statements(), pk=pk)
    sets = statementpages.sets(row)
    chosen = request.GET.get("rows", "")
    if chosen not in statementpages.SETS:
        filled = {code for code, _label, count, _sum in sets if count}
        chosen = next((code for code in ("unidentified", "open", "returned", "matched") if code in filled), "matched")
    page = Paginator(statementpages.rows(row, chosen), PAGE).get_page(request.GET.get("page"))
    context = {"statement": row, "sets": sets, "chosen": chosen, "page": page}
    return render(request, "accounts/statement.html", context)


@requires(IMPORTS)
@require_safe
def bank_formats(request: StaffRequest) -> HttpResponse:
    """How each bank writes its files."""
    rows = BankFormat.objects.select_related("changed_by").order_by("-is_active", "name")
    found = [(row, statementpages.labels(row.columns)) for row in rows]
    return render(request, "accounts/bank_formats.html", {"rows": found})


@requires(IMPORTS)
@require_http_methods(["GET", "POST"])
def new_bank_format(request: StaffRequest) -> HttpResponse:
    """Set up a bank: from a file of it the columns are guessed and shown as they would be read."""
    return _format_page(request, None)


@requires(IMPORTS)
@require_http_methods(["GET", "POST"])
def bank_format(request: StaffRequest, pk: int) -> HttpResponse:
    """Change how a bank's files are read."""
    return _format_page(request, get_object_or_404(BankFormat, pk=pk))


def _format_page(request: StaffRequest, row: BankFormat | None) -> HttpResponse:
    typed, refused = _with_file(request)
    file = SampleFile(typed, user=request.user, refused=refused)
    wrong, sample = _looked_at(typed, file, row, [refused] if refused else [])
    form = _format_form(typed, row, sample.get("headings", ()))
    if form.is_bound and form.is_valid():
        try:
            services.save_bank_format(row, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存"))
            return redirect("accounts:bank_formats")
    context = {"form": form, "file": file, "sample": sample, "row": row, "wrong": wrong}
    is_wrong = bool(wrong) or bool(form.errors)
    return render(request, "accounts/bank_format.html", context, status=422 if is_wrong else 200)


def _looked_at(
    typed: QueryDict | None, file: SampleFile, row: BankFormat | None, wrong: list[str]
) -> tuple[list[str], dict[str, Any]]:
    """Return why the sample cannot be read, or its rows; what it suggests is filled in, and stays to be changed."""
    if file.kept is None or wrong:
        return wrong, {}
    content = documents.table_bytes(file.kept)
    if typed is not None and "guess" in typed:
        try:
            guessed = statementpages.guessed(content)
        except Refused as refusal:
            return refusal.reasons, {}
        for name, value in guessed.items():
            typed[field_of(name)] = str(value)
    return [], statementpages.sample(content, _layout(typed, row))


def _format_form(typed: QueryDict | None, row: BankFormat | None, headings: Sequence[str]) -> SaveBankFormat:
    if typed is None or "save" in typed:
        now = bankformats.format_now(row) if row else None
        return SaveBankFormat(typed, initial=_initial(row), headings=headings, now=now)
    # Only looked at: nothing is wrong yet with what is not chosen yet.
    return SaveBankFormat(initial={name: typed.get(name) for name in SaveBankFormat.base_fields}, headings=headings)


def _initial(row: BankFormat | None) -> dict[str, Any]:
    if row is None:
        return {}
    columns = {field_of(name): heading for name, heading in row.columns.items()}
    plain = {name: getattr(row, name) for name in bankformats.PLAIN}
    return {**columns, **plain}


def _layout(typed: QueryDict | None, row: BankFormat | None) -> Layout:
    if typed is None:
        return layout_of(row) if row else Layout({})
    form = SaveBankFormat(typed)
    form.is_valid()
    said = form.cleaned_data
    is_table = said.get("kind", BankFormat.Kind.TABLE) == BankFormat.Kind.TABLE
    return Layout(
        form.columns() if is_table else COLUMNS,
        header_row=said.get("header_row") or 1,
        encoding=said.get("encoding") or "DETECTED",
        date_order=said.get("date_order") or "YMD",
        kind=said.get("kind") or BankFormat.Kind.TABLE,
    )
