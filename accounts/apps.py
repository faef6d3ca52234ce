"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The room `accounts`."""

    name = "accounts"
    verbose_name = _("案款")
