"""Who reads in this browser: no session table, a signed cookie for a quarter of an hour that every page renews."""

import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from portal import lookup
from portal.lookup import Opened
from portal.models import StatusPage

COOKIE, SECONDS = "portal_status", 15 * 60
RENEWED_AFTER = 5 * 60  # seconds
PHONE_COOKIE, PHONE_SECONDS = "portal_phone", 10 * 60
TYPE_COOKIE, TYPE_SECONDS = "portal_type", 365 * 24 * 3600


def is_large(request: HttpRequest) -> bool:
    """Return whether this browser asked for large type."""
    return request.COOKIES.get(TYPE_COOKIE) == "large"


def remember(response: HttpResponse, opened: Opened) -> HttpResponse:
    """Keep in the browser whose page it may read."""
    ticket = {"page": opened.page_id, "code": opened.code_hmac, "who": opened.who}
    return _keep(response, COOKIE, ticket, SECONDS)


def keep_open(request: HttpRequest, response: HttpResponse, opened: Opened) -> HttpResponse:
    """Let the quarter of an hour begin anew for whoever reads, unless it began only just now."""
    _payload, made, _signature = request.COOKIES[COOKIE].rsplit(":", 2)
    is_young = time.time() - signing.b62_decode(made) < RENEWED_AFTER
    return response if is_young else remember(response, opened)


def opened_by(request: HttpRequest, *, now: dt.datetime) -> tuple[Opened, StatusPage] | None:
    """Return who reads and the page, while the cookie is fresh and its code lives."""
    ticket = _kept(request, COOKIE, SECONDS)
    if ticket is None:
        return None
    opened = Opened(ticket["page"], ticket["code"], ticket["who"])
    page = lookup.find_again(opened, now=now)
    return (opened, page) if page else None


def remember_number(response: HttpResponse, digest: str) -> HttpResponse:
    """Keep for which number a phone code was asked, as its keyed digest."""
    return _keep(response, PHONE_COOKIE, {"number": digest}, PHONE_SECONDS)


def number_of(request: HttpRequest) -> str:
    """Return the digest of the number for which a phone code was asked in this browser."""
    return str((_kept(request, PHONE_COOKIE, PHONE_SECONDS) or {}).get("number", ""))


def forget(response: HttpResponse) -> HttpResponse:
    """Leave nothing in this browser."""
    for name in (COOKIE, PHONE_COOKIE):
        response.delete_cookie(name, samesite="Strict")
    return response


def _keep(response: HttpResponse, name: str, ticket: dict[str, Any], seconds: int) -> HttpResponse:
    response.set_cookie(
        name,
        signing.dumps(ticket, salt=name),
        max_age=seconds,
        httponly=True,
        secure=settings.CSRF_COOKIE_SECURE,
        samesite="Strict",
    )
    return response


def _kept(request: HttpRequest, name: str, seconds: int) -> dict[str, Any] | None:
    try:
        ticket: dict[str, Any] = signing.loads(request.COOKIES.get(name, ""), salt=name, max_age=seconds)
    except signing.BadSignature:
        return None
    return ticket
