"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """The room `supervision`."""

    name = "supervision"
    verbose_name = _("监督")
