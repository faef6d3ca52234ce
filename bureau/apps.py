"""Django's entry to the room."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from bureau import checks
from bureau.middleware import renew

__all__ = ["BureauConfig", "checks"]  # importing the checks registers them


class BureauConfig(AppConfig):
    """The room `bureau`."""

    name = "bureau"
    verbose_name = _("机构")

    def ready(self) -> None:
        """Begin the idle time of a session with its login."""
        user_logged_in.connect(_logged_in, dispatch_uid="idle-time")


def _logged_in(request: Any, **_given: Any) -> None:
    if request is not None:
        renew(request)
