"""Clocks that begin with what the product records: a measure before the notice, a clue on paper, a settlement left."""

import datetime as dt
from decimal import Decimal

import pytest

from cases import services
from cases.models import Case, Deadline
from tests import factories, kept
from tests.factories import moment
from wuhai_exec.demo import proofs

AT = moment(2021, 9, 6)


def started(house) -> Case:
    case = factories.assign(house, factories.file_case(house).case)
    return services.start(case, at=moment(2021, 9, 2), actor=house.assistant)


def clock(case, node):
    return Deadline.objects.get(case=case, node=node)


class TestNoticeAfterMeasure:
    """执行程序解释 22: who is seized first is told within three days."""

    def test_a_measure_before_the_notice_starts_three_days_and_the_notice_ends_them(self, house):
        case = started(house)
        factories.control(case, at=AT)
        factories.control(case, at=AT, thing="建设银行乌海分行，账号尾号1234")
        row = clock(case, "NOTICE_AFTER_MEASURE")
        assert (row.state, row.due_on) == ("RUNNING", dt.date(2021, 9, 9))
        for code in ("ENFORCEMENT_NOTICE", "REPORT_ORDER"):
            factories.issue(case, code, actor=house.assistant, at=AT)
        assert clock(case, "NOTICE_AFTER_MEASURE").state == "FULFILLED"

    def test_a_measure_after_the_notice_starts_nothing(self, house):
        case = kept.running_case(house)
        factories.control(case, at=AT)
        assert not Deadline.objects.filter(case=case, node="NOTICE_AFTER_MEASURE").exists()


class TestCluePaper:
    """财产调查规定 2: a clue is checked within seven days, also one that came in on paper."""

    def test_a_clue_taken_into_the_file_is_checked_within_seven_days(self, house):
        case = kept.running_case(house)
        for _turn in range(2):
            proofs.scan(case, "财产线索书", kind="CLUES", at=AT, actor=case.owner)
        row = clock(case, "CLUE_PAPER")
        assert (row.state, row.due_on) == ("RUNNING", dt.date(2021, 9, 13))
        services.note_done(row, note="已到登记中心核实，无房产", at=moment(2021, 9, 8), actor=case.owner)
        assert clock(case, "CLUE_PAPER").state == "FULFILLED"

    @pytest.mark.parametrize("kind", ["OTHER", "INQUIRY"])
    def test_another_paper_starts_nothing(self, house, kind):
        case = kept.running_case(house)
        proofs.scan(case, "材料", kind=kind, at=AT, actor=case.owner)
        assert not Deadline.objects.filter(case=case, node="CLUE_PAPER").exists()


def test_a_settlement_left_behind_at_the_closing_says_how_long_it_may_be_revived(house):
    case = kept.running_case(house)
    due = [(dt.date(2021, 10, 8), Decimal("20000.00")), (dt.date(2021, 11, 8), Decimal("30000.00"))]
    given = {"document": factories.agreement(case), "terms": "分两期付清", "instalments": due}
    services.settle(case, **given, at=AT, actor=case.judge)
    case = factories.close(house, case, "TERMINATED", ground="SETTLED", at=moment(2021, 9, 21))
    row = clock(case, "SETTLEMENT_BREACH")
    assert (row.state, row.started_on, row.due_on) == ("RUNNING", dt.date(2021, 11, 8), dt.date(2023, 11, 8))
