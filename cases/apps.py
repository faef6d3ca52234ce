"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """The room `cases`."""

    name = "cases"
    verbose_name = _("案件")
