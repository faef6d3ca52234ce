"""The ledger of one escrow, line by line with its balance; a batch is one line a day, however many it pays."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from accounts.models import Account, Transfer
from bureau.models import User

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """One movement, or those of one batch and day together; amounts in yuan."""

    key: int
    value_on: dt.date
    purpose: str
    income: Decimal
    outgo: Decimal
    balance: Decimal
    actor: User | None
    reference: str

    @property
    def label(self) -> str:
        """Return what it was for."""
        return str(Transfer.Purpose(self.purpose).label)


def lines(account: Account) -> list[Line]:
    """Return every line of the account, oldest first; two queries however many."""
    own = Transfer.objects.of_account(account)
    singles = own.filter(payout__batch_row__isnull=True).select_related("actor")
    rows: list[tuple[int, dt.date, str, Decimal, bool, User | None, str]] = [
        (row.pk, row.value_on, row.purpose, row.amount, row.credit_id == account.pk, row.actor, row.reference)
        for row in singles
    ]
    batched = own.filter(payout__batch_row__isnull=False).order_by()
    sums = batched.values("payout__batch_row__batch", "value_on", "purpose", "credit").annotate(
        last=Max("pk"), count=Count("pk"), total=Sum("amount")
    )
    for row in sums:
        words = _("批次 %(batch)d，%(count)d 笔") % {"batch": row["payout__batch_row__batch"], "count": row["count"]}
        is_in = row["credit"] == account.pk
        rows.append((row["last"], row["value_on"], row["purpose"], row["total"], is_in, None, words))
    balance, found = NOTHING, []
    for key, value_on, purpose, amount, is_in, actor, reference in sorted(rows, key=lambda row: row[0]):
        balance += amount if is_in else -amount
        moved = (amount, NOTHING) if is_in else (NOTHING, amount)
        found.append(Line(key, value_on, purpose, *moved, balance, actor, reference))
    return found
