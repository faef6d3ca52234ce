"""The bureau's own versions of a template: edit, preview, compare, propose; a second person approves or sends back."""

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
from bureau.paging import page_of
from documents import comparing, revising, services, template_forms, versions
from documents.models import Revision, Template

BOTH = ("documents.edit_template", "documents.approve_template")
BESIDE = ("approval", "effective_on", "note", "preview_case")


@requires("documents.edit_template")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Edit the words, see what is wrong, the paper and the comparison; then lay it before a second person."""
    base = versions.of_code(get_object_or_404(Template.objects.defer("content"), pk=pk).code)[0]
    start = _start(request, base)
    spec = start.spec if start else base.spec
    begin = revising.written(spec) | {"effective_on": max(clock.today(), base.effective_on)}
    now, sent = services.words_now(base), request.POST if request.method == "POST" else None
    form = template_forms.Revise(sent, spec=spec, initial=begin, now=now)
    if request.POST.get("act") == "propose" and form.is_valid():
        try:
            row = _propose(request, base, start, form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("修订稿已提交，待另一人批准"))
            return redirect(row)
    context = {"template": base, "form": form} | _shown(request, base, form)
    return render(request, "documents/edit_template.html", context, status=422 if form.errors else 200)


def _start(request: StaffRequest, base: Template) -> Revision | None:
    # Words of an earlier proposal, edited further.
    asked = request.GET.get("from", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    return Revision.objects.select_related("base").filter(pk=int(asked), code=base.code).first()


def _propose(request: StaffRequest, base: Template, start: Revision | None, form: template_forms.Revise) -> Revision:
    data = form.cleaned_data
    given = {name: data[name] for name in ("approval", "effective_on", "note", "seen")}
    return services.propose_revision(
        base, values=form.typed(), start=start, **given, at=clock.now(), actor=request.user
    )


def _shown(request: StaffRequest, base: Template, form: template_forms.Revise) -> dict[str, Any]:
    today, new = clock.today(), form.revised()
    number = request.POST.get("preview_case", "")
    case = versions.case_named(number, request.user)
    if number.strip() and case is None and form.is_bound:
        form.add_error("preview_case", _("没有这个案号的案件"))
    now = versions.current(versions.of_code(base.code), on=today) or base
    filled = versions.preview(new, case=case, today=today)
    shown = {"blocks": filled.blocks, "problems": filled.problems, "in_force": now, "case": case}
    return shown | {"changes": comparing.specs(now.spec, new)}


@requires(*BOTH)
@require_safe
def proposed(request: StaffRequest) -> HttpResponse:
    """Show the proposed versions: those that wait, then what became of the others."""
    page = page_of(Revision.objects.for_list(), request)
    return render(request, "documents/revisions.html", {"page": page})


@requires(*BOTH)
@require_http_methods(["GET", "POST"])
def revision(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a proposed version beside the one in force; a second person approves it or sends it back."""
    people = Revision.objects.select_related("base", "proposed_by", "answered_by", "template")
    row, act = get_object_or_404(people, pk=pk), request.POST.get("act", "")
    back = template_forms.SendBack(request.POST if act == "send_back" else None)
    approve = _approval(request, row) if act == "approve" else _approval(None, row)
    if request.method == "POST" and act not in ("approve", "send_back"):
        raise PermissionDenied
    for form in (approve, back):
        if form.is_bound and form.is_valid():
            try:
                return _answered(request, row, form, act)
            except Refused as refusal:
                form.refuse(refusal)
    context = {"revision": row, "back": back, "approve": approve} | versions.compared(row, today=clock.today())
    context["may_answer"] = _may_answer(request, row)
    return render(request, "documents/revision.html", context, status=422 if back.errors or approve.errors else 200)


def _approval(request: StaffRequest | None, row: Revision) -> template_forms.Approve:
    form = template_forms.Approve(request.POST if request else None, initial={"effective_on": clock.today()})
    if row.effective_on:
        del form.fields["effective_on"]
    return form


def _may_answer(request: StaffRequest, row: Revision) -> bool:
    is_another = row.proposed_by_id != request.user.pk
    return row.state == Revision.State.WAITING and is_another and request.user.has_perm("documents.approve_template")


def _answered(request: StaffRequest, row: Revision, form: Any, act: str) -> HttpResponse:
    if act == "send_back":
        services.send_back_revision(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        messages.success(request, _("已退回修订人"))
        return redirect("documents:revisions")
    made = services.approve_revision(row, **form.cleaned_data, at=clock.now(), actor=request.user)
    said = _("第 %(version)d 版已批准，%(day)s 起生效") % {"version": made.version, "day": made.effective_on}
    messages.success(request, said)
    return redirect("documents:history", made.pk)
