"""What is shown when a page is missing, forbidden, expired or broken: the house's frame and a way back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from wuhai_exec.desks import server_error

ROOT = Path(__file__).resolve().parents[1]
FRAME = ('class="top"', "icon", 'name="language"', 'href="/"')


def _has_frame(answer) -> bool:
    page = answer.content.decode()
    return all(mark in page for mark in FRAME)


@pytest.mark.django_db
class TestStaff:
    @pytest.mark.parametrize(
        ("address", "status", "word"), [("/nope/", 404, "不存在"), ("/figures/record/", 403, "没有权限")]
    )
    def test_missing_and_forbidden(self, house, login, address, status, word):
        answer = login(house.window_clerk).get(address)
        assert answer.status_code == status
        assert _has_frame(answer)
        assert word in answer.content.decode()

    def test_an_expired_form(self, house):
        client = Client(enforce_csrf_checks=True)
        client.force_login(house.chief, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post("/deputies/", {})
        assert answer.status_code == 403
        assert _has_frame(answer)
        assert "页面已过期" in answer.content.decode()


def test_a_broken_page_asks_the_database_nothing():
    # No database mark: a query here would fail the test.
    answer = server_error(RequestFactory().get("/cases/"))
    assert answer.status_code == 500
    assert _has_frame(answer)


def test_the_public_process_has_its_own_frame():
    script = (
        "import django; django.setup(); from django.test import Client;"
        "print(Client().get('/nope/', HTTP_HOST='localhost').content.decode())"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "wuhai_exec.portal_settings",
        "SECURE_TLS": "0",
        "PLAIN_STATIC": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert "portal.css" in done.stdout, done.stderr
    assert "页面不存在" in done.stdout
    assert "回到首页" in done.stdout
