"""Papers that print a total owed say up to which day interest is counted, how, and that it runs on."""

import json

import pytest

from bureau.errors import Refused
from documents import filling
from documents.facts import facts_of
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 6)


@pytest.fixture
def case(house):
    return kept.running_case(house)


def words(paper):
    return json.dumps(json.loads(paper.body), ensure_ascii=False)


def test_a_notice_prints_the_sum_up_to_its_day_with_the_arithmetic(house, case):
    text = words(factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT, **proposed(case)))
    # 68 days from 2021-07-01: 50,000.00 × 0.0175% × 68 = 595.00.
    assert "暂计至2021年9月6日共50,595.00元（大写：人民币伍万零伍佰玖拾伍元整）" in text
    assert "2021年9月6日之后的利息、加倍部分债务利息另计，至实际清偿之日止" in text
    assert "50,000.00 × 0.0175% × 68" in text
    assert "加倍部分债务利息：595.00" in text


def proposed(case, code="ENFORCEMENT_NOTICE"):
    spec = factories.template(code).spec
    return {
        name: value
        for name, value in filling.proposed(spec, facts_of(case, on=AT.date())).items()
        if name in (filling.OWED_ON, filling.OWED[code], "due_steps", "paid") and value
    }


def test_what_was_paid_is_taken_off_before_the_ruling_says_what_is_left(house, case):
    factories.deposit(house, case, "10595.00", serial="S", at=AT)
    known = proposed(case, "ENDED")
    assert known == {"due_on": "2021-09-06", "paid": "10595.00", "left": "40000.00"}
    filled = filling.fill(
        factories.template("ENDED").spec,
        filling.proposed(factories.template("ENDED").spec, facts_of(case, on=AT.date()))
        | dict.fromkeys(("notice", "measures", "sanctions", "talk", "panel"), "某事"),
        facts_of(case, on=AT.date()),
        number="x",
        on=AT.date(),
    )
    assert not filled.problems
    assert "未履行金额暂计至2021年9月6日，此后的利息、加倍部分债务利息另计" in filled.words


def test_a_case_without_a_money_claim_prints_no_such_sum(house):
    from cases.filing import ClaimData

    case = factories.file_case(house, claims=(ClaimData(kind="ACT", note="交付房屋"),)).case
    assert proposed(case) == {}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"due": "50000.00"}, "不一致：2021-09-06 应付 50,595.00 元"),
        ({"due_on": "2021-09-01"}, "利息暂计至 2021-09-01，不是今天"),
        ({"due_on": ""}, "没有写明利息暂计到哪一天"),
        ({}, ""),
    ],
)
def test_a_sum_that_is_not_the_case_s_own_is_cautioned_with_the_arithmetic(case, changed, said):
    values = proposed(case) | changed
    found = filling.cautions("ENFORCEMENT_NOTICE", values, facts_of(case, on=AT.date()))
    assert len(found) == bool(said)
    assert all(said in text for text in found)


def test_no_day_to_come_is_printed(house, case):
    with pytest.raises(Refused, match="利息暂计至不能晚于今天"):
        factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT, due_on="2021-09-07", due="50603.75")


@pytest.mark.parametrize(
    ("cap", "said"),
    [
        ("60000.00", None),
        ("65000.00", None),
        (
            "70000.00",
            "限额 70,000.00 元是申请执行标的额 50,000.00 元的 1.4 倍，今天连同利息应付 50,595.00 元，超出 19,405.00 元",
        ),
        ("149999.00", "超出 99,404.00 元"),
    ],
)
def test_a_cap_well_above_the_debt_is_cautioned_with_the_arithmetic(case, cap, said):
    found = filling.cautions("FREEZE", {"cap": cap}, facts_of(case, on=AT.date()))
    assert len(found) == (said is not None)
    assert all(said in text for text in found)
