"""Yuan as printed and as typed."""

from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from bureau.forms import YuanField
from bureau.money import yuan


@pytest.mark.parametrize(
    ("amount", "printed"),
    [(Decimal("30000"), "30,000.00"), ("1234567.8", "1,234,567.80"), (0, "0.00"), (Decimal("-1500.5"), "-1,500.50")],
)
def test_yuan_have_separators_and_two_places(amount, printed):
    assert yuan(amount) == printed


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
    "typed", ["1,5", "30,00", ",300", "3,0000", "30.000,00", "三万", "0", "-1", "0.001", "1e400", "NaN"]
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
