"""The on-site sheet: printed for the trip, answered in one grid."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bureau import clock
from bureau.access import StaffRequest, requires
from cases import departments, onsite, services
from cases.models import WorkOrder


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def sheet(request: StaffRequest) -> HttpResponse:
    """Show open on-site items by department and district; carry filled rows back, keep the others as typed."""
    place = request.GET.get("department", ""), request.GET.get("district", "")
    if request.method != "POST":
        return _page(request, onsite.OnsiteSheet(request.user, place=place))
    page = onsite.OnsiteSheet(request.user, typed=request.POST, files=request.FILES, place=place)
    overtaken = page.overtaken
    batch = services.answer_onsite(page.answers(), at=clock.now(), actor=request.user)
    page.after(batch)
    if batch.done:
        messages.success(request, _("已答复 %(count)d 项") % {"count": len(batch.done)})
    if not page.errors and not page.half_count and not overtaken:
        return redirect(request.get_full_path())
    return _page(request, page)


@require_POST
@requires("cases.do_work")
def for_trip(request: StaffRequest) -> HttpResponse:
    """Show the sheet as it is taken along, with full identity numbers; that is on the record of every case."""
    place = request.GET.get("department", ""), request.GET.get("district", "")
    page = onsite.OnsiteSheet(request.user, place=place, is_for_trip=True)
    services.reveal_for_trip((item.order for item in page.items if item.form), at=clock.now(), actor=request.user)
    return _page(request, page)


def _page(request: StaffRequest, page: onsite.OnsiteSheet) -> HttpResponse:
    context = {
        "sheet": page,
        "groups": list(page.groups()),
        "results": dict(WorkOrder.Result.choices),
        "today": clock.today(),
        "places": onsite.place_words(),
        "districts": departments.DISTRICTS,
    }
    return render(request, "cases/onsite.html", context, status=422 if page.errors or page.overtaken else 200)
