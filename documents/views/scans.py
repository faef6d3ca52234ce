"""The pages of a scan as pictures, one below the other; what is kept for a form is shown to its uploader alone."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from documents import pages, services
from documents.models import Material, Staged
from documents.services import pictures

SECONDS = 600  # how long a browser keeps a page; stored content never changes


@requires("documents.view_material")
@require_safe
def scan(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the pages of a material; a restricted one does not exist for those who may not see it."""
    row = get_object_or_404(Material.objects.visible_to(request.user).select_related("case"), pk=pk)
    context = {
        "title": row.title or row.get_kind_display(),
        "case": row.case,
        "pages": pages.pages_of(reverse("documents:scan_page", args=[row.pk]), row),
        "whole": reverse("documents:open", args=[row.pk]),
    }
    return render(request, "documents/scan.html", context)


@requires("documents.view_material")
@require_safe
def scan_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Send one page of a material, the first unless `n` names another."""
    return picture(request, get_object_or_404(Material.objects.visible_to(request.user), pk=pk))


@requires("intake.file_case")
@require_safe
def kept(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the pages of a file that is kept while its form is filled in."""
    row = get_object_or_404(Staged, pk=pk, staged_by=request.user, content_type__in=services.TYPES)
    found = pages.pages_of(reverse("documents:kept_page", args=[row.pk]), row)
    return render(request, "documents/scan.html", {"title": row.name, "pages": found})


@requires("intake.file_case")
@require_safe
def kept_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Send one page of a kept file."""
    row = get_object_or_404(Staged, pk=pk, staged_by=request.user, content_type__in=services.TYPES)
    return picture(request, row)


def picture(request: StaffRequest, row: Material | Staged) -> HttpResponse:
    """Return the page of the scan that `n` names, the first unless it does; whether it may be seen is asked before."""
    asked = request.GET.get("n", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    try:
        drawn = services.page_picture(row.sha256, row.content_type, number)
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=422)
    answer = HttpResponse(drawn, content_type=pictures.TYPE)
    patch_cache_control(answer, private=True, max_age=SECONDS)
    return answer
