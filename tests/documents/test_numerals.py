"""Sums in words, suffixes and days, held against an independent reading."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import numerals

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = {"拾": 10, "佰": 100, "仟": 1000}
SUMS = st.decimals(min_value=0, max_value=Decimal("99999999999999.99"), places=2)


def _section(text: str) -> int:
    total = digit = 0
    for mark in text:
        if mark in UNITS:
            total, digit = total + digit * UNITS[mark], 0
        else:
            digit = DIGITS.index(mark)
    return total + digit


def _read(words: str) -> Decimal:
    """Read a sum in words by hand: sections of 亿 and 万, then 角 and 分."""
    yuan, mark, rest = words.partition("元")
    yuan, rest = (yuan, rest) if mark else ("", words)
    total = 0
    if "亿" in yuan:
        head, _mark, yuan = yuan.rpartition("亿")
        high, mark, low = head.partition("万")
        total += (_section(high) * 10_000 + _section(low) if mark else _section(head)) * 10**8
    if "万" in yuan:
        head, _mark, yuan = yuan.partition("万")
        total += _section(head) * 10_000
    total += _section(yuan)
    cents = digit = 0
    for mark in rest.removesuffix("整"):
        if mark == "角":
            cents, digit = cents + digit * 10, 0
        elif mark == "分":
            cents, digit = cents + digit, 0
        else:
            digit = DIGITS.index(mark)
    return Decimal(total) + Decimal(cents) / 100


@given(SUMS)
def test_a_sum_in_words_reads_back_as_itself(amount):
    words = numerals.amount_in_words(amount)
    assert _read(words) == amount
    assert words.endswith("整") == (amount == amount.to_integral_value())
    assert "零零" not in words


@given(SUMS, SUMS)
def test_two_sums_never_have_the_same_words(one, other):
    assert (numerals.amount_in_words(one) == numerals.amount_in_words(other)) == (one == other)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("50000", "伍万元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("1.50", "壹元伍角"),
        ("20.05", "贰拾元零伍分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000000.01", "壹亿元零壹分"),
    ],
)
def test_sums_as_banks_write_them(amount, words):
    assert numerals.amount_in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "100000000000000.00"])
def test_what_is_no_sum_is_refused(amount):
    with pytest.raises(ValueError, match=r"\d"):
        numerals.amount_in_words(Decimal(amount))


@pytest.mark.parametrize(
    ("count", "word"),
    [(0, ""), (1, "之一"), (2, "之二"), (10, "之十"), (11, "之十一"), (20, "之二十"), (101, "之一百零一")],
)
def test_suffix(count, word):
    assert numerals.suffix(count) == word


def test_days():
    assert numerals.day(dt.date(2021, 9, 1)) == "2021年9月1日"
    assert numerals.formal_day(dt.date(2021, 10, 20)) == "二〇二一年十月二十日"
    assert numerals.formal_day(dt.date(2021, 12, 31)) == "二〇二一年十二月三十一日"
