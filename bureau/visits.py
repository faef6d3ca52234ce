"""The days on which a visitor may ask to be received; pure, shared by the house and the public process."""

import datetime as dt

from django.utils.translation import gettext as _

from bureau.calendar import DAY, WorkCalendar

# The team answers within this many working days (局内规定); nobody is to come before he has his answer.
ANSWER_WORKDAYS = 2
AHEAD_MAX = 60


def first_day(today: dt.date, calendar: WorkCalendar) -> dt.date:
    """Return the first working day after the last day of the answer."""
    day = calendar.due(today, ANSWER_WORKDAYS, "workday").due_on + DAY
    while not calendar.is_workday(day):
        day += DAY
    return day


def objections(day: dt.date, *, today: dt.date, calendar: WorkCalendar) -> list[str]:
    """Return why a day cannot be booked."""
    if day > today + AHEAD_MAX * DAY:
        return [_("只能预约 60 天以内的日期")]
    if day < (first := first_day(today, calendar)):
        words = _("法院先答复您再来：最早可预约 %(day)s")
        return [words % {"day": first.isoformat()}]
    return [] if calendar.is_workday(day) else [_("该日不上班，请另选工作日")]
