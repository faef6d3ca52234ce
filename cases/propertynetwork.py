"""The network of those who keep property, as we see it: an adapter that asks and fetches answers, and a simulator."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from cases.controlcodes import AssetKind
from cases.models import QueryAnswer

Source, State = QueryAnswer.Source, QueryAnswer.State


class Unreachable(Exception):
    """The network does not answer; what waits is tried again at the next beat."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question to one provider about one debtor; `turn` counts how often he was asked about."""

    reference: str
    system: str
    source: str
    name: str
    id_number: str
    case_number: str
    sent_at: dt.datetime | None = None
    turn: int = 1


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing found; amount in yuan where it is known."""

    kind: str
    thing: str
    unit: str
    amount: Decimal | None = None
    is_online: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says: ACCEPTED, REJECTED, FAILED, FOUND or NOT_FOUND, with its reason or the things."""

    state: str
    reason: str = ""
    things: tuple[Thing, ...] = field(default=())


class Network(Protocol):
    """What an adapter to the real systems must do; both calls may be repeated with the same references."""

    def submit(self, requests: list[Request]) -> dict[str, Said]:
        """Hand the questions over; by reference ACCEPTED, REJECTED or FAILED. Raises Unreachable."""

    def answers(self, requests: list[Request], *, at: dt.datetime) -> dict[str, Said]:
        """Return by reference what has been answered by then; what is left out still waits. Raises Unreachable."""


# How often each provider finds something, and how many hours it takes at most.
_SHARES: dict[str, tuple[float, int]] = {
    Source.BANK: (0.62, 20),
    Source.PAYMENT: (0.35, 10),
    Source.VEHICLE: (0.14, 12),
    Source.ESTATE: (0.08, 26),
    Source.SECURITIES: (0.04, 16),
    Source.EQUITY: (0.03, 16),
    Source.INSURANCE: (0.06, 22),
    Source.FUND: (0.10, 22),
}
_FAILS = 0.012
_BANKS = ("中国银行", "工商银行", "建设银行", "农业银行", "内蒙古银行", "乌海银行")
_STREETS = ("海勃湾区新华街", "海勃湾区人民路", "乌达区工业路", "海南区西卓子山街")


class Simulator:
    """Answers by a seed and the debtor's number alone, so that one debtor is the same at every run; nothing is sent."""

    def submit(self, requests: list[Request]) -> dict[str, Said]:
        """Accept whoever has a number."""
        accepted, refused = Said(State.ACCEPTED), Said(State.REJECTED, "被执行人证件号码不全，无法查询")
        return {row.reference: accepted if row.id_number else refused for row in requests}

    def finds(self, source: str, id_number: str) -> bool:
        """Return whether the provider finds anything of whoever bears the number."""
        rng, (share, hours) = _rng(source, id_number), _SHARES[source]
        rng.randrange(20, hours * 60)
        return rng.random() < share

    def answers(self, requests: list[Request], *, at: dt.datetime) -> dict[str, Said]:
        """Answer each after its own number of hours."""
        found = {}
        for row in requests:
            rng = _rng(row.source, row.id_number)
            share, hours = _SHARES[row.source]
            wait = dt.timedelta(minutes=rng.randrange(20, hours * 60))
            is_found, is_lost = rng.random() < share, rng.random() < _FAILS and row.turn == 1
            if row.sent_at is not None and row.sent_at + wait <= at:
                found[row.reference] = _said(row, rng, is_found=is_found, is_lost=is_lost)
        return found


def _rng(source: str, id_number: str) -> Random:
    return Random("\x1f".join((settings.NETWORK_SEED, source, id_number)))  # noqa: S311 - no secret


def _said(row: Request, rng: Random, *, is_found: bool, is_lost: bool) -> Said:
    if is_lost:
        return Said(State.FAILED, "查询单位系统超时未反馈")
    if not is_found:
        return Said(State.NOT_FOUND)
    return Said(State.FOUND, things=tuple(_MAKERS[row.source](rng)))


def _money(rng: Random, most: float) -> Decimal:
    return Decimal(str(round(10 ** rng.uniform(0.5, most), 2)))


def _tail(rng: Random) -> str:
    return f"{rng.randrange(10_000):04d}"


def _deposits(rng: Random) -> Iterable[Thing]:
    for _turn in range(rng.choice((1, 1, 2, 3))):
        bank = rng.choice(_BANKS)
        yield Thing(AssetKind.DEPOSIT, "".join((bank, "，账号尾号", _tail(rng))), bank, _money(rng, 4.6), True)


def _funds(rng: Random) -> Iterable[Thing]:
    firm = rng.choice(("支付宝", "财付通"))
    yield Thing(AssetKind.ONLINE_FUNDS, "".join((firm, "账户尾号", _tail(rng))), firm, _money(rng, 3.5), True)


def _vehicles(rng: Random) -> Iterable[Thing]:
    plate = "".join(("蒙C", *(rng.choice("ABCDEFGH0123456789") for _turn in range(5))))
    brand = rng.choice(("大众", "丰田", "五菱", "解放"))
    yield Thing(AssetKind.VEHICLE, " ".join((brand, plate)), "乌海市公安局交通管理支队车管所")


def _estate(rng: Random) -> Iterable[Thing]:
    place = "".join((rng.choice(_STREETS), str(rng.randrange(1, 90)), "号"))
    yield Thing(AssetKind.REAL_ESTATE, place, "乌海市不动产登记中心")


def _securities(rng: Random) -> Iterable[Thing]:
    yield Thing(AssetKind.SECURITIES, "证券账户资产", "中国证券登记结算公司", _money(rng, 4.8), True)


def _equity(rng: Random) -> Iterable[Thing]:
    yield Thing(AssetKind.EQUITY, "有限责任公司出资", "乌海市市场监督管理局", _money(rng, 5.7))


def _insurance(rng: Random) -> Iterable[Thing]:
    words = "".join(("人寿保险现金价值，保单尾号", _tail(rng)))
    yield Thing(AssetKind.INSURANCE, words, "中国人寿乌海分公司", _money(rng, 4.3))


def _fund(rng: Random) -> Iterable[Thing]:
    words = "".join(("公积金账户尾号", _tail(rng)))
    yield Thing(AssetKind.PROVIDENT_FUND, words, "乌海市住房公积金中心", _money(rng, 4.5))


_MAKERS: dict[str, Callable[[Random], Iterable[Thing]]] = {
    Source.BANK: _deposits,
    Source.PAYMENT: _funds,
    Source.VEHICLE: _vehicles,
    Source.ESTATE: _estate,
    Source.SECURITIES: _securities,
    Source.EQUITY: _equity,
    Source.INSURANCE: _insurance,
    Source.FUND: _fund,
}


def current() -> Network:
    """Return the adapter named in settings."""
    adapter: Network = import_string(settings.NETWORK_QUERY)()
    return adapter


def sources() -> list[str]:
    """Return whom a query is fanned out to, in the order of the settings."""
    return [code for code in settings.NETWORK_SOURCES if code in Source.values]
