"""Application and preservation fee: the worked examples, the edges of the slices, and what holds for any sum."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.fee import application_fee, preservation_fee

D = Decimal

EXAMPLES = {
    "F1": ("8000.00", "50.00"),
    "F2": ("10000.00", "50.00"),
    "F3": ("12345.67", "85.19"),
    "F4": ("50000.00", "650.00"),
    "F5": ("123456.78", "1751.85"),
    "F6": ("500000.00", "7400.00"),
    "F7": ("680000.00", "9200.00"),
    "F8": ("1000000.00", "12400.00"),
    "F9": ("3200000.00", "34400.00"),
    "F10": ("5000000.00", "52400.00"),
    "F11": ("7500000.00", "64900.00"),
    "F12": ("10000000.00", "77400.00"),
    "F13": ("12000000.00", "79400.00"),
    "F14": ("100000000.00", "167400.00"),
}
sums = st.decimals(min_value=0, max_value=10**14, places=2)


@pytest.mark.parametrize(("amount", "fee"), EXAMPLES.values(), ids=EXAMPLES)
def test_worked_examples(amount, fee):
    assert str(application_fee(D(amount)).amount) == fee


def by_the_handbook(x: D) -> D:
    """The fee as the handbook writes it: one rate and one constant for each tier."""
    for upper, rate, plus in (
        (10_000, "0", 50),
        (500_000, "0.015", -100),
        (5_000_000, "0.01", 2_400),
        (10_000_000, "0.005", 27_400),
        (10**15, "0.001", 67_400),
    ):
        if x <= upper:
            return x * D(rate) + plus
    raise AssertionError(x)


@given(sums)
def test_slices_and_tiers_are_the_same_arithmetic(amount):
    fee = application_fee(amount).amount
    assert abs(fee - by_the_handbook(amount)) <= D("0.005")
    assert fee == fee.quantize(D("0.01")) >= 50


@given(sums, sums)
def test_a_larger_sum_never_costs_less(one, other):
    low, high = sorted((one, other))
    assert application_fee(low).amount <= application_fee(high).amount
    assert preservation_fee(low).amount <= preservation_fee(high).amount <= 5000


@pytest.mark.parametrize("edge", ["10000", "500000", "5000000", "10000000"])
def test_the_fee_does_not_jump_at_an_edge(edge):
    cent = D("0.01")
    fees = [application_fee(D(edge) + step).amount for step in (-cent, 0 * cent, cent)]
    assert fees[2] - fees[0] <= cent


def test_half_a_cent_goes_up():
    assert str(application_fee(D("10003.00")).amount) == "50.05"  # 50.045
    assert str(application_fee(D("10002.99")).amount) == "50.04"  # 50.04485


def test_some_courts_round_to_the_yuan():
    fee = application_fee(D("12345.67"), to=D(1))
    assert str(fee.amount) == "85.00"
    assert "四舍五入到元：85.00 元" in fee.steps


def test_the_arithmetic_is_printed_slice_by_slice_with_its_source():
    assert application_fee(D("680000.00")).steps == [
        "金额 680,000.00 元，其中 10,000.00 元以内的部分：50.00 元",
        "超过 10,000.00 元至 500,000.00 元的部分：490,000.00 × 1.5% = 7,350.00",
        "超过 500,000.00 元至 5,000,000.00 元的部分：180,000.00 × 1% = 1,800.00",
        "合计 = 9,200.00",
        "四舍五入到分：9,200.00 元",
        "依据：《诉讼费用交纳办法》国务院令第481号第14、20、38条",
    ]


def test_without_a_sum_the_court_decides_between_50_and_500():
    fee = application_fee(D(0))
    assert fee.amount == 50
    assert any("50 元至 500 元" in step for step in fee.steps)


def test_a_day_before_the_tariff_still_has_the_first_one():
    assert application_fee(D(20000), on=dt.date(2000, 1, 1)) == application_fee(D(20000), on=dt.date(2021, 12, 27))


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("0", "30.00"),
        ("1000", "30.00"),
        ("1000.01", "30.00"),
        ("50000", "520.00"),
        ("100000", "1020.00"),
        ("896000", "5000.00"),
        ("896000.01", "5000.00"),
        ("99999999", "5000.00"),
    ],
)
def test_preservation_fee(amount, fee):
    assert str(preservation_fee(D(amount)).amount) == fee
