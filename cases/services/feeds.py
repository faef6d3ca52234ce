"""The key of a calendar feed: long, random, shown once, kept as a keyed hash."""

import datetime as dt
import secrets

from django.db import transaction

from bureau.crypto import digest
from bureau.models import User
from bureau.record import record
from cases.models import FeedToken

TOKEN_BYTES = 32


@transaction.atomic
def open_feed(user: User, *, at: dt.datetime, actor: User) -> str:
    """Give one's own calendar feed a new key and return it; the earlier one opens nothing any more."""
    close_feed(user, at=at, actor=actor)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = FeedToken.objects.create(user=user, token_hmac=digest(token), created_at=at)
    record(row, "open_feed", at=at, actor=actor, user=user.pk)
    return token


@transaction.atomic
def close_feed(user: User, *, at: dt.datetime, actor: User) -> None:
    """Take the key back; safe to repeat."""
    # The user's row is the lock: two keys asked for at once are given one after the other.
    User.objects.select_for_update().get(pk=user.pk)
    for row in FeedToken.objects.filter(user=user, revoked_at__isnull=True):
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        record(row, "close_feed", at=at, actor=actor, user=user.pk)


def holder_of(token: str) -> User | None:
    """Return the active member of staff whose live key this is."""
    live = FeedToken.objects.filter(token_hmac=digest(token), revoked_at__isnull=True, user__is_active=True)
    row = live.select_related("user").first()
    return row.user if row else None
