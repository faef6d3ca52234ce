"""Corrections of what a filed case says of its parties, its basis and its claims."""

import json
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import Event, User
from cases.models.case import Case
from cases.models.party import Claim, Party


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Questions about corrections."""

    def visible_to(self, user: User) -> Self:
        """Keep corrections of cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def waiting(self) -> Self:
        """Keep those that wait for their second person, oldest first."""
        return self.filter(state=Correction.State.PROPOSED).order_by("proposed_at", "id")

    def wrong_person(self) -> Self:
        """Keep confirmed ones by which something is held against the wrong person and not yet put right."""
        return self.filter(wrong_person_at__isnull=False, cleared_at__isnull=True)

    def for_list(self) -> Self:
        """Load what one row of a list prints, newest first; old and new values stay in the database."""
        rows = self.defer("changes").select_related("party", "claim", "proposed_by", "answered_by")
        return rows.order_by("-proposed_at", "-id")


class Correction(models.Model):
    """One correction of a party, the basis or a claim: proposed by one person, confirmed by another.

    What is proposed never changes, and nothing changes after the answer but the all-clear (trigger in the migration).
    """

    class Target(models.TextChoices):
        """What is corrected."""

        PARTY = "PARTY", _("当事人")
        BASIS = "BASIS", _("执行依据")
        CLAIM = "CLAIM", _("执行请求")
        ADDED = "ADDED", _("补充执行请求")

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "PROPOSED", _("待确认")
        CONFIRMED = "CONFIRMED", _("已更正")
        REFUSED = "REFUSED", _("未予确认")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    class Reason(models.TextChoices):
        """The usual reasons; each is explained by the document, OTHER also in words."""

        TYPING = "TYPING", _("立案录入错误")
        APPLICANT = "APPLICANT", _("申请人提供的信息有误")
        RENAMED = "RENAMED", _("姓名、名称、证件或住址变更")
        RULING = "RULING", _("执行依据经裁定补正")
        MISTAKEN = "MISTAKEN", _("误列他人（同名、证件号码不符）")
        OTHER = "OTHER", _("其他")

    case = models.ForeignKey(Case, models.PROTECT, related_name="corrections", verbose_name=_("案件"))
    target = models.CharField(_("更正对象"), max_length=5, choices=Target)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="corrections")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="corrections")
    fields = ArrayField(models.CharField(max_length=24), verbose_name=_("更正项目"))
    changes = EncryptedField(_("原内容和更正后内容"))
    is_other_person = models.BooleanField(_("涉及另一人"), default=False)
    reason = models.CharField(_("更正事由"), max_length=10, choices=Reason)
    reason_text = models.CharField(_("事由说明"), max_length=300, blank=True)
    document = models.CharField(_("依据的材料或文书"), max_length=200)
    evidence = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("卷宗中的材料")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    answered_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    answer_note = models.CharField(_("答复意见"), max_length=300, blank=True)
    wrong_person_at = models.DateTimeField(_("发现错误控制他人财产"), null=True, blank=True)
    cleared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(_("解除完毕"), null=True, blank=True)
    clear_note = models.CharField(_("解除情况"), max_length=300, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "target", "party", "claim"],
                condition=Q(state="PROPOSED"),
                nulls_distinct=False,
                name="one_open_correction_per_target",
            ),
            models.CheckConstraint(
                condition=Q(target="PARTY", party__isnull=False, claim__isnull=True)
                | Q(target="CLAIM", party__isnull=True, claim__isnull=False)
                # A claim forgotten at filing comes into being with the confirmation.
                | Q(target="ADDED", party__isnull=True, claim__isnull=True) & ~Q(state="CONFIRMED")
                | Q(target="ADDED", party__isnull=True, claim__isnull=False, state="CONFIRMED")
                | Q(target="BASIS", party__isnull=True, claim__isnull=True),
                name="correction_names_its_target",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="correction_has_a_document"),
            models.CheckConstraint(condition=~Q(reason="OTHER") | ~Q(reason_text=""), name="correction_says_why"),
            models.CheckConstraint(condition=~Q(fields=[]), name="correction_changes_something"),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(state="PROPOSED") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="correction_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | ~Q(answered_by=F("proposed_by")), name="correction_by_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | ~Q(answer_note=""), name="correction_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(wrong_person_at__isnull=True) | Q(state="CONFIRMED", is_other_person=True),
                name="correction_alarm_after_confirmation",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True, clear_note="")
                | (
                    Q(cleared_at__isnull=False, cleared_by__isnull=False, wrong_person_at__isnull=False)
                    & ~Q(clear_note="")
                ),
                name="correction_cleared_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-proposed_at"], name="correction_of_case"),
            models.Index(fields=["proposed_at"], condition=Q(state="PROPOSED"), name="correction_waiting"),
            models.Index(
                fields=["wrong_person_at"],
                condition=Q(wrong_person_at__isnull=False, cleared_at__isnull=True),
                name="correction_wrong_person",
            ),
        ]
        permissions = [("propose_correction", _("提出更正")), ("confirm_correction", _("确认更正"))]

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("cases:correction", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for its second person."""
        return self.state == Correction.State.PROPOSED

    @property
    def is_confirmed(self) -> bool:
        """Return whether the case says it the new way."""
        return self.state == Correction.State.CONFIRMED

    @property
    def is_alarm(self) -> bool:
        """Return whether something is held against the wrong person and not yet put right."""
        return self.wrong_person_at is not None and self.cleared_at is None

    @property
    def field_labels(self) -> list[str]:
        """Return what is corrected, in words."""
        model: dict[str, type[models.Model]] = {"PARTY": Party, "BASIS": Case, "CLAIM": Claim, "ADDED": Claim}
        columns = (model[self.target]._meta.get_field(name) for name in self.fields)
        return [str(getattr(column, "verbose_name", column.name)) for column in columns]

    def pairs(self) -> dict[str, tuple[str, str]]:
        """Return old and new value of every corrected field, as canonical text."""
        rows: dict[str, Any] = json.loads(self.changes)
        return {name: (row[0], row[1]) for name, row in rows.items()}
