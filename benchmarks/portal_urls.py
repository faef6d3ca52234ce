"""The public addresses, and a bare Django view with one query, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from portal.models import StatusPage


def bare(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one row by its key and say so."""
    row = StatusPage.objects.filter(pk=pk).only("number_digest").first()
    return HttpResponse(row.number_digest if row else "")


urlpatterns = [path("bare/<int:pk>/", bare), path("", include("wuhai_exec.portal_urls"))]
