"""A statement of 100,000 lines against COPY of the same finished rows into the same tables and triggers."""

import os
import time
from decimal import Decimal
from typing import Any, Protocol, cast

from django.db import connection, transaction

from accounts import books
from accounts.models import Account, BankLine, Receipt, Transfer
from accounts.services import statements
from benchmarks.measure import Result
from bureau.chains import broken_events
from bureau.models import Event
from cases.models import Case
from tests import factories
from tests import statements as made

LINES = int(os.environ.get("BENCH_LINES", "100000"))
CASES = 500
SHARE_MIN = 0.3
AT = factories.moment(2021, 9, 20)
# The finished rows by table, without what a trigger fills in: a chain's place and hashes.
LEFT_OUT = {"bureau_event": {"id", "seq", "recorded_at", "details_hash", "previous", "hash"}}
TABLES = ("accounts_bankline", "accounts_transfer", "accounts_receipt", "bureau_event")


class _Copying(Protocol):
    def copy(self, sql: str) -> Any: ...


def run() -> list[Result]:
    """Take one file in, from bytes to the last row; then take its rows out and copy them into an emptied book."""
    house = factories.House.build()
    numbers = [factories.file_case(house).case.escrow.number for _ in range(CASES)]
    bank = made.bank_format(house.finance, AT)
    # One line in ten names no account.
    rows = (made.credit(f"T{n:09d}", "1.00", numbers[n % CASES] if n % 10 else "") for n in range(LINES))
    content = made.table(rows)
    upto = {table: _scalar(f"SELECT coalesce(max(id), 0) FROM {table}") for table in TABLES}
    point = transaction.atomic()
    began = time.perf_counter()
    found = statements.inspect(content, bank, at=AT)
    read = time.perf_counter()
    # Both sides write in one transaction and are rolled back, so that each finds the book as it was.
    with point:
        statements.take_in(found, bank_format=bank, name="bench.csv", at=AT, actor=house.finance)
        _check_constraints()
        written = time.perf_counter()
        _prove()
        finished = {table: _taken_out(table, upto[table]) for table in TABLES}
        statement = _taken_out("accounts_statement", 0)
        transaction.set_rollback(True)
    with transaction.atomic():
        _copy("accounts_statement", *statement)
        copying = time.perf_counter()
        for table in TABLES:
            _copy(table, *finished[table])
        _check_constraints()
        copied = time.perf_counter()
        _prove()
        transaction.set_rollback(True)
    whole, peer = written - began, copied - copying
    postings = LINES / (written - read)
    print(f"{LINES:,} lines: read {read - began:.1f} s, written {written - read:.1f} s ({postings:,.0f} postings/s)")
    return [Result("statement", "lines/s", LINES / whole, "COPY of the finished rows", LINES / peer, SHARE_MIN)]


def _prove() -> None:
    """Every line is booked once, every yuan lies where it belongs, the chains hold."""
    assert BankLine.objects.count() == Transfer.objects.count() == LINES
    assert Receipt.objects.count() == Event.objects.filter(verb="receive").count() == LINES - LINES // 10
    unknown = Account.objects.get(kind=Account.Kind.UNIDENTIFIED).balance
    assert unknown == Decimal(LINES // 10)
    assert Case.objects.filter(escrow__balance__gt=0).count() <= CASES
    assert books.faults() == []
    assert broken_events() == []


def _check_constraints() -> None:
    # What a commit would do.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _scalar(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _taken_out(table: str, upto: int) -> tuple[list[str], bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        assert cursor.description is not None
        names = [column.name for column in cursor.description if column.name not in LEFT_OUT.get(table, ())]
        driver = cast(_Copying, cursor.cursor)
        with driver.copy(
            f"COPY (SELECT {', '.join(names)} FROM {table} WHERE id > {upto} ORDER BY id) TO STDOUT"
        ) as copy:
            return names, b"".join(bytes(part) for part in copy)


def _copy(table: str, names: list[str], rows: bytes) -> None:
    with connection.cursor() as cursor:
        driver = cast(_Copying, cursor.cursor)
        with driver.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            copy.write(rows)
