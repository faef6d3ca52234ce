"""The month as a sheet of weeks, one day of it, and the list before holidays at the edges of the calendar."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.models import Holiday, User
from cases import desk, duelist, monthgrid, services
from cases.models import Deadline
from tests import factories

DAY = dt.date.fromisoformat


@pytest.fixture
def stand_on(settings):
    """Return a function that moves the product's clock to a moment."""

    def move(moment):
        settings.CLOCK_OFFSET = int((moment - dt.datetime.now(dt.UTC)).total_seconds()) + 1

    return move


def _text(answer):
    return html.unescape(answer.content.decode())


def _squares(first, rows=None):
    _first, last = duelist.month_of(DAY(first), today=DAY(first))
    found = monthgrid.weeks(Deadline.objects.all() if rows is None else rows, [], first=DAY(first), last=last)
    assert all(len(week) == 7 for week in found)
    return {square.on: square for week in found for square in week}


class TestSheet:
    @pytest.mark.parametrize(
        ("month", "first", "last", "weeks"),
        [
            ("2021-09-01", "2021-08-30", "2021-10-03", 5),
            ("2021-02-01", "2021-02-01", "2021-02-28", 4),  # begins on Monday, ends on Sunday
            ("2021-05-01", "2021-04-26", "2021-06-06", 6),  # begins on Saturday
            ("2024-02-01", "2024-01-29", "2024-03-03", 5),
            ("2021-12-01", "2021-11-29", "2022-01-02", 5),
        ],
    )
    def test_it_begins_on_monday_and_ends_on_sunday(self, db, month, first, last, weeks):
        squares = _squares(month)
        assert (min(squares), max(squares), len(squares)) == (DAY(first), DAY(last), weeks * 7)
        assert {day for day, square in squares.items() if square.is_within} == {
            day for day in squares if day.month == DAY(month).month
        }

    def test_rest_days_holidays_and_make_up_days_are_told_apart(self, db):
        squares = _squares("2021-10-01")
        assert (squares[DAY("2021-10-01")].is_workday, squares[DAY("2021-10-01")].rest) == (False, "国庆节")
        assert (squares[DAY("2021-10-08")].is_workday, squares[DAY("2021-10-08")].rest) == (True, "")
        assert (squares[DAY("2021-10-09")].is_workday, squares[DAY("2021-10-09")].rest) == (True, "调休上班日")
        assert (squares[DAY("2021-10-16")].is_workday, squares[DAY("2021-10-16")].rest) == (False, "")
        assert squares[DAY("2021-09-26") + dt.timedelta(days=1)].is_within is False

    def test_a_square_names_three_and_counts_all(self, house, at):
        for _turn in range(5):
            factories.file_case(house, payee=False)
        services.watch(at=at(2021, 9, 8), actor=User.objects.system())
        rows = Deadline.objects.running().filter(node="TRIAGE", due_on__range=(DAY("2021-09-01"), DAY("2021-09-30")))
        square = _squares("2021-09-01", rows.for_list())[DAY("2021-09-08")]
        assert (square.count, square.red_count, len(square.rows), square.hidden_count) == (5, 5, 3, 2)

    def test_the_page_shows_the_sheet_and_a_square_opens_its_day(self, house, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        case = factories.file_case(house).case
        client = login(house.dispatcher)
        text = _text(client.get("/cases/deadlines/"))
        assert '<table class="month"' in text
        assert (
            text.count("<tr>", text.index('<table class="month"'), text.index("</table>")) == 6
        )  # head and five weeks
        address = re.search(r'href="(\?[^"]*day=2021-09-08[^"]*)"', text)[1]
        day = _text(client.get(f"/cases/deadlines/{address}"))
        assert case.number in day
        assert '<table class="month"' not in day
        assert "按月显示" in day
        assert case.number not in _text(client.get("/cases/deadlines/?day=2021-09-09"))

    def test_filters_hold_on_the_sheet_and_in_the_day(self, house, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        factories.file_case(house)
        client = login(house.chief)
        text = _text(client.get("/cases/deadlines/?node=TRIAGE&month=2021-09"))
        assert "node=TRIAGE" in re.search(r'href="(\?[^"]*day=2021-09-08[^"]*)"', text)[1]
        assert "day=2021-09-13" not in text  # the notice of 09-13 is another node

    def test_another_windows_case_is_in_no_square(self, house, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        case = factories.file_case(house).case
        text = _text(login(house.window_clerk2).get("/cases/deadlines/?who=all"))
        assert case.number not in text
        assert "day=2021-09-08" not in text

    @pytest.mark.parametrize("day", ["x", "2021-13-01", "0001-01-01", "9999-12-31", "'; --"])
    def test_nonsense_for_a_day_breaks_nothing(self, house, login, day):
        assert login(house.chief).get("/cases/deadlines/", {"day": day}).status_code == 200

    def test_it_costs_as_many_queries_for_many_rows(self, house, login, at, stand_on):
        stand_on(at(2021, 9, 3))
        client = login(house.chief)

        def queries():
            with CaptureQueriesContext(connection) as caught:
                client.get("/cases/deadlines/")
            return len(caught)

        factories.file_case(house, payee=False)
        few = queries()
        for _turn in range(8):
            factories.file_case(house, payee=False)
        assert queries() == few


class TestBeforeHolidays:
    """On these days a holiday is near, and the list stands on the desk by itself."""

    @pytest.mark.parametrize(
        ("today", "name"),
        [
            # Mid-Autumn 2021: 09-19 to 09-21, and Saturday 09-18 is worked.
            ("2021-09-15", ""),
            ("2021-09-16", "中秋"),
            ("2021-09-18", "中秋"),
            ("2021-09-20", "中秋"),
            ("2021-09-22", ""),
            # National Day 2021: 10-01 to 10-07; Sunday 09-26 and Saturday 10-09 are worked.
            ("2021-09-26", ""),
            ("2021-09-27", ""),
            ("2021-09-28", "国庆节"),
            ("2021-10-07", "国庆节"),
            ("2021-10-08", ""),
            ("2021-10-09", ""),
            # The year's end: New Year 2022 from 01-01 to 01-03, known on the old year's side.
            ("2021-12-28", ""),
            ("2021-12-29", "元旦"),
            ("2021-12-31", "元旦"),
            ("2022-01-03", "元旦"),
            ("2022-01-04", ""),
            # Spring Festival 2022: 01-31 to 02-06, and the weekend before it is worked.
            ("2022-01-27", ""),
            ("2022-01-28", "春节"),
            ("2022-01-30", "春节"),
        ],
    )
    def test_the_holiday_is_near_from_three_working_days_before_to_its_end(self, db, today, name):
        block = duelist.holiday_near(DAY(today))
        assert (block.name if block else "") == name

    @pytest.mark.parametrize(
        ("filed", "due", "before", "first"),
        [
            ((2021, 9, 24), "2021-10-08", (2021, 9, 27), (2021, 9, 28)),  # 10-01 is moved to 10-08
            ((2021, 9, 30), "2021-10-08", (2021, 9, 27), (2021, 9, 30)),  # the last day of National Day is moved
            ((2021, 12, 25), "2022-01-04", (2021, 12, 28), (2021, 12, 29)),  # New Year's Day is moved
            ((2021, 12, 27), "2022-01-04", (2021, 12, 28), (2021, 12, 31)),
        ],
    )
    def test_what_falls_into_it_stands_on_the_desk_of_whom_it_concerns(
        self, house, login, at, stand_on, filed, due, before, first
    ):
        case = factories.file_case(house, at=at(*filed)).case
        assert str(case.triage_due_on) == due
        for user in (house.dispatcher, house.chief):
            kinds = [item.kind for item in desk.items(user, today=at(*before).date())]
            assert "节前检查" not in kinds
            items = [item for item in desk.items(user, today=at(*first).date()) if item.kind == "节前检查"]
            assert [item.url for item in items] == ["/cases/deadlines/holidays/"]
        stand_on(at(*first))
        client = login(house.dispatcher)
        assert case.number in _text(client.get("/cases/deadlines/holidays/"))
        assert "节前检查" in _text(client.get("/"))

    def test_a_make_up_saturday_after_the_holiday_moves_nothing(self, house, at):
        case = factories.file_case(house, at=at(2021, 10, 2)).case
        assert str(case.triage_due_on) == "2021-10-09"
        block = duelist.holiday_near(DAY("2021-09-30"))
        rows = duelist.falling_into(block, house.dispatcher)
        assert case not in {row.case for row in rows if row.node == "TRIAGE"}

    def test_a_day_off_of_the_bureaus_own_calendar_counts(self, db):
        assert duelist.holiday_near(DAY("2021-11-10")) is None
        Holiday.objects.create(on=DAY("2021-11-11"), kind="PUBLIC", name="庆典", source="通知")
        block = duelist.holiday_near(DAY("2021-11-10"))
        assert (block.first_on, block.last_on) == (DAY("2021-11-11"), DAY("2021-11-11"))
