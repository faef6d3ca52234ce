"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bureau import checks

__all__ = ["PortalConfig", "checks"]  # the public process refuses demo settings too


class PortalConfig(AppConfig):
    """The room `portal`."""

    name = "portal"
    verbose_name = _("公众查询")
