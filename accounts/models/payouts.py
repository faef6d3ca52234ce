"""Money out: payouts. Amounts are yuan."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.payees import PayeeAccount
from bureau.calendar import end_of
from bureau.models import Deputy, User
from cases.models import Case


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Questions about money on its way out."""

    def visible_to(self, user: User) -> Self:
        """Keep payouts of visible cases, for those who may see money."""
        if not user.has_perm("accounts.view_money"):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(user))

    def paid_by(self, day: dt.date) -> Self:
        """Keep those that the bank had paid and confirmed by the end of that day."""
        return self.filter(paid_on__lte=day, answered_at__lt=end_of(day))

    def unfinished(self) -> Self:
        """Keep those neither paid nor ended otherwise."""
        return self.filter(state__in=Payout.UNFINISHED)

    def for_list(self) -> Self:
        """Load what one row of the payout list prints."""
        return self.select_related(
            "case", "payee", "payee__party", "requested_by", "checked_by", "approved_by", "paid_by"
        )


class Payout(models.Model):
    """One payment out of escrow; requester, checker, approver and payer are four different people (SUP, FUND)."""

    class State(models.TextChoices):
        """Where the payment stands."""

        REQUESTED = "REQUESTED", _("待审核")
        CHECKED = "CHECKED", _("待审批")
        APPROVED = "APPROVED", _("待付款")
        SENT = "SENT", _("银行处理中")
        PAID = "PAID", _("已到账")
        BOUNCED = "BOUNCED", _("退票")
        REJECTED = "REJECTED", _("已驳回")

    ENDED = (State.BOUNCED, State.REJECTED)
    UNFINISHED = (State.REQUESTED, State.CHECKED, State.APPROVED, State.SENT)

    case = models.ForeignKey(Case, models.PROTECT, related_name="payouts")
    payee = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="payouts")
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    calculation = models.TextField(_("计算说明"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REQUESTED)
    reference = models.CharField(_("付款参考号"), max_length=40, unique=True)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("申请时间"))
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved_as = models.ForeignKey(Deputy, models.PROTECT, null=True, blank=True, related_name="+")
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(_("付款时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交银行时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("银行答复时间"), null=True, blank=True)
    paid_on = models.DateField(_("到账日"), null=True, blank=True, db_index=True)
    ended_note = models.CharField(_("驳回或退票原因"), max_length=200, blank=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("requested_by")))
                & (Q(approved_by__isnull=True) | (~Q(approved_by=F("requested_by")) & ~Q(approved_by=F("checked_by"))))
                & (
                    Q(paid_by__isnull=True)
                    | (~Q(paid_by=F("requested_by")) & ~Q(paid_by=F("checked_by")) & ~Q(paid_by=F("approved_by")))
                ),
                name="payout_four_different_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["REQUESTED", "REJECTED"])
                | Q(state="CHECKED", checked_by__isnull=False)
                | Q(state="APPROVED", checked_by__isnull=False, approved_by__isnull=False)
                | Q(
                    state__in=["SENT", "BOUNCED"],
                    checked_by__isnull=False,
                    approved_by__isnull=False,
                    paid_by__isnull=False,
                )
                | Q(
                    state="PAID",
                    checked_by__isnull=False,
                    approved_by__isnull=False,
                    paid_by__isnull=False,
                    paid_on__isnull=False,
                ),
                name="payout_signed_at_each_step",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "requested_at"], name="payout_state"),
            models.Index(fields=["requested_at", "id"], name="payout_requested"),
        ]
        permissions = [
            ("request_payout", _("申请发放")),
            ("check_payout", _("审核发放")),
            ("approve_payout", _("审批发放")),
            ("pay_payout", _("付款")),
        ]
