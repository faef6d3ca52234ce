"""The bank as we see it: lines of money in, an adapter for money out, and a simulator for demo and tests."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

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
    """One payment order to the bank."""

    reference: str
    holder_name: str
    number: str
    bank_name: str
    bank_code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """The bank's answer to an order: PAID with its value day, BOUNCED with a reason, or PENDING."""

    state: str
    value_on: dt.date | None = None
    reason: str = ""


class Bank(Protocol):
    """What an adapter to a real bank must do; both calls may be repeated with the same reference."""

    by_file: bool
    """Whether orders are handed over as payment files by a person, never by `submit`."""

    def submit(self, order: Order) -> None:
        """Hand the order to the bank; a second time changes nothing."""

    def answer(self, order: Order, *, today: dt.date) -> Answer:
        """Return what the bank says of the order now."""


class Simulator:
    """Confirms at once with today's value day; an account ending in 0000 bounces, one ending in 9999 stays pending."""

    by_file = False

    def submit(self, order: Order) -> None:
        """Accept everything."""

    def answer(self, order: Order, *, today: dt.date) -> Answer:
        """Answer by the last digits of the account."""
        if order.number.endswith("0000"):
            return Answer("BOUNCED", reason="收款账号与户名不符")
        if order.number.endswith("9999"):
            return Answer("PENDING")
        return Answer("PAID", value_on=today)


class SimulatorByFile(Simulator):
    """The same bank where it takes no orders online: it answers what was handed over in a file."""

    by_file = True


def current() -> Bank:
    """Return the adapter named in settings."""
    adapter: Bank = import_string(settings.BANK)()
    return adapter
