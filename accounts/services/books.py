"""The nightly proof of the books: kept whether whole or broken, and told to those who must act."""

import datetime as dt

from django.db import transaction

from accounts import books
from accounts.models import BooksCheck
from bureau.models import User
from bureau.record import record

KEPT_MAX = 200


def check_books(*, at: dt.datetime, actor: User) -> BooksCheck:
    """Prove every invariant as of one moment and keep what was found; a break is an event of the room."""
    found = books.faults()
    return _kept(found, at=at, actor=actor)


@transaction.atomic
def _kept(found: list[books.Fault], *, at: dt.datetime, actor: User) -> BooksCheck:
    kept = [{"code": fault.code, "case": fault.case_number, "figures": list(fault.figures)} for fault in found]
    check = BooksCheck.objects.create(checked_at=at, fault_count=len(found), faults=kept[:KEPT_MAX])
    if found:
        cases = sorted({fault.case_number for fault in found if fault.case_number})[:KEPT_MAX]
        codes = sorted({fault.code for fault in found})
        record(check, "books_broken", at=at, actor=actor, count=len(found), codes=codes, cases=cases)
    return check
