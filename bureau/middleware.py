"""What every answer to a member of staff carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


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
