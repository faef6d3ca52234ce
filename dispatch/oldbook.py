"""Moving a case of the old book over from its court: asked for by the command centre, approved by another."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models import Case

OLD_BOOK = _("旧存案件由原法院办理，不分流、不抽签；经批准转入后再办")


class UnitMoveQuerySet(models.QuerySet["UnitMove"]):
    """Questions about moves."""

    def waiting(self) -> Self:
        """Keep those not decided."""
        return self.filter(state=UnitMove.State.WAITING)

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))


class UnitMove(models.Model):
    """One case that is to be carried out by the bureau from now on; two people, never one."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "WAITING", _("待批准")
        APPROVED = "APPROVED", _("已批准")
        REFUSED = "REFUSED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    case = models.ForeignKey(Case, models.PROTECT, related_name="unit_moves")
    reason = models.CharField(_("理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    note = models.CharField(_("意见"), max_length=300, blank=True)

    objects = UnitMoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="WAITING"), name="one_waiting_move_per_case"),
            models.CheckConstraint(condition=~Q(reason=""), name="move_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "REFUSED"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="move_decided_by_another",
            ),
            models.CheckConstraint(condition=~Q(state="REFUSED") | ~Q(note=""), name="move_refused_with_a_reason"),
        ]
