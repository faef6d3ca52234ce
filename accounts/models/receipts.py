"""Money in: receipts with their day, what payouts took of them, and approved delays. Amounts are yuan."""

import datetime as dt
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models.ledger import BankLine
from accounts.models.named import NamesPaper
from accounts.models.payouts import Payout, stood
from bureau.calendar import end_of
from bureau.models import User
from cases.models import Case

ZERO = Value(Decimal("0.00"), output_field=DecimalField(max_digits=16, decimal_places=2))


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Questions about money that arrived and must go out within its days."""

    def visible_to(self, user: User) -> Self:
        """Keep receipts of visible cases, for those who may see money."""
        if not user.has_perm("accounts.view_money"):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(user))

    def live(self) -> Self:
        """Keep receipts that have not been taken back."""
        return self.filter(voided_at__isnull=True)

    def known_by(self, day: dt.date) -> Self:
        """Keep receipts that had arrived and belonged to their case by the end of that day.

        One taken back later counts until the day on which it was, so that past figures stay what they were.
        """
        belonged = Q(voided_at__isnull=True) | Q(voided_at__gte=end_of(day))
        return self.filter(belonged, arrived_on__lte=day, received_at__lt=end_of(day))

    def with_unpaid(self, *, on: dt.date) -> Self:
        """Annotate `unpaid`: yuan not yet confirmed as paid by the end of that day, as was known then."""
        paid = (
            PayoutPart.objects.filter(
                stood(on, "payout__"),
                receipt=OuterRef("pk"),
                payout__paid_on__lte=on,
                payout__answered_at__lt=end_of(on),
            )
            .order_by()
            .values("receipt")
            .annotate(total=Sum("amount"))
            .values("total")
        )
        return self.annotate(unpaid=F("amount") - Coalesce(Subquery(paid), ZERO))

    def with_delay(self, *, on: dt.date) -> Self:
        """Annotate `is_delayed`: an approved delay covers that day, or its reason ended and its days to pay run."""
        runs = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
        running = Delay.objects.filter(
            (Q(until_on__gte=on) & runs) | Q(ended_on__lte=on, pay_by_on__gte=on),
            receipt=OuterRef("pk"),
            state=Delay.State.APPROVED,
            decided_at__lt=end_of(on),
            from_on__lte=on,
        )
        return self.annotate(is_delayed=Exists(running))

    def overdue(self, *, today: dt.date) -> Self:
        """Keep receipts with unpaid yuan past their day and without an approved delay."""
        late = self.known_by(today).filter(due_on__lt=today)
        return late.with_unpaid(on=today).with_delay(on=today).filter(unpaid__gt=0, is_delayed=False)

    def falling_due(self, *, today: dt.date, until: dt.date) -> Self:
        """Keep receipts due from today to a day, with yuan not yet paid out and no delay that covers that day."""
        soon = self.live().unsettled().filter(due_on__range=(today, until))
        return soon.with_unpaid(on=today).with_delay(on=until).filter(unpaid__gt=0, is_delayed=False)

    def unsettled(self) -> Self:
        """Keep receipts of which something is unpaid now, by the total that the database keeps."""
        return self.filter(paid_total__lt=F("amount"))

    def unpaid(self, *, today: dt.date) -> Self:
        """Keep receipts with yuan not yet paid out."""
        return self.known_by(today).with_unpaid(on=today).filter(unpaid__gt=0)

    def near(self, *, today: dt.date) -> Self:
        """Keep unpaid receipts that fall due within three days."""
        return self.unpaid(today=today).filter(due_on__range=(today, today + dt.timedelta(days=3)))

    def for_list(self) -> Self:
        """Load what one row of the receipt list prints."""
        return self.select_related(
            *("case", "case__judge", "case__owner", "case__team", "bank_line", "voided_by"),
            *("moved_part", "moved_part__payout", "moved_part__payout__case"),
        )

    def from_outside(self) -> Self:
        """Keep money that came to the bureau; what another case passed on had come before."""
        return self.filter(bank_line__isnull=False)


class Receipt(models.Model):
    """Money that belongs to one case, with its 15-day day (executing bureau's rule, FUND 10).

    It is of one bank line, or moved from another case: then it keeps the first arrival day of what was consumed there,
    so that moving money never buys days.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="receipts")
    bank_line = models.ForeignKey(BankLine, models.PROTECT, null=True, blank=True, related_name="receipts")
    moved_part = models.OneToOneField(
        "accounts.PayoutPart", models.PROTECT, null=True, blank=True, related_name="became"
    )
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    arrived_on = models.DateField(_("到账日"), db_index=True)
    due_on = models.DateField(_("应发放日"), db_index=True)
    due_steps = ArrayField(models.CharField(max_length=200), default=list, verbose_name=_("期限计算"))
    received_at = models.DateTimeField(_("归案时间"))
    # Kept by the database as payouts are paid and reversed, so that the scan for late money reads no settled receipt.
    paid_total = models.DecimalField(_("已发放"), max_digits=16, decimal_places=2, default=ZERO, db_default=ZERO)
    identified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    warned_at = models.DateTimeField(_("临期提醒时间"), null=True, blank=True)
    flagged_at = models.DateTimeField(_("逾期标记时间"), null=True, blank=True)
    voided_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_amount_positive"),
            models.CheckConstraint(
                condition=Q(paid_total__gte=0, paid_total__lte=F("amount")), name="receipt_paid_within_amount"
            ),
            models.UniqueConstraint(
                fields=["bank_line"], condition=Q(voided_at__isnull=True), name="one_live_receipt_per_bank_line"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | (
                    Q(voided_at__isnull=False, voided_by__isnull=False)
                    & (Q(identified_by__isnull=True) | ~Q(voided_by=F("identified_by")))
                ),
                name="receipt_taken_back_by_another",
            ),
            models.CheckConstraint(
                condition=Q(bank_line__isnull=False, moved_part__isnull=True)
                | Q(bank_line__isnull=True, moved_part__isnull=False),
                name="receipt_came_from_somewhere",
            ),
        ]
        indexes = [
            # The overdue task reads only what is not flagged yet and not paid.
            models.Index(
                fields=["due_on"],
                condition=Q(flagged_at__isnull=True, paid_total__lt=F("amount")),
                name="receipt_due_unpaid",
            )
        ]


class PayoutPart(models.Model):
    """What a payout takes from one receipt, first-in first-out; ended payouts' parts count no more."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="parts")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="parts")
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payout", "receipt"], name="one_part_per_receipt"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="part_amount_positive"),
        ]


class Delay(NamesPaper):
    """A lawful reason, approved, why one receipt is not paid in time (FUND 10); approver is not the requester."""

    class Reason(models.TextChoices):
        """Reason in law."""

        DL1 = "DL1", _("需要进行案款分配")
        DL2 = "DL2", _("申请执行人的案款被另案保全、冻结")
        DL3 = "DL3", _("经通知申请执行人未领取或账户无法使用")
        DL4 = "DL4", _("案件依法中止或暂缓执行")
        DL5 = "DL5", _("其他正当理由")

    class State(models.TextChoices):
        """Where the request stands."""

        REQUESTED = "REQUESTED", _("待审批")
        APPROVED = "APPROVED", _("已批准")
        REJECTED = "REJECTED", _("未批准")

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="delays")
    reason = models.CharField(_("理由"), max_length=3, choices=Reason)
    from_on = models.DateField(_("起始日"))
    until_on = models.DateField(_("复核日"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REQUESTED)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    refused_note = models.CharField(_("未批准的理由"), max_length=200, blank=True, default="", db_default="")
    ended_on = models.DateField(_("理由消除日"), null=True, blank=True)
    pay_by_on = models.DateField(_("理由消除后最迟发放日"), null=True, blank=True)
    told_on = models.DateField(_("告知申请执行人日"), null=True, blank=True)
    told_note = models.CharField(_("告知方式和内容"), max_length=200, blank=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="REQUESTED", decided_by__isnull=True)
                | (~Q(state="REQUESTED") & Q(decided_by__isnull=False) & ~Q(decided_by=F("requested_by"))),
                name="delay_decided_by_another",
            ),
            models.CheckConstraint(
                condition=(Q(state="REJECTED") & ~Q(refused_note="")) | (~Q(state="REJECTED") & Q(refused_note="")),
                name="delay_refused_with_reason",
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="delay_runs_forward"),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True, told_by__isnull=True, told_note="")
                | (Q(told_on__isnull=False, told_by__isnull=False) & ~Q(told_note="")),
                name="delay_told_on_record",
            ),
        ]
        permissions = [("request_delay", _("申请延期发放")), ("approve_delay", _("审批延期发放"))]
