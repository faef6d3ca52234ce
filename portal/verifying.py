"""Finds one issued paper by the code printed on it; the public process can list none (decision 0046)."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction

from portal import keys, lookup
from portal.models import Attempt

TOKEN_MAX = 43


@dataclass(frozen=True, slots=True)
class Paper:
    """What proves a paper, as its columns stand in `portal_paper`; names of people are masked."""

    title: str
    number: str
    court: str
    issued_on: dt.date
    content_sha256: str
    pdf_sha256: str
    seal_id: str
    sealed_at: dt.datetime | None
    names: str
    voided_on: dt.date | None
    by_title: str
    by_number: str
    by_issued_on: dt.date | None
    is_by_void: bool


@transaction.atomic
def find(token: str, *, at: dt.datetime) -> Paper | None:
    """Return the paper with this code; each asking is logged, and a code that was wrong five times is locked."""
    digest = keys.paper_digest(token)
    lookup.queue_up(digest)
    is_locked = Attempt.objects.is_locked(digest, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_paper(%s)", ["" if is_locked else token[:TOKEN_MAX].replace("\x00", "")])
        row = cursor.fetchone()
    told = {"is_success": row is not None, "was_locked": is_locked}
    Attempt.objects.create(number_digest=digest, at=at, way=Attempt.Way.PAPER, **told)
    return Paper(*row) if row else None
