"""The templates with their approved versions, as anybody may read them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from documents import pages
from documents.models import Template


@requires("documents.view_material")
@require_safe
def library(request: StaffRequest) -> HttpResponse:
    """Show the templates in force today by phase."""
    return render(request, "documents/templates.html", {"groups": pages.choice(clock.today())})


@requires("documents.view_material")
@require_safe
def version(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one version: fields with their tips, paragraphs, and the other versions."""
    template = get_object_or_404(Template, pk=pk)
    versions = Template.objects.filter(code=template.code).defer("content").order_by("-version")
    context = {"template": template, "spec": template.spec, "versions": versions, "today": clock.today()}
    return render(request, "documents/template.html", context)
