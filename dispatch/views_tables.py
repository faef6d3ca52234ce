"""Pages of the decision table: versions, one version with what is wrong with it, its rows, its dry runs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from dispatch import tableforms, tablepages, tableservices
from dispatch.listforms import MoveFilter, OverrideFilter
from dispatch.models import DryRun, RuleTable, TriageRule
from dispatch.sections import SEES_TABLES

PAGE_ROWS = 50
EDITS = ("dispatch.edit_table",)
TRIES = ("dispatch.edit_table", "dispatch.approve_table")


@requires(*SEES_TABLES)
@require_http_methods(["GET", "POST"])
def triage_rules(request: StaffRequest) -> HttpResponse:
    """Show the table in force and every version; begin another."""
    form = tableforms.DraftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        table = _act(form, lambda: tableservices.draft_table(**form.cleaned_data, **_by(request)))
        if table is not None:
            messages.success(request, _("已起草第 %(version)d 版") % {"version": table.version})
            return redirect("dispatch:table", table.pk)
    page = Paginator(RuleTable.objects.for_list(), PAGE_ROWS).get_page(request.GET.get("page"))
    standing = RuleTable.objects.in_force(on=clock.today())
    context = {
        "page": page,
        "form": form,
        "standing": standing,
        "rules": tablepages.rules_of(standing) if standing else [],
        "notes": tableforms.NOTES,
    }
    return render(request, "dispatch/tables.html", context, status=422 if form.errors else 200)


@requires(*SEES_TABLES)
@require_safe
def table(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one version: its rows, what is wrong with them, its dry runs and what may be done with it."""
    return _table_page(request, get_object_or_404(RuleTable.objects.for_list(), pk=pk))


def _table_page(request: StaffRequest, row: RuleTable, **forms: Any) -> HttpResponse:
    context = tablepages.table_page(row, request.user, today=clock.today()) | {"notes": tableforms.NOTES}
    context |= {
        "head_form": tableforms.HeadForm(initial={"fast_weight_min": row.fast_weight_min, "note": row.note}),
        "submit_form": tableforms.SubmitForm(initial={"from_on": clock.today()}),
        "answer_form": tableforms.AnswerForm(initial={"action": "approve"}),
        **forms,
    }
    return render(request, "dispatch/table.html", context, status=422 if forms else 200)


@requires(*EDITS)
@require_POST
def set_head(request: StaffRequest, pk: int) -> HttpResponse:
    """Set the weight line and the note of a draft."""
    row = get_object_or_404(RuleTable.objects.for_list(), pk=pk)
    form = tableforms.HeadForm(request.POST)
    if form.is_valid() and _act(form, lambda: tableservices.set_head(row, **form.cleaned_data, **_by(request))):
        return redirect("dispatch:table", pk)
    return _table_page(request, row, head_form=form)


@requires(*EDITS)
@require_http_methods(["GET", "POST"])
def add_rule(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a row to a draft."""
    return _rule_page(request, get_object_or_404(RuleTable, pk=pk), None)


@requires(*EDITS)
@require_http_methods(["GET", "POST"])
def edit_rule(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a row of a draft."""
    rule = get_object_or_404(TriageRule.objects.select_related("table"), pk=pk)
    return _rule_page(request, rule.table, rule)


def _rule_page(request: StaffRequest, table_: RuleTable, rule: TriageRule | None) -> HttpResponse:
    if request.POST.get("action") == "redraw":
        context = {"table": table_, "rule": rule, "form": tableforms.RuleForm.redrawn(request.POST)}
        name = "dispatch/_conditions.html" if request.headers.get("HX-Request") else "dispatch/rule.html"
        return render(request, name, context)
    form = tableforms.RuleForm(request.POST if request.method == "POST" else None, rule=rule)
    context = {"table": table_, "rule": rule, "form": form}
    if request.method == "POST" and form.is_valid():
        saved = _act(form, lambda: tableservices.set_rule(table_, rule=rule, **form.arguments(), **_by(request)))
        if saved is not None:
            messages.success(request, _("已保存规则 %(code)s") % {"code": saved.code})
            return redirect("dispatch:table", table_.pk)
    return render(request, "dispatch/rule.html", context, status=422 if form.errors else 200)


@requires(*EDITS)
@require_POST
def remove_rule(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a row out of a draft."""
    rule = get_object_or_404(TriageRule.objects.select_related("table"), pk=pk)
    return _plain_act(
        request, rule.table_id, lambda: tableservices.remove_rule(rule, **_by(request)), _("已删除该规则")
    )


@requires(*TRIES)
@require_POST
def try_table(request: StaffRequest, pk: int) -> HttpResponse:
    """Replay the version on every case decided so far."""
    row = get_object_or_404(RuleTable, pk=pk)
    try:
        run = tableservices.ask_dry_run(row, **_by(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("dispatch:table", pk)
    return redirect("dispatch:dry_run", run.pk)


@requires(*EDITS)
@require_POST
def submit_table(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for approval from a day on."""
    row = get_object_or_404(RuleTable.objects.for_list(), pk=pk)
    form = tableforms.SubmitForm(request.POST)
    if form.is_valid() and _act(form, lambda: tableservices.submit_table(row, **form.cleaned_data, **_by(request))):
        messages.success(request, _("已送批"))
        return redirect("dispatch:table", pk)
    return _table_page(request, row, submit_form=form)


@requires("dispatch.approve_table")
@require_POST
def answer_table(request: StaffRequest, pk: int) -> HttpResponse:
    """Approve a submitted version, or send it back."""
    row = get_object_or_404(RuleTable.objects.for_list(), pk=pk)
    form = tableforms.AnswerForm(request.POST)
    if form.is_valid() and _act(form, lambda: tableservices.answer_table(row, **form.arguments(), **_by(request))):
        messages.success(request, _("已答复"))
        return redirect("dispatch:table", pk)
    return _table_page(request, row, answer_form=form)


@requires(*TRIES)
@require_POST
def discard_table(request: StaffRequest, pk: int) -> HttpResponse:
    """Give up a draft, or take back an approval before its day."""
    row = get_object_or_404(RuleTable, pk=pk)
    return _plain_act(request, pk, lambda: tableservices.discard_table(row, **_by(request)), _("已作废"))


@requires(*SEES_TABLES)
@require_safe
def dry_run(request: StaffRequest, pk: int) -> HttpResponse:
    """Show how far a dry run is, and who would move."""
    run = get_object_or_404(DryRun.objects.select_related("table", "job", "asked_by"), pk=pk)
    form = MoveFilter(request.GET)
    change = form.chosen().get("change", "")
    moves = tablepages.moves_shown(run, change)
    page = Paginator(moves, PAGE_ROWS).get_page(request.GET.get("page"))
    context = tablepages.run_page(run, list(page.object_list), request.user)
    return render(request, "dispatch/dry_run.html", context | {"page": page, "form": form, "change": change})


@requires(*SEES_TABLES)
@require_POST
def export_dry_run(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand out the cases that would move as an Excel sheet."""
    run = get_object_or_404(DryRun.objects.select_related("table"), pk=pk)
    rows = tablepages.move_rows(run.moving[: excel.ROWS_MAX], request.user)
    bureau.note_export("dry_run", count=len(rows), at=clock.now(), actor=request.user)
    return excel.download(excel.workbook(tablepages.sheet(rows)), f"dry-run-v{run.table.version}-{clock.today()}")


@requires(*SEES_TABLES)
@require_safe
def overrides(request: StaffRequest) -> HttpResponse:
    """Show for each rule of a version how often it hit and how often people decided otherwise, and in which cases."""
    form = OverrideFilter(request.GET)
    picked = form.chosen().get("version") or RuleTable.objects.in_force(on=clock.today())
    context: dict[str, Any] = {"rows": [], "reasons": [], "form": form}
    if picked:
        asked = {name: form.chosen().get(name, "") for name in ("rule", "reason")}
        cases = tablepages.overridden(picked, request.user, **asked)
        context |= tablepages.overrides_page(picked) | {"page": page_of(cases, request), "asked": asked}
    versions = RuleTable.objects.approved().order_by("-version").values_list("version", flat=True)
    return render(request, "dispatch/overrides.html", context | {"versions": versions, "table": picked})


def _by(request: StaffRequest) -> dict[str, Any]:
    return {"at": clock.now(), "actor": request.user}


def _act(form: Any, act: Any) -> Any:
    """Do it, or say beside the form why not."""
    try:
        return act()
    except Refused as refusal:
        form.refuse(refusal)
    return None


def _plain_act(request: StaffRequest, pk: int, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("dispatch:table", pk)
