"""Who answers on a day for cases that have no judge yet; the roster itself is kept by a room above."""

import datetime as dt

from django.conf import settings
from django.utils.module_loading import import_string

from bureau.models import User


def judge_on_duty(day: dt.date) -> User | None:
    """Return the judge on duty by the roster; nobody on a day without one."""
    judge: User | None = import_string(settings.DUTY_JUDGE)(day)
    return judge
