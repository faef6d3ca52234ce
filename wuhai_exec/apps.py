"""The house as an app: after every migrate it puts roles, grants and reference rows in place."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class HouseConfig(AppConfig):
    """Prepares a migrated database: post_migrate of the last room runs when every table and permission exists."""

    name = "wuhai_exec"

    def ready(self) -> None:
        """Register the preparation of a migrated database."""
        post_migrate.connect(_prepare, sender=apps.get_app_config("portal"))


def _prepare(sender: AppConfig, using: str, **kwargs: Any) -> None:
    # Models may be imported only once all apps are ready.
    from wuhai_exec import preparation

    preparation.prepare(using=using)
