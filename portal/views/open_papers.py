"""The page on which anybody verifies a printed paper: nothing personal, only what proves it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import verifying


@never_cache
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Show title, number, court, day, hashes and seal, and whether it is valid; an unknown code proves nothing."""
    # Locks count real minutes, whatever day the demo shows.
    paper = verifying.find(token, at=timezone.now())
    return render(request, "portal/verify.html", {"paper": paper}, status=200 if paper else 404)
