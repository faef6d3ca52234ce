"""The public page on which anybody verifies a printed document: nothing personal, only what proves it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.models import Document


@login_not_required
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Show number, title, court, day, hashes, and whether it is valid or void; an unknown code proves nothing."""
    found = Document.objects.light().select_related("voided_by").filter(token=token[:43]).first()
    response = render(request, "documents/verify.html", {"document": found}, status=200 if found else 404)
    response["X-Robots-Tag"] = "noindex"
    return response
