"""Cases of other types: registered, numbered, linked; what they stop, their terms, their result."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from bureau.errors import Refused
from bureau.models import Court
from cases import services
from cases.models import Case, Deadline, RelatedCase
from cases.relations import RULES, Relation
from cases.services.related import lock_objections
from tests import factories, kept
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 18)
DAY = AT.date()


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


def relate(house, case, **changes) -> RelatedCase:
    words = {
        "relation": "OBJECTION",
        "number": "",
        "court": house.courts["内0302"],
        "court_name": "",
        "raised_by": "乌海市测试商贸有限公司",
        "matter": "认为冻结超出数额",
        "received_on": DAY,
        "filed_on": DAY,
        "reviewer": None,
        "at": AT,
        "actor": house.window_clerk,
    }
    return services.register_related(case, **{**words, **changes})


def decide(row, house, **changes) -> RelatedCase:
    words = {"result": "REJECTED", "document": "裁定", "decided_on": DAY, "served_on": None, "at": AT}
    return services.decide_related(row, **{**words, "actor": house.window_clerk, **changes})


def deadline(case, node) -> Deadline:
    return case.deadlines.get(node=node)


class TestRegister:
    def test_every_relation_names_its_type(self):
        assert set(RULES) == set(Relation.values)

    def test_it_takes_the_next_number_of_its_own_book(self, house, case):
        assert relate(house, case).number == "(2021)内0302执异1号"
        assert relate(house, case, relation="OUTSIDER").number == "(2021)内0302执异2号"
        assert relate(house, case, relation="PRESERVATION").number == "(2021)内0302执保1号"
        assert Case.objects.get(pk=case.pk).number == "(2021)内0302执1号"

    def test_the_number_is_of_the_year_of_filing(self, house, case):
        row = relate(
            house, case, received_on=dt.date(2021, 12, 31), filed_on=dt.date(2022, 1, 4), at=moment(2022, 1, 4)
        )
        assert row.number == "(2022)内0302执异1号"

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"number": "(2021)内0302执异9号"}, "本系统编立"),
            ({"court": None}, "受理法院"),
            ({"court": None, "court_name": "内蒙古高院"}, "请填写关联案号"),
            ({"court": None, "court_name": "内蒙古高院", "number": "内执异字"}, "案号格式"),
            ({"court": None, "court_name": "内蒙古高院", "number": "(2021)内执复3号"}, "执异"),
            ({"raised_by": " "}, "提出人"),
            ({"filed_on": DAY + dt.timedelta(days=1)}, "立案日应不晚于今天"),
            ({"received_on": dt.date(2021, 8, 1), "filed_on": dt.date(2021, 8, 2)}, "不应早于本案立案日"),
        ],
    )
    def test_what_does_not_fit_is_said(self, house, case, changes, said):
        with pytest.raises(Refused, match=said):
            relate(house, case, **changes)
        assert not RelatedCase.objects.exists()

    def test_a_typed_number_is_kept_in_one_spelling_and_once_per_case(self, house, case):
        other = {"court": None, "court_name": "内蒙古自治区高级人民法院", "relation": "REVIEW"}
        assert relate(house, case, number="（2021） 内执复 3号", **other).number == "(2021)内执复3号"
        with pytest.raises(Refused, match="已登记"):
            relate(house, case, number="(2021)内执复3号", **other)
        with pytest.raises(IntegrityError), transaction.atomic():
            _copy(RelatedCase.objects.get())

    def test_a_court_whose_numbers_are_entered_asks_for_it(self, house, case):
        Court.objects.filter(code="内0302").update(number_mode="ENTERED")
        court = Court.objects.get(code="内0302")
        with pytest.raises(Refused, match="请填写关联案号"):
            relate(house, case, court=court)
        assert relate(house, case, court=court, number="(2021)内0302执异88号").number == "(2021)内0302执异88号"

    def test_nobody_reviews_what_he_enforced(self, house, case):
        for person in (case.judge, house.officer, house.assistant):
            with pytest.raises(Refused, match="不能审查"):
                relate(house, case, reviewer=person)
        other = next(judge for judge in (house.judge, house.judge2) if judge.pk != case.judge_id)
        assert relate(house, case, reviewer=other).reviewer == other

    def test_strangers_and_other_roles_may_not(self, house, case):
        for person in (house.window_clerk2, house.officer, house.finance, house.inspector):
            with pytest.raises(PermissionDenied):
                relate(house, case, actor=person)


def _copy(row):
    row.pk = None
    row.save(force_insert=True)


class TestTerms:
    def test_an_objection_is_decided_in_fifteen_days_and_may_be_reviewed_in_ten(self, house, case):
        row = relate(house, case)
        term = deadline(case, "OBJECTION")
        # 18 September is a make-up workday; 3 October lies in the holiday.
        assert (term.started_on, term.due_on) == (DAY, dt.date(2021, 10, 8))
        decide(row, house, decided_on=dt.date(2021, 9, 28), served_on=dt.date(2021, 9, 29), at=moment(2021, 9, 30))
        assert deadline(case, "OBJECTION").state == "FULFILLED"
        right = deadline(case, "REVIEW")
        assert (right.started_on, right.due_on) == (dt.date(2021, 9, 29), dt.date(2021, 10, 9))

    def test_each_objection_has_its_own_term(self, house, case):
        first, second = relate(house, case), relate(house, case)
        decide(first, house)
        states = {row.subject: row.state for row in case.deadlines.filter(node="OBJECTION")}
        assert states == {f"relatedcase:{first.pk}": "FULFILLED", f"relatedcase:{second.pk}": "RUNNING"}
        services.strike_related(second, reason="重复登记", at=AT, actor=house.window_clerk)
        assert case.deadlines.get(subject=f"relatedcase:{second.pk}").state == "CANCELLED"

    def test_other_relations_start_no_term_of_review(self, house, case):
        relate(house, case, relation="PRESERVATION")
        assert not case.deadlines.filter(node__in=["OBJECTION", "OUTSIDER_OBJECTION"]).exists()


class TestLock:
    def test_an_outsiders_claim_locks_until_fifteen_days_after_its_rejection(self, house, case):
        row = relate(house, case, relation="OUTSIDER")
        assert "执异1号" in lock_objections(case)[0]
        with pytest.raises(Refused, match="关联案件未审结"):
            factories.propose_closing(house, case, "TERMINATED", at=AT)
        decide(row, house, served_on=DAY)
        assert lock_objections(case) == []
        last = dt.date(2021, 10, 3)
        assert RelatedCase.objects.locking(today=last).count() == 1
        assert RelatedCase.objects.locking(today=last + dt.timedelta(days=1)).count() == 0
        factories.propose_closing(house, case, "TERMINATED", at=AT)

    def test_an_objection_to_an_act_stops_nothing(self, house, case):
        relate(house, case)
        factories.propose_closing(house, case, "TERMINATED", at=AT)

    def test_a_supported_claim_locks_no_longer(self, house, case):
        decide(relate(house, case, relation="OUTSIDER"), house, result="SUPPORTED")
        assert not RelatedCase.objects.locking(today=DAY).exists()


class TestEnd:
    def test_a_result_is_entered_once_with_its_document(self, house, case):
        row = relate(house, case)
        with pytest.raises(Refused, match="结果文书"):
            decide(row, house, document=" ")
        with pytest.raises(Refused, match="作出日"):
            decide(row, house, decided_on=DAY - dt.timedelta(days=1))
        decide(row, house)
        with pytest.raises(Refused, match="已有结果"):
            decide(row, house)
        with pytest.raises(Refused, match="已有结果"):
            services.strike_related(row, reason="错", at=AT, actor=house.window_clerk)

    def test_a_struck_number_is_not_used_again(self, house, case):
        services.strike_related(relate(house, case), reason="关联错误", at=AT, actor=house.window_clerk)
        assert relate(house, case).number == "(2021)内0302执异2号"

    def test_the_database_refuses_a_result_without_document(self, house, case):
        row = relate(house, case)
        with pytest.raises(IntegrityError), transaction.atomic():
            RelatedCase.objects.filter(pk=row.pk).update(state="DECIDED", result="REJECTED", decided_on=DAY)


@pytest.mark.django_db(transaction=True)
def test_two_windows_take_two_numbers_at_once():
    house = factories.House.build()
    rows = [factories.file_case(house).case, factories.file_case(house).case]
    numbers = race([lambda case=case: relate(house, case).number for case in rows])
    assert sorted(numbers, key=str) == ["(2021)内0302执异1号", "(2021)内0302执异2号"]


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch):
        monkeypatch.setattr("bureau.clock.now", lambda: AT)
        monkeypatch.setattr("bureau.clock.today", AT.date)

    def test_the_window_registers_decides_and_strikes(self, house, case, login):
        client = login(house.window_clerk)
        address = f"/cases/{case.pk}/related/new/"
        assert "执异" in client.get(address).content.decode()
        wrong = client.post(address, {"relation": "OBJECTION", "court": "内0302", "raised_by": "李<b>四</b>"})
        assert wrong.status_code == 422
        assert "李&lt;b&gt;四" in wrong.content.decode()
        body = {"relation": "OUTSIDER", "court": "内0302", "raised_by": "李四", "matter": "对车辆主张所有权"}
        body |= {"received_on": "2021-09-17", "filed_on": "2021-09-18"}
        assert client.post(address, body).status_code == 302
        row = RelatedCase.objects.get()
        page = client.get(f"/cases/{case.pk}/related/").content.decode()
        assert "不得处分" in page
        assert row.number in page
        done = {"result": "REJECTED", "document": "裁定书", "decided_on": "2021-09-18", "served_on": "2021-09-18"}
        assert client.post(f"/cases/related/{row.pk}/decide/", done).status_code == 302
        assert client.post(f"/cases/related/{row.pk}/strike/", {"reason": "错"}).status_code == 422

    def test_the_list_shows_undecided_ones_of_visible_cases(self, house, case, login):
        row = relate(house, case)
        found = login(house.judge if case.judge == house.judge else house.judge2).get("/cases/related/")
        assert row.number in found.content.decode()
        assert row.number not in login(house.officer3).get("/cases/related/").content.decode()
        decide(row, house)
        client = login(house.window_clerk)
        assert row.number not in client.get("/cases/related/").content.decode()
        assert (
            row.number in client.get("/cases/related/?state=all&relation=OBJECTION&number=（2021）内").content.decode()
        )
