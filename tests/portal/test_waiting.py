"""The waiting line: what was asked of whom, what came back, what is due; never that something is being worked on."""

import datetime as dt
import json
import re

import pytest

from cases import services as cases
from cases.models import QueryAnswer
from documents import services as documents
from portal import services, words
from portal.models import StatusPage
from tests import factories, kept
from tests.portal.browsers import PUBLIC, opened, projected, signed_in, stand_on

AT = factories.moment(2021, 9, 20)
# What people are told everywhere and what tells them nothing.
EMPTY_WORDS = re.compile(r"办理中|处理中|正在处理|正在办理|processing|in progress", re.IGNORECASE)


def read(case, day=None):
    return words.read(projected(case, AT), today=day or AT.date())


@pytest.fixture
def case(house):
    return kept.running_case(house)


def ask(house, case, kind, **place):
    team = house.teams["FIELD" if kind == "ONSITE" else "AFFAIRS"]
    return cases.request_work(
        case, kind=kind, to_team=team, text="去中行查李守信的存款", **place, at=AT, actor=case.owner
    )


class TestLines:
    def test_a_query_is_told_by_whom_it_asked_and_who_is_missing_and_never_by_what_it_found(self, house, at):
        case = kept.running_case(house)
        query = case.network_queries.order_by("id")[0]
        answers = list(query.answers.order_by("pk"))
        QueryAnswer.objects.filter(pk=answers[0].pk).update(state="FOUND", answered_at=AT)
        line = read(case)["waiting"][0]
        assert line["on"] == dt.date(2021, 9, 3)
        assert str(len(answers)) in line["asked"]
        assert "银行" in line["asked"]
        assert line["answer"].startswith("已答复 1 家，还差：")
        assert "银行" not in line["answer"]
        assert "有财产" not in json.dumps(StatusPage.objects.get(case_id=case.pk).payload, ensure_ascii=False)

    def test_work_says_who_has_it_by_when_and_how_late_it_is(self, house, case):
        order = ask(house, case, "DELIVERY")
        [line] = [row for row in read(case)["waiting"] if "送达" in row["asked"]]
        assert (line["answer"], line["by"], line["is_late"]) == ("对方还没有接下", order.due_on, False)
        late = read(case, day=order.due_on + dt.timedelta(days=3))
        [line] = [row for row in late["waiting"] if "送达" in row["asked"]]
        assert (line["is_late"], line["days_late"]) == (True, 3)
        assert "现在在等" in late["waiting_summary"][0]

    def test_what_is_planned_at_a_department_is_not_told_and_nobodys_words_are(self, house, case):
        before = read(case)["waiting"]
        ask(house, case, "ONSITE", department="VEHICLES", district="CITY")
        factories.propose_sanction(case, at=AT)
        assert read(case)["waiting"] == before
        whole = json.dumps(StatusPage.objects.get(case_id=case.pk).payload, ensure_ascii=False)
        assert "李守信" not in whole
        assert "VEHICLES" not in whole

    def test_a_ruling_on_its_way_to_a_bank_announces_no_freeze(self, house, case):
        ruling = factories.issue(case, "FREEZE", at=AT, actor=case.judge)
        debtor = case.parties.get(side="DEBTOR", position=1)
        documents.send(ruling, way="DIRECT", party=debtor, at=AT, actor=case.owner)
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", at=AT, actor=case.owner)
        documents.send(notice, way="DIRECT", party=debtor, at=AT, actor=case.owner)
        shown = [row["asked"] for row in read(case)["waiting"] if "送达" in row["asked"]]
        assert shown == ["向被执行人送达执行通知书（直接送达）"]
        assert read(case)["controls"] == []

    def test_where_nothing_is_out_it_says_so_with_the_day_of_the_last_act(self, house):
        shown = read(factories.file_case(house).case)
        assert shown["waiting_summary"][0] == "现在没有向外发出、等待答复的事项。"
        assert "2021-09" in shown["waiting_summary"][1]

    def test_what_the_court_owes_next_has_its_last_day(self, house):
        case = factories.file_case(house).case
        owed = read(case, day=dt.date(2021, 9, 1))["owed"]
        assert owed
        assert owed == sorted(owed, key=lambda row: row["by"])
        assert all(row["by"] for row in owed)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_any_stage_says_that_something_is_being_worked_on(house, language, monkeypatch):
    stand_on(monkeypatch, AT)
    filed = factories.file_case(house).case
    started = factories.assign(house, factories.file_case(house).case)
    cases.start(started, at=AT, actor=house.assistant)
    paid = kept.running_case(house)
    factories.deposit(house, paid, "50000.00", serial="W", at=AT)
    factories.payout(house, paid, "20000.00", reference="W", until="SENT", at=AT)
    closed = factories.close(house, kept.running_case(house), "TERMINATED", at=AT)
    services.project(at=AT)
    for case in (filed, started, paid, closed):
        with PUBLIC:
            shown = signed_in(opened(case), language=language).get("/status/").content.decode()
        assert case.display_number in shown
        assert not EMPTY_WORDS.search(shown)
