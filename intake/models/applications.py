"""An application for enforcement before it is a case: draft, review, one notice of what is missing, decision."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User, Window
from cases.models import Case
from cases.models.codes import Basis


class Condition(models.TextChoices):
    """The five conditions of acceptance (执行工作规定 16)."""

    EFFECTIVE = "EFFECTIVE", _("法律文书已经生效")
    CREDITOR = "CREDITOR", _("申请人是文书确定的权利人或其继承人、权利承受人")
    DEFINITE = "DEFINITE", _("有给付内容，标的和被执行人明确")
    UNPERFORMED = "UNPERFORMED", _("义务人在期限内未履行")
    JURISDICTION = "JURISDICTION", _("属于受申请法院管辖")


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Questions about applications."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's own window; a judge sees what he is to rule on and what he ruled."""
        of_window = Q(window_id=user.window_id or 0)
        if user.has_perm("intake.rule_refusal"):
            return self.filter(of_window | Q(state=Application.State.PROPOSED) | Q(ruled_by=user))
        return self.filter(of_window)

    def open(self) -> Self:
        """Keep those that are not decided."""
        return self.filter(state__in=Application.OPEN)


class Application(models.Model):
    """What a clerk typed, kept encrypted, and how it was reviewed."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "DRAFT", _("草稿")
        REVIEW = "REVIEW", _("待审查")
        SUPPLEMENT = "SUPPLEMENT", _("待补正")
        PROPOSED = "PROPOSED", _("拟不予受理，待裁定")
        ACCEPTED = "ACCEPTED", _("已受理")
        REFUSED = "REFUSED", _("不予受理")

    OPEN = (State.DRAFT, State.REVIEW, State.SUPPLEMENT, State.PROPOSED)

    window = models.ForeignKey(Window, models.PROTECT, related_name="applications", verbose_name=_("立案窗口"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(_("当事人"), max_length=200, blank=True)
    basis_kind = models.CharField(_("执行依据种类"), max_length=2, choices=Basis, blank=True)
    basis_number = models.CharField(_("执行依据文号"), max_length=100, blank=True)
    payload = EncryptedField(_("填写内容"))
    asked = ArrayField(models.CharField(max_length=16), default=list, verbose_name=_("应交材料"))
    scanned = ArrayField(models.CharField(max_length=16), default=list, verbose_name=_("已扫描材料"))
    seen = ArrayField(models.CharField(max_length=16), default=list, verbose_name=_("已收纸质材料"))
    met = ArrayField(models.CharField(max_length=16, choices=Condition), default=list, verbose_name=_("符合的受理条件"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("填写人"))
    saved_at = models.DateTimeField(_("保存时间"))
    submitted_on = models.DateField(_("提交日"), null=True, blank=True)
    complete_on = models.DateField(_("材料齐备日"), null=True, blank=True)
    due_on = models.DateField(_("应决定日"), null=True, blank=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="application")
    reason = models.CharField(_("不予受理的理由"), max_length=1000, blank=True)
    unmet = models.JSONField(_("不符合的条件和理由"), default=dict, blank=True)  # the reason by condition
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出不予受理的人")
    )
    proposed_at = models.DateTimeField(_("提出时间"), null=True, blank=True)
    ruled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审查法官")
    )
    ruling_note = models.CharField(_("法官退回的意见"), max_length=500, blank=True)
    document = models.CharField(_("不予受理裁定书文号"), max_length=100, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="ACCEPTED") & Q(case__isnull=False)) | (~Q(state="ACCEPTED") & Q(case__isnull=True)),
                name="accepted_application_is_a_case",
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | (~Q(reason="") & ~Q(document="")),
                name="refusal_has_reason_and_document",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["PROPOSED", "REFUSED"])
                | (Q(proposed_by__isnull=False) & ~Q(proposed_by=F("ruled_by"))),
                name="refusal_has_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | Q(ruled_by__isnull=False), name="refusal_is_ruled_by_a_judge"
            ),
            models.CheckConstraint(
                condition=Q(complete_on__isnull=True, due_on__isnull=True)
                | Q(complete_on__isnull=False, due_on__isnull=False),
                name="application_clock_from_completeness",
            ),
        ]
        permissions = [
            ("review_application", _("审查立案申请")),
            ("rule_refusal", _("裁定不予受理")),
        ]

    def __str__(self) -> str:
        return self.title or str(_("未命名申请"))

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("intake:application", args=[self.pk])

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """Return the conditions that are not met, in words, each with its reason."""
        return [(str(condition.label), self.unmet[condition]) for condition in Condition if condition in self.unmet]

    @property
    def is_open(self) -> bool:
        """Return whether it is not decided."""
        return self.state in Application.OPEN


class SupplementNotice(models.Model):
    """What is missing, told once and completely; the database keeps it to one per application."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="notice")
    missing = ArrayField(models.CharField(max_length=16), verbose_name=_("所缺材料"))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    due_on = models.DateField(_("补正期限"))
    made_at = models.DateTimeField(_("告知时间"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("告知人"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(missing=[]), name="supplement_names_what_is_missing")]

    def __str__(self) -> str:
        return str(self.due_on)
