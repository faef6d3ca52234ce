"""Doubled part and general interest: the worked examples, another way to count them, and hostile days."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.general_interest import Terms, factor, general_interest
from accounts.interest import DAY, Counting, Debt, Payment, Span, doubled_part
from accounts.lpr import CHECKED_UNTIL, TABLE, rate_on, stretches
from bureau.money import to_cent

D = Decimal

DAYS = dt.date.fromisoformat


def doubled(base, ended, until, *, payments=(), excluded=()):
    """Return the doubled part of one debt, as text."""
    worked = doubled_part(
        [Debt(D(base), DAYS(ended))],
        payments=[Payment(DAYS(on), D(amount)) for on, amount in payments],
        excluded=[Span(DAYS(first), DAYS(last)) for first, last in excluded],
        until=DAYS(until),
    )
    return str(worked.amount)


class TestDoubledPart:
    @pytest.mark.parametrize(
        ("base", "ended", "until", "interest"),
        [
            pytest.param("100000", "2021-08-15", "2021-12-27", "2345.00", id="I1"),
            pytest.param("50000", "2021-03-01", "2021-03-31", "262.50", id="I2"),
            pytest.param("1000000", "2020-12-31", "2021-12-31", "63875.00", id="I3"),
            pytest.param("123456.78", "2021-06-10", "2021-11-05", "3197.53", id="I4"),
            pytest.param("45000", "2021-06-20", "2021-09-02", "582.75", id="I8"),
            pytest.param("600000", "2021-02-28", "2021-11-18", "27615.00", id="I9"),
            pytest.param("100000", "2024-01-31", "2024-03-31", "1050.00", id="I10 leap year"),
            pytest.param("20000", "2021-09-15", "2021-12-15", "318.50", id="I11 dollars"),
            pytest.param("100000", "2021-08-15", "2021-08-15", "0.00", id="I12 the last day"),
            pytest.param("100000", "2021-08-15", "2021-08-01", "0.00", id="I12 before it"),
            pytest.param("100000", "2021-08-15", "2021-08-16", "17.50", id="first day"),
            pytest.param("150000", "2021-06-11", "2021-12-11", "4803.75", id="G6"),
            pytest.param("0", "2021-06-11", "2021-12-11", "0.00", id="nothing owed"),
        ],
    )
    def test_worked_examples(self, base, ended, until, interest):
        assert doubled(base, ended, until) == interest

    def test_i5_by_payment_and_by_segment(self):
        paid = [("2021-07-31", "80000"), ("2021-10-31", "120000")]
        assert doubled("200000", "2021-05-31", "2021-10-31", payments=paid) == "4067.00"
        first = D(doubled("200000", "2021-05-31", "2021-07-31"))
        second = D(doubled("120000", "2021-07-31", "2021-10-31"))
        assert (first, second, first + second) == (D("2135.00"), D("1932.00"), D("4067.00"))

    def test_i6_days_of_a_retrial_do_not_count(self):
        assert doubled("300000", "2021-04-30", "2021-12-31", excluded=[("2021-07-01", "2021-09-30")]) == "8032.50"

    def test_i7_instalments_each_have_their_own_start(self):
        debts = [Debt(D(30000), DAYS(day)) for day in ("2021-03-31", "2021-06-30", "2021-09-30")]
        assert str(doubled_part(debts, until=DAYS("2021-12-20")).amount) == "2719.50"
        paid = [Payment(DAYS("2021-12-20"), D(90000))]
        assert str(doubled_part(debts[::-1], payments=paid, until=DAYS("2022-05-01")).amount) == "2719.50"

    def test_the_example_of_the_question(self):
        worked = doubled_part(
            [Debt(D("200000.00"), DAYS("2021-05-31"))],
            payments=[Payment(DAYS("2021-07-31"), D("80000.00"))],
            excluded=[Span(DAYS("2021-08-01"), DAYS("2021-08-10"))],
            until=DAYS("2021-10-31"),
        )
        assert str(worked.amount) == "3857.00"
        assert worked.steps[2:4] == [
            "80,000.00：2021-05-31 届满，2021-07-31 付清，61 日；80,000.00 × 0.0175% × 61 = 854.00",
            "120,000.00：2021-05-31 届满，计至 2021-10-31，153 − 10 = 143 日；120,000.00 × 0.0175% × 143 = 3,003.00",
        ]

    @pytest.mark.parametrize(
        ("excluded", "interest"),
        [
            ([("2021-07-01", "2021-07-10"), ("2021-07-05", "2021-07-20")], "192.50"),  # overlapping: 31 − 20 = 11
            ([("2021-07-01", "2021-07-10"), ("2021-07-11", "2021-07-20")], "192.50"),  # touching
            ([("2021-07-05", "2021-07-05"), ("2021-07-05", "2021-07-05")], "525.00"),  # one day told twice
            ([("2020-01-01", "2021-06-30")], "542.50"),  # before the period
            ([("2021-06-01", "2021-07-01")], "525.00"),  # sticks out at the start
            ([("2021-07-31", "9999-12-31")], "525.00"),  # sticks out at the end
            ([("0001-01-01", "9999-12-31")], "0.00"),
        ],
    )
    def test_excluded_days_are_inclusive_and_form_one_union(self, excluded, interest):
        assert doubled("100000", "2021-06-30", "2021-07-31", excluded=excluded) == interest

    def test_what_was_paid_in_time_bears_nothing_and_what_is_too_much_is_set_aside(self):
        assert doubled("1000", "2021-06-30", "2021-12-31", payments=[("2021-06-30", "1000")]) == "0.00"
        assert doubled("1000", "2021-06-30", "2021-12-31", payments=[("2021-05-30", "9999")]) == "0.00"
        worked = doubled_part(
            [Debt(D(1000), DAYS("2021-06-30"))],
            payments=[Payment(DAYS("2021-06-01"), D(1500)), Payment(DAYS("2022-02-01"), D(7))],
            until=DAYS("2021-12-31"),
        )
        assert any("超出债务 500.00" in step for step in worked.steps)
        assert any("2021-12-31 之后的付款 7.00" in step for step in worked.steps)

    def test_payments_go_to_the_debt_whose_period_ended_first(self):
        debts = [Debt(D(100), DAYS("2021-09-30")), Debt(D(100000), DAYS("2021-06-30"))]
        worked = doubled_part(debts, payments=[Payment(DAYS("2021-07-10"), D(100000))], until=DAYS("2021-09-30"))
        assert str(worked.amount) == "175.00"

    def test_rounding_is_once_at_the_end(self):
        # 0.00525 each: three rounded one by one would be 0.03, together they are 0.01575.
        debts = [Debt(D(30), DAYS("2021-06-29")) for _turn in range(3)]
        assert str(doubled_part(debts, until=DAYS("2021-06-30")).amount) == "0.02"

    @pytest.mark.parametrize("ended", ["2014-07-30", "2010-01-01"])
    def test_days_under_the_older_rule_are_refused_in_words(self, ended):
        with pytest.raises(ValueError, match="2014-08-01 之前的迟延履行利息适用旧规定"):
            doubled("100", ended, "2021-01-01")

    def test_the_first_day_of_the_rule_counts_and_older_days_that_bear_nothing_are_no_obstacle(self):
        assert doubled("100000", "2014-07-31", "2014-08-01") == "17.50"
        assert doubled("100000", "2014-01-31", "2014-08-01", excluded=[("2014-02-01", "2014-07-31")]) == "17.50"
        assert doubled("100000", "2010-01-31", "2014-08-01", payments=[("2010-01-31", "100000")]) == "0.00"

    @pytest.mark.parametrize(
        ("until", "article"), [("2021-12-31", "第253条"), ("2022-01-01", "第260条"), ("2024-01-01", "第264条")]
    )
    def test_the_article_follows_the_day(self, until, article):
        assert article in doubled_part([Debt(D(1), DAYS("2021-06-30"))], until=DAYS(until)).steps[-1]


days = st.dates(DAYS("2014-08-01"), DAYS("2026-12-31"))
cents = st.integers(0, 10**9).map(lambda number: D(number) / 100)
debts = st.lists(st.builds(Debt, cents, days), min_size=1, max_size=4)
payments = st.lists(st.builds(Payment, days, cents), max_size=5)
spans = st.lists(st.tuples(days, days).map(lambda two: Span(min(two), max(two))), max_size=4)


def day_by_day(debts, payments, excluded, until):
    """Return the same interest counted one day at a time on what is open that day."""
    open_ = sorted(([debt.period_ended_on, debt.base] for debt in debts), key=lambda row: row[0])
    total, turn = Fraction(0), 0
    queue = sorted((payment for payment in payments if payment.on <= until), key=lambda payment: payment.on)
    day = min([row[0] for row in open_] + [payment.on for payment in queue])
    while day <= until:
        if not any(span.from_on <= day <= span.until_on for span in excluded):
            total += sum(Fraction(row[1]) * Fraction("0.000175") for row in open_ if day > row[0])
        while turn < len(queue) and queue[turn].on == day:
            rest = queue[turn].amount
            for row in open_:
                taken = min(rest, row[1])
                row[1], rest = row[1] - taken, rest - taken
            turn += 1
        day += DAY
    return to_cent(total)


@settings(deadline=None)  # the oracle walks through every day of ten years
@given(debts, payments, spans, days)
def test_counting_day_by_day_gives_the_same(debts, payments, excluded, until):
    worked = doubled_part(debts, payments=payments, excluded=excluded, until=until)
    assert worked.amount == day_by_day(debts, payments, excluded, until) >= 0


@given(debts, payments, spans, days, st.randoms(use_true_random=False))
def test_the_order_of_telling_changes_nothing(debts, payments, excluded, until, chance):
    before = doubled_part(debts, payments=payments, excluded=excluded, until=until).amount
    for rows in (debts, payments, excluded):
        chance.shuffle(rows)
    assert doubled_part(debts, payments=payments, excluded=excluded, until=until).amount == before


@given(spans, days, days, days)
def test_counted_days_add_up(excluded, one, two, three):
    first, middle, last = sorted((one, two, three))
    counting = Counting(excluded)
    assert counting.days(first, middle) + counting.days(middle, last) == counting.days(first, last)
    assert 0 <= counting.days(first, last) <= (last - first).days


def general(principal, from_on, until, payments=(), **terms):
    """Return general interest, as text."""
    worked = general_interest(
        D(principal),
        Terms(DAYS(from_on), **terms),
        until=DAYS(until),
        payments=[Payment(DAYS(on), D(amount)) for on, amount in payments],
    )
    return str(worked.amount)


class TestGeneralInterest:
    def test_g1_and_g7_each_day_has_the_rate_valid_on_it(self):
        worked = general_interest(D(100000), Terms(DAYS("2021-01-01"), lpr="1y"), until=DAYS("2021-12-28"))
        assert str(worked.amount) == "3806.71"
        assert worked.steps[1:3] == [
            "2021-01-01 至 2021-12-20，353 日；100,000.00 × 3.85% × 353 ÷ 365 ≈ 3,723.4247",
            "2021-12-20 至 2021-12-28，8 日；100,000.00 × 3.8% × 8 ÷ 365 ≈ 83.2877",
        ]
        assert general("100000", "2021-01-01", "2021-12-28", lpr="1y", day_basis=360) == "3859.58"

    def test_g2_four_times_the_rate(self):
        assert general("500000", "2021-02-01", "2021-11-30", rate=D("15.4")) == "63709.59"
        assert general("500000", "2021-02-01", "2021-11-30", lpr="1y", multiple=D(4)) == "63709.59"

    def test_g3_the_wording_decides(self):
        assert general("80000", "2021-03-31", "2021-09-30", rate=D(12)) == "4813.15"
        assert general("80000", "2021-03-31", "2021-09-30", rate=D(1), unit="month") == "4800.00"
        assert general("80000", "2021-03-31", "2021-10-03", rate=D(1), unit="month") == "4880.00"
        assert general("80000", "2021-03-31", "2021-04-29", rate=D(3), unit="month") == "2320.00"

    def test_g4_both_bases(self):
        span = ("2021-03-01", "2021-07-02")
        assert (DAYS(span[1]) - DAYS(span[0])).days == 123
        assert general("260000", *span, lpr="1y", multiple=D("1.30"), day_basis=360) == "4446.11"
        assert general("260000", *span, rate=D("5.005")) == "4385.20"

    def test_g5_a_daily_rate(self):
        assert general("40000", "2021-06-30", "2021-09-30", rate=D("0.05"), unit="day") == "1840.00"

    def test_g6(self):
        assert general("150000", "2020-06-01", "2021-12-11", rate=D(6)) == "13758.90"

    def test_g8_a_payment_of_principal_ends_its_interest_that_day(self):
        whole = general("100000", "2021-01-01", "2021-07-01", rate=D("3.65"))
        assert general("100000", "2021-01-01", "2022-07-01", [("2021-07-01", "100000")], rate=D("3.65")) == whole
        assert (
            general("100000", "2021-01-01", "2021-01-21", [("2021-01-11", "40000")], rate=D("3.65")) == "160.00"
        )  # 100 a day × 10, then 60 a day × 10

    def test_the_first_day_counts_the_last_does_not(self):
        assert general("36500", "2021-05-01", "2021-05-01", rate=D(1)) == "0.00"
        assert general("36500", "2021-05-01", "2021-05-02", rate=D(1)) == "1.00"

    def test_a_rate_fixed_on_one_day(self):
        fixed = general("100000", "2021-01-01", "2021-12-28", lpr="1y", lpr_on=DAYS("2020-04-19"))
        assert fixed == general("100000", "2021-01-01", "2021-12-28", rate=D("4.05"))

    def test_before_the_first_publication_there_is_no_rate(self):
        with pytest.raises(ValueError, match="LPR 自 2019-08-20 起公布"):
            general("100000", "2019-08-19", "2021-12-28", lpr="1y")

    def test_it_says_where_the_table_ends(self):
        terms = Terms(DAYS("2021-01-01"), lpr="5y")
        until = general_interest(D(1), terms, until=CHECKED_UNTIL).steps
        after = general_interest(D(1), terms, until=CHECKED_UNTIL + DAY).steps
        assert not any("LPR 表核对至" in step for step in until)
        assert any("LPR 表核对至" in step for step in after)


class TestLpr:
    @pytest.mark.parametrize(
        ("term", "day", "rate"),
        [
            ("1y", "2019-08-20", "4.25"),
            ("1y", "2021-12-19", "3.85"),
            ("1y", "2021-12-20", "3.80"),
            ("5y", "2021-12-20", "4.65"),
            ("5y", "2022-05-20", "4.45"),
            ("1y", "2025-06-01", "3.00"),
        ],
    )
    def test_the_rate_of_a_day(self, term, day, rate):
        assert rate_on(term, DAYS(day)) == D(rate)

    @pytest.mark.parametrize("term", TABLE)
    def test_the_table_runs_forward(self, term):
        changes = [day for day, _rate in TABLE[term]]
        assert changes == sorted(set(changes))
        assert len(changes) == {"1y": 13, "5y": 12}[term]


published = st.dates(DAYS("2019-08-20"), DAYS("2026-12-31"))


@given(published, published, published, st.sampled_from(["1y", "5y"]))
def test_interest_is_additive_over_days(one, two, three, lpr):
    first, middle, last = sorted((one, two, three))
    whole = factor(Terms(first, lpr=lpr), last)
    assert factor(Terms(first, lpr=lpr), middle) + factor(Terms(middle, lpr=lpr), last) == whole
    assert sum((row.until_on - row.from_on).days for row in stretches(lpr, first, last)) == (last - first).days


@given(cents, published, published, payments, st.sampled_from(["year", "month", "day"]))
def test_payments_only_ever_save_interest(principal, one, two, payments, unit):
    first, last = sorted((one, two))
    terms = Terms(first, rate=D("1.25"), unit=unit)
    whole = general_interest(principal, terms, until=last).amount
    assert 0 <= general_interest(principal, terms, until=last, payments=payments).amount <= whole
