"""`manage.py demo`: loads the demo bureau once and serves it."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from socket import socket
from typing import IO, Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bureau.errors import Refused
from cases.models import Case
from wuhai_exec import demo_anchor, demo_servers, embedded
from wuhai_exec.demo import book, capacity
from wuhai_exec.demo.organisation import LOGINS, PASSWORD

# Progress and words go to stderr: the last line of stdout is the JSON object.
console = Console(stderr=True, highlight=False)


class Command(BaseCommand):
    """Loads the demo bureau once; without --load-only it serves it until Ctrl-C."""

    help = "Load the demo bureau and serve it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--load-only", action="store_true", help="load, print one JSON object, and end")
        parser.add_argument("--reset", action="store_true", help="start anew: everything entered is lost")
        parser.add_argument("--port", type=int, help="port of the staff pages; without it the first free from 8000 on")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then print or serve."""
        try:
            if options["load_only"] and not options["reset"]:
                self._print()
            else:
                with _only_demo_here():
                    if options["load_only"]:
                        self._print(reset=True)
                    else:
                        self._serve(options)
        except (Refused, demo_servers.CannotServe) as refusal:
            raise CommandError(str(refusal)) from None

    def _print(self, *, reset: bool = False) -> None:
        figures, _ = self._load(reset=reset)
        self.stdout.write(json.dumps(figures, ensure_ascii=False))

    def _load(self, *, reset: bool) -> tuple[dict[str, Any], int]:
        with _one_load_at_a_time():
            if reset:
                _reset()
            call_command("migrate", interactive=False, verbosity=0)
            was_empty = not Case.objects.exists()
            began = time.monotonic()
            with _progress() as progress:
                figures = book.load(progress=progress)
            if was_empty:
                console.print(f"Demo book loaded in {time.monotonic() - began:.0f} s.")
                console.print(capacity.sentence(figures), soft_wrap=True)
            return figures, demo_anchor.clock_offset(now=timezone.now(), freshly_loaded=was_empty)

    def _serve(self, options: dict[str, Any]) -> None:
        with (
            contextlib.closing(demo_servers.bind(options["host"], options["port"])) as web,
            contextlib.closing(demo_servers.bind_after(options["host"], web.getsockname()[1])) as portal,
        ):
            if options["port"] is None and web.getsockname()[1] != demo_servers.PORT:
                console.print(f"Port {demo_servers.PORT} is busy; taking {web.getsockname()[1]}.")
            _, offset = self._load(reset=options["reset"])
            _collect_static()
            connection.close()
            with demo_servers.stop_requests() as received:
                children = demo_servers.start(web, portal, clock_offset=offset)
                try:
                    demo_servers.wait_until_ready(web, children)
                    demo_servers.wait_until_ready(portal, children)
                    _welcome(web, portal)
                    demo_servers.watch(children, received)
                finally:
                    console.print("\nStopping …")
                    demo_servers.stop(children)


def _lock_file(name: str) -> IO[str]:
    Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
    return open(Path(settings.VAR_DIR) / name, "a")


@contextlib.contextmanager
def _one_load_at_a_time() -> Iterator[None]:
    with _lock_file("demo-load.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _only_demo_here() -> Iterator[None]:
    with _lock_file("demo.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("a demo already runs from this folder; stop it first (Ctrl-C where it runs)") from None
        yield


def _reset() -> None:
    """Drop the embedded demo database and everything beside it; a served database is never dropped."""
    if not embedded.lent:
        raise CommandError("RESET works on the embedded database only; empty the served one yourself")
    name = str(settings.DATABASES["default"]["NAME"])
    maintenance = make_conninfo("", **{**conninfo_to_dict(os.environ["DATABASE_URL"]), "dbname": "postgres"})
    connection.close()
    with psycopg.connect(maintenance, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    demo_anchor.forget()


@contextlib.contextmanager
def _progress() -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, visible=False)

        def show(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total, description=text, visible=True)

        yield show


def _collect_static() -> None:
    digest, folder = demo_anchor.static_digest(), demo_servers.static_root()
    if folder.exists() and demo_anchor.read().get("static") == digest:
        return
    # A process of its own: the folder and the storage are settings.
    environment = {**os.environ, "STATIC_ROOT": str(folder), "PLAIN_STATIC": "0"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False)
    if done.returncode:
        raise CommandError("the static files cannot be collected")
    demo_anchor.remember(static=digest)


def _welcome(web: socket, portal: socket) -> None:
    table = Table(title="Demo logins (invented people)", title_justify="left")
    for head in ("role", "职务", "login", "password"):
        table.add_column(head)
    for role, title, login in LOGINS:
        table.add_row(role, title, login, PASSWORD)
    console.print(table)
    console.print(f"Staff pages:   {demo_servers.address_of(web)}", style="bold")
    console.print(f"Public portal: {demo_servers.address_of(portal)}", style="bold")
    console.print(f"Logs: {Path(settings.VAR_DIR) / 'log'}. Ctrl-C stops everything; the data stays.")
