"""Documents of a case: the tab, filling and issuing one, its page, its PDF, voiding it, signing a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases.models import Case
from cases.pages import head
from documents import forms, pages, services, word
from documents.models import Document, Draft, Template
from documents.services.content import PDF
from documents.views import word as word_views
from documents.views.efile import sent


def _case(request: StaffRequest, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)


def _document(request: StaffRequest, pk: int) -> Document:
    visible = Document.objects.visible_to(request.user)
    visible = visible.select_related("template", "issued_by", "voided_by", "case__number_court")
    return get_object_or_404(visible.prefetch_related("case__parties"), pk=pk)


@requires("documents.view_material")
@require_safe
def case_documents(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the documents issued in the case, the drafts, and where its parties may be served."""
    case = _case(request, pk)
    context = head(case, request.user, today=clock.today()) | pages.case_documents(case, request.user)
    return render(request, "documents/case_documents.html", context)


@requires("documents.issue_document")
@require_http_methods(["GET", "POST"])
def compose(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose a template, fill it, see the paper with what is missing, then issue it or lay it before its signer."""
    case, code = _case(request, pk), request.GET.get("template", "")
    today = clock.today()
    context = head(case, request.user, today=today)
    if not code:
        return render(request, "documents/choose.html", context | pages.choices(today, case))
    template = get_object_or_404(Template.objects.filter(code=code).in_force(on=today))
    known = pages.facts(case, today=today)
    form, values = _filling(request, case, template, known)
    if request.method == "POST" and (answer := _carry_out(request, case, template, form, values)):
        return answer
    filled = pages.filled(template, values, known, today=today)
    context |= {"template": template, "form": form, "blocks": filled.blocks, "problems": filled.problems}
    context |= pages.warnings(case, template, values, known)
    context |= {"may_sign": services.may_sign(case, template, request.user), "upload": forms.TakeInWord()}
    return render(request, "documents/compose.html", context, status=422 if form.errors else 200)


def _filling(
    request: StaffRequest, case: Case, template: Template, known: dict[str, str]
) -> tuple[forms.Fill, dict[str, str]]:
    # Typed values, or those of an earlier document of the case, or what the case proposes.
    own = pages.start_values(request.user, case, template, known, copied=request.GET.get("from", ""))
    if request.method != "POST":
        return forms.Fill(spec=template.spec, facts=known, today=clock.today(), initial=own), own
    form = forms.Fill(request.POST, spec=template.spec, facts=known, today=clock.today())
    return form, {name: request.POST.get(name, "") for name in form.fields}


def _carry_out(
    request: StaffRequest, case: Case, template: Template, form: forms.Fill, values: dict[str, str]
) -> HttpResponse | None:
    # What the pressed button asks for; nothing for a preview, which shows what is missing without refusing it.
    act = request.POST.get("act", "preview")
    if act == "word":
        return _word(pages.preview(case, template, values, today=clock.today()).blocks, template)
    is_right = form.is_valid() if act in ("issue", "propose", "take_in", "preview") else False
    if act == "preview" or not is_right:
        return None
    try:
        return _made(request, case, act, template=template, values=values)
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _made(request: StaffRequest, case: Case, act: str, **given: Any) -> HttpResponse:
    given |= {"at": clock.now(), "actor": request.user}
    if act == "take_in":
        draft = services.propose_edited(case, content=word_views.content_of(request), **given)
        return word_views.done(request, draft)
    if act == "issue":
        return _done(request, case, services.issue(case, **given, is_first="again" not in request.POST))
    return _done(request, case, services.propose(case, **given))


def _done(request: StaffRequest, case: Case, row: Document | Draft) -> HttpResponse:
    if isinstance(row, Document):
        messages.success(request, _("%(number)s 已签发，PDF正在制作") % {"number": row.number})
        return redirect(row)
    messages.success(request, _("已提请签发"))
    return redirect("documents:case_documents", case.pk)


def _word(blocks: list[dict[str, object]], template: Template) -> HttpResponse:
    response = HttpResponse(word.word_file(blocks), content_type=word.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{template.code.lower()}.docx"'
    return response


@requires("documents.view_material")
@require_safe
def document(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one document as it was issued, its PDF, service, and what replaced it."""
    row = _document(request, pk)
    return render(request, "documents/document.html", pages.document(row, request.user) | {"today": clock.today()})


@requires("documents.view_material")
@require_safe
def pdf(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the PDF; while it is being made there is none."""
    row = get_object_or_404(Document.objects.visible_to(request.user).light(), pk=pk)
    if not row.pdf_sha256:
        raise Http404
    return sent(row.pdf_sha256, PDF, f"document-{row.pk}.pdf")


@requires("documents.issue_document")
@require_http_methods(["GET", "POST"])
def void(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark the document as replaced by a newer one."""
    row = _document(request, pk)
    form = forms.Void(request.POST if request.method == "POST" else None, document=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.void(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已作废，原文书和新文书都保留"))
            return redirect(row)
    context: dict[str, Any] = {"form": form, "case": row.case, "heading": _("作废文书"), "back": row.get_absolute_url()}
    context |= {"is_danger": True, "notice": _("文书只能由本案以后签发的文书取代。请先签发新文书，再在这里选择。")}
    return render(request, "components/act.html", context, status=422 if form.errors else 200)


@requires("documents.issue_document")
@require_POST
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Let the PDF be made again."""
    row = _document(request, pk)
    try:
        services.retry_printing(row, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已重新排队制作"))
    return redirect(row)


@requires("documents.issue_document")
@require_http_methods(["GET", "POST"])
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a draft to its signer, who issues it or sends it back; to others as it stands."""
    visible = Draft.objects.visible_to(request.user).select_related("template", "proposed_by", "document")
    row = get_object_or_404(visible.select_related("case__number_court", "case__judge", "case__team"), pk=pk)
    form = forms.SendBack(request.POST if request.POST.get("act") == "send_back" else None)
    if request.method == "POST" and (form.is_valid() or not form.is_bound):
        try:
            return _answered(request, row, form)
        except Refused as refusal:
            form = forms.SendBack({})
            form.errors.clear()
            form.refuse(refusal)
    context = pages.draft(row, request.user, today=clock.today()) | {"form": form}
    return render(request, "documents/draft.html", context, status=422 if form.errors else 200)


def _answered(request: StaffRequest, row: Draft, form: forms.SendBack) -> HttpResponse:
    if form.is_bound:
        services.send_back_draft(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        messages.success(request, _("已退回拟稿人"))
        return redirect("desk")
    if request.POST.get("act") != "issue":
        raise PermissionDenied
    made = services.issue(
        row.case, template=row.template, values=row.typed(), draft=row, at=clock.now(), actor=request.user
    )
    return _done(request, row.case, made)
