"""Pages of the room."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.paging import page_of
from cases import timeline
from supervision import forms, indicators, pages, record
from supervision.models import StageRating


@require_safe
@requires("supervision.view_indicators")
def figures(request: StaffRequest) -> HttpResponse:
    """Show the bureau's figures as of a day, each with its definition and the list behind it; `export` as Excel."""
    today = clock.today()
    form = forms.AsOf({"as_of": request.GET.get("as_of") or today.isoformat()}, today=today)
    if not form.is_valid():
        return render(request, "supervision/figures.html", {"form": form}, status=422)
    found = indicators.figures(form.cleaned_data["as_of"])
    if "export" in request.GET:
        return excel.download(pages.workbook(found, request.user), f"figures-{found.as_of}")
    return render(request, "supervision/figures.html", {"form": form, **pages.context(found, request.user)})


@require_safe
@requires("supervision.view_indicators")
def ratings(request: StaffRequest) -> HttpResponse:
    """Show what applicants think of each stage, by team, and what they wrote to say so, newest first."""
    rows = StageRating.objects.select_related("case", "team").order_by("-id")
    context = {"groups": pages.rating_groups(), "page": page_of(rows, request)}
    return render(request, "supervision/ratings.html", context)


@require_safe
@requires("bureau.view_audit")
def audit(request: StaffRequest) -> HttpResponse:
    """Show the event record in words, newest first."""
    form = record.RecordFilter(request.GET)
    page = page_of(record.found(form), request)
    lines = timeline.lines(page.object_list, sentences=record.SENTENCES)
    context = {"form": form, "page": page, "rows": list(zip(page.object_list, lines, strict=True))}
    return render(request, "supervision/audit.html", context, status=422 if form.errors else 200)


@require_POST
@requires("bureau.view_audit")
def verify(request: StaffRequest) -> HttpResponse:
    """Ask for a recomputation of every chain."""
    job = bureau.ask_job("verify_events", at=clock.now(), actor=request.user)
    return redirect("bureau:job", job.pk)
