"""`make shots`: every page as every role that may see it, wide and narrow, with the demo book."""

import html
import os
import subprocess
import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuhai_exec.settings")
os.environ.update({"PLAIN_STATIC": "1", "SECURE_TLS": "0", "DJANGO_ALLOW_ASYNC_UNSAFE": "1", "LOG_LEVEL": "ERROR"})
ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "shots"


class Threads(ThreadingMixIn, WSGIServer):
    """A server that answers several requests at once."""

    daemon_threads = True


def main() -> int:
    """Load the book, walk, picture, and return 1 where a page has a fault."""
    subprocess.run([sys.executable, "manage.py", "demo", "--load-only"], cwd=ROOT, check=True)
    django.setup()
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Threads)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    faults = _walk(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    print("\n".join(faults) or f"every page is whole; open {SHOTS / 'index.html'}")
    return 1 if faults else 0


def _walk(base: str) -> list[str]:
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
        if role not in row.roles or row.is_post or name in NOT_PAGES or name == "styleguide":
            continue
        thing = _thing(row.thing, user, name) if row.thing else None
        if row.thing and thing is None:
            continue
        found[name] = reverse(name, args=[thing] if row.thing else [])
    return user, found


def _thing(kind: str, user, name: str):
    """Return the newest thing of a kind that this user may see."""
    from accounts.models import BankLine, Delay, Payout, Receipt
    from cases.models import Case, Handover
    from documents.models import Material

    cases = Case.objects.visible_to(user)
    wanted = {"cases:start": "ALLOCATED", "cases:hand_over": "STARTING", "cases:resume": "SUSPENDED"}
    if name in wanted:
        cases = cases.filter(stage=wanted[name])
    elif name in ("cases:suspend", "cases:fulfil", "cases:terminate", "accounts:request_payout"):
        cases = cases.filter(stage__in=["FAST", "ORDINARY"])
    if name in ("accounts:request_payout",):
        cases = cases.filter(owner=user)
    if name == "cases:enter_number":
        cases = cases.filter(number__isnull=True)
    rows = {
        "case": cases,
        "receipt": Receipt.objects.filter(case__in=cases),
        "payout": Payout.objects.filter(case__in=cases),
        "delay": Delay.objects.filter(receipt__case__in=cases),
        "handover": Handover.objects.filter(case__in=cases, to_team=user.team, state="PENDING"),
        "material": Material.objects.visible_to(user),
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
