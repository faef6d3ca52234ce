"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """The room `dispatch`."""

    name = "dispatch"
    verbose_name = _("指挥中心")
