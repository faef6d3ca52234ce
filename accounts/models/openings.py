"""What had been paid of a case before it came in with the old book. Amounts are yuan."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models import Case


class PaidBeforeQuerySet(models.QuerySet["PaidBefore"]):
    """Questions about earlier payments."""

    def visible_to(self, user: User) -> Self:
        """Keep those of visible cases, for those who may see money."""
        if not user.has_perm("accounts.view_money"):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(user))

    def total(self) -> Decimal:
        """Return their sum in yuan."""
        return self.aggregate(total=Sum("amount"))["total"] or Decimal("0.00")


class PaidBefore(models.Model):
    """One payment to the applicant by the court's earlier books: it lessens what is owed and never touches escrow.

    Performed on the day on which it had reached the court, as everything that arrives is.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="paid_before")
    position = models.PositiveIntegerField()
    arrived_on = models.DateField(_("原到账日"))
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))

    objects = PaidBeforeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="each_earlier_payment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="earlier_payment_positive"),
        ]
