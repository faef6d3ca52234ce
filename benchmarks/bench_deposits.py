"""Deposits per second: the service against its own SQL by raw psycopg, on one and eight connections; and hordak."""

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connection, connections

from accounts import services
from accounts.bank import BankLineData
from accounts.models import Account
from benchmarks import hordak_peer
from benchmarks.measure import Result, rates
from cases.models import Case
from tests import factories
from tests.factories import moment

AT = moment(2021, 9, 20)
DEPOSITS = 400
AT_ONCE = 8
SHARE_MIN, SHARE_MIN_AT_ONCE = 0.45, 0.3
HORDAK_SHARE_MIN = 0.45
SERIALS = (f"BENCH-{number:08d}" for number in itertools.count(1))


def run() -> list[Result]:
    """Measure both in turns on the same tables, every deposit in a transaction of its own; alone and eight at once."""
    house = factories.House.build()
    found = [Case.objects.select_related("escrow").get(pk=factories.file_case(house).case.pk) for _ in range(AT_ONCE)]
    deposits = [_deposit(house, case) for case in found]
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(raw_peer(deposit, next(SERIALS))) for deposit in deposits]
        alone = rates(lambda: _several(deposits[0], DEPOSITS), lambda: _several(peers[0], DEPOSITS))
        at_once = rates(lambda: _at_once(deposits), lambda: _at_once(peers))
        hordak = stack.enter_context(hordak_peer.transfers(connection.settings_dict))
        ledgers = rates(lambda: _several(deposits[0], DEPOSITS), lambda: hordak(DEPOSITS))
    # Both sides did all of the work: every yuan is in an escrow, one per serial used.
    used = int(next(SERIALS).removeprefix("BENCH-")) - 1
    assert sum(Account.objects.get(pk=case.escrow.pk).balance for case in found) == used
    raw = "the same SQL, raw psycopg"
    # Ours also matches the line to its case, opens the receipt's clock and writes the chained record.
    return [
        Result("deposits", "deposits/s", ledgers[0], "django-hordak transfer_to", ledgers[1], HORDAK_SHARE_MIN),
        Result("deposits", "deposits/s", alone[0], raw, alone[1], SHARE_MIN),
        Result(f"deposits on {AT_ONCE} connections", "deposits/s", at_once[0], raw, at_once[1], SHARE_MIN_AT_ONCE),
    ]


def _deposit(house: factories.House, case: Case) -> Callable[[str], None]:
    def deposit(serial: str) -> None:
        line = BankLineData(serial, AT.date(), Decimal("1.00"), "某公司", virtual_number=case.escrow.number)
        services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance)

    return deposit


def _several(deposit: Callable[[str], None], count: int) -> int:
    for serial in itertools.islice(SERIALS, count):
        deposit(serial)
    return count


def _at_once(deposits: Sequence[Callable[[str], None]]) -> int:
    """Let every connection deposit into a case of its own, all let go at the same moment."""
    each = DEPOSITS // len(deposits)
    serials = [list(itertools.islice(SERIALS, each)) for _ in deposits]
    barrier = threading.Barrier(len(deposits))

    def work(deposit: Callable[[str], None], own: list[str]) -> None:
        barrier.wait()
        for serial in own:
            deposit(serial)

    def leave(_number: int) -> None:
        # All wait for all, so that every worker closes the one connection of the service it opened.
        barrier.wait()
        connections.close_all()

    with ThreadPoolExecutor(len(deposits)) as pool:
        list(pool.map(work, deposits, serials))
        list(pool.map(leave, range(len(deposits))))
    return each * len(deposits)


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
    with raw.transaction(), raw.cursor() as cursor:
        for sql, params in sent:
            cursor.execute(sql, [word.replace(old, new) if isinstance(word, str) else word for word in params])
            if cursor.description:
                cursor.fetchall()
