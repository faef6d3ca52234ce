"""How Chinese documents write numbers, sums, days and case numbers; pure."""

import datetime as dt
from decimal import Decimal

import cn2an

_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_FULL = str.maketrans("()", "（）")
AMOUNT_MAX = Decimal("99999999999999.99")  # what a sum of the product can be, numeric(16, 2)


def numeral(number: int) -> str:
    """Return 二百四十 for 240, 十五 for 15."""
    word = str(cn2an.an2cn(str(number), "low"))
    return word.removeprefix("一") if 10 <= number < 20 else word


def suffix(count: int) -> str:
    """Return what the ruling after `count` earlier ones adds to the case number: nothing, 之一, 之二 …"""
    return "之" + numeral(count) if count else ""


def amount_in_words(amount: Decimal) -> str:
    """Return 伍万元整 for 50000 yuan; raises ValueError for a sum below zero, of parts of a 分, or too large."""
    if amount != amount.quantize(Decimal("0.01")) or not 0 <= amount <= AMOUNT_MAX:
        raise ValueError(amount)
    return str(cn2an.an2cn(f"{amount:.2f}", "rmb"))


def money(amount: Decimal) -> str:
    """Return digits and words: 50,000.00元（大写：人民币伍万元整）."""
    return "".join((f"{amount:,.2f}", "元（大写：人民币", amount_in_words(amount), "）"))


def day(on: dt.date) -> str:
    """Return 2021年9月1日, as the body of a document writes a day."""
    return "".join((str(on.year), "年", str(on.month), "月", str(on.day), "日"))


def formal_day(on: dt.date) -> str:
    """Return 二〇二一年九月一日, as a document is dated at its end."""
    return "".join((str(on.year).translate(_DIGITS), "年", numeral(on.month), "月", numeral(on.day), "日"))


def printed_number(number: str) -> str:
    """Return a case number with the full-width brackets in which papers print it."""
    return number.translate(_FULL)
