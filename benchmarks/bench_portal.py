"""Requests per second of the signed-in status page against a bare Django view with one query, in the same server.

The public process runs as it is deployed: gunicorn, its own settings and database role, one worker. Every applicant of
the book reads his own page in turns. What a page looks like is kept by the process until anything of it changes, so
the measured rate is of reading again; the first reading of each page, which is made from its content, and the sign-in
POST, which logs a row and queues up per number, are told apart and have no limit.
"""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.core import signing

from benchmarks.measure import Result, rates
from bureau import clock
from documents import services as documents
from intake.services import Filed
from portal import services
from portal.models import Person, StatusPage
from portal.session import COOKIE
from tests import factories, processes
from wuhai_exec import portal_settings

CASES = 60
ROUNDS = 15
SHARE_MIN = 0.7


def run() -> list[Result]:
    """File and work some cases, put them out, start the process, and ask in turns."""
    house = factories.House.build()
    filed = [_worked(house) for _turn in range(CASES)]
    services.project(at=clock.now())
    tickets = [_ticket(one) for one in filed]
    keys = list(StatusPage.objects.order_by("id").values_list("pk", flat=True))
    with _public_process() as line:
        pages = [
            ("/status/", {"Cookie": f"{COOKIE}={ticket}"}, one.case.number)
            for ticket, one in zip(tickets, filed, strict=True)
        ]
        bare = [(f"/bare/{key}/", {}, "") for key in keys]
        _ask(line, [pages.pop(), bare[0]])  # compiles templates
        began = time.perf_counter()
        first = _ask(line, pages) / (time.perf_counter() - began)
        ours, peer = rates(lambda: _ask(line, pages), lambda: _ask(line, bare), rounds=ROUNDS)
        print(f"status page never read before: {first:,.0f} pages/s, {first / peer:.0%} of the bare view")
        print(f"sign-in POST: {_sign_in(line, filed):,.0f} requests/s")
    return [Result("status page, signed in", "pages/s", ours, "bare view, one query", peer, SHARE_MIN)]


def _worked(house: factories.House) -> Filed:
    """Return a case with a history: in its stream, with money in and out, a control and a paper on its way."""
    filed = factories.file_case(house)
    case = factories.into_stream(house, filed.case)
    at = factories.moment(2021, 9, 10)
    factories.deposit(house, case, "50000.00", serial=f"B{case.pk}", at=at)
    factories.payout(house, case, "20000.00", reference=f"B{case.pk}", at=at)
    factories.control(case, at=at)
    notice = factories.issue(case, "ENFORCEMENT_NOTICE", at=at, actor=case.owner)
    debtor = case.parties.filter(side="DEBTOR").order_by("position")[0]
    documents.send(notice, way="DIRECT", party=debtor, at=at, actor=case.owner)
    return filed


def _ticket(filed: Filed) -> str:
    page = StatusPage.objects.get(case_id=filed.case.pk)
    who = Person.objects.filter(case_id=filed.case.pk).values_list("who", flat=True)[0]
    ticket = {"page": page.pk, "code": page.code_hmac, "who": who}
    return signing.dumps(ticket, key=portal_settings.SECRET_KEY, salt=COOKIE)


@contextlib.contextmanager
def _public_process() -> Iterator[http.client.HTTPConnection]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.portal_settings",
        "DATABASE_URL": processes.portal_database_address(),
    }
    command = ["gunicorn", "wuhai_exec.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "error"]
    process = subprocess.Popen([sys.executable, "-m", *command, "--no-control-socket"], env=environment)
    try:
        for _turn in range(150):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        yield http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    finally:
        process.terminate()
        process.wait(10)


def _ask(line: http.client.HTTPConnection, requests: list[tuple[str, dict[str, str], str]]) -> int:
    for address, headers, holds in requests:
        line.request("GET", address, headers=headers)
        answer = line.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, address
        assert holds in text, address
    return len(requests)


def _sign_in(line: http.client.HTTPConnection, filed: list[Filed]) -> float:
    line.request("GET", "/")
    first = line.getresponse()
    page, cookie = first.read().decode(), first.getheader("Set-Cookie", "").partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    began = time.perf_counter()
    for one in filed:
        typed = {"number": one.case.number, "code": one.code, "answer": "002X", "csrfmiddlewaretoken": token[1]}
        body = urlencode(typed)
        head = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", "/", body, head)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 302, answer.status
    return len(filed) / (time.perf_counter() - began)
