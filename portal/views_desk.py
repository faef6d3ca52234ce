"""What staff see of the public pages: the status page as a letter for people without a phone, and the messages sent."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.paging import page_of
from cases.models import Case
from portal import words
from portal.forms import SmsFilters
from portal.models import Sms, StatusPage


@never_cache
@require_safe
@requires("portal.print_status")
def letter(request: StaffRequest, pk: int) -> HttpResponse:
    """Print what the applicant of a visible case reads on his phone."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    page = StatusPage.objects.filter(case_id=case.pk).first()
    if page is None:  # a case without a look-up code has no page
        raise Http404
    today = clock.today()
    told = {"projected_at": page.projected_at, "today": today, "switch": reverse("set_language")}
    return render(request, "portal/letter.html", {**words.read(page.payload, today=today), **told})


@require_safe
@requires("portal.view_sms_log")
def messages(request: StaffRequest) -> HttpResponse:
    """Show what was sent to whom and what became of it, newest first; a sign-in code's text in the demo alone."""
    form = SmsFilters(request.GET)
    rows = Sms.objects.defer("phone").order_by("-id")
    if state := form.chosen():
        rows = rows.filter(state=state)
    context = {"form": form, "page": page_of(rows, request), "shows_codes": settings.DEMO}
    return render(request, "portal/messages.html", context)
