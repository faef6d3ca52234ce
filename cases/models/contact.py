"""What was said about a case: contacts with promises, notes; and the time a case may rest."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models.case import Case
from cases.models.party import Party


class ContactQuerySet(models.QuerySet["Contact"]):
    """Questions about the contact log."""

    def visible_to(self, user: User) -> Self:
        """Keep contacts of cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def promised_by(self, day: dt.date) -> Self:
        """Keep those whose promise fell due by that day and is neither kept nor broken; on open cases."""
        return self.filter(case__closed_on__isnull=True, promise=Contact.Promise.OPEN, promised_on__lte=day)

    def for_list(self) -> Self:
        """Load what one row prints, newest first."""
        return self.select_related("party", "by", "settled_by").order_by("-at", "-id")


class Contact(models.Model):
    """One call, visit, 约谈 or message on a case; what was promised becomes a day to look at."""

    class Kind(models.TextChoices):
        """How."""

        CALL = "CALL", _("电话")
        VISIT = "VISIT", _("来访")
        TALK = "TALK", _("约谈")
        MESSAGE = "MESSAGE", _("短信、留言")

    class Promise(models.TextChoices):
        """What became of the promise."""

        OPEN = "OPEN", _("待兑现")
        KEPT = "KEPT", _("已兑现")
        BROKEN = "BROKEN", _("未兑现")

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts", verbose_name=_("案件"))
    kind = models.CharField(_("方式"), max_length=8, choices=Kind)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("当事人"))
    with_name = models.CharField(_("其他人"), max_length=60, blank=True)
    text = models.CharField(_("说了什么"), max_length=1000)
    promised = models.CharField(_("承诺内容"), max_length=300, blank=True)
    promised_on = models.DateField(_("承诺日"), null=True, blank=True)
    promise = models.CharField(_("承诺"), max_length=8, choices=Promise, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))
    at = models.DateTimeField(_("时间"))

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(party__isnull=False) & Q(with_name="")) | (Q(party__isnull=True) & ~Q(with_name="")),
                name="contact_with_party_or_other",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="contact_says_something"),
            models.CheckConstraint(
                condition=Q(promise="", promised="", promised_on__isnull=True)
                | (~Q(promise="") & ~Q(promised="") & Q(promised_on__isnull=False)),
                name="contact_promise_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(promise__in=["KEPT", "BROKEN"], settled_by__isnull=False, settled_at__isnull=False)
                | (~Q(promise__in=["KEPT", "BROKEN"]) & Q(settled_by__isnull=True, settled_at__isnull=True)),
                name="contact_promise_settled_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-at"], name="contact_of_case"),
            models.Index(fields=["promised_on"], condition=Q(promise="OPEN"), name="contact_open_promise"),
        ]
        permissions = [("log_contact", _("登记联系记录"))]

    @property
    def whom(self) -> str:
        """Return the name of the other side."""
        return self.party.name if self.party else self.with_name


class Note(models.Model):
    """One remark on a case; append-only by a database trigger."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes", verbose_name=_("案件"))
    text = models.CharField(_("备注"), max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]
        indexes = [models.Index(fields=["case", "-at"], name="note_of_case")]


class HoldQuerySet(models.QuerySet["Hold"]):
    """Questions about cases put aside."""

    def visible_to(self, user: User) -> Self:
        """Keep holds of cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def of(self, user: User) -> Self:
        """Keep holds of cases that the user works on or decides."""
        return self.filter(Q(case__owner=user) | Q(case__judge=user))

    def for_list(self) -> Self:
        """Load what one row of the list prints, the nearest end first."""
        rows = self.select_related("case", "case__owner", "case__judge", "case__team", "by", "ended_by")
        return rows.order_by("until_on", "id")

    def running(self, *, on: dt.date) -> Self:
        """Keep those that count as the case's next step that day: not ended, and their time not over."""
        return self.filter(ended_at__isnull=True, until_on__gte=on)

    def over(self, *, on: dt.date) -> Self:
        """Keep those whose last day has come and that nobody has ended; on open cases."""
        return self.filter(ended_at__isnull=True, until_on__lte=on, case__closed_on__isnull=True)


class Hold(models.Model):
    """A case put aside for a reason until a day; the closing limit runs on. Ended by a person, early with a reason."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="holds", verbose_name=_("案件"))
    reason = models.CharField(_("搁置理由"), max_length=200)
    from_on = models.DateField(_("自"))
    until_on = models.DateField(_("至"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)
    ended_on = models.DateField(_("恢复日"), null=True, blank=True)
    end_reason = models.CharField(_("恢复说明"), max_length=200, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="hold_runs_forward"),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="one_running_hold"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_on__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_on__isnull=False),
                name="hold_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("until_on")) | ~Q(end_reason=""),
                name="hold_ended_early_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["until_on"], condition=Q(ended_at__isnull=True), name="hold_running")]
        permissions = [("hold_case", _("搁置案件"))]
