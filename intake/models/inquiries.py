"""The first-inquiry desk (首问岗): whoever receives a query answers for it until somebody else takes it over."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.models import User, Window
from cases.models import Case
from intake.models.tickets import Ticket


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Questions about what was asked and who answers for it."""

    def visible_to(self, user: User) -> Self:
        """Keep what the user owns, received or is offered, what was asked at his window; overseers see all."""
        if user.has_perm("intake.oversee_inquiries"):
            return self
        own = Q(owner=user) | Q(received_by=user) | Q(pk__in=Handing.objects.open().filter(to=user).values("inquiry"))
        if user.has_perm("intake.receive_inquiry") and user.window_id:
            own |= Q(window=user.window_id)
        return self.filter(own)

    def open(self) -> Self:
        """Keep those not answered."""
        return self.filter(answered_at=None)

    def overdue(self, *, today: dt.date) -> Self:
        """Keep those not answered by their last day."""
        return self.open().filter(due_on__lt=today)

    def for_list(self) -> Self:
        """Load what one row prints: what is open first, the nearest last day first, so that the overdue rise."""
        rows = self.select_related("window", "owner", "received_by", "case", "case__number_court")
        return rows.order_by(F("answered_at").asc(nulls_first=True), "due_on", "id")


class Inquiry(models.Model):
    """One thing asked at the front of house."""

    class Category(models.TextChoices):
        """What it is about."""

        PROGRESS = "PROGRESS", _("办理进度")
        MONEY = "MONEY", _("案款")
        PROPERTY = "PROPERTY", _("财产和查控")
        SANCTION = "SANCTION", _("限消、失信")
        FILING = "FILING", _("立案和材料")
        MEETING = "MEETING", _("约见承办人")
        PETITION = "PETITION", _("信访、投诉")
        OTHER = "OTHER", _("其他")

    window = models.ForeignKey(Window, models.PROTECT, related_name="+", verbose_name=_("窗口"))
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="inquiries", verbose_name=_("号码")
    )
    category = models.CharField(_("类别"), max_length=8, choices=Category)
    text = models.CharField(_("所问事项"), max_length=1000)
    asker = models.CharField(_("称呼"), max_length=20, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("案件"))
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("首问人"))
    received_at = models.DateTimeField(_("首问时间"))
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("责任人"))
    due_on = models.DateField(_("答复期限"))
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="inquiry_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by=F("owner")) & ~Q(answer="")),
                name="inquiry_answered_by_its_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(answered_at=None), name="inquiry_open"),
            models.Index(fields=["owner"], condition=Q(answered_at=None), name="inquiry_of_owner"),
        ]
        permissions = [
            ("receive_inquiry", _("首问登记")),
            ("answer_inquiry", _("答复首问")),
            ("oversee_inquiries", _("督办首问")),
        ]

    def __str__(self) -> str:
        return str(self.get_category_display())

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("intake:inquiry", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Return whether it waits for its answer."""
        return self.answered_at is None


class HandingQuerySet(models.QuerySet["Handing"]):
    """Questions about queries handed over."""

    def open(self) -> Self:
        """Keep those neither taken over nor returned."""
        return self.filter(ended_at=None)

    def for_page(self) -> Self:
        """Load what the page of an inquiry prints, the oldest first."""
        return self.select_related("by", "to").order_by("id")


class Handing(models.Model):
    """A query offered to a named person with a last day; the old owner answers for it until the new one takes it."""

    class Result(models.TextChoices):
        """What the named person said."""

        ACCEPTED = "ACCEPTED", _("已接收")
        RETURNED = "RETURNED", _("已退回")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="handings", verbose_name=_("首问"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("移交人"))
    to = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("接手人"))
    reason = models.CharField(_("移交理由"), max_length=200)
    until_on = models.DateField(_("答复期限"))
    at = models.DateTimeField(_("移交时间"))
    result = models.CharField(_("结果"), max_length=9, choices=Result, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("接收或退回时间"), null=True, blank=True)

    objects = HandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry"], condition=Q(ended_at=None), name="one_open_handing"),
            models.CheckConstraint(condition=~Q(by=F("to")), name="handed_to_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="handing_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None, result="", note="")
                | Q(ended_at__isnull=False, result__in=["ACCEPTED", "WITHDRAWN"])
                | (Q(ended_at__isnull=False, result="RETURNED") & ~Q(note="")),
                name="handing_returned_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["to"], condition=Q(ended_at=None), name="handing_waits_for")]
