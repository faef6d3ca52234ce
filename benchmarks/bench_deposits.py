"""Deposits per second through the service, against the same SQL by raw psycopg on one connection, in one run."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connection

from accounts import services
from accounts.bank import BankLineData
from accounts.models import Account
from benchmarks.measure import Result, rates
from cases.models import Case
from tests import factories
from tests.factories import moment

AT = moment(2021, 9, 20)
DEPOSITS = 400
SHARE_MIN = 0.25
SERIALS = (f"BENCH-{number:08d}" for number in itertools.count(1))


def run() -> list[Result]:
    """Measure both in turns on the same tables, every deposit in a transaction of its own."""
    house = factories.House.build()
    case = Case.objects.select_related("escrow").get(pk=factories.file_case(house).case.pk)

    def deposit(serial: str) -> None:
        line = BankLineData(serial, AT.date(), Decimal("1.00"), "某公司", virtual_number=case.escrow.number)
        services.arrive(line, at=AT, actor=house.finance)

    deposit(next(SERIALS))
    with raw_peer(deposit, next(SERIALS)) as peer_deposit:
        ours, peer = rates(lambda: _several(deposit), lambda: _several(peer_deposit))
    # Both sides did all of the work: every yuan is in the escrow, one per serial used.
    used = int(next(SERIALS).removeprefix("BENCH-")) - 1
    assert Account.objects.get(pk=case.escrow.pk).balance == used
    return [Result("deposits", "deposits/s", ours, "the same SQL, raw psycopg", peer, SHARE_MIN)]


def _several(deposit: Callable[[str], None]) -> int:
    for serial in itertools.islice(SERIALS, DEPOSITS):
        deposit(serial)
    return DEPOSITS


@contextlib.contextmanager
def raw_peer(deposit: Callable[[str], None], sample: str) -> Iterator[Callable[[str], None]]:
    """Make one deposit, keep its statements, and yield a function that sends them again for another serial."""
    sent: list[tuple[str, tuple[Any, ...]]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        deposit(sample)
    sent = [(sql, params) for sql, params in sent if "SAVEPOINT" not in sql]
    given = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {name: str(given[key]) for name, key in names.items() if given.get(key)}
    # Django's adapters for days and arrays come with its own connection; the raw one sends plain parameters.
    with psycopg.connect(**options, autocommit=True) as raw:
        yield lambda serial: _replay(raw, sent, sample, serial)


def _replay(raw: psycopg.Connection[Any], sent: list[tuple[str, tuple[Any, ...]]], old: str, new: str) -> None:
    line_id = None
    with raw.transaction(), raw.cursor() as cursor:
        for sql, params in sent:
            words = [word.replace(old, new) if isinstance(word, str) else word for word in params]
            if sql.startswith('INSERT INTO "accounts_receipt"'):
                words[1] = line_id
            cursor.execute(sql, words)
            row = cursor.fetchone() if cursor.description else None
            if sql.startswith('INSERT INTO "accounts_bankline"') and row:
                line_id = row[0]
