"""Payment orders as files: what was handed to a bank that takes files, kept as it was handed over."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.batches import Batch
from accounts.models.payouts import Payout
from accounts.models.refunds import LineRefund
from bureau.crypto import EncryptedField
from bureau.models import User


class PaymentFileQuerySet(models.QuerySet["PaymentFile"]):
    """Questions about files of payment orders."""

    def for_list(self) -> Self:
        """Load what one row of the list prints, not what the bank gets; the newest first."""
        return self.defer("content").select_related("batch", "batch__case", "made_by").order_by("-made_at", "-id")


class PaymentFile(models.Model):
    """One pain.001 file, append-only: made once under one message id, downloaded ever after as the same bytes."""

    message_id = models.CharField(_("报文标识"), max_length=35, unique=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="payment_files", verbose_name=_("批次")
    )
    execute_on = models.DateField(_("要求付款日"))
    row_count = models.PositiveIntegerField(_("笔数"))
    total = models.DecimalField(_("合计"), max_digits=16, decimal_places=2)
    # The bytes packed (zlib, base64): full account numbers stand in them.
    content = EncryptedField()
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("生成时间"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("生成人"))

    objects = PaymentFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(row_count__gt=0, total__gt=0), name="payment_file_pays_somebody")
        ]
        indexes = [models.Index(fields=["-made_at", "-id"], name="payment_file_newest")]


class PaymentFileRow(models.Model):
    """One payment in a file, append-only: no payment stands in two."""

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="rows")
    payout = models.OneToOneField(Payout, models.PROTECT, null=True, blank=True, related_name="file_row")
    refund = models.OneToOneField(LineRefund, models.PROTECT, null=True, blank=True, related_name="file_row")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payout__isnull=False, refund__isnull=True) | Q(payout__isnull=True, refund__isnull=False),
                name="payment_file_row_is_one_payment",
            )
        ]
