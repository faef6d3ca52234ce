"""The browser; where there is none a skip says so, unless REQUIRE_BROWSER asks for a failure."""

import os

import pytest
from django.db import connections

from bureau.models import User
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


@pytest.fixture
def visit(browser, live_server):
    """Return a page of that member of staff; `faults` gathers what the browser complains of."""
    contexts = []

    def enter(user: User, width: int = 1440):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        contexts.append(context)
        context.add_cookies([walker.session_cookie(user, live_server.url)])
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "console", lambda line: page.faults.append(f"{line.text} {line.location}") if line.type == "error" else None
        )
        return page

    yield enter
    for context in contexts:
        context.close()
