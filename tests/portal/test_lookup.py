"""The public look-up: a right code opens, wrong ones lock and look alike, the role sees nothing else."""

import collections
import datetime as dt
import os
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, InternalError, OperationalError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureau import grants
from intake import reissuing
from intake.codes import code_hmac as kept_hmac
from portal import keys, lookup, services, submitting
from portal.models import LOCK, Attempt
from tests import deploy_check, factories
from tests.at_once import faults, race
from tests.portal.browsers import PUBLIC

ROOT = Path(__file__).resolve().parents[2]
WRONG = "0000-0000-0000-0000"
ANSWER = "002x"  # the end of the applicant's identity number
TODAY = dt.date(2021, 9, 1)
# 55000 and 42809: PostgreSQL refuses to write to, or to empty, a view that joins before it asks who may.
NOT_FOR_VIEWS = ("55000", "42809")


@pytest.fixture
def filed(house, at):
    filed = factories.file_case(house)
    services.project(at=at(2021, 9, 1))
    return filed


@pytest.fixture
def public():
    with PUBLIC:
        yield Client()


def try_(number, code, at=None, answer=ANSWER, today=TODAY):
    return lookup.look_up(number, code, answer, today=today, at=at or timezone.now())


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
        answer = public.post(
            "/", {"number": "（2021）内0302执1号", "code": filed.code.lower(), "answer": ANSWER}, follow=True
        )
        assert answer.redirect_chain[-1][0] == "/status/"
        page = answer.content.decode()
        assert "(2021)内0302执1号" in page
        assert "张安然" in page
        assert "法院受理了您的执行申请" in page

    def test_cookie_is_closed_to_scripts_and_leaving_forgets_the_case(self, filed, public):
        answer = public.post("/", {"number": filed.case.number, "code": filed.code, "answer": ANSWER})
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
        bad = public.post("/", {"number": filed.case.number, "code": WRONG, "answer": ANSWER})
        unknown = public.post("/", {"number": "(2021)内0302执999号", "code": filed.code, "answer": ANSWER})
        for _turn in range(4):
            public.post("/", {"number": filed.case.number, "code": WRONG, "answer": ANSWER})
        locked = public.post("/", {"number": filed.case.number, "code": filed.code, "answer": ANSWER})
        assert {bad.status_code, unknown.status_code, locked.status_code} == {422}
        errors = [answer.context["form"].non_field_errors() for answer in (bad, unknown, locked)]
        assert errors[0] == errors[1] == errors[2]
        stranger = public.post("/", {"number": filed.case.number, "code": filed.code, "answer": "9999"})
        assert stranger.context["form"].non_field_errors() == errors[0]
        assert Attempt.objects.count() == 8

    def test_hostile_input_is_an_answer_not_an_error(self, filed, public):
        for number in ("%' OR 1=1 --", "号" * 60, "\x00", "x" * 5000):
            assert public.post("/", {"number": number, "code": "c", "answer": "1234"}).status_code == 422

    def test_an_empty_form_names_its_fields(self, public):
        assert set(public.post("/", {}).context["form"].errors) == {"number", "code", "answer"}

    def test_health(self, public):
        assert public.get("/healthz").content == b"ok"


@pytest.mark.django_db
class TestLock:
    def test_every_outcome_costs_the_same_work(self, filed):
        """Not measured with a watch: the same statements are sent and the same functions of ours are called."""
        number, unknown = filed.case.number, "(2021)内0302执9号"
        outcomes = {
            "right": (number, filed.code, ANSWER),
            "wrong code": (number, WRONG, ANSWER),
            "wrong answer": (number, filed.code, "9999"),
            "unknown": (unknown, WRONG, "9999"),
        }
        work = {name: self.work_of(*typed) for name, typed in outcomes.items()}
        for _turn in range(5):
            try_(number, WRONG)
        work["locked"] = self.work_of(*outcomes["right"])
        assert work["right"]["compare_digest"] == 2
        assert len({str(sorted(one.items())) for one in work.values()}) == 1, work

    def work_of(self, *typed):
        done, room = collections.Counter(), str(ROOT / "portal") + os.sep

        def count(frame, event, argument):
            code = frame.f_code if event == "call" else None
            # How many earlier tries are looked through is no secret from whoever made them.
            if code and code.co_filename.startswith(room) and code.co_name not in ("__init__", "<genexpr>"):
                done[code.co_name] += 1
            if event == "c_call" and argument.__name__ == "compare_digest":
                done["compare_digest"] += 1

        with CaptureQueriesContext(connection) as sent:
            sys.setprofile(count)
            try:
                lookup.look_up(*typed, today=TODAY, at=timezone.now())
            finally:
                sys.setprofile(None)
        done["statements"] = len(sent)
        return done

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
        shown = {"id_number": "11010519491231002X", "at": at(2021, 9, 2), "actor": house.window_clerk}
        fresh = reissuing.reissue_receipt(filed.case.number, **shown).code
        assert services.project(at=at(2021, 9, 2)) == 1
        assert try_(filed.case.number, filed.code) is None
        assert lookup.find_again(page, now=timezone.now()) is None
        assert try_(filed.case.number, fresh) is not None


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_tries_cannot_outrun_the_lock(house, at):
    assert faults(race([lambda: try_("(2021)内0302执1号", WRONG)] * 8)) == []
    assert Attempt.objects.filter(was_locked=False).count() == 5
    assert Attempt.objects.filter(was_locked=True).count() == 3


@pytest.mark.django_db
class TestRole:
    def as_portal(self, cursor):
        cursor.execute(f'SET LOCAL ROLE "{grants.role_name("portal")}"')

    def test_the_whole_look_up_works_as_the_portals_role(self, filed):
        with transaction.atomic(), connection.cursor() as cursor:
            self.as_portal(cursor)
            opened = try_(filed.case.number, filed.code)
            assert opened is not None
            assert lookup.find_again(opened, now=timezone.now()) is not None
            assert lookup.open_link("made-up", now=timezone.now(), at=timezone.now()) is None
            assert lookup.look_up_by_phone("0" * 64, "123456", now=timezone.now(), at=timezone.now()) is None
            assert lookup.ask_phone_code(filed.case.number, at=timezone.now())
            submitting.submit("CLUE", {"text": "线索"}, opened=opened, at=timezone.now())
            cursor.execute("RESET ROLE")

    def test_exactly_what_was_granted_is_allowed_and_the_rest_refused(self, filed):
        """Every right on every table, as the role itself: nothing is taken on trust from the list of grants."""
        rights = {
            "SELECT": 'SELECT * FROM "{}" LIMIT 1',
            "INSERT": 'INSERT INTO "{}" DEFAULT VALUES',
            "UPDATE": 'UPDATE "{}" SET "{}" = "{}"',
            "DELETE": 'DELETE FROM "{}"',
            "TRUNCATE": 'TRUNCATE "{}" CASCADE',
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT ON (table_name) table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
            )
            tables = dict(cursor.fetchall())
        assert len(tables) > 60
        assert {"cases_case", "bureau_user", "accounts_transfer", "portal_sms"} <= set(tables)
        allowed = {
            (table, right) for table in tables for right, text in rights.items() if self.may(right, text, table, tables)
        }
        assert allowed == {
            ("portal_statuspage", "SELECT"),
            ("portal_person", "SELECT"),
            ("portal_debtpage", "SELECT"),
            ("portal_releasedcopy", "SELECT"),
            ("portal_phonecode", "SELECT"),
            ("portal_viewlink", "SELECT"),
            ("portal_publicchain", "SELECT"),
            ("portal_publicdraw", "SELECT"),
            ("portal_publicplacing", "SELECT"),
            ("portal_attempt", "SELECT"),
            ("portal_attempt", "INSERT"),
            ("portal_submission", "INSERT"),
        }

    def may(self, right, text, table, tables):
        """Return whether the role may do it: whatever else the database says, it does not say that it may not.

        What cannot be tried on a view is asked of the catalogue instead.
        """
        statement = text.format(table, tables[table], tables[table])
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                self.as_portal(cursor)
                cursor.execute(statement)
                raise InterruptedError
        except (OperationalError, ProgrammingError) as fault:
            if fault.__cause__.sqlstate in NOT_FOR_VIEWS:
                return self.is_granted(right, table)
            if isinstance(fault, OperationalError):
                raise
            return "permission denied" not in str(fault)
        except (IntegrityError, InternalError, InterruptedError):
            return True

    def is_granted(self, right, table):
        """Return whether the role holds the right on the whole of it or on one of its columns."""
        asked = "has_any_column_privilege" if right in ("INSERT", "UPDATE") else "has_table_privilege"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {asked}(%s, %s, %s)", [grants.role_name("portal"), table, right])
            return cursor.fetchone()[0]


def test_the_role_has_no_power_of_its_own(db):
    role = grants.role_name("portal")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls,"
            " (SELECT count(*) FROM pg_auth_members WHERE member = r.oid) FROM pg_roles r WHERE rolname = %s",
            [role],
        )
        assert cursor.fetchone() == (True, False, False, False, False, 0)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"CLOCK_OFFSET": "60"}, "bureau.E001"), ({"CODE_KEY": "insecure-development-code-key"}, "bureau.E003")],
    ids=["clock", "key"],
)
def test_the_public_process_refuses_demo_settings_in_service(change, refusal):
    done = deploy_check.check("wuhai_exec.portal_settings", **change)
    assert done.returncode != 0
    assert refusal in done.stderr
