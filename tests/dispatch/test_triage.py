"""The rule table: worked examples, and what stays true of any facts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import rules
from dispatch.triage import Facts, judge

D = Decimal


def said(**changes):
    facts = Facts(**{"claimed": D("200000.00"), "cash_found": D("0.00"), "debtors": 2, **changes})
    return judge(facts, rules.RULES, fast_weight_min=rules.FAST_WEIGHT_MIN)


class TestExamples:
    @pytest.mark.parametrize(
        ("facts", "stream", "hits"),
        [
            ({}, "ORDINARY", []),
            ({"claimed": D("100000.00"), "debtors": 1}, "FAST", ["T4v1"]),
            ({"claimed": D("100000.01"), "debtors": 1}, "ORDINARY", []),
            ({"claimed": D("100000.00"), "debtors": 2}, "ORDINARY", []),
            ({"livelihood": "WAGES"}, "FAST", ["T5v1"]),
            ({"cash_found": D("202900.00")}, "FAST", ["T1v1"]),
            ({"cash_found": D("202899.99")}, "ORDINARY", []),
            ({"cash_found": D("999999.00"), "disposal": "REAL_ESTATE"}, "ORDINARY", ["T1v1", "T7v1"]),
            ({"act": "EVICTION", "livelihood": "SUPPORT"}, "ORDINARY", ["T5v1", "T8v1"]),
            ({"claimed": D("0.00"), "act": "VISITATION", "debtors": 1}, "ORDINARY", ["T8v1"]),
        ],
    )
    def test_worked(self, facts, stream, hits):
        proposal = said(**facts)
        assert (proposal.stream, proposal.hits) == (stream, hits)

    def test_the_arithmetic_stands_in_words(self):
        [line] = [line for line in said(cash_found=D("202899.99")).lines if line.code == "T1v1"]
        assert line.why == "可控存款 202,899.99 < 标的 200,000.00 + 执行申请费 2,900.00 = 202,900.00"


money = st.decimals(min_value=0, max_value=10**9, places=2)
facts_of_any_kind = st.builds(
    Facts,
    claimed=money,
    cash_found=money,
    debtors=st.integers(1, 20),
    livelihood=st.sampled_from(["", "WAGES"]),
    disposal=st.sampled_from(["", "VEHICLE"]),
    act=st.sampled_from(["", "EVICTION"]),
)


class TestAlways:
    @given(facts_of_any_kind)
    def test_every_rule_answers_once_and_a_decisive_complex_one_wins(self, facts):
        proposal = judge(facts, rules.RULES, fast_weight_min=rules.FAST_WEIGHT_MIN)
        assert sorted(proposal.hits + proposal.misses) == [f"{rule.code}v1" for rule in rules.RULES]
        assert proposal.conclusion
        if facts.disposal or facts.act:
            assert proposal.stream == "ORDINARY"
        if "T1v1" in proposal.hits and not (facts.disposal or facts.act):
            assert proposal.stream == "FAST"

    @given(facts_of_any_kind, money)
    def test_more_cash_never_makes_a_case_more_complex(self, facts, more):
        richer = Facts(
            facts.claimed, facts.cash_found + more, facts.debtors, facts.livelihood, facts.disposal, facts.act
        )
        before = judge(facts, rules.RULES, fast_weight_min=2).stream
        after = judge(richer, rules.RULES, fast_weight_min=2).stream
        assert not (before == "FAST" and after == "ORDINARY")

    @given(facts_of_any_kind)
    def test_order_of_rules_does_not_matter(self, facts):
        assert (
            judge(facts, rules.RULES, fast_weight_min=2).stream
            == judge(facts, reversed(rules.RULES), fast_weight_min=2).stream
        )
