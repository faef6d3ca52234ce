"""What the bank said that could not be booked: said twice, against what it said before, or of no order of ours."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.payouts import Payout
from accounts.models.refunds import LineRefund
from bureau.models import User


class BankAnswerQuerySet(models.QuerySet["BankAnswer"]):
    """Questions about answers that were not booked."""

    def visible_to(self, user: User) -> Self:
        """Keep those of visible payments, and of none, for those who see the ledger or pay."""
        if not (user.has_perm("accounts.pay_payout") or user.has_perm("accounts.view_ledger")):
            return self.none()
        return self.filter(Q(payout__isnull=True) | Q(payout__in=Payout.objects.visible_to(user)))

    def open(self) -> Self:
        """Keep the questions that nobody has cleared up; what was merely said twice asks nothing."""
        return self.filter(settled_at__isnull=True).exclude(kind=BankAnswer.Kind.REPEATED)

    def for_list(self) -> Self:
        """Load what one row of the list prints; questions first, the oldest first."""
        return self.select_related("payout", "payout__case", "settled_by").order_by("received_at", "id")


class BankAnswer(models.Model):
    """One message of the bank, once by its serial; nothing was booked by it, and what it says never changes."""

    class Kind(models.TextChoices):
        """Why it was not booked."""

        REPEATED = "REPEATED", _("重复答复")
        CONTRADICTS = "CONTRADICTS", _("前后矛盾")
        STRANGE = "STRANGE", _("非本院付款")

    class Said(models.TextChoices):
        """What the bank says became of the order."""

        PAID = "PAID", _("银行已付")
        BOUNCED = "BOUNCED", _("银行退回")

    payout = models.ForeignKey(Payout, models.PROTECT, null=True, blank=True, related_name="bank_answers")
    refund = models.ForeignKey(LineRefund, models.PROTECT, null=True, blank=True, related_name="bank_answers")
    reference = models.CharField(_("付款参考号"), max_length=80)
    serial = models.CharField(_("银行报文号"), max_length=80, unique=True)
    kind = models.CharField(_("性质"), max_length=11, choices=Kind)
    said = models.CharField(_("银行答复"), max_length=8, choices=Said)
    value_on = models.DateField(_("记账日"), null=True, blank=True)
    reason = models.CharField(_("退回原因"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    settled_at = models.DateTimeField(_("查明时间"), null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_note = models.CharField(_("查明结果"), max_length=200, blank=True)

    objects = BankAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="STRANGE", payout__isnull=True, refund__isnull=True)
                | Q(kind__in=["REPEATED", "CONTRADICTS"], payout__isnull=False, refund__isnull=True)
                | Q(kind__in=["REPEATED", "CONTRADICTS"], payout__isnull=True, refund__isnull=False),
                name="bank_answer_names_its_payout",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settled_note="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(settled_note="") & ~Q(kind="REPEATED")),
                name="bank_answer_settled_with_note",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(settled_at__isnull=True) & ~Q(kind="REPEATED"),
                name="bank_answer_open",
            )
        ]
