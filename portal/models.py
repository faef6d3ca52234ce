"""The tables of the public process, and the outbox inside; no key leads from here into the house.

What the portal's own database role may do with each stands in `bureau/grants.py`.
"""

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField

TRIES_MAX = 5
LOCK = dt.timedelta(minutes=30)
LINK_DAYS = 7
LINKS_MAX = 5


class StatusPage(models.Model):
    """What the applicant of one case may see, already masked (domain handbook §13)."""

    case_id = models.BigIntegerField(unique=True)
    number_digest = models.CharField(max_length=64, db_index=True)
    code_hmac = models.CharField(max_length=64)
    payload = models.JSONField(_("内容"))
    # Of the content: the same content looks the same.
    digest = models.CharField(max_length=32, blank=True)
    event_seq = models.BigIntegerField(_("已反映到的记录序号"))
    projected_at = models.DateTimeField(_("更新时间"))


class Person(models.Model):
    """Who may answer the identity question of a case: an applicant, or an agent while his authority lasts."""

    case_id = models.BigIntegerField()
    # "party:12" or "agent:5"; the public process hands it back with what this person says.
    who = models.CharField(max_length=32)
    answer_hmac = models.CharField(max_length=64)
    from_on = models.DateField(_("自"), null=True, blank=True)
    until_on = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "who"], name="person_once_per_case")]
        indexes = [models.Index(fields=["case_id", "answer_hmac"], name="person_answer")]


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


class ReleasedCopy(models.Model):
    """A paper that has been served on this applicant: its print, so that no way leads into the house's files."""

    case_id = models.BigIntegerField()
    document_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    title = models.CharField(_("名称"), max_length=80)
    number = models.CharField(_("文号"), max_length=80)
    served_on = models.DateField(_("送达日"))
    content = models.BinaryField(_("副本"))
    byte_count = models.PositiveIntegerField(_("大小"))
    released_at = models.DateTimeField(_("放出时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document_id", "party_id"], name="one_copy_per_addressee")]
        indexes = [models.Index(fields=["case_id", "party_id"], name="copy_of_party")]


class PhoneCode(models.Model):
    """The six digits sent to a registered phone, as a keyed hash; good once, for ten minutes."""

    number_digest = models.CharField(max_length=64)
    code_hmac = models.CharField(max_length=64)
    page_id = models.BigIntegerField()
    who = models.CharField(max_length=32)
    sent_at = models.DateTimeField(_("发送时间"))
    expires_at = models.DateTimeField(_("失效时间"))

    class Meta:
        indexes = [models.Index(fields=["number_digest", "expires_at"], name="phone_code_of_number")]


class ViewLinkQuerySet(models.QuerySet["ViewLink"]):
    """Questions about links for relatives."""

    def live(self, *, at: dt.datetime) -> Self:
        """Keep those that open something."""
        return self.filter(revoked_at__isnull=True, until_at__gt=at)


class ViewLink(models.Model):
    """What a relative opens for seven days: the page alone, no papers and no acts; the applicant revokes it."""

    page_id = models.BigIntegerField()
    code_hmac = models.CharField(max_length=64)  # a re-issued code closes the links made under the old one
    token_hmac = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=32)
    made_at = models.DateTimeField(_("生成时间"))
    until_at = models.DateTimeField(_("有效至"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = ViewLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["page_id", "made_by"], name="view_link_of_page")]


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Questions about the tries for one case number."""

    def is_locked(self, number_digest: str, *, at: dt.datetime) -> bool:
        """Return whether five wrong tries fell within thirty minutes, the fifth less than thirty minutes ago.

        Tries made during a lock prolong nothing, a right one forgets the wrong ones before it.
        """
        latest = self.filter(
            number_digest=number_digest, way__in=Attempt.TRIES, was_locked=False, at__gt=at - 2 * LOCK
        ).order_by("-at", "-id")
        tries = list(latest.values_list("at", "is_success")[:TRIES_MAX])
        if len(tries) < TRIES_MAX or any(is_success for _at, is_success in tries):
            return False
        return tries[0][0] - tries[-1][0] < LOCK and at - tries[0][0] < LOCK


class Attempt(models.Model):
    """One try to look a case up, in real time; number only as keyed digest. Never changed, never removed."""

    class Way(models.TextChoices):
        """By what."""

        CODE = "CODE", _("查询码")
        PHONE = "PHONE", _("短信验证码")
        ASK = "ASK", _("索取短信验证码")
        LINK = "LINK", _("亲属链接")
        PAPER = "PAPER", _("核验文书")

    TRIES = (Way.CODE, Way.PHONE, Way.PAPER)

    number_digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("时间"))
    way = models.CharField(_("方式"), max_length=5, choices=Way, default=Way.CODE)
    is_success = models.BooleanField(_("成功"))
    was_locked = models.BooleanField(_("锁定期间"), default=False)
    # The phone code that this try used up.
    used = models.CharField(max_length=64, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["number_digest", "at"], name="attempt_number_at")]


class Submission(models.Model):
    """What somebody said on the public pages: dropped here by the portal, which cannot read it back.

    A task inside hands it to the room that owns it and empties it. The key is made here, not by the database, because
    a returned key would need the right to read.
    """

    class Kind(models.TextChoices):
        """What it is."""

        PHONE_CODE = "PHONE_CODE", _("索取短信验证码")
        CLUE = "CLUE", _("财产线索")
        PAYEE = "PAYEE", _("收款账户")
        VISIT = "VISIT", _("预约")
        COMPLAINT = "COMPLAINT", _("意见投诉")
        RATING = "RATING", _("评价")
        LINK = "LINK", _("亲属链接")
        REVOKE = "REVOKE", _("撤销亲属链接")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "WAITING", _("待转交")
        TAKEN = "TAKEN", _("已转交")
        REFUSED = "REFUSED", _("未受理")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    page_id = models.BigIntegerField(null=True, blank=True)  # none yet for a phone code
    who = models.CharField(max_length=32, blank=True)
    receipt = models.CharField(_("回执号"), max_length=16, unique=True)
    body = models.JSONField(_("内容"))
    said_at = models.DateTimeField(_("提交时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    taken_at = models.DateTimeField(_("转交时间"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="WAITING", taken_at__isnull=True) | ~Q(state="WAITING") & Q(taken_at__isnull=False),
                name="submission_taken_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["said_at"], condition=Q(state="WAITING"), name="submission_waiting")]


class SmsQuerySet(models.QuerySet["Sms"]):
    """Questions about the outbox."""

    def waiting(self) -> Self:
        """Keep those still to be sent, oldest first."""
        return self.filter(state=Sms.State.WAITING).order_by("id")


class Sms(models.Model):
    """One text message on its way out (domain handbook §13.4); text and receiver never change, only its state."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "WAITING", _("待发送")
        SENT = "SENT", _("已发送")
        FAILED = "FAILED", _("发送失败")
        LAPSED = "LAPSED", _("过期未发")

    case_id = models.BigIntegerField(null=True, blank=True)
    case_number = models.CharField(_("案号"), max_length=80, blank=True)
    point = models.CharField(_("短信节点"), max_length=32)
    # What made it, so that the same thing is never said twice to the same phone.
    cause = models.CharField(max_length=64)
    phone = EncryptedField(_("手机号"))
    phone_digest = models.CharField(max_length=64)
    phone_last4 = models.CharField(_("手机尾号"), max_length=4)
    text = EncryptedField(_("内容"))
    made_at = models.DateTimeField(_("生成时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("发送次数"), default=0)
    serial = models.CharField(_("短信平台流水号"), max_length=64, blank=True)
    fault = models.CharField(_("失败原因"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("发出或终止时间"), null=True, blank=True)

    objects = SmsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "phone_digest"], name="said_once_to_a_phone"),
            models.CheckConstraint(
                condition=Q(state="WAITING", ended_at__isnull=True) | ~Q(state="WAITING") & Q(ended_at__isnull=False),
                name="sms_ended_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="WAITING"), name="sms_waiting")]
        permissions = [("view_sms_log", _("查看短信记录")), ("print_status", _("打印进度告知单"))]


# What is published of every draw: views of the database, read here alone (decision 0036) ------------------------------


class PublicChain(models.Model):
    """A chain of seeds: its tip, since when it was public, and how many seeds are used."""

    id = models.BigIntegerField(primary_key=True)
    tip = models.CharField(max_length=64)
    length = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    from_on = models.DateField()
    used = models.PositiveIntegerField()

    class Meta:
        managed = False
        db_table = "portal_publicchain"


class PublicDraw(models.Model):
    """A draw: what was committed to and when, then the seed and when; people are numbers."""

    id = models.BigIntegerField(primary_key=True)
    mode = models.CharField(max_length=8)
    at = models.DateTimeField()
    inputs = models.TextField()
    commitment = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    number = models.PositiveIntegerField()
    seed = models.CharField(max_length=64)
    opened_at = models.DateTimeField(null=True)
    tip = models.CharField(max_length=64)
    tip_published_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "portal_publicdraw"


class PublicPlacing(models.Model):
    """Who got a case by a draw, by number."""

    id = models.BigIntegerField(primary_key=True)
    draw_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    judge_id = models.BigIntegerField()
    starter_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "portal_publicplacing"
