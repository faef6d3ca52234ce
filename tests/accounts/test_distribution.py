"""Distribution among creditors and the order in which a payment is credited."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.distribution import Claim, distribute
from accounts.settle import LAWFUL_ORDER, Item, settle

D = Decimal

A, B, C = (Claim(*row) for row in (("A", D(100000), False, 1), ("B", D(250000), False, 2), ("C", D(150000), False, 3)))
MORTGAGE = Claim("M", D(80000), True, 1)


def shares(pool, claims, debtor="person"):
    """Return the shares as text."""
    return {name: str(share) for name, share in distribute(D(pool), claims, debtor=debtor).shares.items()}


class TestDistribution:
    def test_w1_natural_person_pro_rata(self):
        assert shares("192100", [A, B, C]) == {"A": "38420.00", "B": "96050.00", "C": "57630.00"}

    def test_w2_company_in_the_order_of_seizure(self):
        assert shares("192100", [C, B, A], "enterprise") == {"C": "0.00", "B": "92100.00", "A": "100000.00"}

    def test_w3_the_mortgage_first(self):
        assert shares("192100", [A, B, C, MORTGAGE]) == {
            "A": "22420.00",
            "B": "56050.00",
            "C": "33630.00",
            "M": "80000.00",
        }

    def test_w4_the_odd_cent_goes_to_the_first_seizure(self):
        claims = [Claim(name, D(500), False, rank) for name, rank in (("X", 3), ("Y", 1), ("Z", 2))]
        assert shares("100.00", claims) == {"X": "33.33", "Y": "33.34", "Z": "33.33"}

    def test_largest_remainder_before_rank(self):
        # 1.00 among 1 and 2: 0.333… and 0.666…; the larger remainder takes the cent whatever its rank.
        claims = [Claim("X", D(1), False, 1), Claim("Y", D(2), False, 2)]
        assert shares("1.00", claims) == {"X": "0.33", "Y": "0.67"}

    def test_secured_claims_follow_their_rank_and_share_within_it(self):
        claims = [
            Claim("first", D(60), True, 1),
            Claim("second", D(30), True, 2),
            Claim("beside", D(60), True, 2),
            Claim("plain", D(1000), False, 1),
        ]
        assert shares("90", claims, "enterprise") == {
            "first": "60.00",
            "second": "10.00",
            "beside": "20.00",
            "plain": "0.00",
        }

    def test_seizures_of_one_day_share_at_an_enterprise(self):
        claims = [Claim("A", D(100), False, 1), Claim("B", D(100), False, 2), Claim("C", D(300), False, 2)]
        assert shares("200", claims, "enterprise") == {"A": "100.00", "B": "25.00", "C": "75.00"}

    def test_what_nobody_may_claim_is_left(self):
        done = distribute(D("600000.01"), [A, B, C, MORTGAGE], debtor="person")
        assert str(done.left) == "20000.01"
        assert done.shares["A"] == 100000

    def test_nobody_and_nothing(self):
        assert distribute(D("5.00"), [], debtor="person")[:2] == ({}, D("5.00"))
        assert shares("0", [A, MORTGAGE]) == {"A": "0.00", "M": "0.00"}
        assert shares("5", [Claim("N", D(0), False, 1)]) == {"N": "0.00"}

    def test_the_arithmetic_names_the_rule_of_the_day(self):
        steps = distribute(D(192100), [A, B, C], debtor="person", on=dt.date(2021, 12, 27)).steps
        assert "A：192,100.00 × 100,000.00 ÷ 500,000.00 → 38,420.00" in steps
        assert "第508、509、510条" in steps[-1]
        steps = distribute(D(192100), [A, B, C], debtor="enterprise").steps
        assert "第514条" in steps[-1]
        assert "第55条" in steps[-1]


cents = st.integers(0, 10**16).map(lambda number: D(number).scaleb(-2))
small = st.integers(0, 400).map(lambda number: D(number).scaleb(-2))


any_sum = st.one_of(cents, small)


@st.composite
def claim_lists(draw, sums=any_sum):
    count = draw(st.integers(0, 8))
    rows = draw(st.lists(st.tuples(sums, st.booleans(), st.integers(1, 3)), min_size=count, max_size=count))
    return [Claim(f"c{index}", *row) for index, row in enumerate(rows)]


debtors = st.sampled_from(["person", "enterprise"])


@given(any_sum, claim_lists(), debtors)
def test_every_cent_is_somewhere_and_nobody_gets_too_much(pool, claims, debtor):
    done = distribute(pool, claims, debtor=debtor)
    assert sum(done.shares.values()) + done.left == pool
    assert done.left >= 0
    for claim in claims:
        assert 0 <= done.shares[claim.id] <= claim.amount
    if done.left:
        assert all(done.shares[claim.id] == claim.amount for claim in claims)


@given(any_sum, claim_lists(), debtors, st.randoms(use_true_random=False))
def test_the_order_of_telling_changes_nothing(pool, claims, debtor, chance):
    before = distribute(pool, claims, debtor=debtor).shares
    chance.shuffle(claims)
    assert distribute(pool, claims, debtor=debtor).shares == before


@given(any_sum, claim_lists(), debtors)
def test_nobody_is_paid_before_a_better_one_is_full(pool, claims, debtor):
    done = distribute(pool, claims, debtor=debtor).shares

    def place(claim):
        if claim.is_secured:
            return (0, claim.rank)
        return (1, claim.rank if debtor == "enterprise" else 0)

    for better in claims:
        for worse in claims:
            if place(better) < place(worse) and done[worse.id]:
                assert done[better.id] == better.amount


@given(small, claim_lists(small))
def test_pro_rata_is_off_by_less_than_a_cent(pool, claims):
    ordinary = [Claim(claim.id, claim.amount, False, claim.rank) for claim in claims]
    total = sum(claim.amount for claim in ordinary)
    done = distribute(pool, ordinary, debtor="person").shares
    for claim in ordinary:
        if total > pool:
            assert abs(done[claim.id] * total - pool * claim.amount) < total * D("0.01")


W5 = [
    Item("cost", D("1650.00")),
    Item("interest", D("13758.90")),
    Item("principal", D("150000.00")),
    Item("doubled", D("4803.75")),
]


class TestSettle:
    def test_w5_one_creditor_short(self):
        done = settle(D("120000.00"), W5)
        assert {kind: str(sum_) for kind, sum_ in done.paid.items()} == {
            "cost": "1650.00",
            "interest": "13758.90",
            "principal": "104591.10",
            "doubled": "0.00",
        }
        assert {kind: str(sum_) for kind, sum_ in done.left.items()} == {
            "cost": "0.00",
            "interest": "0.00",
            "principal": "45408.90",
            "doubled": "4803.75",
        }
        assert done.surplus == 0

    def test_items_may_come_in_any_order_and_several_of_a_kind(self):
        twice = [*W5[::-1], Item("cost", D("350.00"))]
        done = settle(D(2000), twice)
        assert list(done.paid) == list(LAWFUL_ORDER)
        assert (done.paid["cost"], done.paid["interest"]) == (2000, 0)

    def test_only_kinds_that_are_owed_are_told(self):
        assert settle(D(5), [Item("principal", D(3))])[:3] == ({"principal": D(3)}, {"principal": D(0)}, D(2))

    def test_another_order_where_agreed(self):
        done = settle(D(150000), W5, order=["principal", "interest", "cost", "doubled"])
        assert (done.paid["principal"], done.paid["interest"]) == (150000, 0)
        assert any("约定" in step for step in done.steps)

    @pytest.mark.parametrize(("day", "source"), [("2020-12-31", "《合同法解释（二）》"), ("2021-01-01", "《民法典》")])
    def test_the_source_follows_the_day(self, day, source):
        assert source in settle(D(1), W5, on=dt.date.fromisoformat(day)).steps[-1]


items = st.lists(st.builds(Item, st.sampled_from(LAWFUL_ORDER), cents), max_size=8)


@given(cents, items)
def test_a_payment_is_credited_to_the_cent_and_never_past_an_open_kind(pay, items):
    done = settle(pay, items)
    assert sum(done.paid.values()) + done.surplus == pay
    assert sum(done.paid.values()) + sum(done.left.values()) == sum(item.amount for item in items)
    assert min([*done.paid.values(), *done.left.values(), done.surplus]) >= 0
    kinds = list(done.paid)
    for first, second in itertools.pairwise(kinds):
        assert not (done.left[first] and done.paid[second])
