"""Days that do not count: unions of intervals, and periods that stand still meanwhile."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bureau.calendar import WorkCalendar
from cases import nodes
from cases.pauses import Interval, excluded_days, extended, merged

DAY = dt.date.fromisoformat
ONE = dt.timedelta(days=1)
days = st.dates(min_value=dt.date(2021, 1, 1), max_value=dt.date(2023, 12, 31))
intervals = st.lists(st.builds(Interval, days, days), max_size=8)


def _set_of(rows):
    return {row.from_on + count * ONE for row in rows for count in range(max(0, row.days))}


@given(intervals)
def test_the_union_holds_exactly_the_days_of_its_parts(rows):
    union = merged(rows)
    assert _set_of(union) == _set_of(rows)
    assert all(first.until_on < second.from_on for first, second in pairwise(union))
    assert all(row.days > 0 for row in union)


@given(intervals)
def test_merging_again_or_in_another_order_changes_nothing(rows):
    assert merged(merged(rows)) == merged(rows) == merged(reversed(rows))


@given(intervals, days, days)
def test_excluded_days_are_those_of_the_union_within_the_period(rows, after, until):
    expected = {day for day in _set_of(rows) if after < day <= until}
    assert excluded_days(rows, after=after, until=until) == len(expected)


@given(intervals, days, st.integers(0, 400))
def test_a_period_that_stood_still_has_as_many_counting_days_as_before(rows, start, count):
    raw = start + count * ONE
    last, parts = extended(raw, start=start, intervals=rows)
    assert last - raw == sum((row.until_on - row.from_on for row in parts), dt.timedelta())
    counting = {start + turn * ONE for turn in range(1, (last - start).days + 1)} - _set_of(rows)
    # Every counting day of the old period is still there; only a pause that lasts beyond the end hides the last ones.
    assert len(counting) <= count
    if last not in _set_of(rows):
        assert len(counting) == count


@given(intervals, days, st.integers(0, 400), st.builds(Interval, days, days))
def test_one_more_pause_never_brings_the_day_nearer(rows, start, count, more):
    raw = start + count * ONE
    assert extended(raw, start=start, intervals=[*rows, more])[0] >= extended(raw, start=start, intervals=rows)[0]


def test_overlaps_count_once_and_what_comes_after_the_end_not_at_all():
    rows = [
        Interval(DAY("2021-09-10"), DAY("2021-09-20")),
        Interval(DAY("2021-09-15"), DAY("2021-09-25")),
        Interval(DAY("2022-06-01"), DAY("2022-07-01")),
    ]
    last, parts = extended(DAY("2022-03-01"), start=DAY("2021-09-01"), intervals=rows)
    assert (last, parts) == (DAY("2022-03-16"), [Interval(DAY("2021-09-10"), DAY("2021-09-25"))])


def test_the_arithmetic_names_the_days_taken_out_and_rolls_at_the_end():
    due = nodes.counted(
        nodes.BY_CODE["CLOSING_LIMIT"],
        DAY("2021-09-01"),
        days=WorkCalendar(),
        intervals=[Interval(DAY("2021-09-10"), DAY("2021-09-14"))],
    )
    assert due.due_on == DAY("2022-03-07")  # 03-01 and four days is Saturday 03-05
    assert due.steps == [
        "自 2021-09-01 起 6 个月，对应日为 2022-03-01（周二）",
        "扣除 2021-09-10 至 2021-09-13 共 4 日",
        "顺延至 2022-03-05",
        "届满日为休息日，顺延至其后第一个工作日 2022-03-07（周一）",
    ]
