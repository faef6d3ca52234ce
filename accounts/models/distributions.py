"""How one case's money is shared among creditors: the plan, its shares, and objections to it. Amounts are yuan."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.payees import PayeeAccount
from bureau.models import User
from cases.models import Case, Party


class DistributionQuerySet(models.QuerySet["Distribution"]):
    """Questions about plans."""

    def visible_to(self, user: User) -> Self:
        """Keep plans of visible cases, for those who may see money."""
        if not user.has_perm("accounts.view_money"):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(user))


class Distribution(models.Model):
    """A distribution plan (CPLI 506–512): proposed, approved by the judge, served, and paid where undisputed."""

    class State(models.TextChoices):
        """Where the plan stands."""

        PROPOSED = "PROPOSED", _("待法官核准")
        APPROVED = "APPROVED", _("已核准，待送达")
        SERVED = "SERVED", _("已送达")
        WITHDRAWN = "WITHDRAWN", _("已撤回")
        RETURNED = "RETURNED", _("法官退回")

    class Debtor(models.TextChoices):
        """Who the debtor is: that decides how ordinary claims share (民诉法解释 506, 508, 514)."""

        PERSON = "person", _("自然人或其他组织")
        ENTERPRISE = "enterprise", _("企业法人（未进入破产程序）")

    case = models.ForeignKey(Case, models.PROTECT, related_name="distributions")
    document = models.CharField(_("分配方案名称和文号"), max_length=200, blank=True)
    paper = models.CharField(max_length=40, blank=True)
    pool = models.DecimalField(_("可分配金额"), max_digits=16, decimal_places=2)
    debtor = models.CharField(_("被执行人类别"), max_length=10, choices=Debtor, blank=True)
    # The arithmetic as it was computed when the plan was made, a line each, in Chinese like the paper.
    steps = models.TextField(_("计算过程"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("核准时间"), null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_note = models.CharField(_("退回原因"), max_length=200, blank=True)
    served_on = models.DateField(_("最后送达日"), null=True, blank=True)
    objections_due_on = models.DateField(_("异议期届满日"), null=True, blank=True)

    objects = DistributionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pool__gt=0), name="distribution_pool_positive"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["PROPOSED", "APPROVED"]), name="one_open_plan_per_case"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "WITHDRAWN"])
                | (Q(state="RETURNED") & ~Q(returned_note=""))
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
                name="plan_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="SERVED") | Q(served_on__isnull=False, objections_due_on__isnull=False),
                name="served_plan_has_its_day",
            ),
        ]

    def is_final(self, *, on: dt.date) -> bool:
        """Return whether the objection period is over that day: what nobody objected to may be paid."""
        return bool(self.state == "SERVED" and self.objections_due_on and self.objections_due_on < on)


class DistributionShare(models.Model):
    """What one creditor gets by the plan, and by which way; never changes."""

    distribution = models.ForeignKey(Distribution, models.PROTECT, related_name="shares")
    position = models.PositiveSmallIntegerField()
    creditor = models.CharField(_("债权人"), max_length=100)
    claimed = models.DecimalField(_("债权额"), max_digits=16, decimal_places=2)
    amount = models.DecimalField(_("分配额"), max_digits=16, decimal_places=2)
    basis = models.CharField(_("执行依据"), max_length=200, blank=True)
    is_secured = models.BooleanField(_("优先债权"), default=False)
    rank = models.PositiveIntegerField(_("顺位"), default=1)
    computed = models.DecimalField(_("系统计算额"), max_digits=16, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("与计算不一致的理由"), max_length=200, blank=True)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="shares")
    target = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="shares_in")
    payee = models.ForeignKey(PayeeAccount, models.PROTECT, null=True, blank=True, related_name="shares")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["distribution", "position"], name="share_position_unique"),
            models.CheckConstraint(condition=Q(amount__gte=0, amount__lte=F("claimed")), name="share_within_claim"),
            models.CheckConstraint(
                condition=Q(computed=None) | Q(amount=F("computed")) | ~Q(reason=""), name="share_departs_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False, target=None, payee=None)
                | Q(party=None, target__isnull=False, payee=None)
                | Q(party=None, target=None, payee__isnull=False),
                name="share_goes_one_way",
            ),
        ]

    @property
    def is_departure(self) -> bool:
        """Return whether somebody proposed another sum than the arithmetic gives."""
        return self.computed is not None and self.amount != self.computed


class PlanDelivery(models.Model):
    """The day on which one creditor, or a debtor, got the plan; his own fifteen days run from it (CPLI 509)."""

    distribution = models.ForeignKey(Distribution, models.PROTECT, related_name="deliveries")
    share = models.OneToOneField(DistributionShare, models.PROTECT, null=True, blank=True, related_name="delivery")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    delivered_on = models.DateField(_("收到之日"))
    objections_due_on = models.DateField(_("异议期届满日"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["distribution", "party"], name="plan_reaches_a_debtor_once"),
            models.CheckConstraint(
                condition=Q(share=None, party__isnull=False) | Q(share__isnull=False, party=None),
                name="plan_delivery_to_one",
            ),
        ]

    @property
    def name(self) -> str:
        """Return who got it."""
        if self.share is not None:
            return self.share.creditor
        assert self.party is not None
        return self.party.name


class PlanObjection(models.Model):
    """An objection to one share, with what followed within fifteen days each (CPLI 509, 510)."""

    class Result(models.TextChoices):
        """How it ended."""

        OPEN = "", _("未结束")
        KEPT = "KEPT", _("按原方案分配")
        CHANGED = "CHANGED", _("改由他人受偿")

    share = models.ForeignKey(DistributionShare, models.PROTECT, related_name="objections")
    delivery = models.ForeignKey(PlanDelivery, models.PROTECT, null=True, blank=True, related_name="objections")
    by_name = models.CharField(_("异议人"), max_length=100)
    amount = models.DecimalField(_("争议金额"), max_digits=16, decimal_places=2)
    received_on = models.DateField(_("收到异议日"))
    notified_on = models.DateField(_("通知其他债权人日"), null=True, blank=True)
    countered_on = models.DateField(_("提出反对意见日"), null=True, blank=True)
    counter_notified_on = models.DateField(_("通知异议人日"), null=True, blank=True)
    suit_on = models.DateField(_("提起诉讼日"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=8, choices=Result, blank=True, default=Result.OPEN)
    awarded_to = models.ForeignKey(
        DistributionShare, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("改由谁受偿")
    )
    ended_on = models.DateField(_("结束日"), null=True, blank=True)
    document = models.CharField(_("结束依据"), max_length=200, blank=True)
    paper = models.CharField(max_length=40, blank=True)
    # A change of who gets the sum waits for the judge: to whom, and who asked.
    asked_award = models.ForeignKey(DistributionShare, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_note = models.CharField(_("退回原因"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="objection_amount_positive"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="objection_change_by_two"
            ),
            models.CheckConstraint(
                condition=Q(result="", ended_on=None, awarded_to=None)
                | (Q(result="KEPT", ended_on__isnull=False, awarded_to=None) & ~Q(document=""))
                | (Q(result="CHANGED", ended_on__isnull=False, awarded_to__isnull=False) & ~Q(document="")),
                name="objection_ends_by_a_paper",
            ),
        ]
