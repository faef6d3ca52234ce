"""The address of verification that older papers carry: it leads on to the portal, where anybody verifies a paper."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from documents.typesetting import verify_url


@login_not_required
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Send everybody on; without a portal there is no such page."""
    if not (address := verify_url(token)):
        raise Http404
    return redirect(address)
