"""Deadlines as their users see them: tab, month, before holidays, desk, feed, API."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from bureau.models import Event, User
from cases import desk, feed, services
from cases.models import Deadline, FeedToken
from tests import factories

DAY = dt.date.fromisoformat


@pytest.fixture
def case(house):
    return factories.file_case(house).case


@pytest.fixture
def stand_on(settings):
    """Return a function that moves the product's clock to a moment."""

    def move(moment):
        settings.CLOCK_OFFSET = int((moment - dt.datetime.now(dt.UTC)).total_seconds()) + 1

    return move


def _text(answer) -> str:
    return answer.content.decode()


class TestTab:
    def test_it_shows_arithmetic_citation_consequence_and_days_left(self, house, case, login, at, stand_on):
        stand_on(at(2021, 9, 6))
        text = _text(login(house.chief).get(reverse("cases:case_deadlines", args=[case.pk])))
        for words in (
            "分流并确定承办人",
            "自 2021-09-01 次日起算 7 日，至 2021-09-08（周三）",
            "《办理执行案件期限规定》法发〔2006〕35号第2条",
            "《民事诉讼法》（2017年修正）第226条",
            "剩 2 天",
            "不得终结本次执行程序",
            "已了结的期限",
        ):
            assert words in text

    def test_it_shows_the_periods_that_do_not_count(self, house, case, login, at, stand_on):
        case = factories.into_stream(house, case)
        services.suspend(case, ground="CONSENT", document=factories.ruling(case), at=at(2021, 9, 10), actor=case.judge)
        stand_on(at(2021, 9, 15))
        text = _text(login(case.judge).get(reverse("cases:case_deadlines", args=[case.pk])))
        assert "(2021)内0302执1号之一" in text
        assert "共 5 天" in text
        assert "中止期间暂停计算" in text

    def test_the_owner_notes_what_leaves_no_other_trace(self, house, case, login, at, stand_on):
        case = factories.assign(house, case)
        stand_on(at(2021, 9, 3))
        row = case.deadlines.get(node="ASK_CLUES")
        address = reverse("cases:note_done", args=[row.pk])
        owner = login(case.owner)
        assert address in _text(owner.get(reverse("cases:case_deadlines", args=[case.pk])))
        assert owner.post(address, {"note": ""}).status_code == 422
        assert owner.post(address, {"note": "电话通知"}).status_code == 302
        again = owner.post(address, {"note": "又一次"})
        assert again.status_code == 422
        assert "又一次" in _text(again)
        assert login(house.chief).post(address, {"note": "代办"}).status_code == 403
        assert "登记期限事项已办" in _text(owner.get(reverse("cases:timeline", args=[case.pk])))

    def test_it_costs_as_many_queries_for_many_rows(self, house, case, login, django_assert_max_num_queries):
        case = factories.into_stream(house, case)
        client = login(case.judge)
        with django_assert_max_num_queries(40):
            client.get(reverse("cases:case_deadlines", args=[case.pk]))


class TestMonth:
    def test_each_sees_what_he_owes_by_day(self, house, case, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        text = _text(login(house.dispatcher).get("/cases/deadlines/"))
        assert "分流并确定承办人" in text
        assert "2021-09-08 星期三" in text
        rows = re.findall(r'<tr data-href="[^"]+"', text)
        assert len(rows) == 1  # the notice of the same month is not the dispatcher's
        assert case.number in _text(login(house.chief).get("/cases/deadlines/"))
        assert case.number not in _text(login(house.chief).get("/cases/deadlines/?who=mine"))

    def test_all_in_scope_another_month_and_a_level(self, house, case, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        client = login(house.chief)
        assert case.number in _text(client.get("/cases/deadlines/?who=all"))
        march = _text(client.get("/cases/deadlines/?who=all&month=2022-03"))
        assert "2022-03-01" in march
        assert "2021-09-08" not in march
        assert case.number not in _text(client.get("/cases/deadlines/?who=all&level=RED"))
        services.watch(at=at(2021, 9, 8), actor=User.objects.system())
        red = _text(client.get("/cases/deadlines/?who=all&level=RED&node=TRIAGE"))
        assert case.number in red
        assert case.number not in _text(client.get("/cases/deadlines/?who=all&level=RED&node=NOTICE"))

    def test_nonsense_in_the_address_is_dropped(self, house, case, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        assert case.number in _text(login(house.chief).get("/cases/deadlines/?month=2022-03"))
        assert login(house.chief).get("/cases/deadlines/?month=9999-99&who=x&node=x&level=x").status_code == 200
        for month in ("0001-01", "9999-12"):
            assert login(house.chief).get(f"/cases/deadlines/?month={month}").status_code == 200

    def test_another_windows_case_is_not_there(self, house, case, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        assert case.number not in _text(login(house.window_clerk2).get("/cases/deadlines/?who=all"))


class TestBeforeHolidays:
    @pytest.mark.parametrize(("today", "is_near"), [(27, False), (28, True), (29, True), (30, True)])
    def test_it_is_on_the_desk_three_working_days_before(self, house, login, at, stand_on, today, is_near):
        # Triage ends on 10-01: moved to the first working day after National Day.
        case = factories.file_case(house, at=at(2021, 9, 24)).case
        assert str(case.triage_due_on) == "2021-10-08"
        stand_on(at(2021, 9, today))
        text = _text(login(house.dispatcher).get("/cases/deadlines/holidays/"))
        # The page itself can be looked at, and planned by, at any time.
        assert case.number in text
        assert "国庆节：2021-10-01 至 2021-10-07 放假" in text
        kinds = [item.kind for item in desk.items(house.dispatcher, today=at(2021, 9, today).date())]
        assert ("节前检查" in kinds) is is_near

    def test_what_ends_before_or_later_is_not_in_it(self, house, login, at, stand_on):
        before = factories.file_case(house, at=at(2021, 9, 15)).case
        later = factories.file_case(house, at=at(2021, 10, 8)).case
        assert (str(before.triage_due_on), str(later.triage_due_on)) == ("2021-09-22", "2021-10-15")
        stand_on(at(2021, 9, 29))
        text = _text(login(house.dispatcher).get("/cases/deadlines/holidays/"))
        assert before.number not in text
        assert later.number not in text


class TestFeed:
    def _open(self, client):
        text = _text(client.post(reverse("cases:feed_open")))
        assert 'data-copy="feed-address"' in text
        return re.search(r"/cases/deadlines/feed/[\w-]+\.ics", text)[0]

    def test_the_key_opens_the_feed_without_login_and_names_nobody(self, house, case, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        address = self._open(login(house.dispatcher))
        answer = Client().get(address)
        text = _text(answer)
        assert answer["Content-Type"].startswith("text/calendar")
        assert "no-store" in answer["Cache-Control"]
        plain = text.replace("\r\n ", "")
        assert f"SUMMARY:{case.number} 分流并确定承办人\r\n" in plain
        assert "DTSTART;VALUE=DATE:20210908\r\nDTEND;VALUE=DATE:20210909\r\n" in plain
        for name in ("张安然", "测试商贸", "李守信", house.dispatcher.name, "110105"):
            assert name not in plain
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

    def test_money_stands_there_without_its_sum_as_the_page_promises(self, house, case, login, at, stand_on):
        case = factories.into_stream(house, case)
        factories.deposit(house, case, "4321.09", serial="F1", at=at(2021, 9, 16))
        stand_on(at(2021, 9, 17))
        client = login(case.owner)
        assert "没有姓名和金额" in _text(client.get(reverse("cases:feed_key")))
        plain = _text(Client().get(self._open(client))).replace("\r\n ", "")
        assert f"SUMMARY:{case.number} 发放执行款\r\n" in plain
        assert "4321" not in plain.replace("\\,", "").replace(",", "")

    def test_only_the_hash_is_kept_and_the_address_is_shown_once(self, house, case, login):
        client = login(house.dispatcher)
        address = self._open(client)
        token = address.rsplit("/", 1)[1].removesuffix(".ics")
        assert len(token) >= 43
        row = FeedToken.objects.get()
        assert token not in (row.token_hmac, *(event.details for event in Event.objects.all()))
        assert token not in _text(client.get(reverse("cases:feed_key")))

    def test_a_revoked_replaced_unknown_or_leavers_key_finds_nothing(self, house, case, login):
        client = login(house.dispatcher)
        first = self._open(client)
        second = self._open(client)
        assert Client().get(first).status_code == 404
        assert Client().get(second).status_code == 200
        client.post(reverse("cases:feed_close"))
        assert Client().get(second).status_code == 404
        third = self._open(client)
        User.objects.filter(pk=house.dispatcher.pk).update(is_active=False)
        assert Client().get(third).status_code == 404
        assert Client().get("/cases/deadlines/feed/x.ics").status_code == 404
        assert Client().post(third).status_code == 405

    def test_each_holds_what_its_person_owes(self, house, case, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        assert "BEGIN:VEVENT" not in _text(Client().get(self._open(login(house.judge))))

    def test_long_lines_are_cut_between_characters_and_signs_escaped(self):
        parts = list(feed._folded("SUMMARY:" + "期" * 60))
        assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == "SUMMARY:" + "期" * 60
        assert all(len(part.encode()) <= 75 for part in parts)
        assert feed._escaped("a,b;c\\d\n") == "a\\,b\\;c\\\\d\\n"


class TestApi:
    def test_it_gives_every_limit_with_days_left(self, house, case, login, at, stand_on):
        stand_on(at(2021, 9, 6))
        answer = login(house.chief).get(reverse("cases_api:deadlines", args=[case.pk])).json()
        assert answer["count"] == case.deadlines.count() == 9
        rows = {row["node"]: row for row in answer["results"]}
        triage = rows["TRIAGE"]
        assert (triage["number"], triage["title"], triage["days_left"]) == ("3", "分流并确定承办人", 2)
        assert (triage["due_on"], triage["state"], triage["owner"]) == ("2021-09-08", "RUNNING", "指挥中心分案员")
        assert rows["FILING"]["days_left"] is None

    def test_another_windows_case_does_not_exist(self, house, case, login):
        assert login(house.window_clerk2).get(f"/api/v1/cases/{case.pk}/deadlines/").status_code == 404


class TestDesk:
    def test_reds_of_one_case_are_one_line_for_its_owner(self, house, case, at):
        case = factories.assign(house, case)
        services.watch(at=at(2021, 9, 14), actor=User.objects.system())
        items = [item for item in desk.items(case.owner, today=DAY("2021-09-14")) if item.kind == "期限红色预警"]
        assert [item.title for item in items] == ["首次发起网络查控、发出执行通知书、报告财产令"]
        assert items[0].is_red

    def test_reds_of_one_kind_are_one_line_for_whom_they_are_escalated(self, house, at):
        for _turn in range(3):
            factories.file_case(house, payee=False)
        services.watch(at=at(2021, 9, 8), actor=User.objects.system())
        items = [item for item in desk.items(house.chief, today=DAY("2021-09-08")) if item.is_red]
        assert [item.title for item in items] == ["分流并确定承办人：3 件"]
        assert "level=RED&node=TRIAGE" in items[0].url

    def test_yellow_alarms_nobodys_desk(self, house, case, at):
        services.watch(at=at(2021, 9, 6), actor=User.objects.system())
        assert Deadline.objects.get(case=case, node="TRIAGE").level == "YELLOW"
        assert not [item for item in desk.items(house.chief, today=DAY("2021-09-06")) if item.is_red]
