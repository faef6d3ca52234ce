"""Loaded by pytest before the settings: servers, and settings' values for tests."""

import atexit
import contextlib
import os
import tempfile

import pytest

from wuhai_exec import embedded

DEFAULTS = {
    "DJANGO_SETTINGS_MODULE": "wuhai_exec.settings",
    "PLAIN_STATIC": "1",
    "SECURE_TLS": "0",
    "LOG_LEVEL": "WARNING",
    "ALLOWED_HOSTS": "*",
    "CONN_MAX_AGE": "0",
}
# Redis databases 1 to 40 belong to the workers of pytest-xdist; 0 is used without it.
REDIS_DATABASES = 40
_borrowed = contextlib.ExitStack()


def _redis_of_worker(address: str, worker: str) -> str:
    """Return the address of the worker's own Redis database; gw0 gets the one after the given."""
    number = 1 + int(worker.removeprefix("gw")) % REDIS_DATABASES
    if address.startswith("unix://"):
        return f"{address.partition('?')[0]}?db={number}"
    head, _, tail = address.rpartition("/")
    return f"{head}/{number}" if tail.isdigit() else f"{address.rstrip('/')}/{number}"


def prepare() -> None:
    """Put the tests' values into the environment, and start the servers where no addresses are given."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    # The demo's time and marks never reach a test.
    for name in ("CLOCK_OFFSET", "DEMO"):
        os.environ.pop(name, None)
    if "STATIC_ROOT" not in os.environ:
        os.environ["STATIC_ROOT"] = _borrowed.enter_context(tempfile.TemporaryDirectory(prefix="static-"))
        atexit.register(_borrowed.close)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:  # the controller's environment is inherited, servers included
        os.environ["REDIS_URL"] = _redis_of_worker(os.environ["REDIS_URL"], worker)
    elif not os.environ.get("DATABASE_URL"):
        servers = _borrowed.enter_context(embedded.running(durable=False))
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = servers.database_url, servers.redis_url
    os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379/0")


@pytest.hookimpl(tryfirst=True)
def pytest_addoption(parser: pytest.Parser) -> None:
    """Prepare as soon as the plugin is loaded: pytest-django reads the settings right after the options."""
    prepare()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started, after everything else."""
    _borrowed.close()
