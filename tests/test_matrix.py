"""Every address × every role × own and strange case, against the table in tests/matrix.py."""

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from drf_spectacular.generators import SchemaGenerator

from tests import matrix, once, world
from wuhai_exec import api

# Without the mark pytest-django would make no test database for a run of this module alone.
pytestmark = pytest.mark.django_db
UNSAFE = re.compile(r'\sstyle="|<style|\son\w+="|<script(?![^>]*\ssrc=)', re.IGNORECASE)


def addresses(patterns=None, namespace=""):
    """Yield (name, pattern) of every address; the API has its own namespaces ending in _api."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            yield from addresses(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield (f"{namespace}:{entry.name}" if namespace else entry.name), entry


NAMES = {name for name, _entry in addresses()}


def test_every_address_has_a_row_and_every_row_an_address():
    rows = set(matrix.ROWS) | matrix.PUBLIC
    assert NAMES - rows == set()
    assert rows - NAMES - {"styleguide"} == set()


built = once.fixture(world.build)


@pytest.fixture(scope="module")
def client_of(built):
    """Return a new client of a user, whose one session lasts for the module."""
    sessions = {}
    # Before any savepoint, for a session made within one is gone with it.
    for user in (*built.house.staff.values(), built.things["case"].judge):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        sessions[user.pk] = client.session.session_key

    def logged_in(user):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[user.pk]
        return client

    return logged_in


def _address(name, things):
    thing = matrix.ROWS[name].thing
    return reverse(name, args=[things[thing].pk] if thing else [])


def _ask(client, name, address):
    if not matrix.ROWS[name].is_post:
        return client.get(address)
    return client.post(address, **({"content_type": "application/json"} if matrix.is_api(name) else {}))


TABLED = sorted(NAMES & set(matrix.ROWS))


@pytest.mark.parametrize("name", TABLED)
def test_a_stranger_to_login_is_sent_to_login(built, name):
    answer = _ask(Client(), name, _address(name, built.things))
    if matrix.is_api(name):
        assert answer.status_code == 403
    else:
        assert answer.status_code == 302
        assert answer.url.startswith("/login/")


@pytest.mark.parametrize("name", TABLED)
def test_only_the_named_roles_are_let_in(built, client_of, name):
    for role in sorted(matrix.ALL):
        point = transaction.savepoint()
        answer = _ask(client_of(built.user(role)), name, _address(name, built.things))
        transaction.savepoint_rollback(point)
        if role in matrix.ROWS[name].roles:
            # A named role may still be a stranger to this very thing (404), or its duty another's (403 on an act).
            allowed = {200, 302, 404, 422} | ({403} if matrix.ROWS[name].thing else set())
            allowed |= {202, 400} if matrix.is_api(name) else set()
            assert answer.status_code in allowed, (name, role, answer.status_code)
            if answer.status_code == 200 and "html" in answer["Content-Type"] and not matrix.is_api(name):
                text = answer.content.decode()
                assert not UNSAFE.search(text), (name, role, UNSAFE.search(text))
                assert reverse("set_language") in text
        else:
            assert answer.status_code == 403, (name, role, answer.status_code)


def test_the_schema_is_gathered_once_for_everyone_in_each_language(built, client_of, monkeypatch):
    gathered = []
    gather = SchemaGenerator.get_schema
    monkeypatch.setattr(
        SchemaGenerator, "get_schema", lambda self, **given: gathered.append(given) or gather(self, **given)
    )
    api._schema_in.cache_clear()
    address, chief, clerk = reverse("schema"), client_of(built.user("CHIEF")), client_of(built.user("WINDOW_CLERK"))
    chinese, english = (chief.get(address, {"lang": language}).content for language in ("zh-hans", "en"))
    assert chinese != english
    assert clerk.get(address, {"lang": "en"}).content == english
    assert gathered == [{"request": None, "public": True}] * 2


@pytest.mark.parametrize("name", [name for name in TABLED if matrix.ROWS[name].thing in world.SCOPED])
def test_anothers_case_does_not_exist(built, client_of, name):
    for role in sorted(matrix.ROWS[name].roles & {"WINDOW_CLERK", "RECEPTIONIST", "OFFICER", "BAILIFF"}):
        point = transaction.savepoint()
        answer = _ask(client_of(built.user(role)), name, _address(name, built.strange))
        transaction.savepoint_rollback(point)
        assert answer.status_code == 404, (name, role, answer.status_code)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("cases:detail", "WINDOW_CLERK"),
        ("cases:detail", "JUDGE"),
        ("cases:detail", "OFFICER"),
        ("cases:timeline", "CHIEF"),
        ("accounts:case_money", "OFFICER"),
        ("accounts:payout", "FINANCE"),
        ("accounts:receipts", "CHIEF"),
        ("intake:receipt", "WINDOW_CLERK"),
        ("dispatch:case_dispatch", "DISPATCHER"),
        ("documents:case_materials", "INSPECTOR"),
        ("supervision:figures", "CHIEF"),
        ("cases_api:detail", "OFFICER"),
        ("cases_api:record", "JUDGE"),
        ("documents_api:case_materials", "OFFICER"),
        ("accounts_api:case_money", "OFFICER"),
        ("intake_api:receipt", "WINDOW_CLERK"),
        ("cases_api:list", "RECEPTIONIST"),
        ("schema", "CHIEF"),
    ],
)
def test_the_holder_of_a_case_sees_it(built, client_of, name, role):
    user = built.user(role)
    if role == "JUDGE":
        user = built.things["case"].judge
    assert client_of(user).get(_address(name, built.things)).status_code == 200
