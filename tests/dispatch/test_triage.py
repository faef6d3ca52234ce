"""The decision table: every row true and false, and what stays true of any facts and any order of rows."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.fee import application_fee
from dispatch import rules
from dispatch.facts import FACTS, from_json, to_json
from dispatch.triage import judge

D = Decimal
ON = dt.date(2021, 9, 2)
PLAIN = {
    "claimed": D("200000.00"),
    "need": D("202900.00"),
    "cash_found": None,
    "cash_preserved": D("0.00"),
    "applicants": 1,
    "debtors": 2,
    "parties": 3,
    "series": 1,
    "earlier_procedural": 0,
    "property_found": None,
    "has_clues": True,
    "only_fees": False,
    "basis": "J1",
    "livelihood": "",
    "disposal": "",
    "act": "",
    "willingness": "",
    "query": "PENDING",
    "sensitive": (),
    "pending": (),
}


def said(table=rules.RULES, **changes):
    values = {**PLAIN, **changes}
    if "claimed" in changes and "need" not in changes:
        values["need"] = values["claimed"] + application_fee(values["claimed"]).amount
    return judge(values, table, fast_weight_min=rules.FAST_WEIGHT_MIN, on=ON)


NOTHING_FOUND = {"query": "ANSWERED", "property_found": 0, "cash_found": D("0.00"), "has_clues": False}
# Code, facts on which it hits, facts just beside on which it does not, and what the table then proposes on the first.
ROWS = [
    ("T1", {"cash_found": D("202900.00")}, {"cash_found": D("202899.99")}, "FAST"),
    ("T2", {"cash_preserved": D("200000.00")}, {"cash_preserved": D("199999.99")}, "FAST"),
    ("T3", {"willingness": "IMMEDIATE"}, {"willingness": ""}, "FAST"),
    ("T3", {"willingness": "SETTLED"}, {}, "FAST"),
    ("T4", {"claimed": D("100000.00"), "debtors": 1}, {"claimed": D("100000.01"), "debtors": 1}, "FAST"),
    ("T4", {"claimed": D("0.01"), "debtors": 1}, {"claimed": D("0.00"), "debtors": 1}, "FAST"),
    ("T4", {"claimed": D("5.00"), "debtors": 1}, {"claimed": D("5.00"), "debtors": 2}, "FAST"),
    *[("T5", {"livelihood": kind}, {}, "FAST") for kind in ("SUPPORT", "PENSION", "MEDICAL", "WAGES", "TRAFFIC")],
    ("T6", {"only_fees": True}, {"only_fees": False}, "FAST"),
    ("T6B", {"act": "REGISTRATION"}, {"act": ""}, "FAST"),
    *[("T7", {"disposal": kind}, {}, "ORDINARY") for kind in ("REAL_ESTATE", "EQUITY", "VEHICLE", "OTHER")],
    *[
        ("T8", {"act": kind}, {"act": "REGISTRATION"}, "ORDINARY")
        for kind in ("EVICTION", "NUISANCE", "ACT", "VISITATION", "DELIVERY")
    ],
    ("T9", {"basis": "J6"}, {"basis": "J5"}, "ORDINARY"),
    ("T10", {"parties": 5}, {"parties": 4}, "ORDINARY"),
    ("T10B", {"series": 10}, {"series": 9}, "ORDINARY"),
    *[("T10C", {"sensitive": (kind,)}, {}, "ORDINARY") for kind in ("CROWD", "ENTERPRISE", "MILITARY", "GOVERNMENT")],
    *[("T11", {"pending": (kind,)}, {}, "ORDINARY") for kind in ("OBJECTION", "RETRIAL", "BANKRUPTCY")],
    ("T12", {"claimed": D("5000000.01")}, {"claimed": D("5000000.00")}, "ORDINARY"),
    ("T13", NOTHING_FOUND, NOTHING_FOUND | {"has_clues": True}, "ORDINARY"),
    ("T13", NOTHING_FOUND, NOTHING_FOUND | {"query": "PENDING"}, "ORDINARY"),
    ("T13", NOTHING_FOUND, NOTHING_FOUND | {"property_found": 1}, "ORDINARY"),
    ("T13", NOTHING_FOUND, NOTHING_FOUND | {"cash_found": D("0.01")}, "ORDINARY"),
    ("T14", {"earlier_procedural": 3}, {"earlier_procedural": 2}, "ORDINARY"),
]


class TestEveryRow:
    @pytest.mark.parametrize(("code", "true", "false", "stream"), ROWS)
    def test_hits_and_does_not(self, code, true, false, stream):
        proposal = said(**true)
        assert code in proposal.hits
        assert proposal.stream == stream
        assert code not in said(**false).hits

    def test_no_row_is_without_its_case(self):
        assert {code for code, *_rest in ROWS} == {rule.code for rule in rules.RULES}

    @pytest.mark.parametrize(
        ("facts", "stream", "how"),
        [
            ({}, "ORDINARY", "WEIGHT"),
            ({"cash_found": D("999999.00"), "disposal": "REAL_ESTATE"}, "ORDINARY", "DECISIVE"),
            ({"act": "EVICTION", "livelihood": "SUPPORT"}, "ORDINARY", "DECISIVE"),
            ({"cash_found": D("99999999.00"), "claimed": D("6000000.00")}, "FAST", "DECISIVE"),
            ({"willingness": "SETTLED", "claimed": D("6000000.00")}, "ORDINARY", "WEIGHT"),  # 3 - 3 < 2
            ({"willingness": "SETTLED", "earlier_procedural": 3}, "FAST", "WEIGHT"),  # 3 - 1
            ({"livelihood": "WAGES", "earlier_procedural": 3}, "ORDINARY", "WEIGHT"),  # 2 - 1
        ],
    )
    def test_rows_together(self, facts, stream, how):
        proposal = said(**facts)
        assert (proposal.stream, proposal.how) == (stream, how)

    def test_what_is_unknown_neither_hits_nor_counts_as_nothing(self):
        proposal = said(query="PENDING", has_clues=False)
        [line] = [line for line in proposal.lines if line.code == "T13"]
        assert not line.is_hit
        assert [check.is_true for check in line.checks] == [False, None, None, True]

    def test_flags_come_with_their_rows(self):
        assert said(livelihood="WAGES", disposal="VEHICLE").flags == ("DISPOSAL", "PRIORITY")

    def test_a_row_for_a_time_counts_only_then(self):
        campaign = rules.Rule(
            "T20",
            "专项行动",
            "FAST",
            ({"fact": "debtors", "op": "ge", "value": 1},),
            weight=2,
            from_on=dt.date(2021, 12, 1),
            until_on=dt.date(2022, 1, 1),
        )
        table = (*rules.RULES, campaign)
        for day, counts in ((30, False), (31, True)):
            on = dt.date(2021, 11, 30) if day == 30 else dt.date(2021, 12, 31)
            assert ("T20" in judge(PLAIN, table, fast_weight_min=2, on=on).hits) is counts
        lines = judge(PLAIN, table, fast_weight_min=2, on=dt.date(2022, 1, 1)).lines
        assert "T20" not in [line.code for line in lines]


def value_of(fact):
    kinds = {
        "MONEY": st.integers(0, 10**11).map(lambda fen: D(fen) / 100),
        "COUNT": st.integers(0, 20),
        "YES_NO": st.booleans(),
    }
    if fact.kind in kinds:
        return st.none() | kinds[fact.kind]
    codes = list(fact.choices or {})
    if fact.kind == "CHOICE":
        return st.sampled_from([None, "", *codes])
    return st.none() | st.lists(st.sampled_from(codes), unique=True).map(lambda some: tuple(sorted(some)))


any_facts = st.fixed_dictionaries({fact.code: value_of(fact) for fact in FACTS})


class TestAlways:
    @given(any_facts)
    def test_every_rule_answers_once_and_a_decisive_complex_one_wins(self, values):
        proposal = judge(values, rules.RULES, fast_weight_min=2, on=ON)
        assert sorted(proposal.hits + proposal.misses) == sorted(rule.code for rule in rules.RULES)
        decisive = {rule.code: rule.stream for rule in rules.RULES if rule.is_decisive}
        streams = {decisive[code] for code in proposal.hits if code in decisive}
        if "ORDINARY" in streams:
            assert proposal.stream == "ORDINARY"
        elif streams:
            assert proposal.stream == "FAST"

    @given(any_facts, st.permutations(rules.RULES))
    def test_the_order_of_rows_changes_nothing(self, values, shuffled):
        first = judge(values, rules.RULES, fast_weight_min=2, on=ON)
        assert judge(values, shuffled, fast_weight_min=2, on=ON) == first

    @given(any_facts, st.decimals(min_value=0, max_value=10**9, places=2))
    def test_more_preserved_cash_never_makes_a_case_more_complex(self, values, more):
        if values["cash_preserved"] is None:
            return
        before = judge(values, rules.RULES, fast_weight_min=2, on=ON).stream
        richer = values | {"cash_preserved": values["cash_preserved"] + more}
        after = judge(richer, rules.RULES, fast_weight_min=2, on=ON).stream
        assert not (before == "FAST" and after == "ORDINARY")

    @given(any_facts, st.sampled_from([rule.code for rule in rules.RULES]))
    def test_without_a_row_that_missed_nothing_changes(self, values, code):
        full = judge(values, rules.RULES, fast_weight_min=2, on=ON)
        if code in full.hits:
            return
        rest = [rule for rule in rules.RULES if rule.code != code]
        assert judge(values, rest, fast_weight_min=2, on=ON).stream == full.stream

    @given(any_facts)
    def test_facts_come_back_from_storage_as_they_were(self, values):
        kept = from_json(to_json(values))
        assert kept == values
        assert judge(kept, rules.RULES, fast_weight_min=2, on=ON) == judge(
            values, rules.RULES, fast_weight_min=2, on=ON
        )

    def test_a_heavier_weight_of_one_side_tips_it(self):
        heavy = tuple(replace(rule, weight=9) if rule.code == "T12" else rule for rule in rules.RULES)
        facts = {"claimed": D("6000000.00"), "willingness": "SETTLED", "livelihood": "WAGES"}
        assert (said(**facts).stream, said(heavy, **facts).stream) == ("FAST", "ORDINARY")
