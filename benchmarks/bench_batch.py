"""A batch of 170,000 payees from file to bank, its worker killed at random moments: exact, and within an hour."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from django.db import connection

from accounts import books
from accounts.models import Batch, Payout, Transfer
from accounts.services import batches
from accounts.statement import statement_of
from benchmarks.measure import Result
from cases.models import Case
from tests import factories, processes
from tests import rosters as made

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "170000"))
AMOUNT = Decimal("10.01")
KILLS = 12
SEED = 20211227
AT = factories.moment(2021, 9, 20)
WORK = """
import django
django.setup()
from accounts.services import sending
from bureau.models import User
from tests.factories import moment
print("ready", flush=True)
sending.send_batches(at=moment(2021, 9, 20), actor=User.objects.system())
"""


def run() -> list[Result]:
    """Take the roster in, sign it, send it with kills; return payees per second against a working hour for all."""
    house = factories.House.build()
    case = factories.into_stream(house, factories.file_case(house).case)
    Case.objects.filter(pk=case.pk).update(amount_claimed=AMOUNT * PEOPLE)
    half = AMOUNT * PEOPLE / 2
    for serial in ("H1", "H2"):
        factories.deposit(house, case, f"{half:.2f}", serial=serial)
    content = made.table(made.lines(PEOPLE, f"{AMOUNT:.2f}"))
    began = time.perf_counter()
    row = made.entered(house, case, content, at=AT)
    entered = time.perf_counter()
    row = _signed(house, row, Case.objects.get(pk=case.pk))
    signed = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        kills = _send_with_kills(row, Path(folder) / "bank")
        _prove(row, Path(folder) / "bank", case)
    ended = time.perf_counter()
    print(
        f"batch of {PEOPLE:,}: file taken in {entered - began:.0f} s, signed {signed - entered:.0f} s,"
        f" sent with {kills} kills and proved {ended - signed:.0f} s"
    )
    hour = PEOPLE / 3600
    return [Result("mass payout", "payees/s", PEOPLE / (ended - began), "all within an hour", hour, 1.0)]


def _signed(house: factories.House, row: Batch, case: Case) -> Batch:
    batches.confirm_batch(row, at=AT, actor=house.finance2)
    batches.request_batch(row, calculation="按名册", at=AT, actor=case.owner)
    batches.check_batch(row, at=AT, actor=case.judge)
    batches.approve_batch(row, at=AT, actor=made.approver(house, row))
    return batches.pay_batch(row, at=AT, actor=house.finance)


def _send_with_kills(row: Batch, bank: Path) -> int:
    bank.touch()
    given = {"DATABASE_URL": processes.test_database_address(), "BANK": "tests.rosters.LastingBank"}
    environment = {**os.environ, **given, "LASTING_BANK": str(bank)}
    chance, kills = random.Random(SEED), 0
    while Batch.objects.get(pk=row.pk).state != Batch.State.DONE:
        run = subprocess.Popen(
            [sys.executable, "-c", WORK], cwd=processes.ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        if kills < KILLS:
            time.sleep(chance.uniform(0.2, 6.0))
            run.send_signal(signal.SIGKILL)
            kills += 1
        run.wait()
    return kills


def _prove(row: Batch, bank: Path, case: Case) -> None:
    """Every payee has his sum once: in the bank's own book, in ours, and in the proof of all invariants."""
    taken = list(made.LastingBank.taken(bank))
    assert len(taken) == PEOPLE
    assert sum(Decimal(amount) for _reference, amount, _last in taken) == row.total
    bounced = sum(last == "7" for _reference, _amount, last in taken)
    paid = Payout.objects.filter(batch_row__batch=row, state=Payout.State.PAID).count()
    assert paid == PEOPLE - bounced
    assert Transfer.objects.filter(payout__batch_row__batch=row).count() == 2 * PEOPLE
    assert statement_of(case).balance == AMOUNT * bounced
    assert statement_of(case).paid_to_applicants == AMOUNT * paid
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert books.faults() == []
