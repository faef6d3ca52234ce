"""The browser; where there is none a skip says so, unless REQUIRE_BROWSER asks for a failure."""

import os

import pytest
from django.db import connections

from tests import walker


@pytest.fixture
def browser(monkeypatch):
    if walker.chromium() is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and no chromium is installed")
        pytest.skip("no chromium on this machine: browser tests are left out")
    # Playwright's loop runs in this thread; Django would take it for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with walker.browser() as started:
        yield started
        # While Playwright's loop runs, Django keeps this thread's connection apart; nobody else would close it.
        connections.close_all()
