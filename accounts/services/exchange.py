"""Talks to the bank about payments on their way: each order is handed over once, each answer booked once."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import bank
from accounts.models import Payout
from accounts.services.payouts import bounce_payout, confirm_payout
from accounts.services.sending import order_of
from bureau.models import User


def exchange_with_bank(*, at: dt.datetime, actor: User) -> int:
    """Submit what was paid and not yet handed over, then book what the bank answers; return the answers booked."""
    adapter = bank.current()
    waiting = Payout.objects.single().filter(state=Payout.State.SENT).select_related("payee").order_by("sent_at")
    booked = 0
    for payout in waiting[:500]:
        order = order_of(payout)
        if payout.submitted_at is None:
            if adapter.by_file:
                continue
            # The adapter takes a reference once, so a crash between the two lines repeats harmlessly.
            adapter.submit(order)
            Payout.objects.filter(pk=payout.pk, submitted_at__isnull=True).update(submitted_at=at)
        booked += _book(payout, adapter.answer(order, today=timezone.localdate(at)), at=at, actor=actor)
    return booked


@transaction.atomic
def _book(payout: Payout, answer: bank.Answer, *, at: dt.datetime, actor: User) -> int:
    still = Payout.objects.select_for_update(skip_locked=True).filter(pk=payout.pk, state=Payout.State.SENT)
    if answer.state == "PENDING" or not still:
        return 0
    if answer.state == "PAID" and answer.value_on:
        confirm_payout(payout, paid_on=answer.value_on, at=at, actor=actor)
    else:
        bounce_payout(payout, reason=answer.reason, at=at, actor=actor)
    return 1
