"""Where a filing came from: a signed first reception, or a stated reason why there is none."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models import Case
from intake.models.receptions import Reception


class FilingSource(models.Model):
    """One row per case, written in the act that files it and never changed."""

    class Reason(models.TextChoices):
        """Why nobody was received."""

        ONLINE = "ONLINE", _("网上立案")
        POST = "POST", _("邮寄立案")
        TRANSFER = "TRANSFER", _("移送执行")
        IMPORT = "IMPORT", _("批量导入")
        REVIVAL = "REVIVAL", _("恢复执行，见原案")

    # What a person may choose; a revival says it of itself, and so did an import before it was asked for its reason.
    CHOSEN = (Reason.ONLINE, Reason.POST, Reason.TRANSFER)

    case = models.OneToOneField(Case, models.PROTECT, related_name="filing_source")
    reception = models.OneToOneField(
        Reception, models.PROTECT, null=True, blank=True, related_name="filing_source", verbose_name=_("初次接待笔录")
    )
    reason = models.CharField(_("无笔录的原因"), max_length=8, choices=Reason, blank=True)
    words = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reception__isnull=False, reason="", words="")
                | (Q(reception__isnull=True) & ~Q(reason="") & ~Q(words="")),
                name="filing_has_a_record_or_a_reason",
            )
        ]
