"""`make shots`: every page as every role that may see it, wide and narrow, with the demo book."""

import contextlib
import datetime as dt
import html
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.core import signing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuhai_exec.settings")
os.environ.update({"PLAIN_STATIC": "1", "SECURE_TLS": "0", "DJANGO_ALLOW_ASYNC_UNSAFE": "1", "LOG_LEVEL": "ERROR"})
os.environ["DEMO"] = "1"
ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "shots"


class Silent(WSGIRequestHandler):
    """A handler that prints no line per request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Threads(ThreadingMixIn, WSGIServer):
    """A server that answers several requests at once."""

    daemon_threads = True


def main() -> int:
    """Load the book, walk, picture, and return 1 where a page has a fault."""
    subprocess.run([sys.executable, "manage.py", "demo", "--load-only"], cwd=ROOT, check=True)
    # Every run stands at the moment at which the book ends.
    from wuhai_exec.demo_anchor import LOADED_AT

    os.environ["CLOCK_OFFSET"] = str(round((LOADED_AT - dt.datetime.now(dt.UTC)).total_seconds()))
    django.setup()
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Threads, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with _portal() as portal:
        faults = _walk(f"http://127.0.0.1:{server.server_port}", portal)
    server.shutdown()
    print("\n".join(faults) or f"every page is whole; open {SHOTS / 'index.html'}")
    return 1 if faults else 0


@contextlib.contextmanager
def _portal():
    """Run the public process and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "wuhai_exec.wsgi", "--bind", f"127.0.0.1:{port}"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "wuhai_exec.portal_settings"}
    process = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    try:
        for _turn in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _public(browser, base: str, label: str, width: int) -> list[str]:
    """Picture the look-up form and the page of the case with the most payments."""
    from django.db.models import Count

    from cases.models import Case
    from portal.models import Person, StatusPage
    from portal.session import COOKIE
    from tests import walker
    from wuhai_exec import portal_settings

    case = Case.objects.open().annotate(count=Count("payouts")).order_by("-count", "id").first()
    page = StatusPage.objects.get(case_id=case.pk)
    who = Person.objects.filter(case_id=case.pk).order_by("id").values_list("who", flat=True)[0]
    ticket = {"page": page.pk, "code": page.code_hmac, "who": who}
    signed = signing.dumps(ticket, key=portal_settings.SECRET_KEY, salt=COOKIE)
    walk = walker.Walk(browser, base, width, cookies=[{"name": COOKIE, "value": signed, "url": base}])
    return walk.pages({"look": "/", "status": "/status/"}, SHOTS / "public" / label)


def _walk(base: str, portal: str) -> list[str]:
    from tests import matrix, walker

    faults: list[str] = []
    pictures: list[Path] = []
    with walker.browser() as browser:
        for role in sorted(matrix.ALL):
            user, addresses = _addresses(role)
            for label, width in walker.WIDTHS.items():
                folder = SHOTS / role.lower() / label
                faults += walker.Walk(browser, base, width, user).pages(addresses, folder)
                pictures += sorted(folder.glob("*.png"))
        for label, width in walker.WIDTHS.items():
            faults += _public(browser, portal, label, width)
            pictures += sorted((SHOTS / "public" / label).glob("*.png"))
    _index(pictures)
    return faults


def _addresses(role: str):
    from django.urls import reverse

    from bureau.models import User
    from tests import matrix
    from tests.e2e.test_walk import NOT_PAGES

    user = User.objects.get(username=role.lower())
    found = {}
    for name, row in matrix.ROWS.items():
        if role not in row.roles or row.is_post or matrix.is_api(name) or name in NOT_PAGES or name == "styleguide":
            continue
        thing = _thing(row.thing, user, name) if row.thing else None
        if row.thing and thing is None:
            continue
        found[name] = reverse(name, args=[thing] if row.thing else [])
    return user, found


def _thing(kind: str, user, name: str):
    """Return the newest thing of a kind that this user may see."""
    from accounts.models import BankLine, Delay, Payout, Receipt
    from cases.models import Case, Closing, Handover, Instalment, Party
    from documents.models import Delivery, Document, Draft, Material, Template

    if kind == "kind":
        return "due-day"
    cases = Case.objects.visible_to(user)
    wanted = {"cases:start": "ALLOCATED", "cases:hand_over": "STARTING", "cases:resume": "SUSPENDED"}
    if name in wanted:
        cases = cases.filter(stage=wanted[name])
    elif name in ("cases:suspend", "cases:stay", "cases:settle", "cases:propose_closing", "accounts:request_payout"):
        cases = cases.filter(stage__in=["FAST", "ORDINARY"])
    if name in ("accounts:request_payout",):
        cases = cases.filter(owner=user)
    if name == "accounts:case_money" and cases.filter(payouts__isnull=False).exists():
        cases = cases.filter(payouts__isnull=False)
    if name == "cases:enter_number":
        cases = cases.filter(number__isnull=True)
    rows = {
        "case": cases,
        "receipt": Receipt.objects.filter(case__in=cases),
        "payout": Payout.objects.filter(case__in=cases),
        "delay": Delay.objects.filter(receipt__case__in=cases),
        "closing": Closing.objects.filter(case__in=cases),
        "instalment": Instalment.objects.filter(settlement__case__in=cases),
        "handover": Handover.objects.filter(case__in=cases, to_team=user.team, state="PENDING"),
        "material": Material.objects.visible_to(user),
        "document": Document.objects.visible_to(user),
        "draft": Draft.objects.visible_to(user),
        "delivery": Delivery.objects.visible_to(user).filter(state="SENT"),
        "party": Party.objects.filter(case__in=cases, side="DEBTOR"),
        "template": Template.objects.filter(code="ENFORCEMENT_NOTICE"),
        "bank_line": BankLine.objects.filter(state="UNIDENTIFIED"),
    }.get(kind)
    return None if rows is None else rows.order_by("-pk").values_list("pk", flat=True).first()


def _index(pictures: list[Path]) -> None:
    lines = ["<!doctype html><meta charset=utf-8><title>shots</title><h1>shots</h1>"]
    for picture in pictures:
        place = html.escape(str(picture.relative_to(SHOTS)))
        lines.append(f'<p><a href="{place}">{place}</a></p>')
    (SHOTS / "index.html").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
