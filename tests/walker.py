"""Walks pages in a real browser: a page that raises, overflows sideways, logs an error or breaks the CSP is a fault."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Error, Page, sync_playwright

from bureau.models import User

WIDTHS = {"wide": 1440, "narrow": 390}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def chromium() -> str | None:
    """Return Debian's Chromium, or None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


# On a phone a row is a card: a figure or a day without its name says nothing. A link, button or badge says itself.
UNLABELLED = """() => [...document.querySelectorAll(".cards-narrow tbody td:not(:first-child):not([data-label])")]
  .filter((cell) => cell.innerText.trim() && !cell.querySelector("a, button, .badge"))
  .map((cell) => cell.innerText.trim())"""
# A required field that nobody sees stops every button of its form without a word.
HIDDEN_REQUIRED = """() => [...document.forms].flatMap((form) => {
  const shown = (element) => element.checkVisibility();
  const buttons = [...form.elements].filter((element) => element.type === "submit" && !element.formNoValidate);
  if (!buttons.some(shown)) return [];
  return [...form.elements].filter((element) => element.required && !shown(element)).map((element) => element.name);
})"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a headless browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


def session_cookie(user: User, base: str) -> dict[str, Any]:
    """Return the cookie of a session in which the user is logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": base}


@dataclass
class Walk:
    """One user's walk at one width, with the faults found on the way.

    At the widths of `also` each page is looked at again without being asked for anew.
    """

    browser: Browser
    base: str
    width: int
    user: User | None = None
    cookies: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    also: tuple[int, ...] = ()

    def pages(self, addresses: dict[str, str], folder: Path | None = None) -> list[str]:
        """Open every address, picture it where a folder is given, and return the faults."""
        context = self.browser.new_context(viewport={"width": self.width, "height": 900}, locale="zh-CN")
        cookies = [session_cookie(self.user, self.base)] if self.user else self.cookies
        if cookies:
            context.add_cookies(cookies)
        page = context.new_page()
        here = {"name": ""}
        page.on("console", lambda message: self._console(here["name"], message))
        page.on("pageerror", lambda error: self.faults.append(f"{here['name']}: {error}"))
        for name, address in addresses.items():
            here["name"] = f"{name} {self.user.username if self.user else '-'}"
            self._open(page, here["name"], self.base + address)
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=folder / f"{name.replace(':', '-')}.png", full_page=True)
        context.close()
        return self.faults

    def _console(self, name: str, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"{name}: {message.text}")

    def _open(self, page: Page, name: str, address: str) -> None:
        try:
            answer = page.goto(address, wait_until="load")
        except Error as error:
            if "Download is starting" in str(error):
                return  # a file, nothing to look at
            raise
        if answer is None or answer.status >= 400:
            self.faults.append(f"{name}: status {answer.status if answer else 'none'}")
        self._look(page, f"{name} {self.width}", self.width)
        for width in self.also:
            page.set_viewport_size({"width": width, "height": 900})
            self._look(page, f"{name} {width}", width)
        if self.also:
            page.set_viewport_size({"width": self.width, "height": 900})

    def _look(self, page: Page, name: str, width: int) -> None:
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self.faults.append(f"{name}: {over} px too wide")
        if (solid := page.locator(".button.primary").count()) > 1:
            self.faults.append(f"{name}: {solid} solid buttons, the next act is the only one")
        self.faults += [f"{name}: {field!r} is required and hidden" for field in page.evaluate(HIDDEN_REQUIRED)]
        if width == WIDTHS["narrow"]:
            self.faults += [f"{name}: no label beside {text!r}" for text in page.evaluate(UNLABELLED)]
