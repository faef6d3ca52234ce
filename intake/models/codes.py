"""Look-up codes handed out with the receipt; the code itself is shown once and kept only as a keyed hash."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models import Case


class LookupCode(models.Model):
    """One code per case at a time; a lost one is revoked and issued again."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="lookup_codes")
    code_hmac = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(_("发码时间"))
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(revoked_at__isnull=True), name="one_live_code_per_case"
            )
        ]
        permissions = [
            ("file_case", _("登记立案")),
            ("revive_case", _("恢复执行立案")),
            ("reissue_code", _("补发查询码")),
        ]
