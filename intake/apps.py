"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """The room `intake`."""

    name = "intake"
    verbose_name = _("立案")
