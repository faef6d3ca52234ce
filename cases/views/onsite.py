"""The on-site sheet: printed for the trip, answered in one grid."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bureau import clock
from bureau.access import StaffRequest, requires
from cases import departments, onsite, services


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def sheet(request: StaffRequest) -> HttpResponse:
    """Show open on-site items by department and district; carry filled rows back, keep the others as typed."""
    place = request.GET.get("department", ""), request.GET.get("district", "")
    if request.method != "POST":
        return _page(request, onsite.OnsiteSheet(request.user, place=place))
    page = onsite.OnsiteSheet(request.user, typed=request.POST, place=place)
    batch = services.answer_onsite(page.answers(), at=clock.now(), actor=request.user)
    page.after(batch)
    if batch.done:
        messages.success(request, _("已答复 %(count)d 项") % {"count": len(batch.done)})
    if not page.errors and not page.half_count:
        return redirect(request.get_full_path())
    return _page(request, page)


def _page(request: StaffRequest, page: onsite.OnsiteSheet) -> HttpResponse:
    context = {
        "sheet": page,
        "groups": list(page.groups()),
        "today": clock.today(),
        "places": onsite.place_words(),
        "districts": departments.DISTRICTS,
    }
    return render(request, "cases/onsite.html", context, status=422 if page.errors else 200)
