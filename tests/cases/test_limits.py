"""The closing limit is lengthened: by the judge in its last days, by the president, and by the high court's answer."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bureau.errors import Refused
from cases import desk_stages, services
from cases.models import Case, Deadline
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(house):
    # Filed on 2021-09-01: six months end on 2022-03-01.
    return factories.into_stream(house, factories.file_case(house).case)


def _due(case, node):
    return str(Deadline.objects.running().get(case=case, node=node).due_on)


def _ask(case, at, *, day=25, month=2, **given):
    return services.ask_longer_limit(case, reason="拍卖尚未结束", at=at(2022, month, day), actor=case.judge, **given)


def _decide(house, row, at, result="APPROVED", **given):
    return services.decide_longer_limit(row, result=result, at=at(2022, 2, 27), actor=house.president, **given)


class TestAsking:
    @pytest.mark.parametrize(("month", "day", "words"), [(2, 23, "届满前 5 日内"), (3, 2, "已于 2022-03-01 届满")])
    def test_only_within_the_last_five_days(self, case, at, month, day, words):
        with pytest.raises(Refused, match=words):
            _ask(case, at, month=month, day=day)
        assert _ask(case, at, day=24).state == "PROPOSED"

    def test_by_the_judge_with_a_reason_and_once_at_a_time(self, house, case, at):
        with pytest.raises(PermissionDenied):
            services.ask_longer_limit(case, reason="x", at=at(2022, 2, 25), actor=case.owner)
        with pytest.raises(Refused) as refusal:
            services.ask_longer_limit(case, reason=" ", at=at(2022, 2, 25), actor=case.judge)
        assert set(refusal.value.by_field) == {"reason"}
        _ask(case, at)
        with pytest.raises(Refused, match="待院长"):
            _ask(case, at)


class TestDeciding:
    def test_approved_the_limit_ends_three_months_later_and_the_clock_of_asking_is_met(self, house, case, at):
        row = _ask(case, at)
        items = desk_stages.items(house.president, today=at(2022, 2, 26).date())
        assert [str(item.due_on) for item in items if item.url == row.get_absolute_url()] == ["2022-03-01"]
        row = _decide(house, row, at)
        assert (str(row.limit_on), str(row.until_on)) == ("2022-03-01", "2022-06-01")
        assert str(Case.objects.get(pk=case.pk).closing_due_on) == "2022-06-01"
        limit = Deadline.objects.running().get(case=case, node="CLOSING_LIMIT")
        assert "经批准延长 3 个月" in limit.steps
        # The next clock of asking runs to the new limit; the one that was met stays as it was.
        rows = case.deadlines.filter(node="EXTENSION").order_by("id").values_list("state", "due_on")
        assert [(state, str(day)) for state, day in rows] == [("FULFILLED", "2022-03-01"), ("RUNNING", "2022-06-01")]
        assert _due(case, "UPPER_COURT") == "2022-03-01"

    def test_later_pauses_move_the_longer_limit(self, house, case, at):
        _decide(house, _ask(case, at), at)
        services.exclude_period(
            case,
            kind="APPRAISAL",
            paper=factories.paper(case),
            from_on=at(2022, 3, 1).date(),
            until_on=at(2022, 3, 11).date(),
            at=at(2022, 3, 12),
            actor=case.judge,
        )
        assert _due(case, "CLOSING_LIMIT") == _due(case, "EXTENSION") == "2022-06-13"

    def test_refused_needs_its_reason_and_moves_nothing(self, house, case, at):
        row = _ask(case, at)
        with pytest.raises(Refused, match="不予批准的理由"):
            _decide(house, row, at, "REFUSED")
        with pytest.raises(PermissionDenied):
            services.decide_longer_limit(row, result="APPROVED", at=at(2022, 2, 27), actor=house.chief)
        assert _decide(house, row, at, "REFUSED", note="无特殊情况").state == "REFUSED"
        assert _due(case, "CLOSING_LIMIT") == _due(case, "EXTENSION") == "2022-03-01"
        with pytest.raises(Refused, match="已处理"):
            _decide(house, row, at)

    def test_a_second_time_only_by_the_high_courts_answer(self, house, case, at):
        _decide(house, _ask(case, at), at)
        with pytest.raises(Refused, match="高级人民法院"):
            _ask(case, at, month=5, day=30)
        answer = factories.ruling(case, at=at(2022, 5, 29)).paper
        row = _ask(case, at, month=5, day=30, paper=answer)
        assert row.paper == answer
        assert str(_decide(house, row, at).until_on) == "2022-09-01"


class TestPages:
    def test_the_way_from_the_deadline_to_the_decision(self, house, case, login, at, settings):
        settings.CLOCK_OFFSET = int((at(2022, 2, 25) - dt.datetime.now(dt.UTC)).total_seconds()) + 1
        judge, tab = login(case.judge), reverse("cases:case_deadlines", args=[case.pk])
        address = reverse("cases:ask_limit", args=[case.pk])
        assert address in judge.get(tab).content.decode()
        assert address in judge.get(case.get_absolute_url()).content.decode()
        assert address not in login(case.owner).get(tab).content.decode()
        assert judge.post(address, {"reason": ""}).status_code == 422
        assert judge.post(address, {"reason": "评估未完"}).status_code == 302
        row = case.limit_extensions.get()
        president = login(house.president)
        assert row.get_absolute_url() in president.get(tab).content.decode()
        assert "评估未完" in president.get(row.get_absolute_url()).content.decode()
        assert president.post(row.get_absolute_url(), {"result": "APPROVED"}).status_code == 302
        assert "2022-06-01" in judge.get(tab).content.decode()
