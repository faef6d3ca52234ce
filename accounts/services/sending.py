"""Sends batches chunk by chunk; whatever is killed goes on where it stood, and nothing is paid twice.

Three steps, each safe to repeat. A chunk leaves escrow in one transaction: its payouts, parts and transfers, or none;
a row has one payout ever and every transfer one reference. A chunk is handed to the bank under those references, which
the bank takes once. An answer is booked under the lock of the case, once, for rows that still wait.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts import bank
from accounts.models import Account, Batch, BatchCase, BatchRow, LineRefund, Payout
from accounts.services.days import booking_day
from accounts.services.ledger import hold_cases, house_account
from accounts.services.silence import name_silence
from bureau.models import User
from cases.models import Case
from cases.record import record

SEND_CHUNK, BANK_CHUNK = 2000, 500
NOTE = "批量发放名册第%(position)s行"
_PAYOUTS = """
INSERT INTO accounts_payout (case_id, purpose, payee_id, batch_row_id, amount, calculation, document, state, reference,
    requested_by_id, requested_at, checked_by_id, checked_at, approved_by_id, approved_at, approved_as_id,
    paid_by_id, sent_at, ended_note)
SELECT r.case_id, 'CLAIM', r.payee_id, r.id, r.amount, b.calculation, b.document, 'SENT',
    'B' || b.id || '-' || r.position, b.requested_by_id, b.requested_at, b.checked_by_id, b.checked_at,
    b.approved_by_id, b.approved_at, b.approved_as_id, b.paid_by_id, %(at)s, ''
FROM accounts_batchrow r JOIN accounts_batch b ON b.id = r.batch_id WHERE r.id = ANY(%(rows)s) ORDER BY r.position
"""
# First in, first out: what the chunk asks for and what the receipts have left are two rulers laid side by side.
_PARTS = """
WITH asked AS (
    SELECT o.id, o.case_id, o.amount, sum(o.amount) OVER (PARTITION BY o.case_id ORDER BY o.id) AS upto
    FROM accounts_payout o WHERE o.batch_row_id = ANY(%(rows)s)
), taken AS (
    SELECT p.receipt_id, sum(p.amount) AS total FROM accounts_payoutpart p
    JOIN accounts_receipt r ON r.id = p.receipt_id JOIN accounts_payout o ON o.id = p.payout_id
    WHERE r.case_id = ANY(%(cases)s) AND o.state NOT IN ('BOUNCED', 'REJECTED', 'SENT_BACK', 'REVERSED')
    GROUP BY p.receipt_id
), free AS (
    SELECT f.*, sum(f.unspent) OVER (PARTITION BY f.case_id ORDER BY f.arrived_on, f.id) AS upto FROM (
        SELECT r.id, r.case_id, r.arrived_on, r.amount - coalesce(t.total, 0) AS unspent FROM accounts_receipt r
        LEFT JOIN taken t ON t.receipt_id = r.id WHERE r.case_id = ANY(%(cases)s) AND r.voided_at IS NULL
    ) AS f WHERE f.unspent > 0
)
INSERT INTO accounts_payoutpart (payout_id, receipt_id, amount)
SELECT a.id, f.id, least(a.upto, f.upto) - greatest(a.upto - a.amount, f.upto - f.unspent)
FROM asked a JOIN free f ON f.case_id = a.case_id AND f.upto > a.upto - a.amount AND f.upto - f.unspent < a.upto
"""
_OUT = """
INSERT INTO accounts_transfer (debit_id, credit_id, amount, purpose, reference, value_on, at, actor_id, payout_id)
SELECT a.id, %(credit)s, o.amount, 'PAYOUT', 'PAYOUT-' || o.reference, %(on)s, %(at)s, o.paid_by_id, o.id
FROM accounts_payout o JOIN accounts_account a ON a.case_id = o.case_id
WHERE o.batch_row_id = ANY(%(rows)s) ORDER BY o.id
"""
_BACK = """
INSERT INTO accounts_transfer (debit_id, credit_id, amount, purpose, reference, value_on, at, actor_id, payout_id)
SELECT %(debit)s, coalesce(%(credit)s, a.id), o.amount, %(purpose)s, %(purpose)s || '-' || o.reference, %(on)s, %(at)s,
    %(actor)s, o.id
FROM accounts_payout o JOIN accounts_account a ON a.case_id = o.case_id WHERE o.id = ANY(%(payouts)s) ORDER BY o.id
"""


def send_batches(*, at: dt.datetime, actor: User) -> int:
    """Bring every batch that is being sent as far as the bank's answers allow; return the answers booked."""
    return sum(_send(batch, at=at, actor=actor) for batch in Batch.objects.filter(state=Batch.State.SENDING))


def _send(batch: Batch, *, at: dt.datetime, actor: User) -> int:
    while _leave_escrow(batch, at=at, actor=actor):
        pass
    adapter = bank.current()
    while not adapter.by_file and _hand_over(batch, adapter, at=at):
        pass
    booked = sum(_book(batch, rows, adapter, at=at, actor=actor) for rows in _chunks(_submitted(batch), BANK_CHUNK))
    _finish(batch, at=at, actor=actor)
    return booked


@transaction.atomic
def _leave_escrow(batch: Batch, *, at: dt.datetime, actor: User) -> int:
    """Let the next chunk of rows leave escrow; a second worker waits for the cases and takes the chunk after."""
    cases = {case.pk: case for case in hold_cases(batch.by_case.values_list("case_id", flat=True))}
    waiting = BatchRow.objects.filter(batch=batch, payout__isnull=True).order_by("position")
    rows = list(waiting.values_list("pk", flat=True)[:SEND_CHUNK])
    if not rows:
        return 0
    given: dict[str, Any] = {"rows": rows, "cases": list(cases), "at": at, "on": timezone.localdate(at)}
    given["credit"] = house_account(Account.Kind.IN_TRANSIT).pk
    with connection.cursor() as cursor:
        for statement in (_PAYOUTS, _PARTS, _OUT):
            cursor.execute(statement, given)
    sums = BatchRow.objects.filter(pk__in=rows).order_by().values("case").annotate(total=Sum("amount"))
    counts: dict[int, int] = {}
    for pk in BatchRow.objects.filter(pk__in=rows).values_list("case_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    for row in sums.order_by("case"):
        BatchCase.objects.filter(batch=batch, case=row["case"]).update(sent=F("sent") + row["total"])
        told = {"batch": batch.pk, "count": counts[row["case"]], "amount": row["total"]}
        record(batch, "send_batch", at=at, case=cases[row["case"]], actor=actor, **told)
    return len(rows)


@transaction.atomic
def _hand_over(batch: Batch, adapter: bank.Bank, *, at: dt.datetime) -> int:
    """Hand the next chunk to the bank; killed before the commit it is handed over again under the same references."""
    waiting = Payout.objects.filter(batch_row__batch=batch, state=Payout.State.SENT, submitted_at__isnull=True)
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True).select_related("payee")[:BANK_CHUNK])
    for row in rows:
        adapter.submit(order_of(row))
    Payout.objects.filter(pk__in=[row.pk for row in rows]).update(submitted_at=at)
    return len(rows)


def order_of(row: Payout | LineRefund) -> bank.Order:
    """Return the payment as the bank takes it; money that goes back to its payer bears his account itself."""
    payee = row if isinstance(row, LineRefund) else row.payee
    assert payee is not None  # what has no payee never reaches the bank
    return bank.Order(
        reference=row.reference,
        holder_name=payee.holder_name,
        number=payee.number,
        bank_name=payee.bank_name,
        bank_code=payee.bank_code,
        amount=row.amount,
        attempt=2 if isinstance(row, Payout) and row.resent_at else 1,
    )


def _submitted(batch: Batch) -> Any:
    rows = Payout.objects.filter(batch_row__batch=batch, state=Payout.State.SENT, submitted_at__isnull=False)
    return rows.select_related("payee")


def _chunks(rows: Any, size: int) -> Iterator[list[Payout]]:
    # By key, not by offset: rows leave the set as they are answered, and those that wait do not stop the others.
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield chunk
        last = chunk[-1].pk


def _book(batch: Batch, rows: Sequence[Payout], adapter: bank.Bank, *, at: dt.datetime, actor: User) -> int:
    """Ask what became of a chunk and book it; rows without an answer wait for the next time."""
    answers = {row.pk: adapter.answer(order_of(row), today=timezone.localdate(at)) for row in rows}
    final = {pk: answer for pk, answer in answers.items() if answer.is_final}
    booked = book_rows(batch, final, at=at, actor=actor) if final else 0
    name_silence(((row, answers[row.pk]) for row in rows if row.pk not in final), at=at, actor=actor)
    return booked


def confirm_rows(batch: Batch, paid: dict[int, dt.date], *, at: dt.datetime, actor: User) -> int:
    """Book what a statement of the bank says was paid, by payout and value day; the rest still waits for its answer."""
    answers = {pk: bank.Answer("PAID", value_on=day) for pk, day in paid.items()}
    return book_rows(batch, answers, at=at, actor=actor)


@transaction.atomic
def book_rows(batch: Batch, answers: dict[int, bank.Answer], *, at: dt.datetime, actor: User) -> int:
    """Book final answers by payout under the locks of the cases; what is answered already stays as it is."""
    cases = {case.pk: case for case in hold_cases(batch.by_case.values_list("case_id", flat=True))}
    still = Payout.objects.filter(pk__in=answers, state=Payout.State.SENT).select_for_update().order_by("pk")
    rows = {row.pk: row for row in still.only("case_id", "amount")}
    groups: dict[tuple[str, Any], list[int]] = {}
    for pk in rows:
        answer = answers[pk]
        key = ("PAID", answer.value_on) if answer.state == bank.PAID else ("BOUNCED", answer.reason[:200])
        groups.setdefault(key, []).append(pk)
    for (state, said), pks in sorted(groups.items(), key=str):
        _move(state, said, pks, at=at, actor=actor)
    _tell(batch, cases, rows, groups, at=at, actor=actor)
    return len(rows)


def _move(state: str, said: Any, pks: list[int], *, at: dt.datetime, actor: User) -> None:
    is_paid = state == Payout.State.PAID
    on = said if is_paid else timezone.localdate(at)
    changed = {"paid_on": on} if is_paid else {"ended_note": said}
    answered = {"state": state, "answered_at": at, "unanswered": "", "unanswered_at": None}
    Payout.objects.filter(pk__in=pks).update(**answered, **changed)
    given = {
        "debit": house_account(Account.Kind.IN_TRANSIT).pk,
        "credit": house_account(Account.Kind.BANK_MASTER).pk if is_paid else None,
        "purpose": "CONFIRM" if is_paid else "BOUNCE",
        "on": booking_day(on),
        "at": at,
        "actor": actor.pk,
        "payouts": pks,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BACK, given)


def _tell(
    batch: Batch,
    cases: dict[int, Case],
    rows: dict[int, Payout],
    groups: dict[tuple[str, Any], list[int]],
    *,
    at: dt.datetime,
    actor: User,
) -> None:
    states = {pk: state for (state, _said), pks in groups.items() for pk in pks}
    for case_pk in sorted({row.case_id for row in rows.values()}):
        own = [row for row in rows.values() if row.case_id == case_pk]
        paid = [row.amount for row in own if states[row.pk] == "PAID"]
        back = [row.amount for row in own if states[row.pk] == "BOUNCED"]
        told = {"batch": batch.pk, "paid": len(paid), "amount": sum(paid), "bounced": len(back), "returned": sum(back)}
        record(batch, "answer_batch", at=at, case=cases[case_pk], actor=actor, **told)


@transaction.atomic
def _finish(batch: Batch, *, at: dt.datetime, actor: User) -> None:
    """Close the batch when every row has its answer."""
    if BatchRow.objects.filter(batch=batch).exclude(payout__state__in=["PAID", "BOUNCED"]).exists():
        return
    cases = hold_cases(batch.by_case.values_list("case_id", flat=True))
    done = Batch.objects.filter(pk=batch.pk, state=Batch.State.SENDING).update(state=Batch.State.DONE, done_at=at)
    if not done:
        return
    paid = Payout.objects.filter(batch_row__batch=batch, state=Payout.State.PAID)
    for case in cases:
        sums = paid.filter(case=case).aggregate(total=Sum("amount"))
        told = {"batch": batch.pk, "count": paid.filter(case=case).count(), "amount": sums["total"] or 0}
        record(batch, "finish_batch", at=at, case=case, actor=actor, **told)
