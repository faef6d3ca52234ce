"""What the pages of mass payout print: batches, how far each is, and its rows by state."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from accounts.batchforms import RefuseBatch, RejectBatch, RequestBatch
from accounts.forms import SendBack
from accounts.models import Batch, BatchRow, Payout
from accounts.services.approvals import approvable
from accounts.services.batches import batch_acts_for
from accounts.services.rosters import to_pay_again
from accounts.tiers import tier_of
from bureau.models import User
from documents.models import Material
from documents.pages import pages_of

ROW_SETS = ("all", "waiting", "sent", "paid", "bounced")
_STATES = {"sent": Payout.State.SENT, "paid": Payout.State.PAID, "bounced": Payout.State.BOUNCED}


def visible(user: User, state: str = "") -> QuerySet[Batch]:
    """Return the batches that the user sees, newest first."""
    rows = Batch.objects.visible_to(user).for_list().order_by("-entered_at", "-id")
    return rows.filter(state=state) if state in Batch.State.values else rows


def approvable_by(user: User, *, today: dt.date) -> QuerySet[Batch]:
    """Return the batches that wait for the user's approval, oldest first."""
    rows = visible(user).filter(approvable(user, on=today, field="total"))
    return rows.exclude(requested_by=user).exclude(checked_by=user).order_by("checked_at", "id")


def counts(user: User) -> dict[str, int]:
    """Return how many batches stand in each state."""
    rows = Batch.objects.visible_to(user).order_by().values_list("state")
    return dict(rows.annotate(count=Count("pk")))


def rows_of(batch: Batch, chosen: str = "all") -> QuerySet[BatchRow]:
    """Return the payees of a batch in one state, in the order of the file, as last four and sums."""
    rows = BatchRow.objects.filter(batch=batch).select_related("payee", "case", "payout", "replaces", "replaced_by")
    if chosen == "waiting":
        rows = rows.filter(payout__isnull=True)
    elif chosen in _STATES:
        rows = rows.filter(payout__state=_STATES[chosen])
    return rows.defer("id_number", "payee__number").order_by("position")


def progress(batch: Batch) -> dict[str, Any]:
    """Return people and yuan by what has become of their rows; one query."""
    sums: dict[str, Any] = {}
    for name, state in _STATES.items():
        here = Q(payout__state=state)
        sums[f"{name}_count"], sums[f"{name}_sum"] = Count("pk", filter=here), Sum("amount", filter=here)
    found = BatchRow.objects.filter(batch=batch).aggregate(**sums)
    done = found["paid_count"] + found["bounced_count"]
    return {**found, "done_count": done, "left_count": batch.row_count - done - found["sent_count"]}


def scan_pages(batch: Batch, acts: list[str]) -> list[tuple[int, str]]:
    """Return the pages of the signed roster for the second person before whom it waits; for nobody else."""
    if "confirm" not in acts:
        return []
    return pages_of(reverse("accounts:batch_page", args=[batch.pk]), batch.material)


def page(batch: Batch, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return the batch's page: sums by case, people of each step, how far it is, and the viewer's acts."""
    acts = batch_acts_for(batch, user, on=today)
    again = to_pay_again(batch).count() if batch.state == Batch.State.DONE else 0
    return {
        "batch": batch,
        "by_case": batch.by_case.select_related("case").order_by("case_id"),
        "progress": progress(batch),
        "acts": acts,
        "tier": tier_of(batch.total, on=today),
        "request_form": RequestBatch() if "request" in acts else None,
        "reject_form": RejectBatch() if "reject" in acts else None,
        "send_back_form": SendBack() if "send_back" in acts else None,
        "refuse_form": RefuseBatch() if "refuse" in acts else None,
        "scan_pages": scan_pages(batch, acts),
        "may_open": Material.objects.visible_to(user).filter(pk=batch.material_id).exists(),
        "again_count": again,
        "may_enter": user.has_perm("accounts.enter_payee"),
        "followers": batch.followed_by.order_by("id"),
        "today": today,
    }
