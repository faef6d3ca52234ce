"""What parties said and nobody has answered, on the desk of whoever is to answer."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from bureau.desk import DeskItem
from bureau.models import User
from cases.models import PartyAsk

ITEMS_MAX = 100


def items(user: User, *, today: dt.date) -> Iterator[DeskItem]:
    """Return the user's unanswered ones, red once their day has come; for the chief what has gone past its day."""
    if not any(user.has_perm(permission) for permission in PartyAsk.READ_BY):
        return
    rows = PartyAsk.objects.waiting_for(user) | PartyAsk.objects.late_for(user, today=today)
    for ask in rows.for_list()[:ITEMS_MAX]:
        yield DeskItem(
            kind=ask.get_kind_display(),
            title=ask.get_topic_display() if ask.topic else ask.receipt,
            url=ask.get_absolute_url(),
            case_number=ask.case.display_number,
            due_on=ask.due_on,
            since_on=timezone.localdate(ask.asked_at),
            is_red=ask.due_on <= today,
        )
