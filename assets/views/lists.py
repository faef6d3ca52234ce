"""The list of controls by last day, as a page, as a sheet, and as reminders to print."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from assets import export, forms, pages
from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.paging import page_of


@requires("assets.view_control")
@require_safe
def controls(request: StaffRequest) -> HttpResponse:
    """Show what ends soon, in all visible cases."""
    form, today = forms.Filters(request.GET), clock.today()
    chosen = form.chosen()
    page = page_of(pages.listed(request.user, chosen, today=today), request)
    context = {"page": page, "form": form, "chosen": chosen, "today": today}
    context["rows"] = pages.rows(page.object_list, request.user, today=today)
    return render(request, "assets/controls.html", context)


@requires("assets.view_control")
@require_POST
def export_controls(request: StaffRequest) -> HttpResponse:
    """The list as a sheet; taking it out is on record."""
    chosen = forms.Filters(request.GET).chosen()
    found = list(pages.listed(request.user, chosen, today=clock.today())[: excel.ROWS_MAX])
    bureau.note_export("controls", count=len(found), at=clock.now(), actor=request.user)
    return export.controls(found)


@requires("assets.view_control")
@require_safe
def reminders(request: StaffRequest) -> HttpResponse:
    """What applicants are to be reminded of, to print and to call by."""
    form, today = forms.Filters(request.GET), clock.today()
    found = pages.listed(request.user, form.chosen(), today=today)
    context = {"reminders": pages.reminders(found), "today": today, "rows_max": pages.REMINDERS_MAX}
    return render(request, "assets/reminders.html", context)
