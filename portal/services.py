"""Every change to the status pages; runs in the staff system's worker, never in the public process."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat, TruncDate
from django.utils import timezone

from accounts.debts import debts_of
from accounts.models import Delay, PaidBefore, Payout, Receipt
from assets.models import Control
from bureau.models import Chain, Event
from cases.models import Case, NetworkQuery, PartyAsk, Performance
from intake.models import LookupCode
from portal import keys, outbox, people, waiting
from portal.models import Person, StatusPage
from portal.persons import persons_of
from portal.projection import SHOWN, VERSION, Material, digest_of, payload_of

BATCH = 200
FAR = dt.date(9999, 1, 1)
QUERY_AGE = dt.timedelta(hours=1)
# What has left the house or come back to it; requests and approvals are not shown.
SHOWN_PAYOUTS = (Payout.State.SENT, Payout.State.PAID, Payout.State.BOUNCED)


def project(*, case_ids: Iterable[int] | None = None, at: dt.datetime) -> int:
    """Bring the pages of all cases, or of these, up to their records; return how many were written.

    Safe to repeat and to run twice at once: a page being written by another run is left to it.
    """
    wanted = None if case_ids is None else list(case_ids)
    _withdraw()
    count = 0
    while written := _project_batch(wanted, at=at):
        count += written
    return count


def _withdraw() -> None:
    """Remove pages without a live code."""
    live = LookupCode.objects.filter(revoked_at__isnull=True)
    for model in (StatusPage, Person):
        model.objects.exclude(case_id__in=live.values("case_id")).delete()


def stale(*, at: dt.datetime) -> QuerySet[LookupCode]:
    """Return live codes whose page is missing, of an old form, or older than its case's last event (`chain_seq`).

    The answer to a complaint stands in no case's record, the answer of one provider in none at all.
    """
    asked = PartyAsk.objects.filter(case_id=OuterRef("case_id"), kind=PartyAsk.Kind.COMPLAINT)
    querying = NetworkQuery.objects.running().filter(case_id=OuterRef("case_id"))
    chain = Chain.objects.filter(name=Concat(Value("case:"), Cast(OuterRef("case_id"), CharField())))
    page = StatusPage.objects.filter(case_id=OuterRef("case_id"))
    return (
        LookupCode.objects.filter(revoked_at__isnull=True)
        .annotate(chain_seq=Subquery(chain.values("seq")[:1]), page_seq=Subquery(page.values("event_seq")[:1]))
        .filter(
            Q(page_seq__isnull=True)
            | Q(page_seq__lt=F("chain_seq"))
            | Exists(page.exclude(payload__version=VERSION))
            | Exists(asked.filter(answered_at__gt=Subquery(page.values("projected_at")[:1])))
            | Exists(querying) & Exists(page.filter(projected_at__lt=at - QUERY_AGE))
        )
        .order_by("case_id")
    )


@transaction.atomic
def _project_batch(case_ids: list[int] | None, *, at: dt.datetime) -> int:
    rows = stale(at=at) if case_ids is None else stale(at=at).filter(case_id__in=case_ids)
    # The sequence is read before the data: an act in between makes the page newer than it says, never older.
    codes = list(rows.select_for_update(of=("self",), skip_locked=True, no_key=True)[:BATCH])
    seqs: dict[int, int] = {code.pk: vars(code)["chain_seq"] for code in codes}
    materials = _load([code.case_id for code in codes], at=at)
    payloads = {pk: payload_of(material) for pk, material in materials.items()}
    pages = [
        StatusPage(
            case_id=code.case_id,
            number_digest=keys.number_digest(materials[code.case_id].case.display_number),
            code_hmac=code.code_hmac,
            payload=payloads[code.case_id],
            digest=digest_of(payloads[code.case_id]),
            event_seq=seqs[code.pk],
            projected_at=at,
        )
        for code in codes
    ]
    StatusPage.objects.bulk_create(
        pages,
        update_conflicts=True,
        unique_fields=["case_id"],
        update_fields=["number_digest", "code_hmac", "payload", "digest", "event_seq", "projected_at"],
    )
    Person.objects.filter(case_id__in=materials).delete()
    Person.objects.bulk_create(persons_of(material.case for material in materials.values()))
    outbox.put_events({pk: material.case for pk, material in materials.items()}, at=at)
    return len(pages)


def _load_batched(materials: dict[int, Material]) -> None:
    # Rows of batches are one line a day and state: a page never lists 170,000 people.
    rows = Payout.objects.filter(case__in=materials, state__in=SHOWN_PAYOUTS, batch_row__isnull=False).order_by()
    groups = rows.values("case", "state", "paid_on", day=TruncDate("sent_at")).annotate(
        total=Sum("amount"), count=Count("pk")
    )
    for row in groups.order_by("day", "paid_on", "state"):
        materials[row["case"]].batched.append(dict(row))


def _load(case_ids: Sequence[int], *, at: dt.datetime) -> dict[int, Material]:
    """Return what the pages of these cases are made of; some thirty-three queries however many."""
    cases = Case.objects.filter(pk__in=case_ids).select_related("number_court", "team", "stream_team")
    loaded = cases.prefetch_related("parties", "agents", "handovers__to_team")
    materials = {case.pk: Material(case) for case in loaded}
    loaded_cases = [material.case for material in materials.values()]
    for pk, lines in waiting.load(loaded_cases, told=SHOWN).items():
        materials[pk].waiting = lines
    for pk, own in people.load(loaded_cases, at=at).items():
        materials[pk].people = own
    chains = [f"case:{pk}" for pk in case_ids]
    for event in Event.objects.filter(chain__in=chains, verb__in=SHOWN).order_by("chain", "seq"):
        materials[int(event.chain.removeprefix("case:"))].events.append(event)
    for performance in Performance.objects.filter(case__in=case_ids).confirmed():
        sign = -1 if performance.is_reversal else 1
        materials[performance.case_id].performed += sign * performance.amount
    for paid in PaidBefore.objects.filter(case__in=case_ids):
        materials[paid.case_id].performed += paid.amount
    for pk, debt in debts_of(loaded_cases).items():
        with contextlib.suppress(ValueError):
            due = debt.due(timezone.localdate(at))
            materials[pk].fee_left = due.fee + due.fee_held
            materials[pk].obligation = None if debt.is_open_ended else due.obligation
    # Whatever the bank has confirmed counts as paid, whatever value day it gave.
    receipts = Receipt.objects.live().filter(case__in=case_ids).with_unpaid(on=FAR)
    for receipt in receipts.order_by("arrived_on", "id"):
        materials[receipt.case_id].receipts.append(receipt)
    payouts = Payout.objects.single().filter(case__in=case_ids, state__in=SHOWN_PAYOUTS).select_related("payee")
    for payout in payouts.order_by("sent_at", "id"):
        materials[payout.case_id].payouts.append(payout)
    _load_batched(materials)
    delays = Delay.objects.filter(receipt__case__in=case_ids, state=Delay.State.APPROVED).select_related("receipt")
    for delay in delays.order_by("from_on", "id"):
        materials[delay.receipt.case_id].delays.append(delay)
    # Only what has been carried out is recorded as a control at all.
    for control in Control.objects.filter(case__in=case_ids).active().order_by("from_on", "id"):
        materials[control.case_id].controls.append(control)
    return materials
