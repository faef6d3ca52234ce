"""One template for many cases: choose them, watch the job, print the joined file."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Job
from cases.models import Case
from documents import forms, pages, services
from documents.models import Template
from documents.services.content import PDF
from documents.services.several import KIND
from documents.views.efile import sent


@requires("documents.issue_document")
@require_http_methods(["GET", "POST"])
def choose(request: StaffRequest) -> HttpResponse:
    """Choose template and cases, and ask for the job."""
    today, filters = clock.today(), forms.Choose(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    code = chosen.get("template", "")
    template = Template.objects.filter(code=code).in_force(on=today).first() if code else None
    if template is None:
        return render(request, "documents/several_choose.html", {"groups": pages.choice(today)})
    form = _form(request, template)
    if request.method == "POST" and form.is_valid():
        try:
            job = _ask(request, template, form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("documents:several_job", job.pk)
    context = {"template": template, "form": form, "filters": filters, "checked": _checked(request, chosen)}
    rows = list(pages.offered(request.user, chosen, template)[: pages.CASES_SHOWN + 1])
    context |= {"cases": rows[: pages.CASES_SHOWN], "is_cut": len(rows) > pages.CASES_SHOWN}
    return render(request, "documents/several.html", context, status=422 if form.errors else 200)


def _checked(request: StaffRequest, chosen: dict[str, Any]) -> list[str]:
    # Cases ticked on another list begin as ticked here.
    return request.POST.getlist("case") if request.method == "POST" else [str(pk) for pk in chosen.get("only", [])]


def _form(request: StaffRequest, template: Template) -> forms.Fill:
    if request.method == "POST":
        return forms.Fill(request.POST, spec=template.spec, facts={}, today=clock.today(), is_partial=True)
    return forms.Fill(spec=template.spec, facts={}, today=clock.today(), is_partial=True)


def _ask(request: StaffRequest, template: Template, values: dict[str, Any]) -> Job:
    numbers = [int(word) for word in request.POST.getlist("case") if word.isascii() and word.isdigit()]
    # What is out of his scope is named in the result, not dropped.
    cases = Case.objects.filter(pk__in=[number for number in numbers if number < 2**31]).order_by("filed_on", "id")
    return services.ask_several(list(cases), template=template, values=values, at=clock.now(), actor=request.user)


def _job(request: StaffRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).filter(kind=KIND), pk=pk)


@requires("documents.issue_document")
@require_safe
def job(request: StaffRequest, pk: int) -> HttpResponse:
    """Show how far the job is, and at its end the printable file and the cases that refused."""
    return render(request, "documents/several_job.html", {"job": _job(request, pk)})


@requires("documents.issue_document")
@require_safe
def merged(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the joined file."""
    sha256 = (_job(request, pk).result or {}).get("pdf_sha256", "")
    if not sha256:
        raise Http404
    return sent(sha256, PDF, f"documents-{pk}.pdf")
