"""What the pages of payment files print: what waits for one, and those that were made."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from accounts.models import Batch, PaymentFile, Payout
from accounts.painfiles import PAYMENTS_MAX
from accounts.services.paymentfiles import payer_objections, waiting_for_file


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
    found = [_waiting(None, waiting_for_file())]
    sums = Payout.objects.filter(state=Payout.State.SENT, submitted_at__isnull=True, batch_row__isnull=False)
    grouped = sums.order_by("batch_row__batch").values("batch_row__batch")
    rows = {row["batch_row__batch"]: row for row in grouped.annotate(count=Count("pk"), total=Sum("amount"))}
    batches = Batch.objects.filter(pk__in=rows).select_related("case").order_by("pk")
    found += [_row(batch, rows[batch.pk]["count"], rows[batch.pk]["total"]) for batch in batches]
    return [row for row in found if row.count]


def _waiting(batch: Batch | None, rows: QuerySet[Payout]) -> Waiting:
    sums = rows.order_by().aggregate(count=Count("pk"), total=Sum("amount"))
    return _row(batch, sums["count"], sums["total"])


def _row(batch: Batch | None, count: int, total: Decimal | None) -> Waiting:
    return Waiting(batch, count, total, -(-count // PAYMENTS_MAX))
