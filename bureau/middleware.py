"""What every answer to a member of staff carries."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

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
