"""The bank as we see it: lines of money in, an adapter for money out, and a simulator for demo and tests."""

import datetime as dt
import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class BankLineData:
    """One line of the bank's statement of money in; amount in yuan."""

    serial: str
    value_on: dt.date
    amount: Decimal
    payer_name: str
    payer_account: str = ""
    virtual_number: str = ""
    remark: str = ""

    def content_sha256(self) -> str:
        """Return the hash by which a repeated line is told from a changed one."""
        what = (self.serial, self.value_on, f"{self.amount:.2f}")
        parts = (*what, self.payer_name, self.payer_account, self.virtual_number, self.remark)
        return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Order:
    """One payment order to the bank; a further attempt is the same order under the same reference."""

    reference: str
    holder_name: str
    number: str
    bank_name: str
    bank_code: str
    amount: Decimal
    attempt: int = 1


PAID, BOUNCED = "PAID", "BOUNCED"
PENDING = "PENDING"  # the bank has the order and is not done with it
SILENT = "SILENT"  # no answer at all
UNKNOWN = "UNKNOWN"  # the bank was asked and has no such order


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of an order: PAID with its value day, BOUNCED with a reason, or one that settles nothing.

    What it says unasked names the order and bears a serial of its own, by which the same message is told again.
    """

    state: str
    value_on: dt.date | None = None
    reason: str = ""
    reference: str = ""
    serial: str = ""

    @property
    def is_final(self) -> bool:
        """Return whether it says what became of the order; a confirmation without its value day does not."""
        return self.state == BOUNCED or (self.state == PAID and self.value_on is not None)


class Bank(Protocol):
    """What an adapter to a real bank must do; every call may be repeated with the same reference.

    A bank that cannot be reached is SILENT: one order's trouble never stops the answers of the others.
    """

    by_file: bool
    """Whether orders are handed over as payment files by a person, never by `submit`."""

    def submit(self, order: Order) -> None:
        """Hand the order to the bank; a second time under the same reference changes nothing."""

    def answer(self, order: Order, *, today: dt.date) -> Answer:
        """Return what the bank has said of the order until now."""

    def inquire(self, order: Order, *, today: dt.date) -> Answer:
        """Ask what became of the order, by its reference, and return what is said to that."""

    def unasked(self) -> Sequence[Answer]:
        """Return what the bank has said by itself since the last time; it may say a thing twice, or another thing."""


class Simulator:
    """Confirms at once with today's value day, unless the account's last digits ask for trouble.

    0000 bounces; 9999 stays pending until it is inquired about; 777777 is paid, but the answer is lost; 666666 is lost
    itself, and paid when it is handed over again; 888888 is confirmed twice; 555555 is confirmed, then rejected.
    """

    by_file = False
    # What the bank will say by itself: one bank for all who talk to it in this process.
    _later: ClassVar[deque[Answer]] = deque()

    def submit(self, order: Order) -> None:
        """Accept everything."""

    def answer(self, order: Order, *, today: dt.date) -> Answer:
        """Answer by the last digits of the account."""
        if order.number.endswith("0000"):
            return Answer(BOUNCED, reason="收款账号与户名不符")
        if order.number.endswith("9999"):
            return Answer(PENDING)
        if order.number.endswith("777777") or (order.number.endswith("666666") and order.attempt == 1):
            return Answer(SILENT)
        if order.number.endswith("888888"):
            self._later.append(Answer(PAID, today, reference=order.reference, serial=f"{order.reference}/2"))
        if order.number.endswith("555555"):
            said = Answer(BOUNCED, reason="收款行退回", reference=order.reference, serial=f"{order.reference}/2")
            self._later.append(said)
        return Answer(PAID, today)

    def inquire(self, order: Order, *, today: dt.date) -> Answer:
        """Say what became of it: only what never arrived is unknown."""
        if order.number.endswith("666666") and order.attempt == 1:
            return Answer(UNKNOWN)
        if order.number.endswith(("9999", "777777")):
            return Answer(PAID, today)
        return self.answer(order, today=today)

    def unasked(self) -> Sequence[Answer]:
        """Hand out what has gathered."""
        found = []
        while self._later:
            found.append(self._later.popleft())
        return found


class SimulatorByFile(Simulator):
    """The same bank where it takes no orders online: it answers what was handed over in a file."""

    by_file = True


def current() -> Bank:
    """Return the adapter named in settings."""
    adapter: Bank = import_string(settings.BANK)()
    return adapter
