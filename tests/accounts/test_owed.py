"""The exact sum due on a day and what the next day adds."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.fee import application_fee
from accounts.general_interest import Terms, general_interest
from accounts.interest import DAY, Debt, Span, doubled_part
from accounts.owed import Claim, Payment, due_today

D = Decimal

DAYS = dt.date.fromisoformat
LOAN = Claim("principal", D(150000), DAYS("2021-06-11"), terms=Terms(DAYS("2020-06-01"), rate=D(6)))
COURT_FEE = Claim("cost", D(1650), is_doubled=False)


def parts(due):
    """Return cost, interest, principal and doubled part as text."""
    return tuple(str(part) for part in (due.cost, due.interest, due.principal, due.doubled))


class TestDueToday:
    def test_before_any_payment(self):
        due = due_today([COURT_FEE, LOAN], [], DAYS("2021-12-11"))
        assert parts(due) == ("1650.00", "13758.90", "150000.00", "4803.75")
        assert due.fee == application_fee(D("170212.65")).amount
        assert due.total == D("170212.65") + due.fee

    def test_w5_on_the_day_of_the_payment_and_after_it(self):
        paid = [Payment(DAYS("2021-12-11"), D(120000))]
        due = due_today([COURT_FEE, LOAN], paid, DAYS("2021-12-11"))
        assert parts(due) == ("0.00", "0.00", "45408.90", "4803.75")
        # The doubled part runs on the open principal: 45 408.90 × 0.0175 % × 10 = 79.465575.
        later = due_today([COURT_FEE, LOAN], paid, DAYS("2021-12-21"))
        assert later.doubled == D("4883.22")
        assert later.principal == D("45408.90")

    def test_tomorrow_is_the_difference_of_two_days(self):
        claims, on = [COURT_FEE, LOAN], DAYS("2021-12-11")
        today, tomorrow = due_today(claims, [], on), due_today(claims, [], on + DAY)
        assert today.tomorrow == tomorrow.total - today.total > 0
        assert today.steps[-1].startswith("2021-12-11 应付合计")

    def test_a_payment_of_tomorrow_is_not_known_today(self):
        paid = [Payment(DAYS("2021-12-12"), D(99999))]
        assert due_today([LOAN], paid, DAYS("2021-12-11")) == due_today([LOAN], [], DAYS("2021-12-11"))

    def test_unpaid_interest_earns_nothing(self):
        claims = [Claim("interest", D(9000), DAYS("2021-06-11")), Claim("principal", D(1000), DAYS("2021-06-11"))]
        due = due_today(claims, [], DAYS("2021-12-11"))
        assert parts(due) == ("0.00", "9000.00", "1000.00", "32.03")  # 1 000 × 0.0175 % × 183

    def test_all_paid_then_nothing_more_and_the_rest_goes_back(self):
        paid = [Payment(DAYS("2021-12-11"), D("170212.65") + D("0.35"))]
        due = due_today([COURT_FEE, LOAN], paid, DAYS("2022-06-01"), fee_paid=D("2453.19"))
        assert (due.total, due.tomorrow, due.surplus) == (0, 0, D("0.35"))

    def test_the_fee_is_on_what_was_executed(self):
        claim = Claim("principal", D(100000))
        before = [Payment(DAYS("2021-07-01"), D(40000), is_executed=False)]
        assert due_today([claim], before, DAYS("2021-12-11")).fee == application_fee(D(60000)).amount
        during = [Payment(DAYS("2021-07-01"), D(40000))]
        assert due_today([claim], during, DAYS("2021-12-11")).fee == application_fee(D(100000)).amount
        assert due_today([], [], DAYS("2021-12-11")).fee == 0

    def test_excluded_days_stop_the_doubled_part_only(self):
        stopped = due_today([LOAN], [], DAYS("2021-12-11"), excluded=[Span(DAYS("2021-06-12"), DAYS("2021-12-11"))])
        assert (stopped.doubled, stopped.interest) == (0, D("13758.90"))

    def test_interest_to_a_fixed_day_ends_there(self):
        terms = Terms(DAYS("2020-06-01"), rate=D(6), until_on=DAYS("2020-12-01"))
        claim = Claim("principal", D(150000), terms=terms)
        assert due_today([claim], [], DAYS("2021-12-11")).interest == D("4512.33")  # 183 days

    def test_a_monthly_rate_counts_months_from_its_first_day(self):
        claim = Claim("principal", D(80000), terms=Terms(DAYS("2021-03-31"), rate=D(1), unit="month"))
        paid = [Payment(DAYS("2021-04-15"), D("426.66"))]
        first = due_today([claim], paid, DAYS("2021-04-15"))
        assert parts(first) == ("0.00", "0.00", "79973.34", "0.00")  # half a month: 400.00 of interest first
        assert due_today([claim], [], DAYS("2021-09-30")).interest == D("4800.00")

    def test_the_older_rule_is_refused_in_words(self):
        with pytest.raises(ValueError, match="2014-08-01"):
            due_today([Claim("principal", D(1), DAYS("2014-01-01"))], [], DAYS("2021-01-01"))


days = st.dates(DAYS("2021-01-01"), DAYS("2022-12-31"))
cents = st.integers(1, 10**8).map(lambda number: D(number) / 100)
terms = st.none() | st.builds(Terms, days, rate=st.sampled_from([D("3.85"), D(15), D(0)]))
claims = st.lists(
    st.builds(Claim, st.sampled_from(["cost", "principal", "interest"]), cents, st.none() | days, st.booleans(), terms),
    max_size=4,
)
payments = st.lists(st.builds(Payment, days, cents, st.booleans()), max_size=5)


@given(claims, payments, days)
def test_sums_are_never_negative_and_one_more_day_never_takes_away(claims, payments, on):
    due = due_today(claims, payments, on)
    assert min(due.cost, due.interest, due.principal, due.doubled, due.fee, due.tomorrow, due.surplus) >= 0


@given(cents, days, days, days)
def test_without_payments_it_is_the_two_calculators(principal, started, ended, on):
    order = Terms(started, rate=D("4.35"))
    due = due_today([Claim("principal", principal, ended, terms=order)], [], on)
    assert due.interest == general_interest(principal, order, until=on).amount
    assert due.doubled == doubled_part([Debt(principal, ended)], until=on).amount


@given(cents, days, st.lists(st.tuples(days, cents), max_size=4), days)
def test_principal_paid_alone_agrees_with_the_doubled_part(principal, ended, paid, on):
    """With nothing but a doubled principal, payments go to it until it is gone."""
    due = due_today([Claim("principal", principal, ended)], [Payment(*row) for row in paid], on)
    credited = sum((amount for day, amount in paid if day <= on), D(0))
    assert due.principal == max(D(0), principal - credited)
    if credited <= principal:
        assert (
            due.doubled
            == doubled_part([Debt(principal, ended)], payments=[Payment(*row) for row in paid], until=on).amount
        )
