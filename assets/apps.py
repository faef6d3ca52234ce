"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssetsConfig(AppConfig):
    """The room `assets`."""

    name = "assets"
    verbose_name = _("查控")
