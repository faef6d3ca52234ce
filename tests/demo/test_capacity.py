"""How long filings wait when the centre decides so many a working day, first come first served."""

import datetime as dt

from wuhai_exec.demo import capacity

MONDAY = dt.date(2021, 9, 6)


def test_what_the_centre_cannot_do_today_it_does_on_the_next_working_day():
    friday = [MONDAY + dt.timedelta(days=4)] * 3
    assert capacity.in_arrival_order([MONDAY] * 3, capacity=2) == [0, 0, 1]
    assert capacity.in_arrival_order(friday, capacity=2) == [0, 0, 3]
    assert capacity.in_arrival_order([MONDAY] * 5 + friday, capacity=2) == [0, 0, 1, 1, 2, 0, 0, 3]


def test_the_sentence_names_both_and_what_was_assumed():
    made = capacity.figures([7, 7, 8], [MONDAY] * 3)
    assert capacity.sentence(made) == (
        "Filing to assignment: median 7, mean 7.3 days as replayed (the bureau's report: 7; before: 20). "
        "In arrival order at 12 cases a working day: median 0, mean 0.0, longest 0 days."
    )
