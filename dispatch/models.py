"""Facts verified after filing, triage rules and verdicts, declared conflicts, desks taken over; draws beside them."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Team, User
from bureau.roles import has_role
from cases.models import Case
from dispatch import facts
from dispatch.drawmodels import Assignment, AssignmentRequest, Draw, Leave, SeedChain
from dispatch.dutymodels import DutyTurn
from dispatch.noticemodels import Done, Notice, Receipt
from dispatch.oldbook import UnitMove
from dispatch.tablemodels import DryRun, RuleTable, TriageRule
from dispatch.verifymodels import SendBack

__all__ = [
    "Assignment",
    "AssignmentRequest",
    "Conflict",
    "Done",
    "Draw",
    "DryRun",
    "DutyTurn",
    "Leave",
    "Notice",
    "Receipt",
    "Retriage",
    "RuleTable",
    "SeedChain",
    "SendBack",
    "TakeOver",
    "TriageRule",
    "UnitMove",
    "Verdict",
    "Verification",
]


class VerdictQuerySet(models.QuerySet["Verdict"]):
    """Questions about triage."""

    def visible_to(self, user: User) -> Self:
        """Keep verdicts on cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def elsewhere(self) -> Self:
        """Keep those given anew whose case is still in the stream of before, and was not moved by its judge since."""
        return (
            self.filter(edition__gt=1)
            .exclude(decided=F("case__stream"))
            .exclude(
                case__handovers__purpose__in=["UPGRADE", "DOWNGRADE"], case__handovers__handed_at__gte=F("decided_at")
            )
        )

    def decided_by_day(self, day: dt.date) -> Self:
        """Keep verdicts given on or before a day."""
        return self.filter(decided_on__lte=day)


class Verification(models.Model):
    """Facts of a filed case as checked by the command centre; the latest row of a case counts."""

    # What the record cannot tell, by the vocabulary of the rules (`dispatch.facts`).
    LIVELIHOOD = list(facts.LIVELIHOOD.items())
    DISPOSAL = list(facts.DISPOSAL.items())
    ACT = list(facts.ACT.items())
    WILLINGNESS = list(facts.WILLINGNESS.items())
    SENSITIVE = list(facts.SENSITIVE.items())

    case = models.ForeignKey(Case, models.PROTECT, related_name="verifications")
    cash_found = models.DecimalField(_("可控存款（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    # Why another sum was typed than the network had answered by then, and what that was; empty where they agree.
    cash_reason = models.CharField(_("与查控反馈不同的理由"), max_length=300, blank=True)
    cash_answered = models.DecimalField(
        _("当时查控反馈的存款（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    livelihood = models.CharField(_("民生类型"), max_length=12, choices=LIVELIHOOD, blank=True)
    disposal = models.CharField(_("待处置财产"), max_length=12, choices=DISPOSAL, blank=True)
    act = models.CharField(_("行为类型"), max_length=12, choices=ACT, blank=True)
    willingness = models.CharField(_("履行意愿"), max_length=12, choices=WILLINGNESS, blank=True)
    sensitive = ArrayField(
        models.CharField(max_length=12, choices=SENSITIVE), default=list, blank=True, verbose_name=_("特别关注")
    )
    note = models.CharField(_("核对说明"), max_length=300, blank=True)
    # Why a case on a paper that has an open case already is one of its own (重复立案); empty where there is none.
    duplicate_reason = models.CharField(_("不是重复立案的理由"), max_length=300, blank=True)
    verified_at = models.DateTimeField(_("核对时间"))
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        permissions = [("verify_case", _("核对立案信息"))]


class Verdict(models.Model):
    """Simple or complex: what the rules proposed, what hit and what did not, and what the dispatcher decided."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="verdict")
    verification = models.ForeignKey(Verification, models.PROTECT, null=True, blank=True, related_name="+")
    # None for a verdict given before tables had versions; its lines keep the words of that time.
    table = models.ForeignKey(RuleTable, models.PROTECT, null=True, blank=True, related_name="verdicts")
    # Counts the decisions on the case: whoever decides says which one he has seen.
    edition = models.PositiveSmallIntegerField(_("次数"), default=1)
    facts = models.JSONField(_("事实"), default=dict, encoder=DjangoJSONEncoder)
    sources = models.JSONField(_("事实来源"), default=dict)
    flags = ArrayField(models.CharField(max_length=10), default=list, verbose_name=_("标记"))
    proposed = models.CharField(_("规则建议"), max_length=8, choices=Case.Stream)
    hits = ArrayField(models.CharField(max_length=12), default=list, verbose_name=_("命中规则"))
    misses = ArrayField(models.CharField(max_length=12), default=list, verbose_name=_("未命中规则"))
    explanation = models.JSONField(_("计算过程"), default=list, encoder=DjangoJSONEncoder)
    conclusion = models.JSONField(_("结论"), default=dict, encoder=DjangoJSONEncoder)
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


class RetriageQuerySet(models.QuerySet["Retriage"]):
    """Questions about cases to be judged anew."""

    def visible_to(self, user: User) -> Self:
        """Keep those of visible cases."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        """Keep those not answered."""
        return self.filter(state=Retriage.State.OPEN)

    def for_list(self) -> Self:
        """Load what one row prints, oldest first."""
        return self.select_related("case", "case__number_court", "table", "answered_by", "asked_by").order_by("id")


class Retriage(models.Model):
    """A case whose verdict would be another by new facts, or that is judged anew on purpose; a person answers."""

    class Why(models.TextChoices):
        """What brought it up."""

        NEW_FACTS = "NEW_FACTS", _("事实变化")
        ON_PURPOSE = "ON_PURPOSE", _("主动复核")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "OPEN", _("待确认")
        CONFIRMED = "CONFIRMED", _("已重新分流")
        DISMISSED = "DISMISSED", _("维持原分流")
        LAPSED = "LAPSED", _("事实又变，已失效")

    case = models.ForeignKey(Case, models.PROTECT, related_name="retriages")
    why = models.CharField(_("起因"), max_length=10, choices=Why)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    table = models.ForeignKey(RuleTable, models.PROTECT, related_name="+")
    before = models.CharField(_("原分流"), max_length=8, choices=Case.Stream)
    proposed = models.CharField(_("现建议"), max_length=8, choices=Case.Stream)
    facts = models.JSONField(_("事实"), default=dict, encoder=DjangoJSONEncoder)
    changed = ArrayField(models.CharField(max_length=24), default=list, verbose_name=_("变化的事实"))
    # The verdict that was replaced, whole, once this is confirmed.
    replaced = models.JSONField(_("原决定"), default=dict, encoder=DjangoJSONEncoder)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    asked_at = models.DateTimeField(_("提出时间"))
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answer_note = models.CharField(_("答复说明"), max_length=300, blank=True)

    objects = RetriageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="OPEN"), name="one_open_retriage_per_case"),
            models.CheckConstraint(
                condition=Q(state="OPEN", answered_at__isnull=True)
                | (~Q(state="OPEN") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="retriage_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="DISMISSED") | ~Q(answer_note=""), name="retriage_dismissed_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(why="ON_PURPOSE") | ~Q(reason=""), name="retriage_on_purpose_has_a_reason"
            ),
        ]


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Questions about declared recusals."""

    def live(self) -> Self:
        """Keep those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def of_holders(self) -> Self:
        """Keep those declared on an open case which that person still has as judge or holder of its stage."""
        held = Q(case__judge=F("user")) | Q(case__owner=F("user"))
        return self.live().filter(held).exclude(case__stage__in=Case.ENDED)

    def for_list(self) -> Self:
        """Load what one row of the list prints, newest first, withdrawn ones last."""
        rows = self.select_related("user", "user__team", "case", "declared_by")
        return rows.order_by(F("withdrawn_at").asc(nulls_first=True), "-id")


class Conflict(models.Model):
    """A declared ground of recusal (回避): this member of staff may not have cases of that person, or that one case.

    `case` is where it was declared; without a name it concerns that case alone.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="conflicts")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="conflicts")
    party_name = models.CharField(_("当事人姓名或名称"), max_length=100, blank=True)
    id_digest = models.CharField(max_length=64, blank=True, db_index=True)
    relation = models.CharField(_("关系"), max_length=100)
    declared_at = models.DateTimeField(_("申报时间"))
    # None for one from before this was kept.
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("申报人"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(party_name="") | Q(case__isnull=False), name="conflict_with_somebody_or_a_case"
            )
        ]

    @property
    def is_own(self) -> bool:
        """Return whether whoever keeps off has declared it himself."""
        return self.declared_by_id == self.user_id


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
