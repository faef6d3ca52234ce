"""The frame around every public page, its language and its type size."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from bureau import clock
from portal.session import TYPE_COOKIE, TYPE_SECONDS, is_large


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of every public page shows, an error's too: the demo's time, and whether type is large."""
    return {
        "demo_now": clock.now() if settings.DEMO else None,
        "error_base": "portal/base_portal.html",
        "is_large": is_large(request),
    }


@require_POST
def set_type(request: HttpRequest) -> HttpResponse:
    """Keep in this browser whether type is large, and show the page again."""
    response = redirect(_own_page(request.POST.get("next", "")))
    if request.POST.get("type") == "large":
        is_secure = settings.CSRF_COOKIE_SECURE
        response.set_cookie(TYPE_COOKIE, "large", max_age=TYPE_SECONDS, httponly=True, secure=is_secure, samesite="Lax")
    else:
        response.delete_cookie(TYPE_COOKIE, samesite="Lax")
    return response


def _own_page(path: str) -> str:
    try:
        resolve(path)
    except Resolver404:
        return "/"
    return path
