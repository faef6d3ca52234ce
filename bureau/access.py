"""Who may open a page: the decorator every staff view carries."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from bureau.models import User

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request whose user is a logged-in member of staff."""

    user: User


def requires(
    *permissions: str,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """Let in whoever holds any one of the permissions; everyone else gets 403. Login itself is the middleware's."""

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(request.user.has_perm(name) for name in permissions):
                raise PermissionDenied
            return view(cast(StaffRequest, request), *args, **kwargs)

        guarded.required_permissions = permissions  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], guarded)

    return decorate
