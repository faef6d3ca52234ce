"""The public process as it is deployed: its own settings, its own database role, started for real."""

import json
import os
import subprocess
import sys

import psycopg
import pytest

from bureau import clock, grants
from bureau.models import User
from cases.models import PartyAsk
from portal import services, taking
from tests import factories, processes

SCRIPT = """
import json, sys
import django
django.setup()
from django.core.management import call_command
call_command("check")
from django.test import Client
asked = json.loads(sys.stdin.read())
client = Client()
told = {"first": client.get("/").status_code, "guides": client.get("/guides/").status_code}
told["calculator"] = client.post("/calculators/application-fee/", {"amount": "12345.67"}).status_code
told["wrong"] = client.post("/", {**asked, "answer": "9999"}).status_code
told["right"] = client.post("/", asked).headers.get("Location")
told["status"] = asked["number"] in client.get("/status/").content.decode()
told["said"] = client.post("/say/clue/", {"kind": "OTHER", "where": "仓库", "text": ""}).status_code
told["verify"] = client.get("/verify/made-up/").status_code
told["phone"] = client.post("/phone/", {"number": asked["number"], "phone": "13800000000"}).status_code
rooms = ("cases", "accounts", "intake", "dispatch", "documents", "assets", "supervision", "bureau")
inside = (f"{room}.{part}" for room in rooms for part in ("models", "services", "views", "tasks"))
told["inside"] = sorted(set(inside) & set(sys.modules))
print(json.dumps(told))
"""


@pytest.mark.django_db(transaction=True)
def test_it_serves_the_whole_way_as_its_own_role_and_loads_no_room():
    house, at = factories.House.build(), clock.now()
    filed = factories.file_case(house)
    services.project(at=at)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "wuhai_exec.portal_settings",
        "DATABASE_URL": processes.portal_database_address(),
        "SECURE_TLS": "0",
        "PLAIN_STATIC": "1",
        "ALLOWED_HOSTS": "testserver",
    }
    asked = {"number": filed.case.number, "code": filed.code, "answer": "002X"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=processes.ROOT,
        env=environment,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "first": 200,
        "guides": 200,
        "calculator": 200,
        "wrong": 422,
        "right": "/status/",
        "status": True,
        "said": 302,
        "verify": 404,
        "phone": 302,
        "inside": [],
    }
    assert taking.take(at=at, actor=User.objects.system()) == 2
    assert "仓库" in PartyAsk.objects.get().text


@pytest.mark.django_db(transaction=True)
def test_the_role_reaches_the_database_by_itself_and_finds_no_way_out():
    portal, app = grants.role_name("portal"), grants.role_name("app")
    with psycopg.connect(processes.portal_database_address(), autocommit=True) as own:
        assert own.execute("SELECT current_user").fetchone() == (portal,)
        assert own.execute("SELECT count(*) FROM portal_statuspage").fetchone() == (0,)
        for statement in ("SELECT * FROM cases_case", "SELECT body FROM portal_submission", f'SET ROLE "{app}"'):
            with pytest.raises(psycopg.Error, match="permission denied"):
                own.execute(statement)
