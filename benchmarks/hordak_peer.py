"""django-hordak in a process of its own, on a database of its own on the same server: `transfer_to` as often as asked.

Two Django projects cannot share a process; what passes between them is one line per round.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

DATABASE = "bench_hordak"
APPS = ["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"]


@contextlib.contextmanager
def transfers(address: dict[str, Any]) -> Iterator[Callable[[int], int]]:
    """Yield a function that makes so many transfers, each in a transaction of its own; `address` is Django's."""
    with psycopg.connect(**_conninfo(address, address["NAME"]), autocommit=True) as admin:
        name = sql.Identifier(DATABASE)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        environment = {**os.environ, "HORDAK_HOST": address["HOST"], "HORDAK_PORT": str(address["PORT"])}
        environment |= {"HORDAK_USER": address["USER"], "HORDAK_PASSWORD": address["PASSWORD"]}
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hordak_peer"],
            cwd=Path(__file__).parent.parent,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def ask(count: int) -> int:
            print(count, file=stdin, flush=True)
            return int(stdout.readline())

        try:
            ask(1)
            yield ask
        finally:
            stdin.close()
            process.wait(30)
            admin.execute(sql.SQL("DROP DATABASE {}").format(name))


def _conninfo(address: dict[str, Any], name: str) -> dict[str, Any]:
    found = {"host": address["HOST"], "port": address["PORT"], "user": address["USER"], "password": address["PASSWORD"]}
    return {"dbname": name, **{key: value for key, value in found.items() if value}}


def _serve() -> None:
    from django.conf import settings

    address = {name: os.environ[f"HORDAK_{name}"] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    settings.configure(
        INSTALLED_APPS=APPS,
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": DATABASE, **address}},
        DEFAULT_CURRENCY="CNY",
        CURRENCIES=["CNY"],
        HORDAK_INTERNAL_CURRENCY="CNY",
        HORDAK_CURRENCIES=["CNY"],
        USE_TZ=True,
        SECRET_KEY=DATABASE,
    )
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from hordak.models import Account
    from moneyed import Money

    call_command("migrate", verbosity=0)
    bank, escrow = (
        Account.objects.create(name=name, code=code, type=kind, currencies=["CNY"])
        for name, code, kind in (("bank", "1", "AS"), ("escrow", "2", "LI"))
    )
    amount = Money("1.00", "CNY")
    for line in sys.stdin:
        count = int(line)
        for _turn in range(count):
            with transaction.atomic():
                escrow.transfer_to(bank, amount)
        print(count, flush=True)


if __name__ == "__main__":
    _serve()
