"""The roster of judges on duty: who answers, day by day, for what is filed before a case has a judge of its own."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User


class DutyTurnQuerySet(models.QuerySet["DutyTurn"]):
    """Questions about the roster."""

    def standing(self) -> Self:
        """Keep the turns that count; an earlier one of the same day says who took it over."""
        return self.filter(ended_at=None)

    def between(self, first: dt.date, last: dt.date) -> Self:
        """Keep the days from first to last."""
        return self.filter(on__range=(first, last))

    def for_list(self) -> Self:
        """Load what one row prints, by day, the latest word of a day last."""
        return self.select_related("judge", "set_by", "ended_by").order_by("on", "id")


class DutyTurn(models.Model):
    """One judge on duty on one day; never changed, only ended, so that the roster of any past day stays known."""

    on = models.DateField(_("日期"))
    judge = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("值班法官"))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("排班人"))
    set_at = models.DateTimeField(_("排定时间"))
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("调整人"))
    ended_at = models.DateTimeField(_("调整时间"), null=True)
    end_reason = models.CharField(_("调整理由"), max_length=100, blank=True)

    objects = DutyTurnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on"], condition=Q(ended_at=None), name="one_judge_on_duty_a_day"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="duty_ends_with_a_reason",
            ),
        ]
        permissions = [("plan_duty", _("排值班法官"))]
