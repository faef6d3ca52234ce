"""The public look-up: a right code opens, wrong ones lock and look alike, the role sees nothing else."""

import datetime as dt
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from bureau import grants
from intake import services as intake
from intake.codes import code_hmac as kept_hmac
from portal import keys, lookup, services
from portal.models import LOCK, Attempt, DebtPage, StatusPage
from tests import deploy_check, factories

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = override_settings(
    ROOT_URLCONF="portal.urls",
    LOGIN_URL="/",
    MIDDLEWARE=[
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
)
WRONG = "0000-0000-0000-0000"


@pytest.fixture
def filed(house, at):
    filed = factories.file_case(house)
    services.project(at=at(2021, 9, 1))
    return filed


@pytest.fixture
def public():
    with PUBLIC:
        yield Client()


def try_(number, code, at=None):
    return lookup.look_up(number, code, at=at or timezone.now())


def test_window_and_portal_hash_a_code_alike():
    for typed in ("abcd-efgh-jkmn-o1l0", "ABCDEFGHJKMN0110"):
        assert kept_hmac(typed) == keys.code_hmac(typed)


@pytest.mark.parametrize(
    "typed", ["（2021）内0302执1号", "〔2021〕内0302执1号", " (2021) 内０３０２ 执 1 号", "(2021)内0302执1"]
)
def test_brackets_width_and_blanks_do_not_matter(typed):
    assert keys.plain_number(typed) == "(2021)内0302执1号"


@pytest.mark.django_db
class TestPages:
    def test_number_and_code_open_the_page(self, filed, public):
        first = public.get("/")
        assert first.status_code == 200
        assert len(first.content) < 100_000
        answer = public.post("/", {"number": "（2021）内0302执1号", "code": filed.code.lower()}, follow=True)
        assert answer.redirect_chain[-1][0] == "/status/"
        page = answer.content.decode()
        assert "(2021)内0302执1号" in page
        assert "张*然" in page
        assert "张安然" not in page
        assert "法院受理了您的执行申请" in page

    def test_cookie_is_closed_to_scripts_and_leaving_forgets_the_case(self, filed, public):
        answer = public.post("/", {"number": filed.case.number, "code": filed.code})
        cookie = answer.cookies["portal_status"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert filed.code not in cookie.value
        public.post("/leave/")
        assert public.get("/status/").status_code == 302

    def test_a_forged_cookie_opens_nothing(self, filed, public):
        public.cookies["portal_status"] = "eyJwYWdlIjoxfQ:1:x"
        assert public.get("/status/").status_code == 302

    def test_every_wrong_answer_is_the_same(self, filed, public):
        bad = public.post("/", {"number": filed.case.number, "code": WRONG})
        unknown = public.post("/", {"number": "(2021)内0302执999号", "code": filed.code})
        for _turn in range(4):
            public.post("/", {"number": filed.case.number, "code": WRONG})
        locked = public.post("/", {"number": filed.case.number, "code": filed.code})
        assert {bad.status_code, unknown.status_code, locked.status_code} == {422}
        errors = [answer.context["form"].non_field_errors() for answer in (bad, unknown, locked)]
        assert errors[0] == errors[1] == errors[2]
        assert Attempt.objects.count() == 7

    def test_hostile_input_is_an_answer_not_an_error(self, filed, public):
        for number in ("%' OR 1=1 --", "号" * 60, "\x00", "x" * 5000):
            assert public.post("/", {"number": number, "code": "c"}).status_code == 422

    def test_an_empty_form_names_its_fields(self, public):
        assert set(public.post("/", {}).context["form"].errors) == {"number", "code"}

    def test_health(self, public):
        assert public.get("/healthz").content == b"ok"


@pytest.mark.django_db
class TestLock:
    def test_every_outcome_costs_the_same_statements(self, filed, django_assert_num_queries):
        for number, code in ((filed.case.number, filed.code), (filed.case.number, WRONG), ("(2021)内0302执9号", WRONG)):
            with django_assert_num_queries(6):  # savepoint, lock, tries, page, log, release
                try_(number, code)

    def test_lock_ends_thirty_minutes_after_the_fifth_try_and_tries_meanwhile_prolong_nothing(self, filed):
        start = timezone.now()
        for minute in range(0, 10, 2):
            assert try_(filed.case.number, WRONG, start + dt.timedelta(minutes=minute)) is None
        end = start + dt.timedelta(minutes=8) + LOCK
        assert try_(filed.case.number, filed.code, end - dt.timedelta(seconds=1)) is None
        assert try_(filed.case.number, filed.code, end) is not None

    def test_four_wrong_tries_or_slow_ones_do_not_lock(self, filed):
        start = timezone.now()
        for turn in range(6):
            assert try_(filed.case.number, WRONG, start + turn * dt.timedelta(minutes=8)) is None
        assert try_(filed.case.number, filed.code, start + dt.timedelta(minutes=41)) is not None

    def test_an_unknown_number_locks_like_a_known_one(self, filed):
        for _turn in range(6):
            try_("(2021)内0302执77号", WRONG)
        assert Attempt.objects.filter(was_locked=True).count() == 1

    def test_a_revoked_code_opens_nothing_once_projected(self, filed, house, at):
        page = try_(filed.case.number, filed.code)
        fresh = intake.reissue_code(filed.case, at=at(2021, 9, 2), actor=house.window_clerk)
        assert services.project(at=at(2021, 9, 2)) == 1
        assert try_(filed.case.number, filed.code) is None
        assert lookup.find_again(page.pk, page.code_hmac) is None
        assert try_(filed.case.number, fresh) is not None


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_tries_cannot_outrun_the_lock(house, at):
    barrier = threading.Barrier(8)

    def burst():
        try:
            barrier.wait()
            try_("(2021)内0302执1号", WRONG)
        finally:
            connection.close()

    threads = [threading.Thread(target=burst) for _turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Attempt.objects.filter(was_locked=False).count() == 5
    assert Attempt.objects.filter(was_locked=True).count() == 3


@pytest.mark.django_db
class TestRole:
    def as_portal(self, cursor):
        cursor.execute(f'SET LOCAL ROLE "{grants.role_name("portal")}"')

    def test_the_whole_look_up_works_as_the_portals_role(self, filed):
        with transaction.atomic(), connection.cursor() as cursor:
            self.as_portal(cursor)
            page = try_(filed.case.number, filed.code)
            assert page is not None
            assert lookup.find_again(page.pk, page.code_hmac) is not None
            cursor.execute("RESET ROLE")

    def test_every_other_table_and_every_change_is_refused(self, filed):
        own = {StatusPage._meta.db_table, DebtPage._meta.db_table, Attempt._meta.db_table}
        refused = [f'SELECT * FROM "{table}"' for table in connection.introspection.table_names() if table not in own]
        assert len(refused) > 30
        refused += [
            "UPDATE portal_statuspage SET code_hmac = ''",
            "DELETE FROM portal_statuspage",
            "UPDATE portal_debtpage SET token_hmac = ''",
            "DELETE FROM portal_debtpage",
            "DELETE FROM portal_attempt",
            "UPDATE portal_attempt SET is_success = true",
        ]
        for statement in refused:
            with transaction.atomic(), connection.cursor() as cursor:
                self.as_portal(cursor)
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(statement)
                cursor.execute("RESET ROLE")


def test_the_public_process_starts_in_its_own_settings_without_a_staff_room():
    script = (
        "import django, sys; django.setup(); from django.core.management import call_command; call_command('check');"
        "import portal.urls; rooms = {'cases', 'accounts', 'intake', 'dispatch', 'documents', 'supervision'};"
        "print(sorted(rooms & set(sys.modules)) + ['bureau.models'] * ('bureau.models' in sys.modules))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "wuhai_exec.portal_settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("[]")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"CLOCK_OFFSET": "60"}, "bureau.E001"), ({"CODE_KEY": "insecure-development-code-key"}, "bureau.E003")],
    ids=["clock", "key"],
)
def test_the_public_process_refuses_demo_settings_in_service(change, refusal):
    done = deploy_check.check("wuhai_exec.portal_settings", **change)
    assert done.returncode != 0
    assert refusal in done.stderr
