"""Records what is done to a case: the event, and in the same transaction the deadlines it opens and closes."""

import datetime as dt
from typing import Any

from bureau.models import Event, User
from bureau.record import record as record_event
from cases import deadlines
from cases.models import Case


def record(subject: Any, verb: str, *, at: dt.datetime, case: Case, actor: User, **details: Any) -> Event:
    """Add one event to the chain of the case and let its deadlines follow (domain handbook §5).

    The only way in which rooms record on a case; what belongs to no case goes to `bureau.record`. A verb of the node
    table is recorded under the lock of the case row.
    """
    event = record_event(subject, verb, at=at, case=case, actor=actor, **details)
    deadlines.follow(event, case, details)
    return event
