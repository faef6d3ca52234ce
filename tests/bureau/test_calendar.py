"""Day arithmetic: the worked examples of the handbook and the edges of the year."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.calendar import WorkCalendar
from bureau.models import Holiday

DAY = dt.date.fromisoformat
EXAMPLES = [
    ("D1", "2021-08-16", 7, "day", "2021-08-23"),
    ("D2", "2021-09-08", 10, "day", "2021-09-18"),
    ("D3", "2021-09-11", 7, "day", "2021-09-18"),
    ("D4", "2021-09-16", 15, "day", "2021-10-08"),
    ("D5", "2021-09-24", 15, "day", "2021-10-09"),
    ("D6", "2021-09-09", 30, "day", "2021-10-09"),
    ("D7", "2021-12-17", 15, "day", "2022-01-04"),
    ("D8", "2022-01-16", 15, "day", "2022-02-07"),
    ("D9", "2021-09-29", 3, "workday", "2021-10-09"),
    ("D10", "2021-09-17", 3, "workday", "2021-09-23"),
    ("D11", "2021-08-16", 6, "month", "2022-02-16"),
    ("D12", "2021-08-31", 6, "month", "2022-02-28"),
    ("leap year", "2024-01-31", 1, "month", "2024-02-29"),
    ("leap day", "2024-02-29", 1, "year", "2025-02-28"),
    ("year end", "2021-12-31", 1, "month", "2022-02-07"),
    ("same day", "2021-09-01", 0, "day", "2021-09-01"),
]


@pytest.mark.parametrize(("name", "start", "count", "unit", "due"), EXAMPLES)
def test_worked_examples(name, start, count, unit, due):
    assert WorkCalendar().due(DAY(start), count, unit).due_on == DAY(due)


def test_the_arithmetic_is_said_in_words():
    steps = WorkCalendar().due(DAY("2021-09-16"), 15, "day").steps
    assert len(steps) == 2
    assert "2021-10-01" in steps[0]
    assert "2021-10-08" in steps[1]


def test_an_unknown_year_knows_weekends_and_says_so():
    due = WorkCalendar().due(DAY("2050-01-03"), 5, "day")
    assert due.due_on == DAY("2050-01-10")
    assert due.is_provisional


def test_a_row_of_the_bureau_beats_the_published_calendar(db):
    Holiday.objects.create(on=DAY("2021-08-23"), kind="PUBLIC", name="停工日", source="测试")
    assert Holiday.objects.calendar().due(DAY("2021-08-16"), 7, "day").due_on == DAY("2021-08-24")


@pytest.mark.parametrize("bad", [-1, 40_000])
def test_an_impossible_count_is_refused(bad):
    with pytest.raises(ValueError, match="期限"):
        WorkCalendar().due(DAY("2021-08-16"), bad, "day")


@given(st.dates(dt.date(2018, 1, 1), dt.date(2026, 6, 1)), st.integers(1, 60))
def test_every_due_day_is_a_working_day_and_never_early(start, count):
    due = WorkCalendar().due(start, count, "day").due_on
    assert WorkCalendar().is_workday(due)
    assert due >= start + dt.timedelta(days=count)


@given(st.dates(dt.date(2018, 1, 1), dt.date(2026, 6, 1)), st.integers(1, 60))
def test_a_workday_period_counts_exactly_that_many_working_days(start, count):
    calendar = WorkCalendar()
    due = calendar.due(start, count, "workday").due_on
    days = [start + dt.timedelta(days=shift) for shift in range(1, (due - start).days + 1)]
    assert sum(map(calendar.is_workday, days)) == count
