"""Starts real Celery processes on the test database with a moved clock, and always ends them."""

import contextlib
import datetime as dt
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bureau import grants

ROOT = Path(__file__).resolve().parent.parent


def test_database_address() -> str:
    """Return the connection string of the database the tests run on."""
    given = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return make_conninfo("", **{name: str(given[key]) for name, key in names.items() if given.get(key)})


def portal_database_address() -> str:
    """Return the connection string of the portal's own role, which gets a password that a served database asks for."""
    role, password = grants.role_name("portal"), secrets.token_hex(16)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
    return make_conninfo(test_database_address(), user=role, password=password)


@contextlib.contextmanager
def worker_and_beat(*, now: dt.datetime, folder: Path) -> Iterator[None]:
    """Run a worker and beat whose product clock starts at `now`."""
    offset = int((now - timezone.now()).total_seconds())
    environment = {
        **os.environ,
        "DATABASE_URL": test_database_address(),
        "CLOCK_OFFSET": str(offset),
        "OVERDUE_CHECK_SECONDS": "1",
    }
    folder.mkdir(parents=True, exist_ok=True)
    celery = [sys.executable, "-m", "celery", "-A", "wuhai_exec.celery"]
    commands = {
        "worker": [*celery, "worker", "-P", "solo", "--without-gossip", "--without-mingle", "-l", "WARNING"],
        "beat": [*celery, "beat", "--schedule", str(folder / "beat"), "--pidfile=", "-l", "WARNING"],
    }
    running = []
    try:
        for name, command in commands.items():
            with (folder / f"{name}.log").open("ab") as log:
                running.append(
                    subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
                )
        yield
    finally:
        for process in running:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_until(is_true: Callable[[], bool], *, seconds: float, folder: Path) -> None:
    """Wait until it is true; after the time, fail with what the processes said."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return
        time.sleep(0.2)
    said = "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(folder.glob("*.log")))
    raise AssertionError(f"nothing within {seconds} s; the processes said:\n{said}")
