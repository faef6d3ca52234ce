"""The public page on which anybody verifies a printed document: nothing personal, only what proves it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.models import Document, SealUse
from documents.numerals import printed_number
from documents.services import is_genuine


@login_not_required
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Show number, title, court, day, hashes, seal, and whether it is valid or void; an unknown code proves nothing."""
    light = Document.objects.light().select_related("voided_by", "case__number_court")
    found = light.filter(token=token[:43]).first()
    use = SealUse.objects.filter(document=found).first() if found else None
    if use and found:
        use.document = found
    context: dict[str, Any] = {"document": found, "seal_use": use, "is_genuine": bool(use and is_genuine(use))}
    if found:
        # As it stands on the paper, with which it is compared.
        context["number"] = printed_number(found.number)
        context["voided_by"] = printed_number(found.voided_by.number) if found.voided_by else ""
    response = render(request, "documents/verify.html", context, status=200 if found else 404)
    response["X-Robots-Tag"] = "noindex"
    return response
