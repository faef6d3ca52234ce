"""The e-file of a case: its index of all papers, taking one in, opening one, exporting the whole."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases.models import Case
from cases.pages import head
from documents import forms, pages, services
from documents.models import Material

MISSING_REASONS = (
    gettext_lazy("材料在原审卷宗，本卷附调卷手续"),
    gettext_lazy("当事人经通知拒不提供，已记入笔录"),
    gettext_lazy("款项由双方当面交付，无需收款账户"),
)


@requires("documents.view_material")
@require_http_methods(["GET", "POST"])
def case_materials(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the index of the case's papers, received and issued, and take in another."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    if request.method == "POST" and not request.user.has_perm("documents.add_material"):
        raise PermissionDenied
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.MaterialForm(*typed, kinds=pages.kinds_of(case))
    if form.is_bound and form.is_valid():
        try:
            _take_in(case, form.cleaned_data, request)
        except Refused as refusal:
            form.add_error("upload", refusal.reasons)
        else:
            messages.success(request, _("材料已入卷"))
            return redirect("documents:case_materials", case.pk)
    context = head(case, request.user, today=clock.today()) | pages.efile(case, request.user) | {"form": form}
    return render(request, "documents/case_materials.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _take_in(case: Case, data: dict[str, Any], request: StaffRequest) -> None:
    staged = services.stage_upload(data["upload"], at=clock.now(), actor=request.user)
    paper = services.Paper(data["kind"], data["title"] or staged.name, staged)
    services.receive(case, [paper], at=clock.now(), actor=request.user)


@requires("cases.archive_case")
@require_http_methods(["GET", "POST"])
def explain_missing(request: StaffRequest, pk: int) -> HttpResponse:
    """The affairs team says why a required material cannot be had."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    missing = services.missing_kinds(case)
    form = forms.ExplainMissing(request.POST if request.method == "POST" else None, missing=missing)
    if request.method == "POST" and form.is_valid():
        try:
            services.explain_missing(case, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已作缺失说明"))
            return redirect("documents:case_materials", case.pk)
    context = {"case": case, "form": form, "reasons": MISSING_REASONS}
    context["objections"] = services.explain_objections(case, missing)
    return render(request, "documents/explain_missing.html", context, status=422 if form.errors else 200)


@requires("documents.export_efile")
@require_POST
def export(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the whole file of the case as one archive; taking it out is on record."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    try:
        archive = services.export_efile(case, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("documents:case_materials", case.pk)
    return FileResponse(archive.content, as_attachment=True, filename=f"{case.display_number}.zip")


@requires("documents.view_material")
@require_safe
def open_material(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the scan; a restricted one does not exist for those who may not see it."""
    material = get_object_or_404(Material.objects.visible_to(request.user), pk=pk)
    return sent(material.sha256, material.content_type, f"material-{material.pk}")


def sent(sha256: str, content_type: str, name: str) -> FileResponse:
    """Return stored content so that a browser runs nothing in it."""
    response = FileResponse(services.content_path(sha256).open("rb"), content_type=content_type, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response
