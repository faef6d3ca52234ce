"""Look-up codes handed out with the receipt; the code itself is shown once and kept only as a keyed hash."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User, Window
from cases.models import Case

LOCK = dt.timedelta(minutes=30)
# Wrong tries within the half hour: for one case number at all windows, and by one clerk whatever the number.
NUMBER_TRIES_MAX, CLERK_TRIES_MAX = 5, 10


class ReissueTryQuerySet(models.QuerySet["ReissueTry"]):
    """Questions about the tries."""

    def is_locked(self, number_digest: str, clerk: User, *, at: dt.datetime) -> bool:
        """Return whether too many wrong tries lie within the last half hour; those made during a lock do not count."""
        wrong = self.filter(at__gt=at - LOCK, is_success=False, was_locked=False)
        of_number = wrong.filter(number_digest=number_digest).count()
        return of_number >= NUMBER_TRIES_MAX or wrong.filter(clerk=clerk).count() >= CLERK_TRIES_MAX


class ReissueTry(models.Model):
    """One try to have a lost receipt made again; case and identity number only as keyed digests. Never changed."""

    window = models.ForeignKey(Window, models.PROTECT, related_name="+", verbose_name=_("窗口"))
    clerk = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name=_("案件"))
    number_digest = models.CharField(max_length=64)
    id_digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("时间"))
    is_success = models.BooleanField(_("成功"))
    was_locked = models.BooleanField(_("锁定期间"))

    objects = ReissueTryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_success=False) | Q(case__isnull=False, was_locked=False), name="reissued_for_a_case"
            )
        ]
        indexes = [
            models.Index(fields=["number_digest", "at"], name="reissue_try_of_number"),
            models.Index(fields=["clerk", "at"], name="reissue_try_of_clerk"),
        ]


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
