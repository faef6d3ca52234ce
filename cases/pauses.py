"""Periods excluded from a limit as unions of intervals; pure.

Sources: 法释〔2000〕29号 9, 法发〔2006〕35号 13, for the six months of 民事诉讼法 237 法释〔2008〕13号 13.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PauseKind(TextChoices):
    """Why days do not count (domain handbook §5.2)."""

    SUSPENSION = "SUSPENSION", _("中止执行")
    STAY = "STAY", _("因和解或担保暂缓执行")
    STAY_ABOVE = "STAY_ABOVE", _("上级法院决定暂缓执行")
    JURISDICTION = "JURISDICTION", _("处理管辖权异议或争议")
    APPRAISAL = "APPRAISAL", _("审计、评估、资产清理")
    SALE = "SALE", _("拍卖、变卖被查封财产")
    PUBLICATION = "PUBLICATION", _("公告送达")
    INQUIRY = "INQUIRY", _("请示")
    COORDINATION = "COORDINATION", _("执行争议协调")


class Interval(NamedTuple):
    """Days that do not count: from the first such day up to, but without, the day on which counting goes on."""

    from_on: dt.date
    until_on: dt.date

    @property
    def days(self) -> int:
        """Return how many days the interval holds."""
        return (self.until_on - self.from_on).days


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the union as intervals in order that neither touch nor overlap; empty and backward ones fall away."""
    union: list[Interval] = []
    for interval in sorted(interval for interval in intervals if interval.days > 0):
        if union and interval.from_on <= union[-1].until_on:
            last = union.pop()
            union.append(Interval(last.from_on, max(last.until_on, interval.until_on)))
        else:
            union.append(interval)
    return union


def excluded_days(intervals: Iterable[Interval], *, after: dt.date, until: dt.date) -> int:
    """Return how many days after one day and up to another do not count; a day in two intervals is one day."""
    first, end = after + dt.timedelta(days=1), until + dt.timedelta(days=1)
    return sum(
        max(0, (min(interval.until_on, end) - max(interval.from_on, first)).days) for interval in merged(intervals)
    )


def extended(raw: dt.date, *, start: dt.date, intervals: Iterable[Interval]) -> tuple[dt.date, list[Interval]]:
    """Return the last day of a period that stood still meanwhile, and the intervals that counted.

    Counting begins the day after `start`. An interval that begins after the period has ended moves nothing.
    """
    first = start + dt.timedelta(days=1)
    counted = []
    for interval in merged(intervals):
        part = Interval(max(interval.from_on, first), interval.until_on)
        if part.days <= 0:
            continue
        if part.from_on > raw:
            break
        raw += dt.timedelta(days=part.days)
        counted.append(part)
    return raw, counted
