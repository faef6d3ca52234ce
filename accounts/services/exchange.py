"""Talks to the bank about payments on their way: each order is handed over once, each answer booked once."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from accounts import bank
from accounts.models import LineRefund, Payout
from accounts.services.answers import BOOKED, take_answer, take_refund_answer, take_unasked
from accounts.services.sending import order_of
from accounts.services.silence import name_silence
from bureau.models import User

CHUNK = 500


def exchange_with_bank(*, at: dt.datetime, actor: User) -> int:
    """Hand over what was paid, then take what the bank says, by itself and when asked; return the answers booked."""
    adapter = bank.current()
    booked = take_unasked(adapter.unasked(), at=at, actor=actor)
    if not adapter.by_file:
        _hand_over(adapter, at=at)
    for rows in _waiting():
        answers = [(row, adapter.answer(order_of(row), today=timezone.localdate(at))) for row in rows]
        for row, answer in answers:
            if answer.is_final:
                booked += take_answer(row, answer, is_asked=True, at=at, actor=actor) == BOOKED
        name_silence(((row, answer) for row, answer in answers if not answer.is_final), at=at, actor=actor)
    return booked + _exchange_refunds(adapter, at=at, actor=actor)


def _exchange_refunds(adapter: bank.Bank, *, at: dt.datetime, actor: User) -> int:
    """Do the same for unidentified money on its way back to its payers."""
    booked = 0
    for refund in LineRefund.objects.filter(state=LineRefund.State.SENT, submitted_at__isnull=False).order_by("pk"):
        answer = adapter.answer(order_of(refund), today=timezone.localdate(at))
        if answer.is_final:
            booked += take_refund_answer(refund, answer, is_asked=True, at=at, actor=actor) == BOOKED
    return booked


def _hand_over(adapter: bank.Bank, *, at: dt.datetime) -> None:
    payouts = Payout.objects.single().filter(state=Payout.State.SENT, submitted_at__isnull=True)
    refunds = LineRefund.objects.filter(state=LineRefund.State.SENT, submitted_at__isnull=True)
    for waiting in (payouts.select_related("payee"), refunds):
        for pk in waiting.order_by("sent_at", "pk").values_list("pk", flat=True):
            with transaction.atomic():
                # The adapter takes a reference once, so a crash before the commit repeats harmlessly.
                own = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=pk)
                if row := own.first():
                    adapter.submit(order_of(row))
                    row.submitted_at = at
                    row.save(update_fields=["submitted_at"])


def _waiting() -> Iterator[list[Payout]]:
    # By key: what is answered leaves the set, and what is not does not stop the others.
    rows = Payout.objects.single().filter(state=Payout.State.SENT, submitted_at__isnull=False).select_related("payee")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk
