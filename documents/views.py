"""The papers of a case: the tab with its checklist, adding one, opening one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases.models import Case
from cases.pages import head
from documents import forms, services
from documents.models import Material


@requires("documents.view_material")
@require_http_methods(["GET", "POST"])
def case_materials(request: StaffRequest, pk: int) -> HttpResponse:
    """List the papers of a case by order of receipt, and take in another."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    if request.method == "POST" and not request.user.has_perm("documents.add_material"):
        raise PermissionDenied
    form = forms.MaterialForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        try:
            _take_in(case, form.cleaned_data, request)
        except Refused as refusal:
            form.add_error("upload", refusal.reasons)
        else:
            messages.success(request, _("材料已入卷"))
            return redirect("documents:case_materials", case.pk)
    context = head(case, request.user, today=clock.today()) | _tab(case, request) | {"form": form}
    return render(request, "documents/case_materials.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _take_in(case: Case, data: dict[str, Any], request: StaffRequest) -> None:
    staged = services.stage_upload(data["upload"], at=clock.now(), actor=request.user)
    paper = services.Paper(data["kind"], data["title"] or staged.name, staged)
    services.receive(case, [paper], at=clock.now(), actor=request.user)


def _tab(case: Case, request: StaffRequest) -> dict[str, Any]:
    rows = list(Material.objects.visible_to(request.user).filter(case=case).for_list())
    kinds = set(Material.objects.filter(case=case).values_list("kind", flat=True))
    return {
        "materials": rows,
        "checklist": [(kind.label, kind in kinds) for kind in Material.REQUIRED],
        "may_add": request.user.has_perm("documents.add_material"),
    }


@requires("documents.view_material")
@require_safe
def open_material(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the scan; a restricted one does not exist for those who may not see it."""
    material = get_object_or_404(Material.objects.visible_to(request.user), pk=pk)
    path = services.content_path(material.sha256)
    response = FileResponse(path.open("rb"), content_type=material.content_type, filename=f"material-{material.pk}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response
