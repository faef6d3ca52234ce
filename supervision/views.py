"""Pages of the room."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bureau import clock, excel
from bureau.access import StaffRequest, requires
from supervision import forms, indicators, pages


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
