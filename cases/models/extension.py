"""A listing whose term is lengthened while it runs: proposed on a ground of the law, decided by the president."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models.case import Case
from cases.models.sanction import Sanction


class SanctionExtensionQuerySet(models.QuerySet["SanctionExtension"]):
    """Questions about extensions."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user may see."""
        return self.filter(sanction__case__in=Case.objects.visible_to(user))

    def to_decide(self) -> Self:
        """Keep those that wait for the president, oldest first."""
        return self.filter(state=SanctionExtension.State.PROPOSED).order_by("proposed_at", "id")

    def for_list(self) -> Self:
        """Load what one row of a list prints."""
        return self.select_related("sanction__case", "sanction__party", "proposed_by", "decided_by")


class SanctionExtension(models.Model):
    """One proposal to lengthen a listing by one to three years, three at most in all (失信名单规定 2)."""

    class Ground(models.TextChoices):
        """Why it may be lengthened (失信名单规定 2)."""

        FORCE = "FORCE", _("以暴力、威胁方法妨碍、抗拒执行，情节严重")
        SEVERAL = "SEVERAL", _("具有多项失信行为")

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "PROPOSED", _("待审批")
        APPROVED = "APPROVED", _("已批准")
        REFUSED = "REFUSED", _("未予批准")

    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="extensions", verbose_name=_("强制措施"))
    ground = models.CharField(_("延长事由"), max_length=8, choices=Ground)
    years = models.PositiveSmallIntegerField(_("延长年数"))
    facts = models.CharField(_("事实和证据"), max_length=2000)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提请人"))
    proposed_at = models.DateTimeField(_("提请时间"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    reason = models.CharField(_("审批意见"), max_length=300, blank=True)
    until_on = models.DateField(_("延长后的届满日"), null=True, blank=True)

    objects = SanctionExtensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sanction"], condition=Q(state="PROPOSED"), name="one_open_extension"),
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=3), name="extension_one_to_three_years"),
            models.CheckConstraint(condition=~Q(facts=""), name="extension_has_facts"),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="PROPOSED") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED") | ~Q(decided_by=F("proposed_by")), name="extension_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state="APPROVED", until_on__isnull=False) | ~Q(state="APPROVED") & Q(until_on__isnull=True),
                name="extension_approved_until_a_day",
            ),
            models.CheckConstraint(condition=~Q(state="REFUSED") | ~Q(reason=""), name="extension_refused_with_reason"),
        ]

    def get_absolute_url(self) -> str:
        """Return the address at which it is decided."""
        return reverse("cases:decide_extension", args=[self.pk])
