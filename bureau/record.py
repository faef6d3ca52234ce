"""Writes the event record: one append-only row per act, in the chain of its case or of its room."""

import datetime as dt
import json
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder

from bureau.models import Event, User


class Numbered(Protocol):
    """A case as the record sees it."""

    pk: int

    @property
    def display_number(self) -> str:
        """Return the number by which people know the case."""


def record(
    subject: Any,
    verb: str,
    *,
    at: dt.datetime,
    case: Numbered | None = None,
    actor: User,
    **details: Any,
) -> Event:
    """Add one event to the case's chain, or to the chain of the subject's room.

    Details hold codes, numbers and days, never translated text, and no personal number except as digest and last four.
    """
    room = subject._meta.app_label
    return Event.objects.create(
        chain=f"case:{case.pk}" if case else f"room:{room}",
        room=room,
        verb=verb,
        subject=f"{subject._meta.model_name}:{subject.pk}",
        case_number=case.display_number if case else "",
        at=at,
        actor=actor,
        details=details_text(details),
    )


def details_text(details: dict[str, Any]) -> str:
    """Return details as the record keeps and hashes them."""
    return json.dumps(details, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
