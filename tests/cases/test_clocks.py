"""The clocks of the case page: what is most pressing leads, money included; what stands still counts no days."""

import datetime as dt

import pytest

from cases import clocks, desk, dues, pages, services
from cases.models import Case
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(house):
    return factories.into_stream(house, factories.file_case(house).case)


def _again(case):
    return Case.objects.for_page().get(pk=case.pk)


def _head(case, user, at):
    return pages.head(_again(case), user, today=at.date())


def _clocks(case, at):
    return clocks.clocks(_again(case), today=at.date())


class TestMoney:
    def test_money_past_its_day_leads_and_the_officer_may_ask_at_once(self, house, case, at):
        factories.deposit(house, case, "5000.00", serial="K1", at=at(2021, 9, 16))
        head = _head(case, case.owner, at(2021, 10, 12))
        first = head["clocks"][0]
        assert (first.label, str(first.due_on)) == ("案款发放期限，未发放 5,000.00 元", "2021-10-08")
        assert (first.word, first.tone) == ("逾期 4 天", "overdue")
        assert first.steps
        assert "十五日" in first.basis
        step = head["steps"][0]
        assert (step.name, step.url, step.is_main) == ("pay", f"/money/case/{case.pk}/request/", True)

    def test_who_may_not_act_is_told_who_must(self, house, case, at, login):
        factories.deposit(house, case, "5000.00", serial="K2", at=at(2021, 9, 16))
        now = at(2021, 10, 12)
        [due] = dues.of_case(_again(case), case.judge, today=now.date())
        assert (due.act, due.who, due.url) == ("申请发放案款", case.owner.name, "")
        row = factories.payout(house, case, "5000.00", reference="r1", until="REQUESTED", at=at(2021, 9, 20))
        [due] = dues.of_case(_again(case), case.judge, today=now.date())
        assert (due.act, due.url) == ("审核案款发放", f"/money/payouts/{row.pk}/")
        [due] = dues.of_case(_again(case), case.owner, today=now.date())
        assert (due.act, due.who, due.url) == ("审核案款发放", case.judge.name, "")
        text = login(case.owner).get(case.get_absolute_url()).content.decode()
        assert f"由{case.judge.name}办理" in text

    def test_paid_and_delayed_money_and_money_not_yet_pressing_do_not_lead(self, house, case, at):
        factories.deposit(house, case, "5000.00", serial="K3", at=at(2021, 9, 16))
        # The money is not late, the order to report property is: it comes second.
        early = _head(case, case.owner, at(2021, 9, 20))["clocks"]
        assert [clock.is_money for clock in early if clock.rank > clocks.STILL].index(True) > 0
        factories.payout(house, case, "5000.00", reference="r2", at=at(2021, 9, 20))
        assert not [clock for clock in _head(case, case.owner, at(2021, 9, 21))["clocks"] if clock.is_money]

    def test_the_amount_is_for_those_who_see_money(self, house, case, at):
        factories.deposit(house, case, "5000.00", serial="K4", at=at(2021, 9, 16))
        assert not house.records_clerk.has_perm("accounts.view_money")
        [due] = dues.of_case(_again(case), house.records_clerk, today=at(2021, 10, 12).date())
        assert "5,000" not in due.label


class TestOrder:
    def test_what_is_done_comes_last_and_what_is_late_first(self, case, at):
        found = _clocks(case, at(2021, 12, 1))
        assert [clock.rank for clock in found] == sorted((clock.rank for clock in found), reverse=True)
        assert found[-1].label == "分流期限"
        assert found[0].tone == "overdue"


class TestStandstill:
    def test_a_suspended_case_counts_no_days_of_its_limits(self, house, case, at):
        before = {clock.label for clock in _clocks(case, at(2021, 9, 8))}
        services.suspend(
            case, ground="OUTSIDER", document=factories.ruling(case), from_on=None, at=at(2021, 9, 8), actor=case.judge
        )
        still = {clock.label: clock.word for clock in _clocks(case, at(2022, 6, 1)) if clock.rank == clocks.STILL}
        assert still["执行期限"] == "中止期间暂停计算"
        assert "执行期限" in before

    def test_tab_and_list_say_so_and_the_desk_is_silent(self, case, at, login, settings):
        services.suspend(
            case, ground="OUTSIDER", document=factories.ruling(case), from_on=None, at=at(2022, 2, 20), actor=case.judge
        )
        settings.CLOCK_OFFSET = int((at(2022, 2, 25) - dt.datetime.now(dt.UTC)).total_seconds()) + 1
        client = login(case.judge)
        tab = client.get(f"/cases/{case.pk}/deadlines/").content.decode()
        assert tab.count("中止期间暂停计算") >= 3  # the clock, the limit and the fast target
        assert "暂停计算" in client.get("/cases/").content.decode()
        assert not [item for item in desk.items(case.judge, today=at(2022, 2, 25).date()) if "期限将届满" in item.kind]

    def test_the_last_day_of_a_stay_stands_among_the_clocks(self, case, at):
        services.stay(
            case,
            ground="OTHER",
            document=factories.ruling(case),
            from_on=None,
            until_on=at(2021, 12, 8).date(),
            at=at(2021, 9, 8),
            actor=case.judge,
        )
        stay = next(clock for clock in _clocks(case, at(2021, 12, 10)) if clock.label == "暂缓届满")
        assert (str(stay.due_on), stay.word, stay.tone) == ("2021-12-08", "逾期 2 天", "overdue")
        assert stay.basis
