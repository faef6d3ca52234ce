"""The one clock: real time plus CLOCK_OFFSET; read only by views, tasks and commands."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """Return the product's moment, aware."""
    return timezone.now() + dt.timedelta(seconds=settings.CLOCK_OFFSET)


def today() -> dt.date:
    """Return the product's day in Asia/Shanghai."""
    return timezone.localdate(now())
