"""What parties say: who may answer, once, with a day for a visit; the list, the page, the desk and the API."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, User
from cases import askdesk, services
from cases.models import PartyAsk
from tests import factories, kept

AT = factories.moment(2021, 9, 20)


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)


@pytest.fixture
def case(house):
    return kept.running_case(house)


@pytest.fixture
def party(case):
    return case.parties.get(side="APPLICANT")


def clue(party, receipt="AAAA-0001"):
    return services.give_clue(party, text="车在院里", receipt=receipt, at=AT, actor=User.objects.system())


def visit(party):
    wish = {"wanted_on": dt.date(2021, 9, 28), "wanted_half": "MORNING"}
    return services.book_visit(party, text="领款", receipt="AAAA-0002", **wish, at=AT, actor=User.objects.system())


def complaint(party):
    given = {"topic": "SLOW", "text": "没有消息", "receipt": "AAAA-0003"}
    return services.complain(party, **given, at=AT, actor=User.objects.system())


class TestDays:
    def test_seven_days_for_clues_and_complaints_two_working_days_for_visits(self, party):
        # 09-20 and 21 are Mid-Autumn, 09-27 a Monday.
        assert clue(party).due_on == dt.date(2021, 9, 27)
        assert complaint(party).due_on == dt.date(2021, 9, 27)
        assert visit(party).due_on == dt.date(2021, 9, 23)

    def test_two_clues_have_a_clock_each(self, case, party):
        first, _second = clue(party), clue(party, "AAAA-0009")
        services.answer_ask(first, result="UNCLEAR", answer="请补充", at=AT, actor=case.owner)
        assert case.deadlines.filter(node="CLUE_CHECK", state="RUNNING").count() == 1


class TestAnswer:
    def test_team_and_judge_answer_once_and_nobody_else(self, house, case, party):
        ask = clue(party)
        answer = {"result": "NOT_FOUND", "answer": "未查到", "at": AT}
        for stranger in (house.field_officer2, house.chief, house.window_clerk):
            with pytest.raises(PermissionDenied):
                services.answer_ask(ask, **answer, actor=stranger)
        services.answer_ask(ask, **answer, actor=case.judge)
        with pytest.raises(Refused, match="已经答复过"):
            services.answer_ask(ask, **answer, actor=case.judge)

    def test_an_answer_says_something_that_fits(self, case, party):
        ask = clue(party)
        with pytest.raises(Refused) as refusal:
            services.answer_ask(ask, result="FIXED", answer=" ", at=AT, actor=case.judge)
        assert len(refusal.value.reasons) == 4  # what came of it, the words, the day, the half

    def test_a_visit_is_agreed_for_a_working_day(self, case, party):
        ask = visit(party)
        told = {"result": "FIXED", "answer": "305室", "meeting_half": "MORNING", "at": AT, "actor": case.owner}
        with pytest.raises(Refused, match="不上班"):
            services.answer_ask(ask, **told, meeting_on=dt.date(2021, 10, 1))
        answered = services.answer_ask(ask, **told, meeting_on=dt.date(2021, 9, 28))
        assert (answered.meeting_on, answered.meeting_half) == (dt.date(2021, 9, 28), "MORNING")

    def test_only_inspectors_read_and_answer_a_complaint(self, house, case, party):
        ask = complaint(party)
        for user in (case.owner, case.judge, house.chief):
            assert not PartyAsk.objects.visible_to(user).exists()
            with pytest.raises(PermissionDenied):
                services.answer_ask(ask, result="EXPLAINED", answer="已说明", at=AT, actor=user)
        services.answer_ask(ask, result="EXPLAINED", answer="已说明", at=AT, actor=house.inspector)


class TestUnassigned:
    """Until a case is somebody's, what its parties say waits for the command centre."""

    @pytest.fixture
    def case(self, house):
        return factories.file_case(house).case

    def test_it_waits_on_the_dispatchers_desk_and_he_answers(self, house, case, party, login):
        ask, client = clue(party), login(house.dispatcher)
        [item] = askdesk.items(house.dispatcher, today=AT.date())
        assert (item.url, item.due_on) == (ask.get_absolute_url(), ask.due_on)
        assert ask.receipt in client.get("/cases/asks/").content.decode()
        assert ask.get_absolute_url() in client.get(case.get_absolute_url()).content.decode()
        done = client.post(ask.get_absolute_url(), {"result": "UNCLEAR", "answer": "请补充车牌"}, follow=True)
        assert "请补充车牌" in done.content.decode()
        assert not case.deadlines.filter(node="CLUE_CHECK", state="RUNNING").exists()

    def test_the_chief_reads_and_has_the_late_ones_on_his_desk(self, house, case, party, login):
        ask, client = clue(party), login(house.chief)
        assert not list(askdesk.items(house.chief, today=ask.due_on))
        [item] = askdesk.items(house.chief, today=ask.due_on + dt.timedelta(days=1))
        assert item.is_red
        assert "车在院里" in client.get(ask.get_absolute_url()).content.decode()
        with pytest.raises(PermissionDenied):
            services.answer_ask(ask, result="UNCLEAR", answer="请补充", at=AT, actor=house.chief)

    def test_once_assigned_it_is_the_teams(self, house, case, party):
        ask = clue(party)
        case = factories.into_stream(house, case)
        assert not list(askdesk.items(house.dispatcher, today=AT.date()))
        assert [item.url for item in askdesk.items(case.owner, today=AT.date())] == [ask.get_absolute_url()]
        with pytest.raises(PermissionDenied):
            services.answer_ask(ask, result="UNCLEAR", answer="请补充", at=AT, actor=house.dispatcher)


class TestPages:
    def test_it_waits_on_the_owners_desk_and_red_on_its_day(self, house, case, party):
        ask = clue(party)
        [item] = askdesk.items(case.owner, today=AT.date())
        assert (item.url, item.due_on, item.is_red) == (ask.get_absolute_url(), ask.due_on, False)
        [item] = askdesk.items(case.judge, today=ask.due_on)
        assert item.is_red
        assert not list(askdesk.items(house.inspector, today=AT.date()))
        complaint(party)
        assert len(list(askdesk.items(house.inspector, today=AT.date()))) == 1

    def test_page_and_list(self, case, party, login):
        ask, client = clue(party), login(case.judge)
        assert ask.receipt in client.get("/cases/asks/").content.decode()
        page = client.get(ask.get_absolute_url()).content.decode()
        assert "车在院里" in page
        wrong = client.post(ask.get_absolute_url(), {"result": "VERIFIED", "answer": ""})
        assert wrong.status_code == 422
        done = client.post(ask.get_absolute_url(), {"result": "VERIFIED", "answer": "已扣押"}, follow=True)
        assert "已扣押" in done.content.decode()
        assert ask.receipt not in client.get("/cases/asks/").content.decode()
        assert ask.receipt in client.get("/cases/asks/?state=answered").content.decode()
        assert ask.receipt not in client.get("/cases/asks/?state=late").content.decode()

    def test_the_api_answers_by_the_same_service(self, case, party, login):
        ask, client = clue(party), login(case.judge)
        [row] = client.get("/api/v1/cases/asks/").json()["results"]
        assert (row["receipt"], row["ask_kind"], row["due_on"]) == (ask.receipt, "CLUE", "2021-09-27")
        address = f"/api/v1/cases/asks/{ask.pk}/answer/"
        assert client.post(address, {"result": "VERIFIED"}, content_type="application/json").status_code == 422
        given = {"result": "VERIFIED", "answer": "已扣押"}
        answer = client.post(address, given, content_type="application/json")
        assert (answer.status_code, answer.json()["ask_result"]) == (201, "VERIFIED")

    def test_what_was_said_is_kept_encrypted_and_not_in_the_record(self, case, party):
        clue(party)
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM cases_partyask")
            assert "院里" not in cursor.fetchone()[0]
        assert "院里" not in str(list(Event.objects.values_list("details")))
