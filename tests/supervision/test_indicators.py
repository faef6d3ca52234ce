"""Figures agree with a count by hand over random books, for today and for a day in the past."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from accounts import services as accounts
from accounts.bank import BankLineData
from accounts.models import Receipt
from cases.models import Case
from supervision import indicators
from supervision.charts import WIDEST, Bar, Row, bars
from supervision.definitions import DEFINITIONS
from tests import factories, kept

DAY = dt.date
FIRST = DAY(2021, 9, 1)
BUDGET = 12


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(729, 787, "92.63"), (1, 3, "33.33"), (1, 8, "12.50"), (5, 1600, "0.31"), (0, 0, None)]
)
def test_rates_are_rounded_half_up_and_nothing_has_no_rate(part, whole, said):
    assert indicators.rate(part, whole) == said


@given(st.lists(st.integers(0, 60), min_size=1))
def test_median_of_counts_is_the_median_of_values(values):
    assert indicators.median({value: values.count(value) for value in values}) == median(values)


@given(st.lists(st.integers(0, 10_000)))
def test_bars_stay_within_the_chart(values):
    chart = bars("", [Row(str(value), (Bar(value), Bar(value // 2))) for value in values])
    widths = [bar.width for row in chart.rows for bar in row.bars]
    assert all(0 <= width <= WIDEST for width in widths)
    assert not any(values) or max(widths) == WIDEST


STORY = st.tuples(
    st.integers(0, 40),  # day of filing
    st.integers(0, 12),  # days to triage
    st.booleans(),  # money arrives
    st.integers(0, 25),  # days from arrival to payout
    st.sampled_from(["nothing", "half", "all"]),
)


def at(day):
    return dt.datetime.combine(day, dt.time(10), tzinfo=factories.SHANGHAI)


def live(house, number, story):
    """Let one case live its story; return the days and yuan that a clerk would write down."""
    filed_after, triage_days, has_money, pay_days, paid = story
    filed_on = FIRST + dt.timedelta(days=filed_after)
    triaged_on = filed_on + dt.timedelta(days=triage_days)
    case = factories.file_case(house, at=at(filed_on)).case
    case = factories.into_stream(house, case, at=at(triaged_on))
    book = {"filed": filed_on, "triaged": triaged_on, "closed": None, "due": None, "paid": None, "sum": Decimal(0)}
    if has_money:
        receipt = factories.deposit(house, case, "50000.00", serial=f"N{number}", at=at(triaged_on))
        book["due"] = receipt.due_on
        if paid != "nothing":
            book["paid"] = triaged_on + dt.timedelta(days=pay_days)
            book["sum"] = Decimal("25000.00") if paid == "half" else Decimal("50000.00")
            factories.payout(house, case, str(book["sum"]), reference=f"N{number}", at=at(book["paid"]))
        if paid == "all":
            book["closed"] = book["paid"] + dt.timedelta(days=1)
            case = Case.objects.get(pk=case.pk)
            factories.close(house, case, at=at(book["closed"]))
    return book


def by_hand(books, day):
    """Count the same figures without the database."""
    accepted = [book for book in books if book["filed"] <= day]
    closed = [book for book in accepted if book["closed"] and book["closed"] <= day]
    triage = [(book["triaged"] - book["filed"]).days for book in books if book["triaged"] <= day]
    money = [book for book in books if book["due"] and book["triaged"] <= day]
    paid = [book for book in money if book["paid"] and book["paid"] <= day]
    whole = [book for book in paid if book["sum"] == 50000]
    due = [book for book in money if book["due"] <= day]
    kept = [book for book in due if book["sum"] == 50000 and book["paid"] <= book["due"]]
    return {
        "accepted": len(accepted),
        "closed": len(closed),
        "triage_days_median": median(triage) if triage else None,
        "receipts": len(money),
        "payouts": len(paid),
        "amount_paid": sum((book["sum"] for book in paid), Decimal(0)),
        "overdue_unpaid": sum(book["due"] < day and book not in whole for book in money),
        "paid_in_time_rate": indicators.rate(len(kept), len(due)),
        "due_receipts": len(due),
    }


class IndicatorProperties(TestCase):
    """Any small book, asked on any day, gives what a count by hand gives."""

    @settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
    @given(stories=st.lists(STORY, max_size=4), asked=st.integers(-1, 90))
    def test_figures_agree_with_a_count_by_hand(self, stories, asked):
        house = factories.House.build()
        books = [live(house, number, story) for number, story in enumerate(stories)]
        day = FIRST + dt.timedelta(days=asked)
        figures = indicators.figures(day)
        expected = by_hand(books, day)
        assert {name: getattr(figures, name) for name in expected} == expected
        assert figures.open == figures.accepted - figures.closed
        for split in (figures.by_court, figures.by_window, figures.by_stream):
            assert sum(row["accepted"] for row in split.values()) == figures.accepted
            assert sum(row["closed"] for row in split.values()) == figures.closed
        assert sum(figures.closing_modes.values()) == figures.closed
        assert sum(age.count for age in figures.open_ages) == figures.open
        assert sum(age.amount for age in figures.unpaid_ages) == figures.amount_arrived - figures.amount_paid


@pytest.mark.django_db
class TestFigures:
    def test_an_empty_book_divides_by_nothing(self, house, django_assert_num_queries):
        figures = indicators.figures(DAY(2021, 12, 27))
        assert (figures.accepted, figures.close_rate, figures.triage_days_median) == (0, None, None)
        assert (figures.paid_in_time_rate, figures.closing_days_average) == (None, None)

    def test_a_past_day_stays_what_it_was(self, house, at, django_assert_max_num_queries):
        first = factories.into_stream(house, factories.file_case(house, at=at(2021, 9, 1)).case, at=at(2021, 9, 8))
        factories.file_case(house, at=at(2021, 9, 20))
        factories.deposit(house, first, "50000.00", serial="I1", at=at(2021, 9, 16))
        before = indicators.figures(DAY(2021, 10, 8))
        assert (before.accepted, before.closed, before.triage_days_median) == (2, 0, 7.0)
        assert (before.receipts, before.payouts, before.overdue_unpaid) == (1, 0, 0)
        assert indicators.figures(DAY(2021, 10, 9)).overdue_unpaid == 1
        factories.payout(house, first, "50000.00", reference="I1", at=at(2021, 10, 11))
        first.refresh_from_db()
        factories.close(house, first, at=at(2021, 10, 12))
        assert indicators.figures(DAY(2021, 10, 8)) == before
        assert indicators.figures(DAY(2021, 10, 9)).overdue_unpaid == 1
        with django_assert_max_num_queries(BUDGET):
            after = indicators.figures(DAY(2021, 10, 12))
        assert (after.closed, after.close_rate, after.payouts, after.overdue_unpaid) == (1, "50.00", 1, 0)
        assert after.by_court["内0302"] == {"accepted": 2, "closed": 1}
        assert (after.closing_days_average, after.paid_in_time_rate) == ("41.0", "0.00")
        assert after.weeks[-1].closed == 1

    def test_stream_and_triage_of_a_past_day_ignore_what_came_later(self, house, at):
        factories.into_stream(house, factories.file_case(house, at=at(2021, 9, 1)).case, at=at(2021, 9, 8))
        assert indicators.figures(DAY(2021, 9, 7)).by_stream == {"": {"accepted": 1, "closed": 0}}
        assert indicators.figures(DAY(2021, 9, 8)).by_stream == {"FAST": {"accepted": 1, "closed": 0}}

    def test_overdue_is_the_list_behind_it(self, house, at):
        case = factories.into_stream(house, factories.file_case(house, at=at(2021, 9, 1)).case, at=at(2021, 9, 8))
        factories.deposit(house, case, "50000.00", serial="I2", at=at(2021, 9, 16))
        day = DAY(2021, 11, 1)
        assert indicators.figures(day).overdue_unpaid == Receipt.objects.overdue(today=day).count() == 1


@pytest.mark.django_db
class TestPage:
    def test_chief_sees_every_figure_with_definition_and_list(self, house, at, login):
        factories.file_case(house, at=at(2021, 9, 1))
        answer = login(house.chief).get("/figures/?as_of=2021-12-27")
        page = answer.content.decode()
        assert answer.status_code == 200
        for item in DEFINITIONS:
            assert str(item.definition) in page
            assert item.url(DAY(2021, 12, 27)), item.code
        assert "终本" in page
        assert "<svg" in page

    def test_the_list_behind_a_count_has_as_many_rows(self, house, at, login):
        case = factories.into_stream(house, factories.file_case(house, at=at(2021, 9, 1)).case, at=at(2021, 9, 8))
        factories.file_case(house, at=at(2021, 9, 2))
        factories.deposit(house, case, "30000.00", serial="L1", at=at(2021, 9, 10))
        factories.payout(house, case, "30000.00", reference="L1", at=at(2021, 9, 13))
        factories.deposit(house, case, "20000.00", serial="L2", at=at(2021, 9, 14))
        factories.file_case(house, at=at(2021, 12, 1))
        client = login(house.chief)
        for day in (DAY(2021, 9, 12), DAY(2021, 9, 30), DAY(2021, 12, 27)):
            figures = indicators.figures(day)
            for item in DEFINITIONS:
                count = getattr(figures, item.code)
                count = figures.due_receipts if item.code.startswith("paid_in_time") else count
                count = figures.triaged if item.code == "triage_days_median" else count
                if isinstance(count, int):
                    assert client.get(item.url(day)).context["page"].paginator.count == count, (item.code, day)

    def test_a_past_day_knows_only_what_was_known_then(self, house, at):
        case = factories.into_stream(house, factories.file_case(house, at=at(2021, 9, 1)).case, at=at(2021, 9, 8))
        line = BankLineData("K1", DAY(2021, 9, 10), Decimal("100.00"), "某人")
        stray = accounts.arrive(line, at=at(2021, 9, 10), entered_by=house.finance2, actor=house.finance)
        before = indicators.figures(DAY(2021, 9, 12))
        receipt = factories.identify(stray, case, at=at(2021, 9, 15), by=house.finance2, checker=house.finance)
        told = {"reason": "DL5", "paper": factories.paper(case), "until_on": DAY(2021, 10, 10)}
        delay = accounts.request_delay(receipt, **told, at=at(2021, 9, 16), actor=case.owner)
        undecided = indicators.figures(DAY(2021, 9, 28))
        accounts.decide_delay(delay, is_approved=True, at=at(2021, 9, 29), actor=house.chief)
        assert indicators.figures(DAY(2021, 9, 12)) == before
        assert before.receipts == 0
        assert indicators.figures(DAY(2021, 9, 28)) == undecided
        assert undecided.overdue_unpaid == 1
        assert indicators.figures(DAY(2021, 9, 29)).overdue_unpaid == 0

    @pytest.mark.parametrize("day", ["2021-13-99", "x", "9999-01-01", "1900-01-01", "%00"])
    def test_a_wrong_day_is_refused_beside_its_field(self, house, login, day):
        client = login(house.chief)
        assert client.get(f"/figures/?as_of={day}").status_code == 422
        assert client.get(f"/api/v1/supervision/indicators/?as_of={day}").status_code == 400

    def test_the_lists_behind_the_charts_have_as_many_rows(self, house, at, login):
        for day in (1, 2, 20):
            case = factories.into_stream(
                house, factories.file_case(house, at=at(2021, 9, day)).case, at=at(2021, 9, 25)
            )
        factories.close(house, case, "TERMINATED", at=at(2021, 10, 12))
        client = login(house.chief)
        shown = client.get("/figures/?as_of=2021-10-13").context
        bars_ = [bar for name in ("accepted_chart", "open_chart") for row in shown[name].rows for bar in row.bars]
        assert sum(bar.value for bar in bars_) == 3 + 1 + 2
        for bar in bars_:
            assert client.get(bar.url).context["page"].paginator.count == bar.value, bar
        assert [client.get(row["url"]).context["page"].paginator.count for row in shown["modes"]] == [
            row["count"] for row in shown["modes"]
        ]

    def test_the_lists_behind_every_split_have_as_many_rows(self, house, at, login):
        fast = factories.into_stream(house, factories.file_case(house, at=at(2021, 9, 1)).case, at=at(2021, 9, 8))
        factories.into_stream(
            house, factories.file_case(house, at=at(2021, 9, 2)).case, at=at(2021, 9, 20), team="ORDINARY"
        )
        factories.file_case(house, at=at(2021, 9, 3))
        factories.close(house, fast, "TERMINATED", at=at(2021, 10, 12))
        client = login(house.chief)
        # Before the verdicts, between them, after them, and after the closing.
        for day in ("2021-09-05", "2021-09-10", "2021-09-30", "2021-10-13"):
            shown = client.get(f"/figures/?as_of={day}").context
            assert {row["code"] for row in shown["streams"]} <= {"FAST", "ORDINARY", "NONE"}
            assert sum(row["accepted"] for row in shown["streams"]) == 3
            for row in (*shown["streams"], *shown["courts"], *shown["windows"]):
                for kind in ("accepted", "closed", "open"):
                    found = client.get(row["urls"][kind]).context["page"].paginator.count
                    assert found == row[kind], (day, row["code"], kind)

    def test_a_program_gets_the_figures_that_its_user_would_see(self, house, at, login):
        factories.deposit(house, factories.file_case(house, at=at(2021, 9, 1)).case, "50000.00", serial="S2")
        money = {item.code for item in DEFINITIONS if item.permission} | {"due_receipts", "unpaid_ages"}
        assert "amount_arrived" in money
        address = "/api/v1/supervision/indicators/?as_of=2021-12-27"
        for staff, sees in ((house.dispatcher, False), (house.chief, True), (house.inspector, True)):
            answer = login(staff).get(address)
            data = answer.json()
            assert set(data) & money == (money if sees else set())
            assert set(data["definitions"]) & money == (money - {"due_receipts", "unpaid_ages"} if sees else set())
            assert data["accepted"] == 1
            assert ("50000.00" in answer.content.decode()) is sees

    def test_who_may_not_see_money_sees_no_figure_of_it_and_no_way_to_it(self, house, login):
        for staff, sees in ((house.dispatcher, False), (house.chief, True)):
            client = login(staff)
            page = client.get("/figures/?as_of=2021-12-27")
            assert (page.context["unpaid_chart"] is not None) is sees
            assert ("/money/" in page.content.decode()) is sees
            sheet = load_workbook(BytesIO(client.get("/figures/?as_of=2021-12-27&export=xlsx").content)).worksheets[0]
            assert ("来款笔数" in {row[0] for row in sheet.iter_rows(values_only=True)}) is sees

    def test_page_sheet_and_api_agree(self, house, at, login):
        factories.deposit(house, factories.file_case(house, at=at(2021, 9, 1)).case, "50000.00", serial="S1")
        client = login(house.inspector)
        data = client.get("/api/v1/supervision/indicators/?as_of=2021-12-27").json()
        assert (data["accepted"], data["close_rate"], data["as_of"]) == (1, "0.00", "2021-12-27")
        assert set(data["definitions"]) <= set(data)
        answer = client.get("/figures/?as_of=2021-12-27&export=xlsx")
        sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
        cells = {row[0].value: row[1] for row in sheet.iter_rows()}
        figures = {label: cells[label].value for label in ("受理", "来款金额（元）", "结案率", "结案平均用时")}
        assert figures == {"受理": 1, "来款金额（元）": 50000, "结案率": 0, "结案平均用时": "—"}
        assert cells["来款金额（元）"].number_format == "#,##0.00"
        assert cells["截至"].value.date() == DAY(2021, 12, 27)
        for other in load_workbook(BytesIO(answer.content)).worksheets[1:]:
            assert all(cell.data_type == "n" for row in other.iter_rows(min_row=2, min_col=3) for cell in row)

    def test_who_holds_no_such_permission_sees_none(self, house, login):
        for staff in (house.window_clerk, house.officer, house.finance):
            client = login(staff)
            assert client.get("/figures/").status_code == 403
            assert client.get("/api/v1/supervision/indicators/").status_code == 403


@pytest.mark.django_db
def test_the_record_is_told_in_words_and_filtered_by_codes(house, at, login):
    case = kept.running_case(house)
    client = login(house.inspector)
    page = client.get("/figures/record/").content.decode()
    assert "登记立案" in page
    assert "accounts.open_escrow" not in page
    only = client.get(f"/figures/record/?verb=start&number={case.number}").context["rows"]
    assert [event.verb for event, _line in only] == ["start"]
    assert client.get("/figures/record/?verb=nothing").status_code == 422


@pytest.mark.django_db
def test_a_program_gets_json_for_what_does_not_exist(house, login):
    client = login(house.inspector)
    for address in ("/api/v1/none/", "/api/v1/cases/999999/"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()) == (404, {"detail": "不存在"})
    assert "html" in client.get("/none/")["Content-Type"]
