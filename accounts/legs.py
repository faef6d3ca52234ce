"""Who holds the money of a receipt now, and by when he passes it on (法〔2021〕322号; domain handbook §8.2)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Batch, BatchCase, Payout, PayoutPart, Receipt
from accounts.terms import term
from bureau.calendar import WorkCalendar

# Loads what `holds` reads; one query for any number of receipts.
PARTS = Prefetch("parts", PayoutPart.objects.select_related("payout").order_by("id"))
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Hold:
    """Yuan of a receipt in one pair of hands: the first leg is the enforcement side's, the second finance's.

    What finance has handed to the bank runs in no leg any more: only the total of the receipt counts there.
    """

    where: str
    amount: Decimal
    leg: int
    due_on: dt.date

    @property
    def label(self) -> str:
        """Return in whose hands it is."""
        return {
            "OWNER": _("承办人，待申请"),
            "JUDGE": _("法官，待审核"),
            "APPROVER": _("待审批"),
            "FINANCE": _("案款管理，待付款"),
            "BANK": _("银行处理中"),
        }[self.where]


WHERE = {
    Payout.State.REQUESTED: "JUDGE",
    Payout.State.CHECKED: "APPROVER",
    Payout.State.APPROVED: "FINANCE",
    Payout.State.SENT: "BANK",
}
FIRST, SECOND, NO_LEG = 1, 2, 0


WHERE_BATCH = {
    Batch.State.REQUESTED: "JUDGE",
    Batch.State.CHECKED: "APPROVER",
    Batch.State.APPROVED: "FINANCE",
    Batch.State.SENDING: "FINANCE",
}


@dataclass(slots=True)
class Waiting:
    """Yuan of a case that a batch has asked for and not sent: they take no part of a receipt yet."""

    where: str
    approved_on: dt.date | None
    amount: Decimal


def batched() -> dict[int, list[Waiting]]:
    """Return by case what live batches wait for, few as they are; used up as `holds` lays it on receipts."""
    found: dict[int, list[Waiting]] = {}
    rows = BatchCase.objects.filter(batch__state__in=Batch.RESERVING, sent__lt=F("total"))
    for row in rows.select_related("batch").order_by("batch"):
        state, approved_at = Batch.State(row.batch.state), row.batch.approved_at
        is_second = state in (Batch.State.APPROVED, Batch.State.SENDING) and approved_at is not None
        approved_on = timezone.localdate(approved_at) if is_second else None
        found.setdefault(row.case_id, []).append(Waiting(WHERE_BATCH[state], approved_on, row.total - row.sent))
    return found


def holds(receipt: Receipt, *, days: WorkCalendar, waiting: dict[int, list[Waiting]]) -> list[Hold]:
    """Return where the unpaid yuan of a receipt are, loaded with its parts; the earlier of leg and total counts.

    What batches wait for is laid on the receipts in the order in which they are asked about, and used up.
    """
    first = _leg("ASK", receipt.arrived_on, days)
    amounts: dict[tuple[str, int, dt.date], Decimal] = {}
    left = receipt.amount
    for part in receipt.parts.all():
        payout = part.payout
        if payout.state in Payout.ENDED:
            continue
        left -= part.amount
        if payout.state not in WHERE:
            continue
        where, leg, leg_on = _place(payout, first, days)
        key = (where, leg, min(leg_on or receipt.due_on, receipt.due_on))
        amounts[key] = amounts.get(key, NOTHING) + part.amount
    for row in waiting.get(receipt.case_id, ()):
        take = min(left, row.amount)
        if take > 0:
            leg_on = _leg("PAY", row.approved_on, days) if row.approved_on else first
            key = (row.where, 2 if row.approved_on else 1, min(leg_on, receipt.due_on))
            amounts[key] = amounts.get(key, NOTHING) + take
            left, row.amount = left - take, row.amount - take
    rows = [Hold(where, amount, leg, due_on) for (where, leg, due_on), amount in amounts.items()]
    if left > 0:
        rows.insert(0, Hold("OWNER", left, 1, min(first, receipt.due_on)))
    return rows


def _place(payout: Payout, first: dt.date, days: WorkCalendar) -> tuple[str, int, dt.date | None]:
    """Return in whose hands a payout is, which leg that is, and by when the leg ends; none with the bank."""
    where = WHERE[Payout.State(payout.state)]
    if where == "BANK":
        return where, NO_LEG, None
    if where == "FINANCE" and payout.approved_at is not None:
        return where, SECOND, _leg("PAY", timezone.localdate(payout.approved_at), days)
    return where, FIRST, first


def _leg(code: str, start: dt.date, days: WorkCalendar) -> dt.date:
    row = term(code, on=start)
    return days.due(start, row.count, row.unit).due_on
