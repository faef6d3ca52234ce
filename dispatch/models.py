"""Facts verified after filing, triage rules and verdicts, declared conflicts, desks taken over; draws beside them."""

import datetime as dt
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Team, User
from bureau.roles import has_role
from cases.models import Case
from dispatch.drawmodels import Assignment, AssignmentRequest, Draw, Leave, SeedChain

__all__ = [
    "Assignment",
    "AssignmentRequest",
    "Conflict",
    "Draw",
    "Leave",
    "SeedChain",
    "TakeOver",
    "TriageRule",
    "Verdict",
    "Verification",
]


class TriageRuleQuerySet(models.QuerySet["TriageRule"]):
    """Questions about the rule table."""

    def in_force(self, *, on: dt.date) -> Self:
        """Keep the versions in force that day, by code."""
        return self.filter(from_on__lte=on).filter(Q(until_on__isnull=True) | Q(until_on__gt=on)).order_by("code")


class TriageRule(models.Model):
    """One versioned row of the rule table (domain handbook §4.2, local practice: configuration)."""

    code = models.CharField(_("规则"), max_length=8)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    label = models.CharField(_("条件"), max_length=200)
    stream = models.CharField(_("指向"), max_length=8, choices=Case.Stream)
    weight = models.PositiveSmallIntegerField(_("权重"), default=0)
    is_decisive = models.BooleanField(_("决定性"), default=False)
    parameters = models.JSONField(_("参数"), default=dict)
    basis = models.CharField(_("依据"), max_length=200)
    from_on = models.DateField(_("生效日"))
    until_on = models.DateField(_("失效日"), null=True, blank=True)

    objects = TriageRuleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="rule_version_unique")]


class VerdictQuerySet(models.QuerySet["Verdict"]):
    """Questions about triage."""

    def visible_to(self, user: User) -> Self:
        """Keep verdicts on cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def decided_by_day(self, day: dt.date) -> Self:
        """Keep verdicts given on or before a day."""
        return self.filter(decided_on__lte=day)


class Verification(models.Model):
    """Facts of a filed case as checked by the command centre; the latest row of a case counts."""

    class Livelihood(models.TextChoices):
        """民生 kinds of T5."""

        SUPPORT = "SUPPORT", _("赡养费、扶养费、抚养费")
        PENSION = "PENSION", _("抚恤金")
        MEDICAL = "MEDICAL", _("医疗费")
        WAGES = "WAGES", _("劳动报酬")
        TRAFFIC = "TRAFFIC", _("交通事故赔偿")

    class Disposal(models.TextChoices):
        """Property in hand that needs valuation and sale (T7)."""

        REAL_ESTATE = "REAL_ESTATE", _("不动产")
        EQUITY = "EQUITY", _("股权")
        VEHICLE = "VEHICLE", _("已扣押车辆")
        OTHER = "OTHER", _("其他需评估拍卖的财产")

    class Act(models.TextChoices):
        """Not money (T8)."""

        EVICTION = "EVICTION", _("腾退房屋、土地")
        NUISANCE = "NUISANCE", _("排除妨害")
        ACT = "ACT", _("其他行为")
        VISITATION = "VISITATION", _("探望权")
        DELIVERY = "DELIVERY", _("交付特定物")

    case = models.ForeignKey(Case, models.PROTECT, related_name="verifications")
    cash_found = models.DecimalField(_("可控存款（元）"), max_digits=16, decimal_places=2, default=Decimal("0.00"))
    livelihood = models.CharField(_("民生类型"), max_length=12, choices=Livelihood, blank=True)
    disposal = models.CharField(_("待处置财产"), max_length=12, choices=Disposal, blank=True)
    act = models.CharField(_("行为类型"), max_length=12, choices=Act, blank=True)
    note = models.CharField(_("核对说明"), max_length=300, blank=True)
    verified_at = models.DateTimeField(_("核对时间"))
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        permissions = [("verify_case", _("核对立案信息"))]


class Verdict(models.Model):
    """Simple or complex: what the rules proposed, what hit and what did not, and what the dispatcher decided."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="verdict")
    verification = models.ForeignKey(Verification, models.PROTECT, related_name="+")
    proposed = models.CharField(_("规则建议"), max_length=8, choices=Case.Stream)
    hits = ArrayField(models.CharField(max_length=12), default=list, verbose_name=_("命中规则"))
    misses = ArrayField(models.CharField(max_length=12), default=list, verbose_name=_("未命中规则"))
    explanation = models.JSONField(_("计算过程"), default=list, encoder=DjangoJSONEncoder)
    decided = models.CharField(_("分流决定"), max_length=8, choices=Case.Stream)
    override_reason = models.CharField(_("改判理由"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("分流时间"))
    decided_on = models.DateField(_("分流日"), db_index=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed=F("decided")) | ~Q(override_reason=""), name="override_has_a_reason"
            )
        ]
        permissions = [("triage_case", _("繁简分流"))]


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Questions about declared recusals."""

    def live(self) -> Self:
        """Keep those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def for_list(self) -> Self:
        """Load what one row of the list prints, newest first, withdrawn ones last."""
        return self.select_related("user", "user__team").order_by(F("withdrawn_at").asc(nulls_first=True), "-id")


class Conflict(models.Model):
    """A declared ground of recusal: this member of staff may not be assigned cases of that person (回避)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="conflicts")
    party_name = models.CharField(_("当事人姓名或名称"), max_length=100)
    id_digest = models.CharField(max_length=64, blank=True, db_index=True)
    relation = models.CharField(_("关系"), max_length=100)
    declared_at = models.DateTimeField(_("申报时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = ConflictQuerySet.as_manager()


class TakeOverQuerySet(models.QuerySet["TakeOver"]):
    """Questions about desks taken over."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's own team; the chief sees all."""
        if has_role(user, "CHIEF"):
            return self
        return self.filter(team_id=user.team_id or 0)

    def for_list(self) -> Self:
        """Load what one row prints, newest first."""
        return self.select_related("team", "absent", "taker", "by").order_by("-at", "-id")


class TakeOver(models.Model):
    """A whole desk taken over in one act: what moved, and what was left and why. Approvals never move."""

    class Item(models.TextChoices):
        """What kind of work an item is."""

        STAGE = "STAGE", _("承办阶段")
        WORK = "WORK", _("协作")
        KEEPING = "KEEPING", _("结案后续行")

    class Why(models.TextChoices):
        """Why an item was left."""

        CONFLICT = "CONFLICT", _("接管人已申报回避")
        ASSIGNED = "ASSIGNED", _("接管人是本案分案人")
        ELSEWHERE = "ELSEWHERE", _("事项不在本团队")
        REFUSED = "REFUSED", _("不能移交")

    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("团队"))
    absent = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("缺勤人员"))
    taker = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("接管人"))
    reason = models.CharField(_("接管理由"), max_length=200)
    moved = models.JSONField(_("已接管"), default=list)
    left = models.JSONField(_("未接管"), default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("决定人"))
    at = models.DateTimeField(_("时间"))

    objects = TakeOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(absent=F("taker")), name="takeover_by_another"),
            models.CheckConstraint(condition=~Q(absent=F("by")), name="takeover_not_of_own_desk"),
            models.CheckConstraint(condition=~Q(reason=""), name="takeover_has_a_reason"),
        ]
        permissions = [("take_over_desk", _("接管同事工作台"))]
