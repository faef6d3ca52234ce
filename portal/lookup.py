"""Looks one status page up: uniform for an unknown number, a wrong code and a locked number (domain handbook §13.2)."""

import datetime as dt
import hmac

from django.db import connection, transaction

from portal import keys
from portal.models import Attempt, StatusPage

NOBODY = "0" * 64


@transaction.atomic
def look_up(number: str, code: str, *, at: dt.datetime) -> StatusPage | None:
    """Return the page if number and code belong together and the number is not locked; log the try in any case.

    Every outcome costs the same statements, so neither words nor time tell an unknown number from a wrong code.
    """
    digest, code_hmac = keys.number_digest(number), keys.code_hmac(code)
    with connection.cursor() as cursor:
        # Two tries for one number queue up here, so that a burst cannot outrun the count.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])
    is_locked = Attempt.objects.is_locked(digest, at=at)
    page = StatusPage.objects.filter(number_digest=digest).order_by("-id").first()
    is_right = hmac.compare_digest(page.code_hmac if page else NOBODY, code_hmac) and page is not None
    is_success = is_right and not is_locked
    Attempt.objects.create(number_digest=digest, at=at, is_success=is_success, was_locked=is_locked)
    return page if is_success else None


def find_again(pk: int, code_hmac: str) -> StatusPage | None:
    """Return the page that a look-up opened before, unless its code has been revoked since."""
    page = StatusPage.objects.filter(pk=pk).first()
    return page if page and hmac.compare_digest(page.code_hmac, code_hmac) else None
