"""Flags what is late and what will be tomorrow: once per receipt, with an event on the case.

Nothing silences it but a payment or an approved delay.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import Receipt
from bureau.models import User
from cases.record import record

BATCH = 200


def flag_overdue(*, at: dt.datetime, actor: User) -> int:
    """Flag every receipt past its day with yuan unpaid and no approved delay; return how many."""
    count = 0
    while flagged := _flag_batch(at=at, actor=actor):
        count += flagged
    return count


def warn_due(*, at: dt.datetime, actor: User) -> int:
    """Say once of every receipt that falls due tomorrow, unpaid and without an approved delay; return how many."""
    count = 0
    while warned := _warn_batch(at=at, actor=actor):
        count += warned
    return count


@transaction.atomic
def _warn_batch(*, at: dt.datetime, actor: User) -> int:
    today = timezone.localdate(at)
    tomorrow = today + dt.timedelta(days=1)
    rows = Receipt.objects.falling_due(today=today, until=tomorrow)
    waiting = rows.filter(warned_at__isnull=True, flagged_at__isnull=True)
    receipts = list(
        waiting.select_related("case")
        .order_by("due_on", "id")
        .select_for_update(of=("self",), skip_locked=True)[:BATCH]
    )
    for receipt in receipts:
        receipt.warned_at = at
        receipt.save(update_fields=["warned_at"])
        told = {"due_on": receipt.due_on, "unpaid": receipt.unpaid}  # type: ignore[attr-defined]
        record(receipt, "warn_due", at=at, case=receipt.case, actor=actor, **told)
    return len(receipts)


@transaction.atomic
def _flag_batch(*, at: dt.datetime, actor: User) -> int:
    today = timezone.localdate(at)
    waiting = Receipt.objects.unsettled().overdue(today=today).filter(flagged_at__isnull=True).select_related("case")
    receipts = list(waiting.order_by("due_on", "id").select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for receipt in receipts:
        receipt.flagged_at = at
        receipt.save(update_fields=["flagged_at"])
        record(
            receipt,
            "flag_overdue",
            at=at,
            case=receipt.case,
            actor=actor,
            due_on=receipt.due_on,
            unpaid=receipt.unpaid,  # type: ignore[attr-defined]
        )
    return len(receipts)
