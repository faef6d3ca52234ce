"""Pages of the public process: one form, one status page; no session, a signed cookie for a quarter of an hour."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from portal import dues, forms, keys, lookup, words
from portal.models import DebtPage, StatusPage

COOKIE = "portal_status"
COOKIE_SECONDS = 15 * 60


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of every public page shows, an error's too: the demo's time where this is a demo."""
    return {"demo_now": clock.now() if settings.DEMO else None, "error_base": "portal/base_portal.html"}


@never_cache
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; one message for every way of being wrong."""
    form = forms.LookUp(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # Locks count real minutes, whatever day the demo shows.
        if page := lookup.look_up(**form.cleaned_data, at=timezone.now()):
            return _remember(redirect("portal:status"), page)
        form.add_error(None, _("案号或查询码不正确，或者尝试次数过多。连续输错 5 次，请 30 分钟后再试。"))
    return render(request, "portal/look.html", {"form": form}, status=422 if form.errors else 200)


def _remember(response: HttpResponse, page: StatusPage) -> HttpResponse:
    ticket = signing.dumps({"page": page.pk, "code": page.code_hmac}, salt=COOKIE)
    response.set_cookie(
        COOKIE, ticket, max_age=COOKIE_SECONDS, httponly=True, secure=settings.CSRF_COOKIE_SECURE, samesite="Strict"
    )
    return response


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show the case that was looked up in this browser within the last quarter of an hour."""
    try:
        ticket: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return redirect("portal:look_up")
    page = lookup.find_again(ticket["page"], ticket["code"])
    if page is None:
        return redirect("portal:look_up")
    context = {**words.read(page.payload, today=clock.today()), "projected_at": page.projected_at}
    return render(request, "portal/status.html", context)


@never_cache
@require_safe
def due(request: HttpRequest, token: str) -> HttpResponse:
    """Show the sum due today behind the QR on a paper; a revoked or made-up code opens nothing."""
    page = DebtPage.objects.filter(token_hmac=keys.token_hmac(token)).first()
    if page is None:
        return render(request, "portal/no_due.html", status=404)
    context = dues.read(page.payload, today=clock.today(), language=get_language() or "zh-hans")
    return render(request, "portal/due.html", {**context, "projected_at": page.projected_at})


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the case in this browser."""
    response = redirect("portal:look_up")
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
