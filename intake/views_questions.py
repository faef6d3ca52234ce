"""Pages of the questions of a first reception: versions by claim type, editing, approving."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from intake import questions, questiontemplates, receptionforms
from intake.models import ReceptionTemplate

EDIT, APPROVE = "intake.edit_reception_template", "intake.approve_reception_template"


@requires(EDIT, APPROVE)
@require_safe
def versions(request: StaffRequest) -> HttpResponse:
    """List every version of every claim type."""
    rows = list(ReceptionTemplate.objects.for_list())
    now = _in_force(rows, on=clock.today())
    return render(request, "intake/question_versions.html", {"rows": rows, "now": now})


def _in_force(rows: list[ReceptionTemplate], *, on: dt.date) -> set[int]:
    found: dict[str, ReceptionTemplate] = {}
    for row in sorted(rows, key=lambda row: (row.effective_on, row.version)):
        if row.state == ReceptionTemplate.State.APPROVED and row.effective_on <= on:
            found[row.claim_type] = row
    return {row.pk for row in found.values()}


@requires(EDIT, APPROVE)
@require_http_methods(["GET", "POST"])
def version(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a version; its second person approves it or sends it back here."""
    row = get_object_or_404(ReceptionTemplate.objects.for_list(), pk=pk)
    form = receptionforms.ReasonForm(request.POST if request.POST.get("act") == "send_back" else None)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            _answer(row, form, request)
        except Refused as refused:
            refusal = refused
        else:
            return redirect(row)
    context = {
        "row": row,
        "questions": questions.questions_of(row.content),
        "told": questions.told_of(row.content),
        "may_answer": questiontemplates.may_answer(row, request.user),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "intake/question_version.html", context, status=422 if refusal else 200)


def _answer(row: ReceptionTemplate, form: receptionforms.ReasonForm, request: StaffRequest) -> None:
    if request.POST.get("act") == "approve":
        questiontemplates.approve_questions(row, at=clock.now(), actor=request.user)
        messages.success(request, _("已批准，自生效日起按新版本发问"))
        return
    note = form.cleaned_data["reason"] if form.is_bound and form.is_valid() else ""
    questiontemplates.send_back_questions(row, note=note, at=clock.now(), actor=request.user)
    messages.success(request, _("已退回"))


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Edit a version into the next one."""
    base = get_object_or_404(ReceptionTemplate, pk=pk)
    if not request.user.has_perm(EDIT):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    told = "\n".join(text for _key, text in questions.told_of(base.content))
    head = receptionforms.VersionForm(posted, initial={"told": told, "effective_on": clock.today()})
    rows = receptionforms.QuestionSet(
        posted, prefix="questions", initial=None if posted is not None else receptionforms.rows_of(base.content)
    )
    if posted is not None and head.is_valid() and rows.is_valid():
        try:
            made = _propose(base, head, rows, request)
        except Refused as refusal:
            head.refuse(refusal)
        else:
            messages.success(request, _("修订稿已提交，由另一人批准"))
            return redirect(made)
    wrong = posted is not None
    context = {"base": base, "form": head, "rows": rows}
    return render(request, "intake/edit_questions.html", context, status=422 if wrong else 200)


def _propose(base: ReceptionTemplate, head: Any, rows: Any, request: StaffRequest) -> ReceptionTemplate:
    data = head.cleaned_data
    return questiontemplates.propose_questions(
        base,
        content=receptionforms.edited(rows, data["told"], base.content),
        note=data["note"],
        effective_on=data["effective_on"],
        at=clock.now(),
        actor=request.user,
    )
