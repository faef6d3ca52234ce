"""When the centre decides what has come in: first come first served, so many a working day; what is printed of it."""

import datetime as dt
from collections import Counter

from wuhai_exec.demo import capacity, plan
from wuhai_exec.demo.organisation import LOGINS, POSTS
from wuhai_exec.demo.walk import WORKDAYS, moment

MONDAY = dt.date(2021, 9, 6)
FRIDAY = MONDAY + dt.timedelta(days=4)


def waits(arrivals, size):
    days = capacity.decided_on(arrivals, capacity=size)
    return [(on - at.date()).days for on, at in zip(days, arrivals, strict=True)]


def test_no_two_people_of_the_house_bear_one_name():
    names = [post.name for post in POSTS]
    assert len(names) == len(set(names))


def test_a_login_of_the_field_team_is_printed_beside_one_of_each_role():
    titles = {login: title for _role, title, login in LOGINS}
    assert "现场查控团队" in titles["officer6"]
    assert len(titles) == len({role for role, _title, _login in LOGINS}) + 3


def test_what_the_centre_cannot_do_today_it_does_on_the_next_working_day():
    monday, friday = [moment(MONDAY, 540)] * 3, [moment(FRIDAY, 540)] * 3
    assert waits(monday, 2) == [0, 0, 1]
    assert waits(friday, 2) == [0, 0, 3]
    assert waits([*monday, *monday[:2], *friday], 2) == [0, 0, 1, 1, 2, 0, 0, 3]


def test_what_comes_after_noon_is_begun_the_next_working_day():
    assert waits([moment(MONDAY, 719), moment(MONDAY, 720), moment(FRIDAY, 900)], 9) == [0, 1, 3]


def test_who_came_first_is_decided_first_whatever_the_order_of_the_rows():
    rows = [moment(MONDAY, 660), moment(MONDAY, 600)]
    assert capacity.decided_on(rows, capacity=1) == [MONDAY + dt.timedelta(days=1), MONDAY]


def test_the_book_is_decided_in_arrival_order_and_never_more_a_day_than_stated():
    book = plan.plan()
    pairs = sorted((case.steps[0].at, step.at.date()) for case in book for step in case.steps if step.verb == "triage")
    days = [day for _at, day in pairs]
    assert days == sorted(days)
    assert max(Counter(days).values()) == capacity.CAPACITY
    assert all(WORKDAYS.is_workday(day) for day in days)
    assert days == capacity.decided_on([at for at, _day in pairs])


def test_the_sentence_names_what_came_out_what_was_assumed_and_what_other_assumptions_give():
    made = capacity.figures([7, 7, 9], [7, 8, 9], [moment(MONDAY, 540)] * 20)
    assert capacity.sentence(made) == (
        "Filing to triage: median 7, mean 7.7, longest 9 days, as it came out of arrival order at 9 cases a working day"
        " (assumed; the bureau's report: 7, before: 20). Days with other capacities: 1 at 8, 0.5 at 10, 0 at 12."
        " To assignment: median 8."
    )
