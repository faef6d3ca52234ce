"""Reads how a rate is written in a document, for a proposal that the judge looks at; and what is too high. Pure."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from accounts.lpr import FIRST_ON, rate_on

NUMERALS = {word: number for number, word in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_RATE = re.compile(
    r"(年利率|年息|月利率|月息|日利率|日息|每日|按日|日)(?:为|按)?(?:(万|千)分之)?([\d.]{1,8}|[一二三四五六七八九])(%|‰)?"
)
_TIMES = re.compile(r"([一二两三四五]|\d{1,2}(?:\.\d{1,4})?)倍")
_MORE = re.compile(r"(?:上浮|加计|加收|上调)(\d{1,3}(?:\.\d{1,2})?)%")
_PER = {"年": "year", "月": "month", "日": "day", "每": "day", "按": "day"}
_PARTS = {"%": Decimal(1), "‰": Decimal("0.1"), "千": Decimal("0.1"), "万": Decimal("0.01")}
# Local practice: a yearly rate above this was typed in the wrong unit; four times the one-year LPR is the highest that
# a private loan bears (法释〔2020〕17号第25条), and what a document orders above it is said with its reason.
YEARLY_MAX, TIMES_MAX = Decimal(100), 4
MONTHS, DAYS = 12, 365


def terms_in(text: str) -> dict[str, Any]:
    """Return `lpr` and `multiple`, or `rate` and `unit`, as the words say; nothing where they are not understood."""
    words = text.replace(" ", "").replace("％", "%").upper()
    if "LPR" in words or "市场报价利率" in words:
        return {"lpr": "5y" if re.search(r"(五|5)年期", words) else "1y", "multiple": _multiple(words)}
    found = _RATE.search(words)
    if not found or not (found[2] or found[4]):
        return {}
    number = Decimal(NUMERALS[found[3]]) if found[3] in NUMERALS else _number(found[3])
    return {"rate": number * _PARTS[found[2] or found[4]], "unit": _PER[found[1][0]]} if number else {}


def _number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) else None


def _multiple(words: str) -> Decimal:
    if times := _TIMES.search(words):
        return Decimal(NUMERALS.get(times[1], 0) or times[1])
    more = _MORE.search(words)
    return 1 + Decimal(more[1]) / 100 if more else Decimal(1)


def yearly(*, rate: Decimal | None, unit: str, lpr: str, multiple: Decimal, on: dt.date) -> Decimal:
    """Return a rate as a hundredth of a year, a published one as it stood on a day."""
    if lpr:
        return rate_on(lpr, max(on, FIRST_ON)) * multiple
    return (rate or Decimal(0)) * {"year": 1, "month": MONTHS, "day": DAYS}[unit]


def high(on: dt.date) -> Decimal:
    """Return above which yearly rate a reason is asked for: four times the one-year LPR of the day."""
    return rate_on("1y", max(on, FIRST_ON)) * TIMES_MAX
