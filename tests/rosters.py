"""Rosters of made-up payees with right check digits, and a bank that survives the death of whoever talks to it."""

import csv
import datetime as dt
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from stdnum import luhn
from stdnum.cn import ric

from accounts.bank import Answer, Order
from accounts.models import Batch
from accounts.rosters import TEMPLATE
from accounts.services import batches, rosters, sending
from bureau.models import User
from cases.models import Case
from documents import services as documents
from documents.models import Staged
from tests import factories

# The simulator of the bank bounces what ends in 0000.
BOUNCING = next(card for card in (f"6222020{number:07d}0000" for number in range(100)) if luhn.is_valid(card))


def person(number: int) -> tuple[str, str, str]:
    """Return the name, ID and card of made-up person number so-and-so."""
    birth = f"{1950 + number % 50}{1 + number % 12:02d}{1 + number // 600 % 28:02d}"
    body = f"15{number // 17 % 100:02d}{number % 100:02d}{birth}{number % 1000:03d}"
    card = f"62220200{number:010d}"
    return f"收款人{number}", body + ric.calc_check_digit(f"{body}0"), card + luhn.calc_check_digit(card)


def lines(count: int, amount: str = "10.01", *, start: int = 1) -> list[list[str]]:
    """Return so many rows of a roster."""
    return [[*person(number), "中国银行乌海分行", amount, "", ""] for number in range(start, start + count)]


def table(rows: Iterable[list[str]], heading: list[str] | None = None) -> bytes:
    """Return the rows as a CSV file with its heading."""
    out = io.StringIO()
    csv.writer(out).writerows([heading or TEMPLATE, *rows])
    return out.getvalue().encode()


def staged(content: bytes, actor: User, at: dt.datetime) -> Staged:
    """Keep a signed scan as an upload."""
    return Staged.objects.create(
        token=f"scan-{Staged.objects.count()}-{at:%s}",
        name="名册.pdf",
        sha256=documents.store(content),
        byte_count=len(content),
        content_type="application/pdf",
        staged_by=actor,
        staged_at=at,
    )


def entered(
    house: factories.House, case: Case, content: bytes, *, follows: Batch | None = None, at: dt.datetime
) -> Batch:
    """Take a file in as the window does, and return its batch."""
    clerk = house.window_clerk
    roster = rosters.inspect(content, case, follows=follows, on=at.date(), actor=clerk)
    assert roster.faults == []
    scan = staged(factories.PDF, clerk, at)
    return rosters.take_in(roster, case, document="发放名册1号", scan=scan, follows=follows, at=at, actor=clerk)


def batch(house: factories.House, case: Case, content: bytes, *, until: str = "DONE", **given: object) -> Batch:
    """Take a roster as far as `until`: ENTERED, CONFIRMED, REQUESTED, CHECKED, APPROVED, SENDING or DONE."""
    at = factories.moment(2021, 9, 20)
    row = entered(house, case, content, at=at, **given)  # type: ignore[arg-type]
    case = Case.objects.get(pk=case.pk)
    steps = (
        ("CONFIRMED", lambda: batches.confirm_batch(row, at=at, actor=house.finance2)),
        ("REQUESTED", lambda: batches.request_batch(row, calculation="按名册", at=at, actor=case.owner)),
        ("CHECKED", lambda: batches.check_batch(row, at=at, actor=case.judge)),
        ("APPROVED", lambda: batches.approve_batch(row, at=at, actor=approver(house, row))),
        ("SENDING", lambda: batches.pay_batch(row, at=at, actor=house.finance)),
        ("DONE", lambda: sending.send_batches(at=at, actor=User.objects.system())),
    )
    for state, step in steps:
        if row.state == until:
            break
        step()
        row.refresh_from_db()
        assert row.state == state
    return row


def approver(house: factories.House, row: Batch) -> User:
    """Return who approves a sum of that size."""
    return house.vice_president if row.total > 1_000_000 else house.chief


class LastingBank:
    """A bank in a file: what was handed over stays so when the caller is killed, and a reference is taken once.

    Cards whose number ends in 7 bounce.
    """

    by_file = False

    def __init__(self) -> None:
        self.path = Path(os.environ["LASTING_BANK"])

    def submit(self, order: Order) -> None:
        """Write the order down in one piece, as often as it comes."""
        with self.path.open("ab", buffering=0) as out:
            out.write(f"{order.reference} {order.amount} {order.number[-1]}\n".encode())

    def answer(self, order: Order, *, today: dt.date) -> Answer:
        """Answer at once."""
        return Answer("BOUNCED", reason="账号与户名不符") if order.number.endswith("7") else Answer("PAID", today)

    def inquire(self, order: Order, *, today: dt.date) -> Answer:
        """Say what was said."""
        return self.answer(order, today=today)

    def unasked(self) -> list[Answer]:
        """Say nothing by itself."""
        return []

    @staticmethod
    def taken(path: Path) -> Iterator[tuple[str, str, str]]:
        """Yield each reference once, with its sum and the last digit of its card: the bank takes a reference once."""
        seen = set()
        for line in path.read_text().splitlines():
            reference, amount, last = line.split()
            if reference not in seen:
                seen.add(reference)
                yield reference, amount, last
