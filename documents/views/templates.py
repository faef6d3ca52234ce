"""The templates with their approved versions, as anybody may read them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from documents import pages, versions
from documents.models import Revision, Template


@requires("documents.view_material")
@require_safe
def library(request: StaffRequest) -> HttpResponse:
    """Show the templates in force today by phase."""
    context = {"groups": pages.choice(clock.today()), "may_edit": request.user.has_perm("documents.edit_template")}
    context["may_see_proposed"] = context["may_edit"] or request.user.has_perm("documents.approve_template")
    return render(request, "documents/templates.html", context)


@requires("documents.view_material")
@require_safe
def version(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one version: fields with their tips, paragraphs, and the other versions."""
    template = get_object_or_404(Template, pk=pk)
    rows = versions.of_code(template.code)
    context = {"template": template, "spec": template.spec, "versions": rows, "today": clock.today()}
    context["in_force"] = versions.current(rows, on=clock.today())
    context["may_edit"] = request.user.has_perm("documents.edit_template")
    waiting = Revision.objects.waiting().filter(code=template.code).defer("content").order_by("id")
    context["waiting"] = waiting if context["may_edit"] else []
    return render(request, "documents/template.html", context)


@requires("documents.view_material")
@require_safe
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """Show all versions of a template: who edited and approved, from when, and what each changed."""
    template = get_object_or_404(Template.objects.defer("content"), pk=pk)
    rows = versions.history(versions.of_code(template.code), today=clock.today())
    return render(request, "documents/history.html", {"template": template, "versions": rows})
