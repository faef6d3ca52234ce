"""What applicants say reaches the room that owns it, and its answer reaches them; nothing a portal drops is trusted."""

import datetime as dt

import pytest

from accounts.models import PayeeAsk
from bureau.errors import Refused
from bureau.models import Event, Holiday, User
from cases import services as cases
from cases.models import PartyAsk
from intake import reissuing
from portal import keys, lookup, services, submitting, taking
from portal.models import LINK_DAYS, Submission, ViewLink
from supervision import services as supervision
from supervision.models import StageRating
from tests import factories, kept
from tests.portal.browsers import PUBLIC, opened, projected, signed_in, stand_on

AT = factories.moment(2021, 9, 20)
SOON = AT + dt.timedelta(minutes=1)


@pytest.fixture
def case(house):
    case = kept.running_case(house)
    services.project(at=AT)
    return case


@pytest.fixture
def applicant(case, monkeypatch):
    stand_on(monkeypatch, AT)
    with PUBLIC:
        yield signed_in(opened(case))


def take(at=SOON):
    return taking.take(at=at, actor=User.objects.system())


def status(client, at=SOON):
    services.project(at=at)
    return client.get("/status/").content.decode()


CLUE = {"kind": "VEHICLE", "where": "蒙C12345", "text": "常停在楼下"}


class TestClue:
    def test_it_reaches_the_owner_with_a_clock_of_seven_days_and_its_answer_comes_back(self, house, case, applicant):
        answer = applicant.post("/say/clue/", CLUE, follow=True)
        receipt = Submission.objects.get().receipt
        assert receipt in answer.content.decode()
        assert "7 日" in answer.content.decode()
        assert take() == 1
        ask = PartyAsk.objects.get()
        assert (ask.kind, ask.receipt, ask.due_on) == ("CLUE", receipt, dt.date(2021, 9, 27))
        assert "蒙C12345" in ask.text
        assert case.deadlines.get(node="CLUE_CHECK", state="RUNNING").due_on == ask.due_on
        assert "最迟 2021-09-27 答复" in status(applicant)
        cases.answer_ask(ask, result="NOT_FOUND", answer="车已于2020年过户", at=SOON, actor=case.judge)
        assert not case.deadlines.filter(node="CLUE_CHECK", state="RUNNING").exists()
        page = status(applicant, SOON + dt.timedelta(minutes=1))
        assert "已核实，未查到该财产" in page
        assert "车已于2020年过户" in page

    def test_what_was_said_is_kept_once_and_not_in_the_box(self, case, applicant):
        applicant.post("/say/clue/", CLUE)
        take()
        row = Submission.objects.get()
        assert (row.state, row.body) == ("TAKEN", {})
        assert "蒙C12345" not in Event.objects.get(verb="give_clue").details
        assert take() == 0

    def test_a_wrong_entry_is_named_beside_its_field_and_nothing_typed_is_lost(self, case, applicant):
        answer = applicant.post("/say/clue/", {"kind": "", "where": "蒙C12345", "text": ""})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"kind"}
        assert "蒙C12345" in answer.content.decode()


class TestOthers:
    def test_a_change_of_account_starts_the_windows_own_confirmation_and_shows_four_digits_at_most(
        self, case, applicant
    ):
        page = applicant.get("/say/payee/").content.decode()
        assert "尾号 0004" in page
        assert factories.PAYEE.number not in page
        applicant.post("/say/payee/", {"what": "OTHER"})
        applicant.post("/say/payee/", {"what": "OTHER"})
        take()
        ask = PayeeAsk.objects.get()
        assert ask.closed_at is None
        assert ask.asked_by == User.objects.system()
        services.project(at=SOON)
        assert "窗口已收到办理申请" in applicant.get("/say/payee/").content.decode()

    def test_an_account_that_is_right_is_affirmed_in_the_record(self, case, applicant):
        applicant.post("/say/payee/", {"what": "RIGHT"})
        take()
        assert '"last4":"0004"' in Event.objects.get(verb="affirm_payee").details
        assert not PayeeAsk.objects.exists()

    def test_a_visit_is_agreed_with_its_day(self, case, applicant):
        applicant.post("/say/visit/", {"on": "2021-09-28", "half": "MORNING", "text": "领款"})
        take()
        ask = PartyAsk.objects.get()
        told = {"result": "OTHER_DAY", "answer": "三楼305", "meeting_on": dt.date(2021, 9, 29)}
        cases.answer_ask(ask, **told, meeting_half="AFTERNOON", at=SOON, actor=case.owner)
        page = status(applicant, SOON + dt.timedelta(minutes=1))
        assert "2021-09-29" in page
        assert "三楼305" in page

    @pytest.mark.parametrize(
        ("day", "words"),
        [("2021-09-17", "2021-09-24"), ("2021-09-23", "2021-09-24"), ("2021-09-25", "不上班"), ("2022-09-20", "60 天")],
        ids=["past", "before the answer", "rest day", "far"],
    )
    def test_a_day_on_which_nobody_can_come_is_refused_beside_its_field(self, case, applicant, day, words):
        answer = applicant.post("/say/visit/", {"on": day, "half": "MORNING", "text": "领款"})
        assert answer.status_code == 422
        assert words in "".join(answer.context["form"].errors["on"])
        assert "领款" in answer.content.decode()
        assert not Submission.objects.exists()

    def test_a_rest_day_of_the_bureaus_own_is_told_by_the_house(self, case, applicant):
        Holiday.objects.create(on=dt.date(2021, 9, 24), kind="PUBLIC", name="局内休息", source="通知")
        applicant.post("/say/visit/", {"on": "2021-09-24", "half": "MORNING", "text": "领款"})
        take()
        assert not PartyAsk.objects.exists()
        assert Submission.objects.get().note in status(applicant)

    def test_the_first_day_to_choose_comes_after_the_day_of_the_answer(self, case, applicant):
        assert 'min="2021-09-24"' in applicant.get("/say/visit/").content.decode()
        applicant.post("/say/visit/", {"on": "2021-09-24", "half": "MORNING", "text": "领款"})
        take()
        ask = PartyAsk.objects.get()
        assert ask.due_on < ask.wanted_on

    def test_a_stage_not_reached_is_not_offered_and_one_that_was_rated_neither(self, case, applicant):
        unreached = applicant.post("/say/rate/", {"stage": "MONEY", "score": "1", "text": "没收到钱"})
        assert unreached.status_code == 422
        assert "stage" in unreached.context["form"].errors
        applicant.post("/say/rate/", {"stage": "STREAM", "score": "2", "text": ""})
        take()
        services.project(at=SOON)
        assert applicant.post("/say/rate/", {"stage": "STREAM", "score": "5", "text": ""}).status_code == 422
        assert 'value="STREAM"' not in applicant.get("/say/rate/").content.decode()
        with pytest.raises(Refused, match="还没有到"):
            supervision.rate_stage(
                case.parties.get(side="APPLICANT"), stage="MONEY", score=1, at=SOON, actor=case.owner
            )

    def test_a_change_of_account_stands_among_what_was_asked_until_it_is_done(self, case, applicant):
        said = applicant.post("/say/payee/", {"what": "OTHER"}, follow=True).content.decode()
        assert "尾号 0004 的原账户" in said
        take()
        page = status(applicant)
        asked = page[page.index("您提出的和法院的答复") :]
        assert "收款账户" in asked[:600]
        assert "请到任一立案窗口办理" in asked[:600]

    def test_the_reader_sees_his_own_name_whole_and_a_relative_does_not(self, case, applicant):
        assert "张安然" in status(applicant)
        assert "张安然" in applicant.get("/status/letter/").content.decode()
        relative = signed_in(lookup.Opened(0, "", ""))
        address = TestLinks().link(applicant)
        page = relative.post(address, follow=True).content.decode()
        assert "张*然" in page
        assert "张安然" not in page

    def test_a_complaint_goes_past_the_team_of_the_case(self, house, case, applicant):
        applicant.post("/say/complain/", {"topic": "SLOW", "text": "三个月没有消息"})
        take()
        ask = PartyAsk.objects.get()
        assert not PartyAsk.objects.visible_to(case.owner).exists()
        assert not PartyAsk.objects.visible_to(house.chief).exists()
        assert PartyAsk.objects.visible_to(house.inspector).get() == ask
        assert not Event.objects.filter(chain=f"case:{case.pk}", verb="complain").exists()
        cases.answer_ask(ask, result="UPHELD", answer="已督促", at=SOON, actor=house.inspector)
        assert "已督促" in status(applicant, SOON + dt.timedelta(minutes=1))

    def test_a_stage_is_rated_once(self, case, applicant):
        for score in ("2", "5"):
            applicant.post("/say/rate/", {"stage": "STREAM", "score": score, "text": ""})
            take()
        assert StageRating.objects.get().score == 2
        assert sorted(Submission.objects.values_list("state", flat=True)) == ["REFUSED", "TAKEN"]


class TestLinks:
    def link(self, applicant):
        page = applicant.post("/links/", {})
        take()
        return page.context["address"].removeprefix("http://testserver")

    def test_a_relative_sees_the_page_and_neither_papers_nor_acts(self, case, applicant):
        address = self.link(applicant)
        relative = signed_in(lookup.Opened(0, "", ""))
        assert relative.get(address).status_code == 200
        page = relative.post(address, follow=True).content.decode()
        assert case.number in page
        assert "您现在能做的" not in page
        assert "送达您的文书" not in page
        assert relative.get("/say/clue/").status_code == 302
        assert relative.get("/links/").status_code == 302

    def test_it_ends_after_seven_days_and_when_revoked(self, case, applicant, monkeypatch):
        address = self.link(applicant)
        relative = signed_in(lookup.Opened(0, "", ""))
        stand_on(monkeypatch, SOON + dt.timedelta(days=LINK_DAYS))
        assert relative.post(address).status_code == 404
        stand_on(monkeypatch, AT)
        assert relative.post(address).status_code == 302
        assert relative.get("/status/").status_code == 200
        applicant.post("/links/", {"revoke": str(ViewLink.objects.get().pk)})
        take()
        assert relative.get("/status/").status_code == 302
        assert relative.post(address).status_code == 404

    def test_the_clear_token_is_nowhere_at_rest(self, case, applicant):
        token = self.link(applicant).split("/")[-2]
        kept = str(list(ViewLink.objects.values())) + str(list(Submission.objects.values()))
        assert token not in kept
        assert keys.link_hmac(token) in kept

    def test_a_sixth_link_is_refused(self, case, applicant):
        for _turn in range(6):
            applicant.post("/links/", {})
        take()
        assert ViewLink.objects.count() == 5


class TestBrokenPortal:
    """Whoever has the portal's password drops what he likes; the worker refuses it and goes on."""

    @pytest.mark.parametrize(
        "body",
        [
            [],
            "x",
            {},
            {"link": 10**30},
            {"kind": "CASH"},
            {"kind": ["VEHICLE"], "where": {"a": 1}},
            {"link": "1; DROP TABLE"},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("kind", [*Submission.Kind.values, "WHATEVER"])
    def test_no_shape_of_a_body_stops_the_queue(self, case, kind, body):
        submitting.submit(kind, body, opened=opened(case), at=AT)
        submitting.submit("CLUE", CLUE, opened=opened(case), at=SOON)
        assert take() == 2
        assert PartyAsk.objects.filter(kind="CLUE").count() == 1

    @pytest.mark.parametrize(
        "who", ["", "party:0", "party:x", "agent:1", "link:1", "party:²", f"party:{10**20}", "staff:1"]
    )
    def test_nobody_speaks_as_a_stranger_to_the_case(self, case, who):
        submitting.submit("CLUE", CLUE, opened=lookup.Opened(opened(case).page_id, "", who), at=AT)
        take()
        assert not PartyAsk.objects.exists()

    def test_the_debtor_is_no_applicant(self, case):
        debtor = case.parties.filter(side="DEBTOR")[0]
        submitting.submit("CLUE", CLUE, opened=opened(case, f"party:{debtor.pk}"), at=AT)
        take()
        assert not PartyAsk.objects.exists()

    def test_a_flood_ends_at_twenty_a_day(self, case):
        for _turn in range(25):
            submitting.submit("CLUE", CLUE, opened=opened(case), at=AT)
        take()
        assert PartyAsk.objects.count() < 25
        assert Submission.objects.filter(state="REFUSED").exists()


def test_an_agent_reads_and_speaks_for_his_principal_while_his_authority_lasts(house, case, monkeypatch):
    party = case.parties.get(side="APPLICANT")
    agent = cases.add_agent(
        party,
        name="王律师",
        kind="LAWYER",
        firm="所",
        licence="11503201810000001",
        special=[],
        from_on=AT.date(),
        until_on=dt.date(2021, 12, 31),
        document="授权委托书",
        at=AT,
        actor=case.owner,
    )
    projected(case, SOON)
    shown = {"id_number": "11010519491231002X", "at": AT, "actor": house.window_clerk}
    number, code = case.number, reissuing.reissue_receipt(case.number, **shown).code
    projected(case, SOON)
    found = lookup.look_up(number, code, "0001", today=AT.date(), at=AT)
    assert found is not None
    assert found.who == f"agent:{agent.pk}"
    assert lookup.look_up(number, code, "0001", today=dt.date(2022, 1, 1), at=AT) is None
    submitting.submit("CLUE", CLUE, opened=found, at=AT)
    take()
    assert (PartyAsk.objects.get().party, PartyAsk.objects.get().agent) == (party, agent)
    cases.revoke_agent(agent, note="解除委托", at=SOON, actor=case.owner)
    projected(case, SOON)
    assert lookup.look_up(number, code, "0001", today=AT.date(), at=SOON) is None
