"""The loan prime rate as published, and which rate is valid on which day; pure data.

Source: 全国银行间同业拆借中心, authorised by the People's Bank (中国人民银行公告〔2019〕第15号); published on the
20th of each month or the next working day and valid from that day until the next publication. Only changes stand
here. A new change is a new row, and `CHECKED_UNTIL` moves with every publication that was looked up.
"""

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

Term = Literal["1y", "5y"]
DAY = dt.timedelta(days=1)


class Stretch(NamedTuple):
    """Days with one rate per hundred and year: from the first such day up to, but without, the last."""

    from_on: dt.date
    until_on: dt.date
    rate: Decimal


def _rows(text: str) -> tuple[tuple[dt.date, Decimal], ...]:
    words = [row.split() for row in text.split("·")]
    return tuple((dt.date.fromisoformat(day), Decimal(rate)) for day, rate in words)


CHECKED_UNTIL = dt.date(2025, 6, 19)
TABLE: dict[str, tuple[tuple[dt.date, Decimal], ...]] = {
    "1y": _rows(
        "2019-08-20 4.25 · 2019-09-20 4.20 · 2019-11-20 4.15 · 2020-02-20 4.05 · 2020-04-20 3.85 · 2021-12-20 3.80"
        " · 2022-01-20 3.70 · 2022-08-22 3.65 · 2023-06-20 3.55 · 2023-08-21 3.45 · 2024-07-22 3.35"
        " · 2024-10-21 3.10 · 2025-05-20 3.00"
    ),
    "5y": _rows(
        "2019-08-20 4.85 · 2019-11-20 4.80 · 2020-02-20 4.75 · 2020-04-20 4.65 · 2022-01-20 4.60 · 2022-05-20 4.45"
        " · 2022-08-22 4.30 · 2023-06-20 4.20 · 2024-02-20 3.95 · 2024-07-22 3.85 · 2024-10-21 3.60"
        " · 2025-05-20 3.50"
    ),
}
FIRST_ON = TABLE["1y"][0][0]


def stretches(term: str, from_on: dt.date, until_on: dt.date) -> list[Stretch]:
    """Return the rates from one day up to, but without, another; raises ValueError before the first publication."""
    if until_on <= from_on:
        return []
    if from_on < FIRST_ON:
        raise ValueError(_("LPR 自 %(day)s 起公布；此前的期间请改填固定利率") % {"day": FIRST_ON})
    rows = TABLE[term]
    ends = [later for (_on, _rate), (later, _next) in pairwise(rows)] + [dt.date.max]
    cut = [Stretch(max(on, from_on), min(end, until_on), rate) for (on, rate), end in zip(rows, ends, strict=True)]
    return [stretch for stretch in cut if stretch.from_on < stretch.until_on]


def rate_on(term: str, day: dt.date) -> Decimal:
    """Return the rate valid on a day."""
    return stretches(term, day, day + DAY)[0].rate
