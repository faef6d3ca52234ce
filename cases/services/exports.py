"""Taking the case list out of the house is itself on record."""

import datetime as dt

from django.db import transaction

from bureau.models import Event, User
from bureau.record import record


@transaction.atomic
def note_export(user: User, *, count: int, at: dt.datetime, actor: User) -> Event:
    """Record that a list of so many cases was exported."""
    return record(user, "export_cases", at=at, actor=actor, count=count)
