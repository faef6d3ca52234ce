"""The decision table of triage by version: its rows, who wrote and who approved it, and what a dry run showed."""

import datetime as dt
import hashlib
import json
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bureau.models import Job, User
from cases.models import Case
from dispatch.triage import rule_order


class RuleTableQuerySet(models.QuerySet["RuleTable"]):
    """Questions about the versions."""

    def approved(self) -> Self:
        """Keep the approved ones."""
        return self.filter(state=RuleTable.State.APPROVED)

    def in_force(self, *, on: dt.date) -> "RuleTable | None":
        """Return the version that counts that day: the approved one with the latest day of effect."""
        approved = self.approved().filter(from_on__lte=on).with_end()
        return approved.prefetch_related("rules").order_by("-from_on").first()

    def waiting(self) -> Self:
        """Keep those that wait for their approver."""
        return self.filter(state=RuleTable.State.SUBMITTED)

    def for_list(self) -> Self:
        """Load what one row of the list prints, newest first."""
        people = self.select_related("authored_by", "approved_by")
        return people.with_end().annotate(rule_count=models.Count("rules")).order_by("-version")

    def with_end(self) -> Self:
        """Annotate `next_on`, the day on which a later approved version takes over; none while there is none."""
        later = RuleTable.objects.approved().filter(from_on__gt=models.OuterRef("from_on")).order_by("from_on")
        return self.annotate(next_on=models.Subquery(later.values("from_on")[:1]))


class RuleTable(models.Model):
    """One version of the whole table; approved ones never change, another version follows on its day."""

    class State(models.TextChoices):
        """Where the version stands."""

        DRAFT = "DRAFT", _("草稿")
        SUBMITTED = "SUBMITTED", _("待批准")
        APPROVED = "APPROVED", _("已批准")
        DISCARDED = "DISCARDED", _("已作废")

    version = models.PositiveSmallIntegerField(_("版本"), unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    fast_weight_min = models.PositiveSmallIntegerField(_("简案权重线"), default=2)
    note = models.CharField(_("修订说明"), max_length=300, blank=True)
    from_on = models.DateField(_("生效日"), null=True, blank=True)
    authored_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    authored_at = models.DateTimeField(_("起草时间"))
    submitted_at = models.DateTimeField(_("送批时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    answer_note = models.CharField(_("批准意见"), max_length=300, blank=True)

    objects = RuleTableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("authored_by")),
                name="table_approved_by_another",
            ),
            # The first table came with the system; every later one has its approver.
            models.CheckConstraint(
                condition=~Q(state="APPROVED")
                | (Q(from_on__isnull=False) & (Q(version=1) | Q(approved_by__isnull=False))),
                name="table_approved_with_day_and_approver",
            ),
            models.UniqueConstraint(
                fields=["from_on"], condition=Q(state="APPROVED"), name="one_approved_table_per_day"
            ),
        ]
        permissions = [("edit_table", _("起草分流规则表")), ("approve_table", _("批准分流规则表"))]

    def __str__(self) -> str:
        return f"v{self.version}"

    @property
    def until_on(self) -> dt.date | None:
        """Return its last day, from what `with_end` adds; none while it goes on or was never approved."""
        next_on: dt.date | None = getattr(self, "next_on", None)
        return next_on - dt.timedelta(days=1) if next_on and self.state == self.State.APPROVED else None

    @property
    def came_with_system(self) -> bool:
        """Return whether it came with the system and nobody of the bureau has approved it."""
        return self.state == self.State.APPROVED and self.approved_by_id is None

    @property
    def ordered(self) -> "list[TriageRule]":
        """Return its rows, T2 before T10."""
        return sorted(self.rules.all(), key=rule_order)

    @cached_property
    def rules_read(self) -> "list[TriageRule]":
        """Return its rows, read once; for who judges many cases by one table that does not change meanwhile."""
        return self.ordered

    @property
    def digest(self) -> str:
        """Return what a dry run is bound to: the table's content as it stands."""
        content = [self.fast_weight_min, *(rule.content() for rule in self.ordered)]
        text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class TriageRule(models.Model):
    """One row: when all its conditions hold it decides, or adds its weight to its stream (domain handbook §4.2)."""

    class Flag(models.TextChoices):
        """What a hit asks for besides the stream."""

        PRIORITY = "PRIORITY", _("优先办理")
        REPORT = "REPORT", _("报告局长")
        DISPOSAL = "DISPOSAL", _("转财产处置")
        SPECIAL = "SPECIAL", _("特别程序")
        CLOSING = "CLOSING", _("终本预判")

    CONTENT = ("code", "label", "stream", "weight", "is_decisive", "flag", "conditions", "basis", "from_on", "until_on")

    table = models.ForeignKey(RuleTable, models.CASCADE, related_name="rules")
    code = models.CharField(_("规则"), max_length=8)
    label = models.CharField(_("名称"), max_length=200)
    stream = models.CharField(_("指向"), max_length=8, choices=Case.Stream)
    weight = models.PositiveSmallIntegerField(_("权重"), default=0)
    is_decisive = models.BooleanField(_("决定性"), default=False)
    flag = models.CharField(_("标记"), max_length=10, choices=Flag, blank=True)
    conditions = models.JSONField(_("条件"), default=list)
    basis = models.CharField(_("依据"), max_length=200)
    from_on = models.DateField(_("起适用日"), null=True, blank=True)
    until_on = models.DateField(_("止适用日"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "code"], name="rule_code_unique_in_table"),
            models.CheckConstraint(condition=~Q(basis=""), name="rule_has_a_basis"),
        ]

    def __str__(self) -> str:
        return self.code

    def content(self) -> dict[str, object]:
        """Return what it says, without its place."""
        return {name: getattr(self, name) for name in self.CONTENT}


class DryRun(models.Model):
    """A draft table replayed on all verdicts: who would move; bound to the table's content by its digest."""

    table = models.ForeignKey(RuleTable, models.PROTECT, related_name="dry_runs")
    digest = models.CharField(max_length=64)
    job = models.ForeignKey(Job, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("试算时间"))
    case_count = models.PositiveIntegerField(_("试算案件数"), default=0)
    counts = models.JSONField(_("变化"), default=dict)
    moves = models.JSONField(_("变化案件"), default=list)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    @property
    def moving(self) -> list[dict[str, Any]]:
        """Return the cases that would really move; where a person has decided so already, only the proposal changes."""
        return [move for move in self.moves if move["after"] != move["decided"]]

    @property
    def is_fresh(self) -> bool:
        """Return whether it is done and the table still says what was tried."""
        return self.finished_at is not None and self.digest == self.table.digest
