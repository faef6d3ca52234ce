"""Lets Django's flush pass the append-only triggers, in tests only."""

from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

_original = DatabaseOperations.execute_sql_flush


def _flush_as_replica(self: DatabaseOperations, sql_list: list[str]) -> None:
    # Ordinary triggers rest while this one transaction truncates; nothing outside the tests may do this.
    _original(self, ["SET LOCAL session_replication_role = replica", *sql_list])


def install(monkeypatch_target: Any = DatabaseOperations) -> None:
    """Replace the flush for the whole run."""
    monkeypatch_target.execute_sql_flush = _flush_as_replica
