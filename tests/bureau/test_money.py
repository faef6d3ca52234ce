"""Yuan as printed and as typed."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from bureau.forms import YuanField
from bureau.money import exactly, percent, to_cent, yuan


@pytest.mark.parametrize(
    ("amount", "printed"),
    [(Decimal("30000"), "30,000.00"), ("1234567.8", "1,234,567.80"), (0, "0.00"), (Decimal("-1500.5"), "-1,500.50")],
)
def test_yuan_have_separators_and_two_places(amount, printed):
    assert yuan(amount) == printed


@given(st.decimals(min_value=0, max_value=10**12, places=6))
def test_to_the_cent_is_half_up(value):
    assert to_cent(value) == value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert to_cent(value, to=Decimal(1)) == value.quantize(Decimal(1), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("value", "cents"), [(Fraction(1, 200), "0.01"), (Fraction(1, 3), "0.33"), (Fraction(2, 3), "0.67"), (0, "0.00")]
)
def test_fractions_too(value, cents):
    assert str(to_cent(value)) == cents


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Fraction("85.18505"), "= 85.18505"),
        (Fraction(4067), "= 4,067.00"),
        (Fraction(0), "= 0.00"),
        (Fraction("0.00000001"), "= 0.00000001"),
        (Fraction(10**30) + Fraction(1, 10), f"= {10**30:,}.10"),
        (Fraction(1, 3), "≈ 0.3333"),
        (Fraction(11170274, 3), "≈ 3,723,424.6667"),
    ],
)
def test_a_value_is_printed_exactly_or_as_near(value, printed):
    assert exactly(value) == printed


def test_a_rate_of_a_hundred():
    assert [percent(Decimal(rate)) for rate in ("3.85", "3.80", "100", "0", "0.0175")] == [
        "3.85%", "3.8%", "100%", "0%", "0.0175%",
    ]  # fmt: skip


@given(st.decimals(min_value="0.01", max_value="99999999999999.99", places=2))
def test_what_is_printed_may_be_typed(amount):
    assert YuanField().clean(yuan(amount)) == amount
    assert YuanField().clean(str(amount)) == amount


@pytest.mark.parametrize(
    "typed", ["30,000.00", "30000", "３０，０００．００", " 30,000 元", "¥30,000.00", "￥30000", "30000.0"]
)
def test_people_s_ways_of_writing(typed):
    assert YuanField().clean(typed) == 30000


@pytest.mark.parametrize(
    "typed", ["1,5", "30,00", ",300", "3,0000", "30.000,00", "三万", "0", "-1", "0.001", "1e400", "1e3", "1E+3", "NaN"]
)
def test_a_slip_is_no_amount(typed):
    with pytest.raises(forms.ValidationError):
        YuanField().clean(typed)


def test_the_widget_is_text_with_a_decimal_keyboard_and_keeps_what_was_typed():
    class Form(forms.Form):
        amount = YuanField()

    assert 'type="text"' in str(Form()["amount"])
    assert 'inputmode="decimal"' in str(Form()["amount"])
    assert 'value="30,000.00"' in str(Form(initial={"amount": Decimal(30000)})["amount"])
    assert 'value="30,00"' in str(Form({"amount": "30,00"})["amount"])
