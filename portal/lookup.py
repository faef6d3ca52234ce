"""Opens one status page: uniform for an unknown number, a wrong code or answer, and a locked number (§13.2)."""

import datetime as dt
import hmac
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q

from portal import keys
from portal.models import Attempt, Person, PhoneCode, StatusPage, ViewLink

NOBODY = "0" * 64
# How often a number may ask for a phone code within an hour.
ASKS_MAX, ASKS_WITHIN = 3, dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose page a browser may read, and as whom; kept in a signed cookie."""

    page_id: int
    code_hmac: str
    who: str  # "party:12", "agent:5" or "link:7"


@transaction.atomic
def look_up(number: str, code: str, answer: str, *, today: dt.date, at: dt.datetime) -> Opened | None:
    """Return whose page it is if number, code and identity answer belong together and the number is not locked.

    The try is logged in any case. Every outcome costs the same statements and the same hashing, so neither words nor
    time tell an unknown number from a wrong code or a wrong answer.
    """
    digest, code_hmac = keys.number_digest(number), keys.code_hmac(code)
    answer_hmac = keys.answer_hmac(digest, answer)
    queue_up(digest)
    is_locked = Attempt.objects.is_locked(digest, at=at)
    pages = StatusPage.objects.filter(number_digest=digest).order_by("-id")
    page_id, case_id, kept = pages.values_list("pk", "case_id", "code_hmac").first() or (0, 0, NOBODY)
    acting = Q(from_on__isnull=True) | Q(from_on__lte=today)
    acting &= Q(until_on__isnull=True) | Q(until_on__gte=today)
    persons = Person.objects.filter(acting, case_id=case_id, answer_hmac=answer_hmac).order_by("id")
    who, known = persons.values_list("who", "answer_hmac").first() or ("", NOBODY)
    is_code, is_person = hmac.compare_digest(kept, code_hmac), hmac.compare_digest(known, answer_hmac)
    is_success = is_code and is_person and page_id > 0 and not is_locked
    Attempt.objects.create(number_digest=digest, at=at, is_success=is_success, was_locked=is_locked)
    return Opened(page_id, kept, who) if is_success else None


@transaction.atomic
def ask_phone_code(number: str, *, at: dt.datetime) -> bool:
    """Log that a phone code was asked for; return whether it may be handed in: thrice an hour for one number."""
    digest = keys.number_digest(number)
    queue_up(digest)
    asked = Attempt.objects.filter(number_digest=digest, way=Attempt.Way.ASK, at__gt=at - ASKS_WITHIN, is_success=True)
    is_allowed = asked.count() < ASKS_MAX
    Attempt.objects.create(number_digest=digest, at=at, way=Attempt.Way.ASK, is_success=is_allowed)
    return is_allowed


@transaction.atomic
def look_up_by_phone(digest: str, code: str, *, now: dt.datetime, at: dt.datetime) -> Opened | None:
    """Return whose page the six digits open, once and within their ten minutes; the number's lock holds here too.

    `now` is the house's clock, by which the code was sent; `at` the real time, by which tries are counted.
    """
    code_hmac = keys.phone_code_hmac(digest, code)
    queue_up(digest)
    is_locked = Attempt.objects.is_locked(digest, at=at)
    sent = PhoneCode.objects.filter(number_digest=digest, code_hmac=code_hmac, expires_at__gt=now).order_by("-id")
    page_id, who, known = sent.values_list("page_id", "who", "code_hmac").first() or (0, "", NOBODY)
    was_used = Attempt.objects.filter(number_digest=digest, is_success=True, used=code_hmac).exists()
    kept = StatusPage.objects.filter(pk=page_id).values_list("code_hmac", flat=True).first() or ""
    is_right = hmac.compare_digest(known, code_hmac) and kept != "" and not was_used
    is_success = is_right and not is_locked
    used = code_hmac if is_success else ""
    told = {"is_success": is_success, "was_locked": is_locked, "used": used}
    Attempt.objects.create(number_digest=digest, at=at, way=Attempt.Way.PHONE, **told)
    return Opened(page_id, kept, who) if is_success else None


@transaction.atomic
def open_link(token: str, *, now: dt.datetime, at: dt.datetime) -> Opened | None:
    """Return what a relative's link opens while it lives; each opening is logged."""
    token_hmac = keys.link_hmac(token)
    link = ViewLink.objects.live(at=now).filter(token_hmac=token_hmac).first()
    page = StatusPage.objects.filter(pk=link.page_id if link else 0).only("code_hmac").first()
    is_success = link is not None and page is not None and hmac.compare_digest(page.code_hmac, link.code_hmac)
    Attempt.objects.create(number_digest=token_hmac, at=at, way=Attempt.Way.LINK, is_success=is_success)
    return Opened(page.pk, page.code_hmac, f"link:{link.pk}") if is_success and page and link else None


def queue_up(digest: str) -> None:
    """Let two tries for one number or code queue up, so that a burst cannot outrun the count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])


def find_again(opened: Opened, *, now: dt.datetime) -> StatusPage | None:
    """Return the page that was opened before, unless its code or the relative's link has been revoked since."""
    kind, _colon, key = opened.who.partition(":")
    if kind == "link" and not ViewLink.objects.live(at=now).filter(pk=key, page_id=opened.page_id).exists():
        return None
    # The content is read by whoever prints it: most look at what is kept of the page.
    found = StatusPage.objects.filter(pk=opened.page_id).only("case_id", "code_hmac", "digest", "projected_at")
    page = next(iter(found), None)
    return page if page and hmac.compare_digest(page.code_hmac, opened.code_hmac) else None
