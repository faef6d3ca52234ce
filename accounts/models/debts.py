"""The code behind the QR on a debtor's papers: it opens the exact sum due on the day it is scanned."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User
from cases.models import Case


class DebtCodeQuerySet(models.QuerySet["DebtCode"]):
    """Questions about codes."""

    def live(self) -> Self:
        """Keep those that open something."""
        return self.filter(revoked_at__isnull=True)


class DebtCode(models.Model):
    """One unguessable code of one case, printed on its papers; revoked, the papers that bear it open nothing more."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="debt_codes")
    token = EncryptedField()
    token_hmac = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("生成时间"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoke_note = models.CharField(_("作废原因"), max_length=200, blank=True)

    objects = DebtCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(revoked_at__isnull=True), name="one_live_debt_code_per_case"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_note="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_note="")),
                name="debt_code_revoked_with_reason",
            ),
        ]
        permissions = [("revoke_debt_code", _("作废应付金额二维码"))]
