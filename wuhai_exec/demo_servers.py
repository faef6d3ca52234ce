"""Serves the demo: web, portal, worker and beat as child processes, each with the database role it has in service."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from wuhai_exec.demo.banking import ESCROW

PORT = 8000
PORTS_TRIED = 50
READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 8
STOPPING = (signal.SIGINT, signal.SIGTERM)


class CannotServe(RuntimeError):
    """The demo cannot be served; the message says why."""


@dataclass(frozen=True, slots=True)
class Child:
    """One running process of the demo."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def bind(host: str, port: int | None) -> socket.socket:
    """Return a socket bound to the wanted port; without a wish, to the first free one from 8000 on."""
    if port is not None:
        try:
            return _bound(host, port)
        except OSError as error:
            raise CannotServe(
                f"port {port} cannot be used ({error.strerror}): choose another, make demo PORT=…"
            ) from None
    return bind_after(host, PORT - 1)


def bind_after(host: str, port: int) -> socket.socket:
    """Return a socket bound to the first free port behind the given one."""
    for candidate in range(port + 1, port + 1 + PORTS_TRIED):
        with contextlib.suppress(OSError):
            return _bound(host, candidate)
    raise CannotServe(f"no free port from {port + 1} to {port + PORTS_TRIED}")


def _bound(host: str, port: int) -> socket.socket:
    # Bound here and handed over, so that two demos starting at once cannot take each other's port.
    bound = socket.socket()
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(64)
    except BaseException:
        bound.close()
        raise
    return bound


def address_as(role: str, password: str) -> str:
    """Return the database's address for the app's or the portal's role, which must be able to connect."""
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    parts.pop("password", None)
    parts["user"] = f"{parts['dbname']}_{role}"
    if password:
        parts["password"] = password
    address = make_conninfo("", **parts)
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        name = f"{role.upper()}_DATABASE_PASSWORD"
        raise CannotServe(
            f"the role {parts['user']} cannot connect; set {name} to give it a password ({error})"
        ) from None
    return address


def start(web: socket.socket, portal: socket.socket, *, clock_offset: int) -> list[Child]:
    """Start all four processes; their clock runs beside the real one by that many seconds."""
    common = {
        **os.environ,
        "CLOCK_OFFSET": str(clock_offset),
        "DEMO": "1",
        "SECURE_TLS": "0",
        "STATIC_ROOT": str(static_root()),
        "PYTHONUNBUFFERED": "1",
        "PORTAL_URL": address_of(portal),
        **{name: getattr(settings, name) or said for name, said in ESCROW.items()},
    }
    app = {**common, "DATABASE_URL": address_as("app", settings.APP_DATABASE_PASSWORD)}
    public = {
        **common,
        "DATABASE_URL": address_as("portal", settings.PORTAL_DATABASE_PASSWORD),
        "DJANGO_SETTINGS_MODULE": "wuhai_exec.portal_settings",
    }
    celery = ["celery", "--app", "wuhai_exec", "--quiet"]
    worker = [*celery, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    beat = [
        *celery,
        "beat",
        "--schedule",
        str(settings.VAR_DIR / "beat-schedule"),
        "--pidfile",
        "",
        "--loglevel",
        "INFO",
    ]
    return [
        _child("web", _gunicorn(web), app, web),
        _child("portal", _gunicorn(portal), public, portal),
        _child("worker", worker, app),
        _child("beat", beat, app),
    ]


def static_root() -> Path:
    """Return the folder of the demo's collected static files."""
    return Path(settings.VAR_DIR) / "static"


def address_of(bound: socket.socket) -> str:
    """Return the address at which a browser on this machine finds the socket."""
    host, port = bound.getsockname()[:2]
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"  # noqa: S104 - compares only


def _gunicorn(bound: socket.socket) -> list[str]:
    options = ["--bind", f"fd://{bound.fileno()}", "--workers", "1", "--threads", "8", "--worker-tmp-dir", "/tmp"]  # noqa: S108
    return ["gunicorn", *options, "--graceful-timeout", "3", "--no-control-socket", "wuhai_exec.wsgi:application"]


def _child(name: str, command: Sequence[str], environment: dict[str, str], *handed: socket.socket) -> Child:
    folder = Path(settings.VAR_DIR) / "log"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[bound.fileno() for bound in handed],
            start_new_session=True,  # Ctrl-C reaches us only, and we stop them in order
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no other thread runs here
        )
    return Child(name, process, log)


def _die_with_parent() -> None:
    # Linux ends a child whose parent was killed; elsewhere it stays until it is stopped by hand.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def wait_until_ready(bound: socket.socket, children: Sequence[Child]) -> None:
    """Return when the address answers; a child's death or a minute of silence is refused with its last lines."""
    port = bound.getsockname()[1]
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        if dead := first_dead(children):
            raise CannotServe(obituary(dead))
        with contextlib.suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/healthz")
            if line.getresponse().status < 500:
                return
        time.sleep(0.1)
    raise CannotServe(f"port {port} did not answer within {READY_SECONDS_MAX} s; see {children[0].log.parent}")


def first_dead(children: Sequence[Child]) -> Child | None:
    """Return a child that has ended, if any has."""
    return next((child for child in children if child.process.poll() is not None), None)


def obituary(child: Child) -> str:
    """Return one paragraph on a child that ended: its status and the end of its log."""
    tail = "\n".join(child.log.read_text(errors="replace").splitlines()[-15:])
    return f"{child.name} ended with status {child.process.returncode}; the end of {child.log}:\n{tail}"


def stop(children: Sequence[Child]) -> None:
    """Ask all children to end, wait some seconds, then end the rest."""
    for child in children:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS_MAX
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
    for child in children:
        if child.process.poll() is None:
            _signal(child, signal.SIGKILL)
            child.process.wait()


def _signal(child: Child, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        if number == signal.SIGKILL:
            os.killpg(child.process.pid, number)  # with its own children
        else:
            child.process.send_signal(number)


@contextlib.contextmanager
def stop_requests() -> Iterator[list[int]]:
    """Collect Ctrl-C and SIGTERM into a list while the block runs."""
    received: list[int] = []
    before = {number: signal.signal(number, lambda number, frame: received.append(number)) for number in STOPPING}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def watch(children: Sequence[Child], received: list[int]) -> None:
    """Return when a stop is requested; a child's death is refused with its last lines."""
    while not received:
        if dead := first_dead(children):
            raise CannotServe(obituary(dead))
        time.sleep(0.2)
