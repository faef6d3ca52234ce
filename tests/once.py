"""What stands for every test of a module or class: built once, changed in savepoints, rolled back at the end."""

import contextlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from django.db import connection, transaction
from django.test import override_settings
from psycopg.pq import TransactionStatus


@dataclass(frozen=True, slots=True)
class _Standing:
    """The state to which a broken transaction is led back: the savepoint after the building, and what lay before it."""

    point: str
    savepoints: int
    blocks: int


_standing: list[_Standing] = []


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
                made = build()
                with kept_whole():
                    yield made
            finally:
                transaction.set_rollback(True)
                atomic.__exit__(None, None, None)

    return built


@contextlib.contextmanager
def kept_whole() -> Iterator[None]:
    """From here on, `mend` leads back to what stands now."""
    point = transaction.savepoint()
    assert point is not None
    _standing.append(_Standing(point, len(connection.savepoint_ids), len(connection.atomic_blocks)))
    try:
        yield
    finally:
        _standing.pop()


def is_sound() -> bool:
    """Tell whether the next test can begin in the transaction that stands."""
    if not _standing or connection.connection is None or connection.connection.closed:
        return True  # nothing stands, or nothing can be led back
    is_in_error = connection.connection.info.transaction_status == TransactionStatus.INERROR
    return not connection.needs_rollback and not is_in_error


def mend(after: str) -> None:
    """Lead a broken transaction back to what was built, so that one accident does not fail every later test."""
    if is_sound():
        return
    state, why = _standing[-1], connection.rollback_exc
    warnings.warn(f"{after} left the transaction of its module broken; it was led back ({why!r})", stacklevel=1)
    connection.needs_rollback = False
    del connection.savepoint_ids[state.savepoints :], connection.atomic_blocks[state.blocks :]
    transaction.savepoint_rollback(state.point)
