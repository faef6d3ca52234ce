"""Anybody verifies a printed paper on the portal: what proves it, names masked, and what replaced it."""

import datetime as dt

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from bureau import grants
from bureau.models import User
from documents import services as documents
from documents.models import Document
from documents.numerals import printed_number
from portal import verifying
from portal.models import LOCK, Attempt
from tests import factories, kept, processes
from tests.portal.browsers import PUBLIC

AT = factories.moment(2021, 9, 8)


@pytest.fixture
def case(house):
    return kept.running_case(house)


@pytest.fixture
def public():
    with PUBLIC:
        yield Client(headers={"accept-language": "zh-hans"})


def freeze(case):
    return factories.issue(case, "FREEZE", actor=case.judge)


class TestPage:
    def test_a_valid_paper_shows_what_proves_it_and_nothing_else(self, case, public):
        document = freeze(case)
        documents.print_waiting(at=AT, actor=User.objects.system())
        document = Document.objects.get(pk=document.pk)
        answer = public.get(f"/verify/{document.token}/")
        page = answer.content.decode()
        assert answer.status_code == 200
        for text in (printed_number(document.number), document.title, "乌海市海勃湾区人民法院", "2021-09-06", "有效"):
            assert text in page
        for text in (document.content_sha256, document.pdf_sha256, "SIM-内0302", "张*然"):
            assert text in page
        for text in ("张安然", case.judge.name, case.owner.name, "11010519491231002X", "50,000", "财产线索"):
            assert text not in page
        assert "no-store" in answer["Cache-Control"]
        assert 'content="noindex"' in page

    def test_a_replaced_paper_names_the_one_that_replaces_it_and_not_why(self, case, public):
        one, two, three = (freeze(case) for _turn in range(3))
        documents.void(one, by=two, reason="张安然的账号有误", at=AT, actor=case.judge)
        page = public.get(f"/verify/{one.token}/").content.decode()
        assert f"2021-09-08 作废，由 2021-09-06 签发的 {printed_number(two.number)}《{two.title}》取代" in page
        assert "后来也已作废" not in page
        assert "账号有误" not in page
        assert "有效" not in page
        documents.void(two, by=three, reason="又错", at=AT, actor=case.judge)
        assert "后来也已作废" in public.get(f"/verify/{one.token}/").content.decode()

    def test_an_unknown_code_is_the_same_page_with_a_plain_sentence(self, case, public):
        document = freeze(case)
        for token in ("x", "x" * 200, document.token[:-1], document.token + "x" * 50, "%00", "%27--"):
            answer = public.get(f"/verify/{token}/")
            assert answer.status_code == 404, token
            page = answer.content.decode()
            assert "文书核验" in page
            assert "没有这份文书" in page

    def test_it_reads_in_english(self, case):
        with PUBLIC:
            page = Client(headers={"accept-language": "en"}).get(f"/verify/{freeze(case).token}/").content.decode()
        assert "Verify a document" in page
        assert "Valid" in page

    def test_its_queries_do_not_grow_with_the_papers(self, case, public, django_assert_num_queries):
        first = freeze(case)
        with django_assert_num_queries(6):
            public.get(f"/verify/{first.token}/")
        for _turn in range(3):
            last = freeze(case)
        with django_assert_num_queries(6):
            public.get(f"/verify/{last.token}/")


class TestThrottle:
    def test_each_asking_is_logged_by_keyed_digest_and_five_wrong_ones_lock_the_code(self, case):
        start = timezone.now()
        for turn in range(6):
            assert verifying.find("made-up", at=start + dt.timedelta(seconds=turn)) is None
        tries = Attempt.objects.filter(way=Attempt.Way.PAPER)
        assert [row.was_locked for row in tries.order_by("id")] == [False] * 5 + [True]
        assert not tries.filter(number_digest__contains="made-up").exists()
        assert verifying.find("made-up", at=start + LOCK + dt.timedelta(minutes=1)) is None
        assert not tries.order_by("-id")[0].was_locked

    def test_who_verifies_one_paper_again_and_again_is_not_locked(self, case):
        token = freeze(case).token
        assert all(verifying.find(token, at=timezone.now()) for _turn in range(8))


class TestRole:
    def test_the_public_role_asks_for_one_paper_and_lists_none(self, case):
        document = freeze(case)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SET LOCAL ROLE "{grants.role_name("portal")}"')
            found = verifying.find(document.token, at=timezone.now())
            cursor.execute("RESET ROLE")
        assert found is not None
        assert found.number == printed_number(document.number)

    def test_nobody_else_may_ask(self, case):
        with connection.cursor() as cursor:
            for suffix, is_allowed in (("app", False), ("portal", True)):
                question = "SELECT has_function_privilege(%s, 'portal_paper(text)', 'EXECUTE')"
                cursor.execute(question, [grants.role_name(suffix)])
                assert cursor.fetchone() == (is_allowed,)


@pytest.mark.django_db(transaction=True)
def test_the_role_has_no_way_to_what_lies_behind():
    factories.House.build()
    with psycopg.connect(processes.portal_database_address(), autocommit=True) as own:
        assert own.execute("SELECT * FROM portal_paper('x')").fetchall() == []
        for table in ("documents_document", "documents_sealuse", "documents_draft"):
            with pytest.raises(psycopg.Error, match="permission denied"):
                own.execute(f"SELECT * FROM {table}")
