"""Sanctions against a debtor, and the written requests about them: each by two people, with its ground and its end."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case as Choice
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models.case import Case
from cases.models.deadline import Deadline
from cases.models.party import Party
from cases.sanctionlaw import BY_CODE, ENDINGS_BY_CODE, Ending, Ground, Kind, Way

# What counts the days in which a sanction must end.
END_NODES = ("DISHONESTY_REMOVAL", "LIFT_RESTRICTION", "DETENTION")
UNDECIDED_REMOVAL = Q(removal_needs_decision=True, removal_approved_at__isnull=True)
PRESSING = ("next_due_on", "proposed_at", "id")


class SanctionQuerySet(models.QuerySet["Sanction"]):
    """Questions about sanctions."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def running(self) -> Self:
        """Keep those proposed, in force or waiting to be removed."""
        return self.filter(state__in=Sanction.RUNNING)

    def in_force(self) -> Self:
        """Keep those that bind the debtor now, also when they should be gone already."""
        return self.filter(state__in=Sanction.BINDING)

    def to_decide(self) -> Self:
        """Keep what waits for the president: proposals, and removals that need his decision."""
        return self.filter(Q(state=Sanction.State.PROPOSED) | Q(state=Sanction.State.REMOVAL_DUE) & UNDECIDED_REMOVAL)

    def to_remove(self) -> Self:
        """Keep those whose removal is decided or needs no decision, and has only to be carried out."""
        return self.filter(~UNDECIDED_REMOVAL, state=Sanction.State.REMOVAL_DUE)

    def with_next_day(self) -> Self:
        """Add `next_due_on`: the last day to remove it while that clock runs, else the end of its term."""
        clock = Deadline.objects.running().filter(
            case=OuterRef("case"),
            node__in=END_NODES,
            subject=Concat(Value("sanction:"), Cast(OuterRef("pk"), CharField())),
        )
        term = Choice(When(state__in=Sanction.BINDING, then="term_until"))
        return self.annotate(next_due_on=Coalesce(Subquery(clock.order_by("due_on").values("due_on")[:1]), term))

    def due_between(self, first: dt.date | None, last: dt.date) -> Self:
        """Keep running ones whose next day lies in a period; no first day for an open beginning."""
        lookups = {"next_due_on__lte": last} | ({"next_due_on__gte": first} if first else {})
        return self.running().with_next_day().filter(**lookups)

    def pressing_first(self) -> Self:
        """Load a list sorted by the next day; what has none comes last."""
        return self.for_list().order_by(*PRESSING)

    def for_list(self) -> Self:
        """Load what one row of a list prints."""
        people = ("proposed_by", "decided_by", "removal_noted_by", "removal_approved_by", "removed_by")
        return self.with_next_day().select_related("case", "case__judge", "case__owner", "case__team", "party", *people)


class Sanction(models.Model):
    """One measure against one debtor: proposed, decided by the president, in force, due to end, ended."""

    Kind = Kind
    Way = Way

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "PROPOSED", _("待审批")
        REFUSED = "REFUSED", _("未予批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")
        IN_FORCE = "IN_FORCE", _("执行中")
        REMOVAL_DUE = "REMOVAL_DUE", _("应予解除")
        REMOVED = "REMOVED", _("已解除")

    RUNNING = (State.PROPOSED, State.IN_FORCE, State.REMOVAL_DUE)
    BINDING = (State.IN_FORCE, State.REMOVAL_DUE)

    case = models.ForeignKey(Case, models.PROTECT, related_name="sanctions", verbose_name=_("案件"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="sanctions", verbose_name=_("被执行人"))
    # Who is no party: a unit or person that owes help with this debtor's property and refuses it (民事诉讼法 117).
    outsider = models.CharField(_("协助义务人"), max_length=100, blank=True)
    outsider_kind = models.CharField(_("协助义务人类别"), max_length=12, choices=Party.Kind, blank=True)
    persons = ArrayField(models.CharField(max_length=100), default=list, blank=True, verbose_name=_("单位的责任人员"))
    kind = models.CharField(_("措施"), max_length=20, choices=Kind)
    ground = models.CharField(_("情形"), max_length=32)
    ground_version = models.PositiveSmallIntegerField(_("规则版本"))
    basis = models.CharField(_("依据"), max_length=400)
    facts = models.CharField(_("事实和证据"), max_length=2000)
    extra_years = models.PositiveSmallIntegerField(_("延长年数"), default=0)
    days = models.PositiveSmallIntegerField(_("拘留日数"), null=True, blank=True)
    amount = models.DecimalField(_("罚款金额"), max_digits=16, decimal_places=2, null=True, blank=True)
    document = models.CharField(_("决定文书"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提请人"))
    proposed_at = models.DateTimeField(_("提请时间"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    decision_reason = models.CharField(_("审批意见"), max_length=300, blank=True)
    in_force_from = models.DateField(_("生效日"), null=True, blank=True)
    term_until = models.DateField(_("期限届满日"), null=True, blank=True)
    removal_ground = models.CharField(_("解除事由"), max_length=20, blank=True)
    removal_basis = models.CharField(_("解除依据"), max_length=400, blank=True)
    removal_needs_decision = models.BooleanField(_("解除须经审批"), default=False)
    removal_note = models.CharField(_("解除事由说明"), max_length=300, blank=True)
    arose_on = models.DateField(_("事由发生日"), null=True, blank=True)
    removal_noted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记事由的人")
    )
    removal_noted_at = models.DateTimeField(_("登记事由时间"), null=True, blank=True)
    removal_approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准解除的人")
    )
    removal_approved_at = models.DateTimeField(_("批准解除时间"), null=True, blank=True)
    removal_way = models.CharField(_("解除方式"), max_length=10, choices=Way, blank=True)
    removal_document = models.CharField(_("解除文书或凭据"), max_length=200, blank=True)
    removed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理解除的人")
    )
    removed_on = models.DateField(_("解除日"), null=True, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party", "kind", "outsider"],
                condition=Q(state__in=["PROPOSED", "IN_FORCE", "REMOVAL_DUE"]),
                name="one_running_sanction",
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="PROPOSED") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="sanction_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "WITHDRAWN"]) | ~Q(decided_by=F("proposed_by")),
                name="sanction_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | ~Q(decision_reason=""), name="sanction_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "REFUSED", "WITHDRAWN"], in_force_from__isnull=True)
                | Q(state__in=["IN_FORCE", "REMOVAL_DUE", "REMOVED"], in_force_from__isnull=False),
                name="sanction_in_force_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(term_until__isnull=True) | Q(term_until__gt=F("in_force_from")),
                name="sanction_term_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["REMOVAL_DUE", "REMOVED"], arose_on__isnull=False, removal_noted_by__isnull=False
                )
                & ~Q(removal_ground="")
                | ~Q(state__in=["REMOVAL_DUE", "REMOVED"])
                & Q(arose_on__isnull=True, removal_noted_by__isnull=True, removal_ground=""),
                name="sanction_removal_has_ground_and_day",
            ),
            models.CheckConstraint(
                condition=Q(removal_approved_by__isnull=True) | ~Q(removal_approved_by=F("removal_noted_by")),
                name="sanction_removal_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="REMOVED", removed_by__isnull=False, removed_on__isnull=False)
                & ~Q(removal_way="")
                & (Q(removal_needs_decision=False) | Q(removal_approved_by__isnull=False))
                | ~Q(state="REMOVED") & Q(removed_by__isnull=True, removed_on__isnull=True),
                name="sanction_removed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="FINE", amount__gt=0, amount__lte=1_000_000)
                | ~Q(kind="FINE") & Q(amount__isnull=True),
                name="sanction_fine_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="DETENTION", days__gte=1, days__lte=15) | ~Q(kind="DETENTION") & Q(days__isnull=True),
                name="sanction_detention_at_most_15_days",
            ),
            models.CheckConstraint(
                condition=Q(extra_years=0) | Q(kind="DISHONEST", extra_years__lte=3),
                name="sanction_extension_in_limits",
            ),
            models.CheckConstraint(
                condition=Q(outsider="", outsider_kind="") | Q(kind__in=["FINE", "DETENTION"]) & ~Q(outsider_kind=""),
                name="outsider_fined_or_detained",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind"], name="sanction_state_kind"),
            models.Index(fields=["term_until"], condition=Q(state="IN_FORCE"), name="sanction_term_running"),
        ]
        permissions = [
            ("propose_sanction", _("提请强制措施、登记解除事由")),
            ("decide_sanction", _("审批强制措施和解除")),
            ("remove_sanction", _("办理解除、删除")),
            ("take_sanction_request", _("登记失信名单申请")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("cases:sanction", args=[self.pk])

    @property
    def target(self) -> str:
        """Return the name of the one it is taken against: the debtor, or who refuses to help."""
        return self.outsider or self.party.name

    @property
    def is_on_unit(self) -> bool:
        """Return whether that is a unit."""
        return (self.outsider_kind or self.party.kind) == Party.Kind.ORGANISATION

    @property
    def rule(self) -> Ground:
        """Return the row of the table of grounds."""
        return BY_CODE[self.ground]

    @property
    def ending(self) -> Ending | None:
        """Return the ground on which it ends, once there is one."""
        return ENDINGS_BY_CODE.get(self.removal_ground)

    @property
    def is_removal_decided(self) -> bool:
        """Return whether nothing but the entry is left to do."""
        return self.state == Sanction.State.REMOVAL_DUE and (
            not self.removal_needs_decision or self.removal_approved_at is not None
        )

    @property
    def waits_for_decision(self) -> bool:
        """Return whether the president has to decide on it or on its removal."""
        if self.state == Sanction.State.PROPOSED:
            return True
        return self.state == Sanction.State.REMOVAL_DUE and not self.is_removal_decided


class SanctionRequestQuerySet(models.QuerySet["SanctionRequest"]):
    """Questions about written requests."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        """Keep those not answered yet."""
        return self.filter(answered_at__isnull=True)

    def for_list(self) -> Self:
        """Load what one row of a list prints."""
        return self.select_related("case", "party", "sanction", "taken_by", "answered_by")


class SanctionRequest(models.Model):
    """A written request about the list of dishonest debtors: to list (失信名单规定 5) or to correct (11, 12)."""

    class Purpose(models.TextChoices):
        """What is asked for."""

        LIST = "LIST", _("申请纳入失信名单")
        CORRECT = "CORRECT", _("申请纠正失信信息")

    class Result(models.TextChoices):
        """How it was answered."""

        GRANTED = "GRANTED", _("予以支持")
        DECLINED = "DECLINED", _("不予支持")

    case = models.ForeignKey(Case, models.PROTECT, related_name="sanction_requests", verbose_name=_("案件"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("被执行人"))
    sanction = models.ForeignKey(
        Sanction, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("强制措施")
    )
    purpose = models.CharField(_("申请事项"), max_length=8, choices=Purpose)
    text = models.CharField(_("申请内容"), max_length=1000)
    received_on = models.DateField(_("收到日"))
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    taken_at = models.DateTimeField(_("登记时间"))
    result = models.CharField(_("处理结果"), max_length=10, choices=Result, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    answered_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    objects = SanctionRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party", "purpose"], condition=Q(answered_at__isnull=True), name="one_open_request"
            ),
            models.CheckConstraint(
                condition=Q(purpose="CORRECT", sanction__isnull=False) | Q(purpose="LIST", sanction__isnull=True),
                name="correction_names_its_sanction",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, result="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(result="") & ~Q(reason=""),
                name="request_answered_with_reason",
            ),
        ]
