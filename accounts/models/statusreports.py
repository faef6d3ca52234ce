"""What the bank said of a file of payment orders: one report, taken in once."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.paymentfiles import PaymentFile
from bureau.models import User


class StatusReportQuerySet(models.QuerySet["StatusReport"]):
    """Questions about reports."""

    def for_list(self) -> Self:
        """Load what a row prints, never what was sent; newest first."""
        return self.select_related("file", "received_by").defer("file__content").order_by("-received_at", "-id")


class StatusReport(models.Model):
    """One pain.002, append-only: each payment of its file counted by what the report did to it."""

    message_id = models.CharField(_("银行报文号"), max_length=35, unique=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="reports")
    accepted_count = models.PositiveIntegerField(_("银行已受理"))
    paid_count = models.PositiveIntegerField(_("银行已付"))
    rejected_count = models.PositiveIntegerField(_("银行拒绝"))
    answered_count = models.PositiveIntegerField(_("此前已答复"))
    received_at = models.DateTimeField(_("收到时间"))
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = StatusReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-received_at", "-id"], name="status_report_newest")]
