"""Periods that do not count, on their pages and for programs: entered after a look, ended, and by the judge alone."""

import datetime as dt

import pytest
from django.urls import reverse

from bureau.models import Event
from cases import services
from cases.models import Case, Pause
from tests import factories, kept

DAY = dt.date.fromisoformat
GOOD = {"kind": "APPRAISAL", "document": "委托评估书1号", "from_on": "2021-09-10", "until_on": "2021-09-20"}


@pytest.fixture
def case(house):
    return kept.running_case(house)


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

    def test_a_look_shows_the_new_limit_with_its_arithmetic_and_writes_nothing(self, case, login):
        address = reverse("cases:exclude_period", args=[case.pk])
        events = Event.objects.count()
        answer = login(case.judge).post(address, {**GOOD, "look": "1"})
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

    def test_what_was_looked_at_is_what_comes_of_it(self, case, login):
        client, address = login(case.judge), reverse("cases:exclude_period", args=[case.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, GOOD).status_code == 302
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-11")
        text = _text(client.get(reverse("cases:case_deadlines", args=[case.pk])))
        assert "委托评估书1号" in text
        assert "共 10 天" in text

    def test_an_overlap_is_looked_at_once(self, case, login, at):
        services.exclude_period(
            case,
            kind="PUBLICATION",
            document="公告",
            from_on=DAY("2021-09-15"),
            until_on=DAY("2021-09-25"),
            at=at(2021, 10, 8),
            actor=case.judge,
        )
        answer = login(case.judge).post(reverse("cases:exclude_period", args=[case.pk]), {**GOOD, "look": "1"})
        assert "扣除 2021-09-10 至 2021-09-24 共 15 日" in _text(answer)

    def test_a_running_one_counts_to_today_and_is_ended_by_its_button(self, case, login):
        client = login(case.judge)
        client.post(reverse("cases:exclude_period", args=[case.pk]), {**GOOD, "until_on": ""})
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
            {"document": "  "},
            {"document": "长" * 201},
            {"from_on": "2021-08-31"},
            {"from_on": "2021-10-09"},
            {"from_on": "昨天"},
            {"until_on": "2021-09-10"},
            {"until_on": "2021-10-09"},
        ],
    )
    def test_unsound_input_is_refused_and_kept(self, case, login, wrong):
        answer = login(case.judge).post(reverse("cases:exclude_period", args=[case.pk]), {**GOOD, **wrong})
        assert answer.status_code == 422
        assert not Pause.objects.exists()

    def test_what_the_service_refuses_stands_beside_its_field_and_links_from_the_top(self, case, login):
        wrong = {**GOOD, "until_on": "2021-09-10"}
        page = _text(login(case.judge).post(reverse("cases:exclude_period", args=[case.pk]), wrong))
        said = "恢复计算日应晚于起始日，且不晚于今天"
        assert f'<a href="#id_until_on">恢复计算日</a>：{said}' in page
        assert f'<div id="id_until_on_error"><div class="error">{said}</div></div>' in page

    def test_a_look_at_unsound_input_is_422_too(self, case, login):
        address = reverse("cases:exclude_period", args=[case.pk])
        answer = login(case.judge).post(address, {**GOOD, "document": "", "look": "1"})
        assert answer.status_code == 422
        assert "登记后的执行期限" not in _text(answer)

    def test_only_the_judge_of_the_case_sees_the_button_and_may(self, house, case, login):
        address = reverse("cases:exclude_period", args=[case.pk])
        tab = reverse("cases:case_deadlines", args=[case.pk])
        other = house.judge2 if case.judge == house.judge else house.judge
        assert address in _text(login(case.judge).get(tab))
        assert address not in _text(login(house.chief).get(tab))
        assert address not in _text(login(case.owner).get(tab))
        assert login(other).post(address, GOOD).status_code == 404
        assert login(case.owner).post(address, GOOD).status_code == 403

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

    def test_a_closed_case_has_no_such_button_and_refuses(self, house, case, login):
        closed = factories.close(house, case, "TERMINATED")
        client, address = login(closed.judge), reverse("cases:exclude_period", args=[closed.pk])
        assert address not in _text(client.get(reverse("cases:case_deadlines", args=[closed.pk])))
        assert client.post(address, GOOD).status_code == 422
        assert "本案没有进行中的执行期限" in _text(client.post(address, {**GOOD, "look": "1"}))


class TestApi:
    @pytest.fixture(autouse=True)
    def _clock(self, stand_on, at):
        stand_on(at(2021, 10, 8))

    def test_it_enters_lists_and_ends_as_the_page_does(self, house, case, login):
        client = login(case.judge)
        address = reverse("cases_api:exclude_period", args=[case.pk])
        made = client.post(address, {**GOOD, "until_on": None}, content_type="application/json")
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

    def test_it_refuses_what_the_page_refuses(self, house, case, login):
        address = reverse("cases_api:exclude_period", args=[case.pk])
        other = house.judge2 if case.judge == house.judge else house.judge
        send = {"content_type": "application/json"}
        assert login(case.judge).post(address, {**GOOD, "kind": "SUSPENSION"}, **send).status_code == 422
        late = login(case.judge).post(address, {**GOOD, "from_on": "2021-10-09", "until_on": None}, **send)
        assert (late.status_code, late.json()["fields"]) == (422, {"from_on": ["起始日应在立案日至今天之间"]})
        assert login(case.owner).post(address, GOOD, **send).status_code == 403
        assert login(other).post(address, GOOD, **send).status_code == 404
        assert not Pause.objects.exists()
