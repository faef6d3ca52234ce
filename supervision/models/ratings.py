"""What applicants think of each stage; and the permission to see the bureau's figures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import Team
from cases.models import Case, Party


class Indicator(models.Model):
    """Carries the permission only; figures are computed, never stored."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_indicators", _("查看指标"))]


class StageRating(models.Model):
    """One applicant's mark for one stage of his case, and of the team that had it; append-only by a trigger."""

    class Stage(models.TextChoices):
        """Which part of the way."""

        FILED = "FILED", _("立案接待")
        STARTING = "STARTING", _("启动和通知")
        STREAM = "STREAM", _("执行实施")
        MONEY = "MONEY", _("案款发放")

    case = models.ForeignKey(Case, models.PROTECT, related_name="stage_ratings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    stage = models.CharField(_("阶段"), max_length=10, choices=Stage)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("团队"))
    score = models.PositiveSmallIntegerField(_("评分"))
    text = EncryptedField(_("说明"), blank=True, default="")
    rated_at = models.DateTimeField(_("评价时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_one_to_five"),
            models.UniqueConstraint(fields=["party", "stage"], name="a_stage_is_rated_once"),
        ]
