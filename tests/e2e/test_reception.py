"""A first reception in a real browser: typed, the browser killed in the middle, taken up again, signed, filed."""

import os
import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session

from intake.models import Reception
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = factories.moment(2021, 9, 2)
LOST_MAX = 2.0


@pytest.fixture(autouse=True)
def _september(monkeypatch, settings):
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False
    monkeypatch.setattr("bureau.clock.now", lambda: TODAY)
    monkeypatch.setattr("bureau.clock.today", TODAY.date)


def picture(page, name):
    """Keep a picture where a folder is asked for, and hold the page to its width."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.locator(".button.primary").count() == 1, name
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def wait_for(check):
    """Wait until the server has it, as long as the promise allows."""
    ends = time.monotonic() + LOST_MAX
    while time.monotonic() < ends:
        if check():
            return
        time.sleep(0.05)
    raise AssertionError("not saved within two seconds")


def begin(page, live_server):
    page.goto(f"{live_server.url}/filing/receptions/new/")
    page.locator("main form button[type=submit]").click()
    page.locator("[data-record]").wait_for()
    return Reception.objects.get()


def test_a_killed_browser_costs_two_seconds_at_most(house, visit, live_server):
    page = visit(house.window_clerk)
    row = begin(page, live_server)
    address = page.url
    page.locator("[name=q-visitor]").fill("张安然")
    assert not page.locator("[data-q=performed_amount]").is_visible()
    page.locator("[name=q-is_performed][value=是]").check()
    assert page.locator("[data-q=performed_amount]").is_visible()
    # Steady typing, without a pause: the clock runs from the first key that is not saved.
    page.locator("[name=q-demand]").press_sequentially("要求对方还清货款并承担利息。" * 3, delay=60)
    assert len(Reception.objects.get(pk=row.pk).answers.get("demand", "")) > 10
    wait_for(lambda: Reception.objects.get(pk=row.pk).answers.get("demand", "").count("。") == 3)
    page.locator("#saved .badge.done").wait_for()
    picture(page, "reception-typed")
    kept = page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    assert not [words for words in ("张安然", "货款", "demand") if words in kept]
    faults = list(page.faults)
    page.context.close()
    again = visit(house.receptionist, 390)
    again.goto(address)
    assert again.locator("[name=q-visitor]").input_value() == "张安然"
    assert again.locator("[name=q-demand]").input_value().count("。") == 3
    assert again.locator("[data-q=performed_amount]").is_visible()
    picture(again, "reception-narrow")
    assert not faults
    assert not again.faults


def test_an_expired_session_says_so_and_goes_on_after_login(house, visit, live_server):
    page = visit(house.window_clerk)
    row = begin(page, live_server)
    page.locator("[name=q-visitor]").fill("张安然")
    wait_for(lambda: Reception.objects.get(pk=row.pk).visitor == "张安然")
    Session.objects.all().delete()
    page.locator("[name=q-debtor]").fill("李守信")
    page.locator("[data-why=login]").wait_for()
    assert row.get_absolute_url() in page.locator("[data-why=login] a").get_attribute("href")
    assert "登录名" not in page.locator("#saved").inner_text()
    fresh = visit(house.window_clerk)
    fresh.goto(f"{live_server.url}{row.get_absolute_url()}")
    assert fresh.locator("[name=q-visitor]").input_value() == "张安然"


def test_it_is_signed_with_a_finger_and_filed_with_one_click(house, visit, live_server):
    row = factories.reception(house.window_clerk, until="READ_BACK", answers={"principal": "50000"}, at=TODAY)
    page = visit(house.window_clerk, 390)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{live_server.url}{row.get_absolute_url()}")
    picture(page, "reception-read-back")
    page.locator(".button.primary").click()
    page.locator("[data-pad]").scroll_into_view_if_needed()
    box = page.locator("[data-pad]").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 20 + 25 * step, box["y"] + 20 + 40 * (step % 2))
    page.mouse.up()
    picture(page, "reception-sign")
    page.locator("main form .bar.end button").click()
    page.locator("img.signed").wait_for()
    assert page.evaluate("document.querySelector('img.signed').naturalWidth") == 1200
    picture(page, "reception-signed")
    page.locator("a[href*='?reception=']").click()
    page.locator("[name=basis_number]").wait_for()
    assert page.locator("[name=applicants-0-name]").input_value() == "张安然"
    assert page.locator("[name=claims-0-amount]").input_value() == "50,000.00"
    assert page.locator("[name=source-reception]").input_value() == str(row.pk)
    picture(page, "reception-prefilled")
    assert not page.faults


def test_what_is_not_saved_is_not_called_saved(house, visit, live_server):
    row = factories.reception(house.window_clerk, until="DRAFT", at=TODAY)
    page = visit(house.window_clerk)
    page.goto(f"{live_server.url}{row.get_absolute_url()}")
    page.locator("[data-why=line]").wait_for(state="hidden")
    page.context.set_offline(True)
    page.locator("[name=q-visitor]").fill("李四")
    page.locator("[data-unsaved]").wait_for()
    page.locator("[data-why=line]").wait_for()
    assert not page.locator("#saved").is_visible()
    assert page.locator("[data-why=line]").evaluate("row => row.getBoundingClientRect().bottom <= innerHeight")
    page.context.set_offline(False)
    page.locator("#saved").wait_for()
    assert not page.locator("[data-unsaved]").is_visible()
    assert Reception.objects.get().answers["visitor"] == "李四"
    Session.objects.all().delete()
    page.locator("[name=q-visitor]").fill("王五")
    page.locator("[data-why=login]").wait_for()
    assert not page.locator("#saved").is_visible()
