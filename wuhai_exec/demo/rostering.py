"""The judges on duty of the demo: planned by turns, with one swap, and a gap ahead of the book's last day."""

import datetime as dt

from dispatch import duties
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.plan import OPENS_ON
from wuhai_exec.demo.walk import DAY, moment

# Nobody is planned for January yet: the desk of who plans says so.
PLANNED_UNTIL = dt.date(2021, 12, 31)
SWAPPED = dt.date(2021, 12, 27), dt.date(2021, 12, 30)


def plan_duties(staff: Staff) -> None:
    """Give every working day of the book its judge on duty."""
    first = OPENS_ON
    while first <= PLANNED_UNTIL:
        last = min(PLANNED_UNTIL, first + (duties.DAYS_MAX - 1) * DAY)
        duties.fill_duty(first, last, at=moment(OPENS_ON - DAY, 610), actor=staff["dispatcher"])
        first = last + DAY
    duties.swap_duty(*SWAPPED, reason="外出执行", at=moment(OPENS_ON - DAY, 620), actor=staff["dispatcher"])
