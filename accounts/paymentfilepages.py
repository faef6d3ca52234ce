"""What the pages of payment files print: what waits for one, and those that were made."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import Batch, PaymentFile, Payout, StatusReport
from accounts.painfiles import PAYMENTS_MAX
from accounts.services.paymentfiles import payer_objections, refunds_for_file, waiting_for_file


@dataclass(frozen=True, slots=True)
class Waiting:
    """Payments that wait for a file: of one batch, or of none."""

    batch: Batch | None
    count: int
    total: Decimal | None
    file_count: int


def files() -> QuerySet[PaymentFile]:
    """Return the files that were made, newest first."""
    return PaymentFile.objects.for_list()


def waiting() -> list[Waiting]:
    """Return what waits, single payments first, then each batch; nothing where no file can be made."""
    if payer_objections():
        return []
    found = [_single()]
    sums = Payout.objects.filter(state=Payout.State.SENT, submitted_at__isnull=True, batch_row__isnull=False)
    grouped = sums.order_by("batch_row__batch").values("batch_row__batch")
    rows = {row["batch_row__batch"]: row for row in grouped.annotate(count=Count("pk"), total=Sum("amount"))}
    batches = Batch.objects.filter(pk__in=rows).select_related("case").order_by("pk")
    found += [_row(batch, rows[batch.pk]["count"], rows[batch.pk]["total"]) for batch in batches]
    return [row for row in found if row.count]


def _single() -> Waiting:
    asked = (waiting_for_file(), refunds_for_file())
    sums = [rows.order_by().aggregate(count=Count("pk"), total=Sum("amount")) for rows in asked]
    total = sum((found["total"] or Decimal("0.00") for found in sums), Decimal("0.00"))
    return _row(None, sum(found["count"] for found in sums), total)


def _row(batch: Batch | None, count: int, total: Decimal | None) -> Waiting:
    return Waiting(batch, count, total, -(-count // PAYMENTS_MAX))


def told(report: StatusReport) -> str:
    """Return in one sentence what a report did."""
    counts = {
        "accepted": report.accepted_count,
        "paid": report.paid_count,
        "rejected": report.rejected_count,
        "answered": report.answered_count,
    }
    words = _("已读取回执：受理 %(accepted)d 笔，已付 %(paid)d 笔，拒绝 %(rejected)d 笔，此前已答复 %(answered)d 笔")
    return words % counts
