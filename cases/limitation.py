"""The two years in which enforcement may be applied for (民事诉讼法 250, 2017 text 239); pure calculation."""

import datetime as dt

from bureau.calendar import same_day

YEARS = 2


def last_day(performance_due_on: dt.date | None, effective_on: dt.date | None) -> dt.date | None:
    """Return the last day: two years from the end of the time for performance, else from when it took effect."""
    begins = performance_due_on or effective_on
    return same_day(begins, months=12 * YEARS) if begins else None
