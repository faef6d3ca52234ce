"""Embedded servers: started once, shared, stopped by the last one out, recovered after kill -9, in any folder."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from wuhai_exec import embedded, embedded_place

ROOT = Path(__file__).resolve().parent.parent
# Says its address, then stays until its input is closed.
USER = 'echo "$DATABASE_URL"; read line'


@pytest.fixture
def var(tmp_path, monkeypatch):
    """A folder of one test's own, which the servers' user may enter."""
    folder = Path("/tmp") / f"embedded-test-{os.getpid()}-{tmp_path.name}"
    folder.mkdir()
    monkeypatch.setenv("VAR_DIR", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def begin(var: Path, command: str = USER) -> subprocess.Popen[str]:
    environment = {**os.environ, "VAR_DIR": str(var)}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-m", "wuhai_exec.embedded", "run", "--test", "--", "sh", "-c", command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def answers(address: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(address, connect_timeout=3) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)
    return False


def address_of(process: subprocess.Popen[str]) -> str:
    lines = []
    for line in process.stdout:
        if line.startswith("postgresql://"):
            return line.strip()
        lines.append(line)
    raise AssertionError("".join(lines))


def test_two_users_at_once_share_one_pair_and_the_last_one_out_stops_it(var):
    first, second = begin(var), begin(var)
    address = address_of(first)
    assert address_of(second) == address
    end(first)
    assert answers(address)
    end(second)
    assert not answers(address)
    assert not (var / "test-servers" / "postgres" / "postmaster.pid").exists()


def test_data_survives_a_restart_and_servers_listen_on_sockets_only(var):
    with embedded.running(durable=False) as servers, psycopg.connect(servers.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    began = time.monotonic()
    with embedded.running(durable=False) as servers, psycopg.connect(servers.database_url) as connection:
        assert time.monotonic() - began < 15
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_servers_are_recovered_after_everything_was_killed(var):
    user = begin(var)
    address = address_of(user)
    postmaster = int((var / "test-servers" / "postgres" / "postmaster.pid").read_text().split()[0])
    os.killpg(user.pid, signal.SIGKILL)
    os.kill(postmaster, signal.SIGKILL)
    user.communicate()
    with embedded.running(durable=False) as servers:
        assert servers.database_url == address
        assert answers(address)


def test_a_user_killed_without_warning_no_longer_counts(var):
    killed = begin(var)
    address = address_of(killed)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert answers(address), "servers outlive a killed user"
    end(begin(var))
    assert not answers(address), "and the next user is the last one out"


def test_termination_stops_what_was_started(var):
    user = begin(var, 'echo "$DATABASE_URL"; exec sleep 60')
    address = address_of(user)
    os.killpg(user.pid, signal.SIGTERM)
    user.communicate(timeout=60)
    assert not answers(address)


def test_a_pid_file_that_names_a_stranger_is_stale(var):
    with embedded.running(durable=False) as servers:
        data = servers.folder / "postgres"
        text = (data / "postmaster.pid").read_text()
    # As after a reboot: the number now belongs to some other living process.
    (data / "postmaster.pid").write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    with embedded.running(durable=False) as servers:
        assert answers(servers.database_url)


def test_a_long_path_gets_a_short_private_socket_folder(var, monkeypatch):
    deep = var / ("很长的文件夹" * 4) / ("long folder's name " * 4).strip()
    monkeypatch.setenv("VAR_DIR", str(deep))
    with embedded.running(durable=False) as servers:
        assert answers(servers.database_url)
        sockets = embedded_place.place_for(durable=False).sockets
        assert str(sockets).startswith("/tmp/wuhai_exec-")
        assert sockets.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(sockets)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs the servers itself, closed parents or not")
def test_as_root_closed_parents_are_left_closed_and_the_data_goes_elsewhere(var, monkeypatch, capfd):
    closed = var / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("VAR_DIR", str(closed / "var"))
    with embedded.running(durable=False) as servers:
        assert answers(servers.database_url)
        assert closed not in servers.folder.parents
        assert str(servers.folder) in capfd.readouterr().err
    assert closed.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(servers.folder)


def test_a_folder_of_somebody_else_is_refused_and_not_taken_over(var):
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder that belongs to somebody else")
    (var / "test-servers").mkdir()
    os.chown(var / "test-servers", 12345, 12345)
    with pytest.raises(embedded.ServersRefused, match="belongs to user 12345"), embedded.running(durable=False):
        pass


@pytest.mark.parametrize(
    ("argv", "needed"),
    [
        ([], False),
        (["help"], False),
        (["--version"], False),
        (["collectstatic", "--noinput"], False),
        (["check", "--deploy"], False),
        (["check", "--database", "default"], True),
        (["migrate", "--help"], False),
        (["migrate"], True),
        (["demo", "--load-only"], True),
    ],
)
def test_only_commands_that_touch_the_database_start_servers(argv, needed):
    assert embedded.needs_database(argv) is needed
