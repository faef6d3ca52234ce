"""What anybody may read without saying who he is; the same for everybody, so it may be kept by a browser."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.guides import ENCLOSED, GUIDE_BY_SLUG, GUIDES, PAPER_BY_SLUG, PAPERS, SIGNED


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """Show what there is to read and to fill in."""
    return render(request, "portal/guides.html", {"guides": GUIDES, "papers": PAPERS})


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one guide."""
    if slug not in GUIDE_BY_SLUG:
        raise Http404
    return render(request, "portal/guide.html", {"guide": GUIDE_BY_SLUG[slug]})


@require_safe
def blank(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one paper to print and fill in."""
    if slug not in PAPER_BY_SLUG:
        raise Http404
    return render(request, "portal/blank.html", {"paper": PAPER_BY_SLUG[slug], "enclosed": ENCLOSED, "signed": SIGNED})
