"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bureau import checks

__all__ = ["BureauConfig", "checks"]  # importing the checks registers them


class BureauConfig(AppConfig):
    """The room `bureau`."""

    name = "bureau"
    verbose_name = _("机构")
