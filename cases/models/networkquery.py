"""The query of a debtor's property through the network (网络查控): who launched it, where, and that it was answered."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models.case import Case
from cases.models.party import Party


class NetworkQueryQuerySet(models.QuerySet["NetworkQuery"]):
    """Questions about queries."""

    def running(self) -> Self:
        """Keep those without an answer."""
        return self.filter(answered_on__isnull=True)

    def for_list(self) -> Self:
        """Load what one row prints, oldest first."""
        return self.select_related("party", "launched_by").order_by("launched_at", "id")


class NetworkQuery(models.Model):
    """One query of one debtor; what it found is told in words, the controls that follow have records of their own."""

    class Provider(models.TextChoices):
        """Through which system (财产调查规定 12)."""

        NATIONAL = "NATIONAL", _("最高人民法院“总对总”网络查控系统")
        REGIONAL = "REGIONAL", _("自治区“点对点”网络查控系统")
        OTHER = "OTHER", _("其他网络查询平台")

    case = models.ForeignKey(Case, models.PROTECT, related_name="network_queries")
    party = models.ForeignKey(Party, models.PROTECT, related_name="network_queries", verbose_name=_("被执行人"))
    provider = models.CharField(_("查控系统"), max_length=10, choices=Provider)
    batch = models.CharField(_("查询批次号"), max_length=60, blank=True)
    launched_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("发起人"))
    launched_at = models.DateTimeField(_("发起时间"))
    answered_on = models.DateField(_("反馈日"), null=True, blank=True)
    answer = models.CharField(_("反馈情况"), max_length=300, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NetworkQueryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(answered_on__isnull=True), name="one_running_query_per_debtor"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="", answered_by__isnull=True)
                | (Q(answered_on__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="query_answered_by_someone_in_words",
            ),
        ]
