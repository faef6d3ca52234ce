"""Periods that do not count, on their pages and for programs: entered after a look, ended, and by the judge alone."""

import datetime as dt

import pytest
from django.urls import reverse

from bureau.models import Event
from cases import services
from cases.models import Case, Pause
from documents import services as documents
from tests import factories, kept

DAY = dt.date.fromisoformat
GOOD = {"kind": "APPRAISAL", "from_on": "2021-09-10", "until_on": "2021-09-20"}


@pytest.fixture
def case(house):
    return kept.running_case(house)


@pytest.fixture
def good(case):
    return {**GOOD, "paper": factories.paper(case, "委托评估书1号")}


@pytest.fixture
def stand_on(settings):
    """Return a function that moves the product's clock to a moment."""

    def move(moment):
        settings.CLOCK_OFFSET = int((moment - dt.datetime.now(dt.UTC)).total_seconds()) + 1

    return move


def _text(answer):
    return answer.content.decode()


class TestPage:
    @pytest.fixture(autouse=True)
    def _clock(self, stand_on, at):
        stand_on(at(2021, 10, 8))

    def test_a_look_shows_the_new_limit_with_its_arithmetic_and_writes_nothing(self, case, login, good):
        address = reverse("cases:exclude_period", args=[case.pk])
        events = Event.objects.count()
        answer = login(case.judge).post(address, {**good, "look": "1"})
        assert answer.status_code == 200
        for words in (
            "2022-03-01",
            "2022-03-11",
            "扣除 2021-09-10 至 2021-09-19 共 10 日",
            "尚未登记",
            "委托评估书1号",
        ):
            assert words in _text(answer)
        assert (Pause.objects.count(), Event.objects.count()) == (0, events)
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-01")

    def test_what_was_looked_at_is_what_comes_of_it(self, case, login, good):
        client, address = login(case.judge), reverse("cases:exclude_period", args=[case.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, good).status_code == 302
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-11")
        text = _text(client.get(reverse("cases:case_deadlines", args=[case.pk])))
        assert "委托评估书1号" in text
        assert "共 10 天" in text

    def test_an_overlap_is_looked_at_once(self, case, login, at, good):
        services.exclude_period(
            case,
            kind="PUBLICATION",
            paper=factories.paper(case, "公告"),
            from_on=DAY("2021-09-15"),
            until_on=DAY("2021-09-25"),
            at=at(2021, 10, 8),
            actor=case.judge,
        )
        answer = login(case.judge).post(reverse("cases:exclude_period", args=[case.pk]), {**good, "look": "1"})
        assert "扣除 2021-09-10 至 2021-09-24 共 15 日" in _text(answer)

    def test_a_running_one_counts_to_today_and_is_ended_by_its_button(self, case, login, good):
        client = login(case.judge)
        client.post(reverse("cases:exclude_period", args=[case.pk]), {**good, "until_on": ""})
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-29")
        pause = Pause.objects.get()
        address = reverse("cases:end_period", args=[pause.pk])
        assert address in _text(client.get(reverse("cases:case_deadlines", args=[case.pk])))
        assert "委托评估书1号" in _text(client.get(address))
        assert client.post(address, {"until_on": "2021-10-09"}).status_code == 422
        assert client.post(address, {}).status_code == 422
        assert client.post(address, {"until_on": "2021-09-20"}).status_code == 302
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-11")
        assert address not in _text(client.get(reverse("cases:case_deadlines", args=[case.pk])))
        again = client.post(address, {"until_on": "2021-09-20"})
        assert again.status_code == 422
        assert "已结束" in _text(again)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": ""},
            {"kind": "SUSPENSION"},
            {"kind": "x' OR 1=1"},
            {"paper": "  "},
            {"paper": "x"},
            {"from_on": "2021-08-31"},
            {"from_on": "2021-10-09"},
            {"from_on": "昨天"},
            {"until_on": "2021-09-10"},
            {"until_on": "2021-10-09"},
        ],
    )
    def test_unsound_input_is_refused_and_kept(self, case, login, wrong, good):
        answer = login(case.judge).post(reverse("cases:exclude_period", args=[case.pk]), {**good, **wrong})
        assert answer.status_code == 422
        assert not Pause.objects.exists()

    def test_what_the_service_refuses_stands_beside_its_field_and_links_from_the_top(self, case, login, good):
        wrong = {**good, "until_on": "2021-09-10"}
        page = _text(login(case.judge).post(reverse("cases:exclude_period", args=[case.pk]), wrong))
        said = "恢复计算日应晚于起始日，且不晚于今天"
        assert f'<a href="#id_until_on">恢复计算日</a>：{said}' in page
        assert f'<div id="id_until_on_error"><div class="error">{said}</div></div>' in page

    def test_a_look_at_unsound_input_is_422_too(self, case, login, good):
        address = reverse("cases:exclude_period", args=[case.pk])
        answer = login(case.judge).post(address, {**good, "paper": "", "look": "1"})
        assert answer.status_code == 422
        assert "登记后的执行期限" not in _text(answer)

    def test_only_the_judge_of_the_case_sees_the_button_and_may(self, house, case, login, good):
        address = reverse("cases:exclude_period", args=[case.pk])
        tab = reverse("cases:case_deadlines", args=[case.pk])
        other = house.judge2 if case.judge == house.judge else house.judge
        assert address in _text(login(case.judge).get(tab))
        assert address not in _text(login(house.chief).get(tab))
        assert address not in _text(login(case.owner).get(tab))
        assert login(other).post(address, good).status_code == 404
        assert login(case.owner).post(address, good).status_code == 403

    def test_a_stay_in_force_ends_by_going_on_not_by_its_button(self, case, login, at):
        decision, until_on = factories.ruling(case), DAY("2021-12-01")
        services.stay(
            case, ground="SECURITY", document=decision, until_on=until_on, at=at(2021, 10, 8), actor=case.judge
        )
        pause = Pause.objects.get()
        client, address = login(case.judge), reverse("cases:end_period", args=[pause.pk])
        assert address not in _text(client.get(reverse("cases:case_deadlines", args=[case.pk])))
        assert client.post(address, {"until_on": "2021-10-08"}).status_code == 422
        assert Pause.objects.get().until_on is None

    def test_a_closed_case_has_no_such_button_and_refuses(self, house, case, login, good):
        closed = factories.close(house, case, "TERMINATED")
        client, address = login(closed.judge), reverse("cases:exclude_period", args=[closed.pk])
        assert address not in _text(client.get(reverse("cases:case_deadlines", args=[closed.pk])))
        assert client.post(address, good).status_code == 422
        assert "本案没有进行中的执行期限" in _text(client.post(address, {**good, "look": "1"}))


class TestWithdrawal:
    @pytest.fixture(autouse=True)
    def _clock(self, stand_on, at):
        stand_on(at(2021, 10, 8))

    def test_a_second_person_takes_a_wrong_one_back_and_its_days_count_again(self, house, case, login, good):
        judge, chief = login(case.judge), login(house.chief)
        judge.post(reverse("cases:exclude_period", args=[case.pk]), good)
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-11")
        pause, tab = Pause.objects.get(), reverse("cases:case_deadlines", args=[case.pk])
        address = reverse("cases:withdraw_period", args=[pause.pk])
        assert address not in _text(judge.get(tab))
        assert "登记人以外" in _text(judge.post(address, {"reason": "登记错误"}))
        assert address in _text(chief.get(tab))
        assert chief.post(address, {"reason": " "}).status_code == 422
        assert chief.post(address, {"reason": "评估未启动"}).status_code == 302
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-01")
        text = _text(judge.get(tab))
        assert ("共 0 天" in text, "评估未启动" in text) == (True, True)
        assert chief.post(address, {"reason": "再撤"}).status_code == 422
        assert Event.objects.of_chain(f"case:{case.pk}").last().verb == "withdraw_period"

    def test_what_a_suspension_began_is_not_taken_back_so(self, house, case, login, at):
        services.suspend(case, ground="CONSENT", document=factories.ruling(case), at=at(2021, 10, 8), actor=case.judge)
        address = reverse("cases:withdraw_period", args=[Pause.objects.get().pk])
        assert "不能单独撤回" in _text(login(house.chief).post(address, {"reason": "误"}))
        assert Pause.objects.get().withdrawn_on is None


class TestPublicNotice:
    def test_a_notice_published_with_proof_stands_still_until_its_day_of_service(self, house, case, at):
        document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=at(2021, 9, 6))
        debtor = case.parties.get(side="DEBTOR")
        before = Case.objects.get(pk=case.pk).closing_due_on
        sent = documents.send(
            document, party=debtor, way="NOTICE", tracking="人民法院公告网 第1期", ground="下落不明，多次上门未见",
            at=at(2021, 9, 7), actor=case.owner,
        )  # fmt: skip
        paper = documents.Paper("SERVICE", "公告截图", factories.PDF)
        proof = documents.receive(case, [paper], at=at(2021, 9, 8), actor=case.owner)[0]
        documents.deliver(sent, on=DAY("2021-09-08"), proof=proof, at=at(2021, 9, 8), actor=case.owner)
        [pause] = case.pauses.all()
        sent.refresh_from_db()
        assert (pause.kind, pause.from_on, pause.until_on) == ("PUBLICATION", DAY("2021-09-08"), sent.deemed_on)
        assert pause.paper == f"material:{proof.pk}"
        # Sixty days from 2021-09-08 end on Sunday 11-07, so 11-08 is the day of service: 61 days do not count.
        assert str(sent.deemed_on) == "2021-11-08"
        assert (Case.objects.get(pk=case.pk).closing_due_on - before).days >= 61


class TestApi:
    @pytest.fixture(autouse=True)
    def _clock(self, stand_on, at):
        stand_on(at(2021, 10, 8))

    def test_it_enters_lists_and_ends_as_the_page_does(self, house, case, login, good):
        client = login(case.judge)
        address = reverse("cases_api:exclude_period", args=[case.pk])
        made = client.post(address, {**good, "until_on": None}, content_type="application/json")
        assert made.status_code == 200
        listed = login(house.chief).get(reverse("cases_api:periods", args=[case.pk])).json()
        [row] = listed["results"]
        assert row["id"] == made.json()["id"]
        assert (row["kind"], row["until_on"], row["document"]) == ("APPRAISAL", None, "委托评估书1号")
        end = reverse("cases_api:end_period", args=[row["id"]])
        ended = client.post(end, {"until_on": "2021-09-20"}, content_type="application/json")
        assert ended.status_code == 200
        assert Pause.objects.get().until_on == DAY("2021-09-20")
        again = client.post(end, {"until_on": "2021-09-20"}, content_type="application/json")
        assert again.status_code == 422
        assert again.json()["reasons"]
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-11")

    def test_it_refuses_what_the_page_refuses(self, house, case, login, good):
        address = reverse("cases_api:exclude_period", args=[case.pk])
        other = house.judge2 if case.judge == house.judge else house.judge
        send = {"content_type": "application/json"}
        assert login(case.judge).post(address, {**good, "kind": "SUSPENSION"}, **send).status_code == 422
        late = login(case.judge).post(address, {**good, "from_on": "2021-10-09", "until_on": None}, **send)
        assert (late.status_code, late.json()["fields"]) == (422, {"from_on": ["起始日应在立案日至今天之间"]})
        assert login(case.owner).post(address, good, **send).status_code == 403
        assert login(other).post(address, good, **send).status_code == 404
        assert not Pause.objects.exists()
