"""The only tables the portal's own database role may touch; no key leads from here into the house."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

TRIES_MAX = 5
LOCK = dt.timedelta(minutes=30)


class StatusPage(models.Model):
    """What the applicant of one case may see, already masked (domain handbook §13)."""

    case_id = models.BigIntegerField(unique=True)
    number_digest = models.CharField(max_length=64, db_index=True)
    code_hmac = models.CharField(max_length=64)
    payload = models.JSONField(_("内容"))
    event_seq = models.BigIntegerField(_("已反映到的记录序号"))
    projected_at = models.DateTimeField(_("更新时间"))


class DebtPage(models.Model):
    """What the QR on a debtor's papers opens: sums, days and the account to pay into; no name and no number of his."""

    case_id = models.BigIntegerField(unique=True)
    code_id = models.BigIntegerField()
    token_hmac = models.CharField(max_length=64, unique=True)
    version = models.PositiveSmallIntegerField(_("格式"))
    payload = models.JSONField(_("内容"))
    event_seq = models.BigIntegerField(_("已反映到的记录序号"))
    computed_on = models.DateField(_("计算日"), db_index=True)
    projected_at = models.DateTimeField(_("更新时间"))


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Questions about the tries for one case number."""

    def is_locked(self, number_digest: str, *, at: dt.datetime) -> bool:
        """Return whether five wrong tries fell within thirty minutes, the fifth less than thirty minutes ago.

        Tries made during a lock prolong nothing, a right one forgets the wrong ones before it.
        """
        latest = self.filter(number_digest=number_digest, was_locked=False, at__gt=at - 2 * LOCK).order_by("-at", "-id")
        tries = list(latest.values_list("at", "is_success")[:TRIES_MAX])
        if len(tries) < TRIES_MAX or any(is_success for _at, is_success in tries):
            return False
        return tries[0][0] - tries[-1][0] < LOCK and at - tries[0][0] < LOCK


class Attempt(models.Model):
    """One try to look a case up, in real time; number only as keyed digest."""

    number_digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("时间"))
    is_success = models.BooleanField(_("成功"))
    was_locked = models.BooleanField(_("锁定期间"), default=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["number_digest", "at"], name="attempt_number_at")]
