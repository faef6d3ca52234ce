"""Pages per second at 100,000 cases against the very statements that each page sends, by raw psycopg, in one run.

A page is asked for through the product's whole stack (middleware, session, permission, view, template) by Django's test
client in this process; there is no HTTP server and no network on either side. The peer sends the same statements with
the same parameters on a connection of its own and fetches every row.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks import book
from benchmarks.measure import Result, rates
from bureau import clock
from bureau.crypto import digest
from bureau.models import User
from cases.models import Case, Party

ROUNDS = 25  # each shows every address once; turns this short meet the same load on a busy machine
Sent = list[tuple[str, tuple[Any, ...] | None]]


@dataclass(frozen=True, slots=True)
class Page:
    """One thing that somebody looks at: its name, the least share of the raw rate, and the requests that show it."""

    name: str
    share_min: float
    client: Client
    requests: tuple[tuple[str, dict[str, str] | None], ...]  # address, and what is posted to it
    holds: str  # what every answer must show


def run() -> list[Result]:
    """Fill the book, then measure page after page, ours and raw in turns."""
    written = book.load(today=clock.today())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    return [_measured(page) for page in pages(written)]


def pages(written: book.Book) -> list[Page]:
    """Return what is measured: the list, three searches and the case page."""
    chief, judge = _enter(written.house.chief), _enter(written.house.judge3)
    found = reverse("cases:search")
    names = [_short_name(turn) for turn in range(3)]
    newest = Case.objects.order_by("-id")[0]
    # Digests stand in the book for numbers that nobody has: this one gets a real one.
    party = Party.objects.filter(case=written.case).order_by("id")[0]
    party.id_number = "11010519491231002X"
    Party.objects.filter(pk=party.pk).update(id_digest=digest(party.id_number))
    lists = ("", "?set=open&sort=due", "?stage=CLOSED&sort=-amount", "?page=20")
    return [
        Page("case list", 0.12, chief, tuple((reverse("cases:list") + query, None) for query in lists), "data-href"),
        Page("search by two characters", 0.1, chief, tuple((found, {"text": name}) for name in names), "data-href"),
        Page("search by number", 0.12, chief, ((found, {"text": newest.display_number}),), newest.display_number),
        Page("search by ID", 0.16, chief, ((found, {"text": party.id_number}),), written.case.display_number),
        Page("case page", 0.14, judge, ((written.case.get_absolute_url(), None),), written.case.display_number),
    ]


def _enter(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _short_name(turn: int) -> str:
    """Return a name of two characters that somebody of the book has."""
    short = Party.objects.filter(name__regex="^..$").order_by("id")
    return str(short.values_list("name", flat=True)[turn * 1000])


def _measured(page: Page) -> Result:
    sent = _statements(page)
    with _raw(sent) as send_all:
        ours, peer = rates(lambda: _show(page), lambda: _sent(send_all, page), rounds=ROUNDS)
    return Result(f"{page.name}, {book.CASES:,} cases", "pages/s", ours, "its SQL, raw psycopg", peer, page.share_min)


def _show(page: Page) -> int:
    for address, posted in page.requests:
        _ask(page, address, posted)
    return len(page.requests)


def _ask(page: Page, address: str, posted: dict[str, str] | None) -> None:
    answer = page.client.get(address) if posted is None else page.client.post(address, posted, follow=True)
    assert answer.status_code == 200, address
    assert page.holds in answer.content.decode(), address


def _sent(send_all: Callable[[], None], page: Page) -> int:
    send_all()
    return len(page.requests)


def _statements(page: Page) -> Sent:
    """Show everything once and return what was sent, without the savepoints of the client's own transactions."""
    sent: Sent = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, tuple(params) if params else None))
        return execute(sql, params, many, context)

    for address, posted in page.requests:
        _ask(page, address, posted)
    with connection.execute_wrapper(keep):
        for address, posted in page.requests:
            _ask(page, address, posted)
    return [(sql, params) for sql, params in sent if "SAVEPOINT" not in sql]


@contextlib.contextmanager
def _raw(sent: Sent) -> Iterator[Callable[[], None]]:
    """Yield a function that sends the statements on a raw connection and fetches every row.

    The parameters are bound by the client as Django binds them, so that both get the same plans.
    """
    given = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options: dict[str, Any] = {name: str(given[key]) for name, key in names.items() if given.get(key)}
    with psycopg.connect(**options, autocommit=True, cursor_factory=psycopg.ClientCursor) as raw:

        def send_all() -> None:
            with raw.cursor() as cursor:
                for sql, params in sent:
                    cursor.execute(sql, params)
                    if cursor.description:
                        cursor.fetchall()

        yield send_all
