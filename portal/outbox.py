"""Text messages: put into the outbox by what was recorded on a case, sent by a periodic task, each once."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping

from django.db import transaction

from bureau.crypto import digest
from bureau.models import Event
from cases.models import Case, Party
from documents.models import Delivery
from intake.models import SupplementNotice
from intake.typed import phones_of
from portal import sms
from portal.models import Sms
from portal.texts import POINTS, VERBS, Point, text_of

# What is older says nothing new: a page made anew, or a book taken over, sends nobody anything.
FRESH = dt.timedelta(days=3)
LASTS, CODE_LASTS = dt.timedelta(days=1), dt.timedelta(minutes=10)
TRIES_MAX = 3


def put(
    point: str,
    phone: str,
    *,
    cause: str,
    case: Case | None = None,
    at: dt.datetime,
    **values: str,
) -> None:
    """Put one message to one phone into the outbox, unless the same cause has been told to it before."""
    Sms.objects.bulk_create([_message(point, phone, cause, case, values, at=at)], ignore_conflicts=True)


def _message(
    point: str, phone: str, cause: str, case: Case | None, values: Mapping[str, str], *, at: dt.datetime
) -> Sms:
    number = case.display_number if case else ""
    return Sms(
        case_id=case.pk if case else None,
        case_number=number,
        point=point,
        cause=cause,
        phone=phone,
        phone_digest=digest(phone),
        phone_last4=phone[-4:],
        text=text_of(point, **{"number": number, **values}),
        made_at=at,
    )


def put_events(cases: Mapping[int, Case], *, at: dt.datetime) -> int:
    """Put out what the last days brought on these cases, which come with `parties` loaded; return how many."""
    chains = [f"case:{pk}" for pk in cases]
    events = list(Event.objects.filter(chain__in=chains, verb__in=VERBS, at__gt=at - FRESH).order_by("id"))
    served = _served(events)
    messages: list[Sms] = []
    for event in events:
        case, details = cases[int(event.chain.removeprefix("case:"))], json.loads(event.details)
        values = {"due_on": str(details.get("due_on", ""))}
        for point in POINTS:
            if point.fits(event.verb, details):
                for party in _receivers(case, point, served.get(event.subject)):
                    cause = f"{event.pk}:{point.code}"
                    messages.append(_message(point.code, party.phone, cause, case, values, at=at))
    return len(Sms.objects.bulk_create(messages, ignore_conflicts=True))


def put_notices(*, at: dt.datetime) -> int:
    """Tell applicants whose application lacks papers; return how many notices were read."""
    notices = SupplementNotice.objects.filter(made_at__gt=at - FRESH).select_related("application").order_by("id")
    for notice in notices:
        number, due_on = str(notice.application_id), notice.due_on.isoformat()
        for phone in phones_of(notice.application):
            put("SUPPLEMENT", phone, cause=f"notice:{notice.pk}", at=at, number=number, due_on=due_on)
    return len(notices)


def _served(events: Iterable[Event]) -> dict[str, int | None]:
    """Return on whom a paper was served, by the subject of the event."""
    subjects = {event.subject for event in events if event.verb == "deliver_document"}
    keys = [subject.removeprefix("delivery:") for subject in subjects]
    return {f"delivery:{pk}": party for pk, party in Delivery.objects.filter(pk__in=keys).values_list("pk", "party_id")}


def _receivers(case: Case, point: Point, served_on: int | None) -> list[Party]:
    sides = [row for row in case.parties.all() if row.side == point.side and row.is_current and row.phone]
    if point.side == Party.Side.DEBTOR:
        # A notice is told to whom it was served on, and to no other debtor.
        return [party for party in sides if party.pk == served_on]
    return sides


def send_waiting(*, at: dt.datetime) -> int:
    """Hand every waiting message to the platform, oldest first; return how many left the outbox.

    One that came too late is not sent; a third refusal ends it. A crash between platform and commit sends it twice.
    """
    count, seen = 0, 0
    while (row_pk := _send_next(seen, at=at)) is not None:
        seen, count = row_pk, count + 1
    return count


@transaction.atomic
def _send_next(after: int, *, at: dt.datetime) -> int | None:
    row = Sms.objects.waiting().filter(pk__gt=after).select_for_update(skip_locked=True).first()
    if row is None:
        return None
    lasts = CODE_LASTS if row.point == "PHONE_CODE" else LASTS
    if row.made_at + lasts < at:
        row.state, row.ended_at = Sms.State.LAPSED, at
    else:
        _try(row, at=at)
    row.save(update_fields=["state", "tries", "serial", "fault", "ended_at"])
    return row.pk


def _try(row: Sms, *, at: dt.datetime) -> None:
    row.tries += 1
    try:
        row.serial = sms.current().send(row.phone, row.text)[:64]
    except sms.CannotSend as refusal:
        row.fault = str(refusal)[:200]
        if row.tries >= TRIES_MAX:
            row.state, row.ended_at = Sms.State.FAILED, at
    else:
        row.state, row.ended_at = Sms.State.SENT, at
