"""What was found when property was queried again after 终本."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User


class RequeryQuerySet(models.QuerySet["Requery"]):
    """Questions about queries after 终本."""

    def for_list(self) -> Self:
        """Load what one row prints, newest first."""
        return self.select_related("by").order_by("-made_on", "-id")


class Requery(models.Model):
    """One query after 终本 and how the applicant was told of it (法〔2016〕373号 9); append-only."""

    class Result(models.TextChoices):
        """What it showed."""

        NOT_FOUND = "NOT_FOUND", _("未发现可供执行的财产")
        FOUND = "FOUND", _("发现可供执行的财产")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="requeries")
    made_on = models.DateField(_("查询日"))
    result = models.CharField(_("查询结果"), max_length=10, choices=Result)
    text = models.CharField(_("结果说明"), max_length=500, blank=True)
    told = models.CharField(_("告知申请执行人的方式和时间"), max_length=200)
    at = models.DateTimeField(_("登记时间"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))

    objects = RequeryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(told=""), name="requery_tells_the_applicant"),
            models.CheckConstraint(condition=~Q(result="FOUND") | ~Q(text=""), name="requery_says_what_it_found"),
        ]
        indexes = [models.Index(fields=["case", "-made_on"], name="requery_of_case")]
        permissions = [("record_requeries", _("登记终本后查询"))]
