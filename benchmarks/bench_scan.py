"""The fifteen-day scan on a small and on a large book with as many late receipts: it costs what is late."""

import os
import statistics
import time

from django.db import connection, transaction

from accounts import services
from accounts.models import Receipt
from benchmarks.measure import Result
from bureau.models import User
from tests import factories

SMALL = int(os.environ.get("BENCH_SMALL", "10000"))
LARGE = int(os.environ.get("BENCH_LARGE", "1000000"))
LATE = 100
ROUNDS = 5
TIMES_MAX = 1.3  # the large book's time over the small one's
AT = factories.moment(2021, 12, 20)
# Receipts paid in time, past the triggers: what a scan must not read. All are of one case; none is late.
FILL = """
INSERT INTO accounts_bankline (serial, value_on, amount, payer_name, payer_account, payer_account_last4,
    virtual_number, remark, content_sha256, state, entered_at, entered_by_id)
SELECT 'FILL-' || n, date '2021-09-20' + (n %% 60), 1000, '被执行人', '', '', '', '', repeat('0', 64), 'MATCHED',
    %(at)s - interval '80 days', %(actor)s FROM generate_series(%(first)s, %(last)s) AS n
"""
RECEIPTS = """
INSERT INTO accounts_receipt (case_id, bank_line_id, amount, paid_total, arrived_on, due_on, due_steps, received_at,
    void_reason)
SELECT %(case)s, id, amount, amount, value_on, value_on + 15, ARRAY[''], entered_at, '' FROM accounts_bankline
WHERE serial LIKE 'FILL-%%' AND substr(serial, 6)::int BETWEEN %(first)s AND %(last)s
"""


def run() -> list[Result]:
    """Time the scan on the small book, fill it up to the large one, and time it again."""
    house = factories.House.build()
    case = factories.into_stream(house, factories.file_case(house).case)
    late = factories.moment(2021, 9, 16)
    for number in range(LATE):
        factories.deposit(house, case, "10.00", serial=f"LATE-{number}", at=late)
    _fill(house, case.pk, 1, SMALL - LATE)
    small = _scan()
    _fill(house, case.pk, SMALL - LATE + 1, LARGE - LATE)
    large = _scan()
    assert Receipt.objects.count() == LARGE
    print(f"scan of {LATE} late receipts: {small:.3f} s among {SMALL:,}, {large:.3f} s among {LARGE:,}")
    return [Result("scan", "scans/s", 1 / large, f"among {SMALL:,}", 1 / small, 1 / TIMES_MAX)]


def _fill(house: factories.House, case: int, first: int, last: int) -> None:
    given = {"at": AT, "actor": house.finance.pk, "case": case, "first": first, "last": last}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(FILL, given)
        cursor.execute(RECEIPTS, given)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE accounts_receipt")


def _scan() -> float:
    taken = []
    for number in range(ROUNDS + 1):
        # Rolled back, so that every round finds as many; the first warms up.
        with transaction.atomic():
            began = time.perf_counter()
            assert services.flag_overdue(at=AT, actor=User.objects.system()) == LATE
            if number:
                taken.append(time.perf_counter() - began)
            transaction.set_rollback(True)
    return statistics.median(taken)
