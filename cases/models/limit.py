"""The closing limit of a case is lengthened: asked for by its judge, decided by the president or a vice-president."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models.case import Case

MONTHS = 3  # 法释〔2000〕29号 5
STEP_WORDS = "经批准延长 {months} 个月"  # what a deadline says stays Chinese


class LimitExtensionQuerySet(models.QuerySet["LimitExtension"]):
    """Questions about longer limits."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def to_decide(self) -> Self:
        """Keep those of open cases that wait for the president, the earliest limit first."""
        waiting = self.filter(state=LimitExtension.State.PROPOSED).exclude(case__stage__in=Case.ENDED)
        return waiting.order_by("limit_on", "id")

    def for_list(self) -> Self:
        """Load what one row of a list prints."""
        return self.select_related("case", "asked_by", "decided_by").order_by("asked_at", "id")


class LimitExtension(models.Model):
    """One request for three more months; from the second on by the answer of the high court (法释〔2000〕29号 5)."""

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "PROPOSED", _("待审批")
        APPROVED = "APPROVED", _("已批准")
        REFUSED = "REFUSED", _("未予批准")

    case = models.ForeignKey(Case, models.PROTECT, related_name="limit_extensions")
    reason = models.CharField(_("需要延长的特殊情况"), max_length=500)
    # "material:5", the scan of the high court's answer; empty for the first.
    paper = models.CharField(max_length=40, blank=True)
    limit_on = models.DateField(_("原执行期限"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    note = models.CharField(_("审批意见"), max_length=200, blank=True)
    until_on = models.DateField(_("延长后的执行期限"), null=True, blank=True)

    objects = LimitExtensionQuerySet.as_manager()

    class Meta:
        permissions = [("extend_limit", _("审批延长执行期限"))]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="PROPOSED"), name="one_open_limit_extension"),
            models.CheckConstraint(condition=~Q(reason=""), name="limit_extension_has_its_reason"),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_by__isnull=True, decided_at__isnull=True, until_on__isnull=True)
                | Q(state="REFUSED", decided_by__isnull=False, decided_at__isnull=False, until_on__isnull=True)
                & ~Q(note="")
                | Q(state="APPROVED", decided_by__isnull=False, decided_at__isnull=False, until_on__gt=F("limit_on")),
                name="limit_extension_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="limit_extension_by_two_people",
            ),
        ]

    def get_absolute_url(self) -> str:
        """Return the address at which it is decided."""
        return reverse("cases:decide_limit", args=[self.pk])
