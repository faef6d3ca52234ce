"""Keeps what the status page looks like, so that reading it again costs one look at its row.

A page is made anew when its content, its reader, his language, his type or the day is another. It is kept in this
process alone, in memory, and is never kept by a browser or by anything between.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.translation import get_language

from portal.models import StatusPage
from portal.session import is_large

# Stands in kept pages where each reading has a token of its own.
TOKEN = secrets.token_hex(32)
SECONDS = 24 * 3600


def render_kept(
    request: HttpRequest,
    template: str,
    page: StatusPage,
    who: str,
    *,
    today: dt.date,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Return the page as kept, or as made now from its context."""
    name = f"{page.pk}:{page.digest}:{page.projected_at}:{who}:{today}:{get_language()}:{is_large(request)}:{template}"
    key = hashlib.sha256(name.encode()).hexdigest()
    text = caches["pages"].get(key)
    if text is None:
        text = loader.get_template(template).render({**context(), "csrf_token": TOKEN}, request)
        caches["pages"].set(key, text, SECONDS)
    return HttpResponse(text.replace(TOKEN, get_token(request)))
