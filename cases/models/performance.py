"""What the debtor performed outside the court: paid or handed directly to the applicant."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models.case import Case

NOTHING = Decimal("0.00")


class PerformanceQuerySet(models.QuerySet["Performance"]):
    """Questions about direct performance."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def confirmed(self) -> Self:
        """Keep those that count, reversals among them."""
        return self.filter(state=Performance.State.CONFIRMED)

    def total(self) -> Decimal:
        """Return what was performed, in yuan; a reversal takes away what it reverses."""
        is_reversal = Q(reverses__isnull=False)
        sums = self.confirmed().aggregate(
            done=Sum("amount", filter=~is_reversal), undone=Sum("amount", filter=is_reversal)
        )
        return (sums["done"] or NOTHING) - (sums["undone"] or NOTHING)

    def for_list(self) -> Self:
        """Load what one row prints, newest first."""
        rows = self.select_related("recorded_by", "answered_by").prefetch_related("reversals")
        return rows.order_by("-recorded_at", "-id")


class Performance(models.Model):
    """One direct performance, a memo line: it lessens what is owed and never touches escrow; amount in yuan.

    It counts once a second person has seen the applicant's signed word. Nothing is taken back but by a row that
    reverses it (trigger in the migration).
    """

    class Way(models.TextChoices):
        """How it was performed."""

        TRANSFER = "TRANSFER", _("银行转账")
        CASH = "CASH", _("现金")
        MOBILE = "MOBILE", _("微信、支付宝")
        GOODS = "GOODS", _("以物抵偿")
        SETOFF = "SETOFF", _("抵销")
        DELIVERY = "DELIVERY", _("交付标的物、腾退房屋")
        ACT = "ACT", _("完成指定行为")
        OTHER = "OTHER", _("其他")

    # What is no payment has no amount: it is nought.
    WITHOUT_AMOUNT = (Way.DELIVERY, Way.ACT)

    class State(models.TextChoices):
        """Whether it counts."""

        RECORDED = "RECORDED", _("待确认")
        CONFIRMED = "CONFIRMED", _("已确认")
        REFUSED = "REFUSED", _("未予确认")

    case = models.ForeignKey(Case, models.PROTECT, related_name="performances", verbose_name=_("案件"))
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    performed_on = models.DateField(_("履行日"))
    way = models.CharField(_("履行方式"), max_length=8, choices=Way)
    proof = models.CharField(_("履行凭据"), max_length=200)
    # The scan in the file that shows it, by its name in the record ("material:5").
    paper = models.CharField(_("凭据扫描件"), max_length=40, blank=True, default="", db_default="")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reversals")
    reason = models.CharField(_("冲销原因"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RECORDED)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmation = models.CharField(_("申请执行人书面确认"), max_length=200, blank=True)

    objects = PerformanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(reverses__isnull=False) & ~Q(state="REFUSED"),
                name="one_live_reversal_per_performance",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(amount=0, way__in=["DELIVERY", "ACT"]), name="performance_amount_positive"
            ),
            models.CheckConstraint(condition=~Q(proof=""), name="performance_has_a_proof"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, reason="") | (Q(reverses__isnull=False) & ~Q(reason="")),
                name="performance_reversed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="RECORDED", answered_by__isnull=True, answered_at__isnull=True, confirmation="")
                | (
                    Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(state="RECORDED") & ~Q(confirmation="")
                ),
                name="performance_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("recorded_by")),
                name="performance_by_two_people",
            ),
        ]
        indexes = [models.Index(fields=["case", "-recorded_at"], name="performance_of_case")]
        permissions = [
            ("record_performance", _("登记自行履行")),
            ("confirm_performance", _("确认自行履行")),
        ]

    @property
    def is_open(self) -> bool:
        """Return whether it waits for its second person."""
        return self.state == Performance.State.RECORDED

    @property
    def is_reversed(self) -> bool:
        """Return whether a row that takes it away waits or counts."""
        return any(row.state != Performance.State.REFUSED for row in self.reversals.all())

    @property
    def is_reversal(self) -> bool:
        """Return whether it takes another one away."""
        return self.reverses_id is not None
