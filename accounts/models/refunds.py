"""Unidentified money that goes back to its payer: asked for by one, approved by another, paid by a third."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.ledger import BankLine
from bureau.crypto import EncryptedField
from bureau.models import Deputy, User


class LineRefundQuerySet(models.QuerySet["LineRefund"]):
    """Questions about refunds of unidentified money."""

    def live(self) -> Self:
        """Keep those that bind their line: under way or paid."""
        return self.filter(state__in=LineRefund.LIVE)

    def for_list(self) -> Self:
        """Load what a row prints."""
        return self.select_related("line", "requested_by", "approved_by", "approved_as__principal", "paid_by")


class LineRefund(models.Model):
    """One line of money in goes back whole to who paid it; the line says from whom it came. Amount in yuan."""

    class State(models.TextChoices):
        """Where the refund stands."""

        REQUESTED = "REQUESTED", _("待审批")
        APPROVED = "APPROVED", _("待付款")
        SENT = "SENT", _("银行办理中")
        PAID = "PAID", _("已退还")
        BOUNCED = "BOUNCED", _("退票")
        REFUSED = "REFUSED", _("未获批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    class Reason(models.TextChoices):
        """Why no case gets the money."""

        MISTAKEN = "MISTAKEN", _("付款人汇错账户")
        TWICE = "TWICE", _("付款人重复汇款")
        NO_CASE = "NO_CASE", _("经查询无对应案件")
        OTHER_COURT = "OTHER_COURT", _("属其他法院案款")
        ENDED = "ENDED", _("所涉案件已结，无需再付")

    OPEN = (State.REQUESTED, State.APPROVED)
    AWAY = (State.SENT, State.PAID)
    LIVE = (*OPEN, *AWAY)

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="refunds")
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    holder_name = models.CharField(_("户名"), max_length=100)
    number = EncryptedField(_("账号"))
    number_last4 = models.CharField(max_length=4)
    bank_name = models.CharField(_("开户行"), max_length=100)
    bank_code = models.CharField(_("联行号"), max_length=12, blank=True)
    reason = models.CharField(_("退还事由"), max_length=12, choices=Reason)
    ground = models.CharField(_("查询经过"), max_length=200)
    document = models.CharField(_("依据文书"), max_length=100)
    reference = models.CharField(_("付款参考号"), max_length=35, unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REQUESTED)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("申请时间"))
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved_as = models.ForeignKey(Deputy, models.PROTECT, null=True, blank=True, related_name="+")
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(_("付款时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交银行时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("银行答复时间"), null=True, blank=True)
    paid_on = models.DateField(_("银行到账日"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    ended_note = models.CharField(_("原因"), max_length=200, blank=True)

    objects = LineRefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_refund_amount_positive"),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state__in=["REQUESTED", "APPROVED", "SENT", "PAID"]),
                name="one_live_refund_per_bank_line",
            ),
            models.CheckConstraint(
                condition=~Q(ground="") & ~Q(document="") & ~Q(bank_name="") & ~Q(holder_name=""),
                name="line_refund_says_why_and_where",
            ),
            models.CheckConstraint(
                condition=(Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")))
                & (Q(paid_by__isnull=True) | (~Q(paid_by=F("requested_by")) & ~Q(paid_by=F("approved_by")))),
                name="line_refund_by_three_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["REQUESTED", "REFUSED", "WITHDRAWN"], paid_by=None, sent_at=None, paid_on=None)
                | Q(state="APPROVED", approved_by__isnull=False, paid_by=None, sent_at=None, paid_on=None)
                | Q(
                    state="SENT",
                    approved_by__isnull=False,
                    paid_by__isnull=False,
                    sent_at__isnull=False,
                    answered_at=None,
                    paid_on=None,
                )
                | Q(state="PAID", approved_by__isnull=False, paid_by__isnull=False, paid_on__isnull=False)
                | (Q(state="BOUNCED", approved_by__isnull=False, paid_by__isnull=False) & ~Q(ended_note="")),
                name="line_refund_is_as_its_state_says",
            ),
        ]
        indexes = [models.Index(fields=["-requested_at", "-id"], name="line_refund_newest")]

    @property
    def is_away(self) -> bool:
        """Return whether the money has left the account of unidentified money."""
        return self.state in self.AWAY
