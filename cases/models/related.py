"""Other cases that belong to an enforcement case: objections, reviews, preservation, suits."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Court, User
from cases.models.case import Case
from cases.relations import LOCKING, RULES, Relation, Rule


class RelatedCaseQuerySet(models.QuerySet["RelatedCase"]):
    """Questions about related cases."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        """Keep those not decided yet."""
        return self.filter(state=RelatedCase.State.OPEN)

    def locking(self, *, today: dt.date) -> Self:
        """Keep those that forbid to dispose of their object today."""
        return (
            self.filter(relation__in=LOCKING)
            .exclude(state=RelatedCase.State.STRUCK)
            .filter(Q(state=RelatedCase.State.OPEN) | Q(locked_until_on__gte=today))
        )

    def for_list(self) -> Self:
        """Load what one row of a list prints, newest first."""
        return self.select_related("case", "court", "reviewer", "registered_by").order_by("-filed_on", "-id")


class RelatedCase(models.Model):
    """One case of another type that was registered and linked; it is decided elsewhere, its result is entered here."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "OPEN", _("审查中")
        DECIDED = "DECIDED", _("已有结果")
        STRUCK = "STRUCK", _("登记错误，已撤销")

    class Result(models.TextChoices):
        """What came of it."""

        SUPPORTED = "SUPPORTED", _("支持")
        PARTLY = "PARTLY", _("部分支持")
        REJECTED = "REJECTED", _("驳回")
        WITHDRAWN = "WITHDRAWN", _("撤回")
        DONE = "DONE", _("办结")

    Relation = Relation

    case = models.ForeignKey(Case, models.PROTECT, related_name="related_cases")
    relation = models.CharField(_("关联类型"), max_length=20, choices=Relation)
    number = models.CharField(_("关联案号"), max_length=60)
    court = models.ForeignKey(
        Court, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("受理法院")
    )
    court_name = models.CharField(_("其他受理法院"), max_length=60, blank=True)
    raised_by = models.CharField(_("提出人"), max_length=100)
    matter = models.CharField(_("请求和标的"), max_length=300)
    received_on = models.DateField(_("收到日"))
    filed_on = models.DateField(_("立案日"))
    reviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审查法官")
    )
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    result = models.CharField(_("结果"), max_length=10, choices=Result, blank=True)
    document = models.CharField(_("结果文书"), max_length=200, blank=True)
    decided_on = models.DateField(_("作出日"), null=True, blank=True)
    served_on = models.DateField(_("送达日"), null=True, blank=True)
    locked_until_on = models.DateField(_("不得处分至"), null=True, blank=True)
    strike_reason = models.CharField(_("撤销登记理由"), max_length=200, blank=True)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(_("登记时间"))

    objects = RelatedCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"], condition=~Q(state="STRUCK"), name="related_case_once_per_case"
            ),
            models.CheckConstraint(
                condition=Q(state="DECIDED", decided_on__isnull=False) & ~Q(result="") & ~Q(document="")
                | Q(state__in=["OPEN", "STRUCK"], decided_on__isnull=True, served_on__isnull=True, result=""),
                name="related_case_decided_by_a_document",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(decided_on__gte=F("filed_on")),
                name="related_case_decided_after_filing",
            ),
            models.CheckConstraint(
                condition=Q(state="STRUCK") & ~Q(strike_reason="") | ~Q(state="STRUCK") & Q(strike_reason=""),
                name="related_case_struck_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(court__isnull=True) & ~Q(court_name="") | Q(court__isnull=False, court_name=""),
                name="related_case_has_one_court",
            ),
        ]
        indexes = [models.Index(fields=["relation", "filed_on"], condition=Q(state="OPEN"), name="related_case_open")]
        permissions = [("relate_case", _("登记关联案件"))]

    def __str__(self) -> str:
        return f"{self.number} {self.get_relation_display()}"

    @property
    def rule(self) -> Rule:
        """Return what holds for its relation."""
        return RULES[self.relation]

    @property
    def court_label(self) -> str:
        """Return the court by name."""
        return self.court.name if self.court else self.court_name
