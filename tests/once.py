"""What stands for every test of a module or class: built once, changed in savepoints, rolled back at the end."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from django.db import transaction
from django.test import override_settings


def fixture(build: Callable[[], Any], *, scope: Literal["module", "class"] = "module") -> Any:
    """Return a fixture that gives what `build` made; its tests are marked `django_db`, which is their savepoint."""

    @pytest.fixture(scope=scope)
    def built(django_db_setup, django_db_blocker, media_folder):
        # As tests/conftest.py has it for every test.
        own = override_settings(MEDIA_ROOT=media_folder, ASSIGNMENT_MODE="LEAST")
        with django_db_blocker.unblock(), own:
            atomic = transaction.atomic()
            atomic.__enter__()
            try:
                yield build()
            finally:
                transaction.set_rollback(True)
                atomic.__exit__(None, None, None)

    return built
