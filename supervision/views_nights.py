"""What the national system and the bureau's books say differently, night by night."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Court
from bureau.paging import page_of
from supervision.models import NationalComparison, NationalDifference
from supervision.national import comparing, forms, pages
from supervision.national.sight import KEEP, VIEW, courts, courts_of


@require_POST
@requires(KEEP)
def compare_national(request: StaffRequest, pk: int) -> HttpResponse:
    """Compare a court's newest file with its book now."""
    court = get_object_or_404(Court.objects.filter(courts(request.user)), pk=pk)
    try:
        job = comparing.ask_compare(court, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("supervision:national")
    return redirect("supervision:national_job", job.pk)


@require_safe
@requires(VIEW)
def national_nights(request: StaffRequest) -> HttpResponse:
    """Every comparison, newest first: each stays as it was found."""
    form = forms.Nights(request.GET, courts=courts_of(request.user))
    rows = NationalComparison.objects.visible_to(request.user).filter(**form.lookups()).for_list()
    context = {"form": form, "page": page_of(rows, request)}
    return render(request, "supervision/national_nights.html", context, status=422 if form.errors else 200)


def _night(request: StaffRequest, pk: int) -> NationalComparison:
    return get_object_or_404(NationalComparison.objects.visible_to(request.user).for_list(), pk=pk)


@require_safe
@requires(VIEW)
def national_differences(request: StaffRequest) -> HttpResponse:
    """What the last comparison of each court found, of what the user reads: all of a court's, or of his own cases."""
    form = forms.DifferenceFilters(request.GET)
    page = page_of(pages.standing_differences(request.user, form.chosen()), request)
    context = {"form": form, "page": page, "lines": pages.difference_rows(page, request.user)}
    return render(request, "supervision/national_differences.html", context, status=422 if form.errors else 200)


@require_safe
@requires(VIEW)
def national_night(request: StaffRequest, pk: int) -> HttpResponse:
    """The three lists of one comparison, with what was said of each line."""
    comparison, form = _night(request, pk), forms.NightFilters(request.GET)
    page = page_of(pages.differences(comparison, form.chosen()), request)
    context = {"night": comparison, "form": form, "page": page}
    context["lines"] = pages.difference_rows(page, request.user)
    return render(request, "supervision/national_night.html", context, status=422 if form.errors else 200)


@require_POST
@requires(VIEW)
def export_night(request: StaffRequest, pk: int) -> HttpResponse:
    """The lists as an Excel file."""
    comparison, form = _night(request, pk), forms.NightFilters(request.GET)
    rows = pages.differences(comparison, form.chosen())[: excel.ROWS_MAX]
    found = pages.difference_rows(rows, request.user)
    bureau.note_export("national_differences", count=len(found), at=clock.now(), actor=request.user)
    return excel.download(pages.difference_sheet(found), f"national-{comparison.court.code}-{comparison.day}")


def _lists(request: StaffRequest, difference: NationalDifference) -> str:
    # Who reads only his own cases does not see the lists of the whole court.
    is_of_book = difference.comparison.court in courts_of(request.user)
    return difference.comparison.get_absolute_url() if is_of_book else reverse("supervision:national_differences")


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def explain_national(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why two values may differ."""
    difference = get_object_or_404(NationalDifference.objects.visible_to(request.user).for_list(), pk=pk)
    form = forms.Explain(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            comparing.explain(difference, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已说明"))
            return redirect(_lists(request, difference))
    line = pages.difference_rows([difference], request.user)[0]
    context = {"form": form, "line": line, "said": pages.said_of(difference), "reasons": forms.USUAL_REASONS}
    context["back"] = _lists(request, difference)
    return render(request, "supervision/explain_national.html", context, status=422 if form.errors else 200)
