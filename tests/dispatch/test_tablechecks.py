"""What is wrong with a decision table is pointed out: which rows, and why; and only that."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import rules
from dispatch.rules import Rule
from dispatch.tablechecks import findings, space_of
from dispatch.triage import judge
from tests.dispatch.test_triage import ON, any_facts


def when(fact, op, value):
    return {"fact": fact, "op": op, "value": value}


def rule(code, *conditions, stream="FAST", weight=2, decisive=False, **changes):
    return Rule(code, code, stream, conditions, weight=0 if decisive else weight, is_decisive=decisive, **changes)


def found(*table, least=2, **changes):
    return [(one.codes, one.stops, one.text) for one in findings(table, fast_weight_min=least, **changes)]


SMALL, ONE = when("claimed", "le", "100000.00"), when("debtors", "le", 1)


class TestFindings:
    def test_the_first_table_is_clean(self):
        assert found(*rules.RULES) == []

    @pytest.mark.parametrize(
        "conditions",
        [
            (when("claimed", "gt", "100.00"), when("claimed", "lt", "100.01")),
            (when("debtors", "ge", 3), when("debtors", "lt", 3)),
            (when("debtors", "lt", 0),),
            (when("has_clues", "is", True), when("has_clues", "is", False)),
            (when("basis", "in", ["J1"]), when("basis", "in", ["J6"])),
            (when("basis", "in", ["J1"]), when("basis", "not_in", ["J1"])),
            (when("sensitive", "in", ["CROWD"]), when("sensitive", "not_in", ["CROWD", "MILITARY"])),
            (when("cash_found", "ge", {"fact": "need"}), when("cash_found", "lt", {"fact": "need"})),
            (when("need", "lt", {"fact": "claimed"}),),
            (when("parties", "le", 2), when("debtors", "ge", 3)),
        ],
    )
    def test_what_can_never_hold(self, conditions):
        [(codes, stops, text)] = found(rule("T1", *conditions, decisive=True))
        assert (codes, stops) == (("T1",), True)
        assert "互相排斥" in text

    @pytest.mark.parametrize(
        "conditions",
        [
            (when("claimed", "ge", "100.00"), when("claimed", "le", "100.00")),
            (when("sensitive", "in", ["CROWD", "MILITARY"]), when("sensitive", "not_in", ["CROWD"])),
            (when("cash_found", "ge", {"fact": "need"}), when("cash_found", "le", {"fact": "need"})),
            (when("livelihood", "not_in", ["WAGES", "SUPPORT", "PENSION", "MEDICAL", "TRAFFIC"]),),
        ],
    )
    def test_what_just_can_is_no_fault(self, conditions):
        assert found(rule("T1", *conditions, decisive=True)) == []

    def test_no_conditions_no_weight_no_rows(self):
        assert [row[0] for row in found(rule("T1", decisive=True))] == [("T1",)]
        assert "权重又为0" in found(rule("T1", SMALL, weight=0), rule("T2", ONE))[0][2]
        assert found() == [((), True, "规则表没有规则")]

    def test_the_same_conditions_for_both_streams_contradict(self):
        [(codes, stops, text)] = found(rule("T1", SMALL, ONE, decisive=True), rule("T2", ONE, SMALL, stream="ORDINARY"))
        assert (codes, stops) == (("T1", "T2"), True)
        assert "矛盾" in text

    def test_the_same_conditions_twice_count_twice(self):
        [(codes, stops, text)] = found(rule("T1", SMALL), rule("T2", SMALL))
        assert (codes, stops) == (("T1", "T2"), True)
        assert "重复" in text

    def test_a_simple_row_under_a_decisive_complex_one_never_counts(self):
        complex_ = rule("T9", when("claimed", "le", "200000.00"), stream="ORDINARY", decisive=True)
        [(codes, stops, text)] = found(rule("T1", SMALL, ONE, decisive=True), complex_)
        assert (codes, stops) == (("T1", "T9"), True)
        assert "永远不起作用" in text

    def test_a_weight_under_a_decisive_row_of_its_own_side_is_a_hint(self):
        wide = rule("T9", when("claimed", "le", "200000.00"), decisive=True)
        [(codes, stops, _text)] = found(rule("T1", SMALL, ONE), wide)
        assert (codes, stops) == (("T1", "T9"), False)

    def test_rows_of_different_times_do_not_meet(self):
        new_year = dt.date(2022, 1, 1)
        old = rule("T1", SMALL, decisive=True, until_on=new_year)
        new = rule("T2", SMALL, stream="ORDINARY", decisive=True, from_on=new_year)
        assert found(old, new) == []
        assert found(old, replace(new, from_on=dt.date(2021, 12, 31)))[0][1]
        assert "已经失效" in found(old, rule("T3", ONE), from_on=new_year)[0][2]
        assert "不晚于" in found(replace(old, from_on=new_year), rule("T3", ONE))[0][2]

    def test_weights_that_never_reach_the_line(self):
        [(codes, stops, text)] = found(rule("T1", SMALL, weight=1), rule("T2", ONE, weight=1), least=3)
        assert (codes, stops) == (("T1", "T2"), True)
        assert "达不到 3" in text


numbers = st.sampled_from(["0.00", "99.99", "100.00", "100.01", "5000.00"])
conditions = st.lists(
    st.one_of(
        st.builds(
            when, st.sampled_from(["claimed", "cash_found"]), st.sampled_from(["ge", "gt", "le", "lt", "eq"]), numbers
        ),
        st.builds(when, st.just("debtors"), st.sampled_from(["ge", "gt", "le", "lt", "eq"]), st.integers(0, 4)),
        st.builds(when, st.just("cash_found"), st.sampled_from(["ge", "lt"]), st.just({"fact": "claimed"})),
        st.builds(when, st.just("has_clues"), st.just("is"), st.booleans()),
        st.builds(
            when,
            st.just("sensitive"),
            st.sampled_from(["in", "not_in"]),
            st.lists(st.sampled_from(["CROWD", "MILITARY"]), min_size=1, unique=True),
        ),
        st.builds(
            when,
            st.just("act"),
            st.sampled_from(["in", "not_in"]),
            st.lists(st.sampled_from(["ACT", "EVICTION"]), min_size=1, unique=True),
        ),
    ),
    min_size=1,
    max_size=3,
)


def hits(values, given_):
    table = [rule("T1", *given_, decisive=True)]
    return bool(judge(values, table, fast_weight_min=2, on=ON).hits)


class TestWhatTheChecksClaimIsTrue:
    @given(conditions, any_facts)
    def test_an_empty_space_is_never_hit(self, some, values):
        if space_of(some).is_empty:
            assert not hits(values, some)

    @given(conditions, conditions, any_facts)
    def test_what_lies_within_hits_only_where_the_wider_one_does(self, some, others, values):
        if space_of(some).within(space_of(others)) and hits(values, some):
            assert hits(values, others)
