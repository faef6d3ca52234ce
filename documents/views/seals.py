"""The log of seals used, for inspectors: which seal, on which paper, drawn up and signed by whom."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bureau.access import StaffRequest, requires
from bureau.paging import page_of
from documents import forms
from documents.models import SealUse


@requires("documents.view_seal_log")
@require_safe
def log(request: StaffRequest) -> HttpResponse:
    """Show every use of a seal, newest first, filtered by day, seal and number."""
    form = forms.SealFilter(request.GET)
    rows = SealUse.objects.visible_to(request.user).for_list()
    if form.is_valid():
        lookups = {"on": "sealed_at__date", "seal": "seal_id", "number": "document__number__contains"}
        rows = rows.filter(**{lookups[name]: value for name, value in form.cleaned_data.items() if value})
    page = page_of(rows, request)
    return render(request, "documents/seal_log.html", {"page": page, "form": form})
