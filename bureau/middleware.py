"""What every answer to a member of staff carries, and what becomes of a form that is sent twice."""

import contextlib
import hashlib
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

RENEWED_EVERY = 60  # seconds
RENEWED_AT = "renewed_at"


class NothingStaysInTheBrowser:
    """Forbid browsers and proxies to keep pages of a logged-in person: windows share their computers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Mark the answer, unless the page has said so itself."""
        response = self._get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response


class SessionLastsWhileUsed:
    """Let the idle time of a session begin anew with what its person does, written down once a minute at most.

    A page would otherwise cost three statements and a changed row more. Somebody idle is out up to a minute early,
    never late.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Mark the session of a logged-in person, which has it saved with its cookie."""
        response = self._get_response(request)
        user = getattr(request, "user", None)
        is_staff = user is not None and user.is_authenticated
        if is_staff and not 0 <= time.time() - request.session.get(RENEWED_AT, 0) < RENEWED_EVERY:
            renew(request)
        return response


def renew(request: HttpRequest) -> None:
    """Note in the session when its idle time began; a login does so too."""
    request.session[RENEWED_AT] = int(time.time())


class SentTwice:
    """Lets a form that was sent twice land where the first sending led: the act is done once, and nothing was lost.

    A form is known by the mark against forgery that it was printed with (another at every printing), its address and
    all that was typed. A second sending waits for the first; what the first was refused, the second asks anew.
    """

    KEY = "bureau.sent_form"
    RUNNING, RUNNING_SECONDS, KEPT_SECONDS, PAUSE_SECONDS = "…", 30, 120, 0.05

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and remember where a form led."""
        response = self._get_response(request)
        if key := request.META.get(self.KEY):
            with contextlib.suppress(RedisError):
                if response.status_code == HTTPStatus.FOUND:
                    cache.set(key, response.headers["Location"], self.KEPT_SECONDS)
                else:
                    cache.delete(key)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_given: Any) -> HttpResponseBase | None:
        """Lead on to what the same form led to; programs send no marked forms, and their bodies are not read here."""
        key = None if getattr(view, "csrf_exempt", False) else _form_of(request)
        # Without its memory each sending stands for itself.
        with contextlib.suppress(RedisError):
            if key and (led_to := self._led_to(key)):
                messages.info(request, _("同一表单刚才已经提交，没有重复办理"))
                return redirect(led_to)
        request.META[self.KEY] = key
        return None

    def _led_to(self, key: str) -> str:
        # Nothing for the first sending, which the second waits for.
        while not cache.add(key, self.RUNNING, self.RUNNING_SECONDS):
            led_to = str(cache.get(key) or "")
            if led_to not in ("", self.RUNNING):
                return led_to
            time.sleep(self.PAUSE_SECONDS)
        return ""


def _form_of(request: HttpRequest) -> str | None:
    user = getattr(request, "user", None)
    if request.method != "POST" or user is None or not user.is_authenticated:
        return None
    if not request.POST.get("csrfmiddlewaretoken"):
        return None
    sent = ((name, file) for name in request.FILES for file in request.FILES.getlist(name))
    files = sorted(f"{name} {file.name} {file.size}" for name, file in sent)
    form = "\x1f".join((str(user.pk), request.get_full_path(), request.POST.urlencode(), *files))
    return f"sent:{hashlib.sha256(form.encode()).hexdigest()}"
