"""What most tests begin with: built once per run by the product's own services, then laid back from its rows."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Max

from bureau.models import Event
from cases.models import Case
from tests.factories import House, file_case, into_stream

ROWS = "SELECT to_jsonb(t)::text FROM {table} t"
LAY_BACK = """
    INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)
    ON CONFLICT ({key}) DO UPDATE SET ({columns}) = ROW({new})
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the product, quoted, with its key and its columns that can be written."""

    name: str
    key: str
    columns: tuple[str, ...]

    @property
    def lay_back(self) -> str:
        """Return the statement that puts rows there as they were."""
        columns, new = (", ".join(f'{prefix}"{name}"' for name in self.columns) for prefix in ("", "EXCLUDED."))
        return LAY_BACK.format(table=self.name, key=f'"{self.key}"', columns=columns, new=new)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a build returned, and the rows it made or changed, as JSON, by table."""

    made: Any
    rows: dict[Table, str]
    events: int


Key = tuple[str, str, int]
_kept: dict[Key, Kept] = {}
_asked: set[Key] = set()


def house() -> House:
    """Return the whole bureau in small."""
    return _built_once("house", House.build)


def running_case(house: House) -> Case:
    """Return the plain case with its stream team; built anew where anything was done in the house before."""
    before = _kept.get(_key("house"))
    is_new = before is not None and before.made.officer == house.officer and Event.objects.count() == before.events
    if not is_new or Case.objects.exists():
        return into_stream(house, file_case(house).case)
    return Case.objects.get(pk=_built_once("case", lambda: into_stream(house, file_case(house).case).pk))


def _key(name: str) -> Key:
    # A test with transactions of its own ends in a flush, after which every reference row is made anew.
    return name, settings.ASSIGNMENT_MODE, Group.objects.aggregate(last=Max("pk"))["last"] or 0


def _built_once(name: str, build: Callable[[], Any]) -> Any:
    key = _key(name)
    if kept := _kept.get(key):
        _lay_back(kept)
    elif key not in _asked:
        # Where every test flushes, nothing would ever be laid back: kept from the second time on.
        _asked.add(key)
        return build()
    else:
        before = dict(_state())
        made = build()
        after = dict(_state())
        rows = {table: found - before[table] for table, found in after.items()}
        changed = {table: f"[{','.join(sorted(found))}]" for table, found in rows.items() if found}
        kept = _kept[key] = Kept(made, changed, Event.objects.count())
    return copy.deepcopy(kept.made)


def _state() -> Iterator[tuple[Table, set[str]]]:
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            fields = [field for field in model._meta.local_concrete_fields if not field.generated]
            if not model._meta.managed or model._meta.proxy or not fields:
                continue
            name, key = connection.ops.quote_name(model._meta.db_table), str(model._meta.pk.column)
            cursor.execute(ROWS.format(table=name))
            table = Table(name, key, tuple(str(field.column) for field in fields))
            yield table, {row for (row,) in cursor.fetchall()}


def _lay_back(kept: Kept) -> None:
    # The rows were accepted by every trigger and key when they were made.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in kept.rows.items():
            cursor.execute(table.lay_back, [rows])
        cursor.execute("SET LOCAL session_replication_role = origin")
