"""What a party told or asked through the public pages, and the answer that must follow by a day."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User
from bureau.roles import has_role, scopes_of
from bureau.scopes import Scope
from cases.models.agent import Agent
from cases.models.case import Case
from cases.models.party import Party


def answers_for_nobody(user: User) -> bool:
    """Return whether the user answers on cases that no team has yet: the command centre, which sees all of them."""
    return user.has_perm("cases.answer_ask") and Scope.ALL in scopes_of(user)


class PartyAskQuerySet(models.QuerySet["PartyAsk"]):
    """Questions about what parties said."""

    def visible_to(self, user: User) -> Self:
        """Keep those of visible cases; complaints for whoever answers complaints alone, never for the case's team."""
        seen = Q(pk__in=[])
        if user.has_perm("cases.answer_ask") or user.has_perm("cases.view_stage_board"):
            seen |= Q(case__in=Case.objects.visible_to(user)) & ~Q(kind=PartyAsk.Kind.COMPLAINT)
        if user.has_perm("cases.answer_complaint"):
            seen |= Q(kind=PartyAsk.Kind.COMPLAINT)
        return self.filter(seen)

    def waiting(self) -> Self:
        """Keep those without an answer."""
        return self.filter(answered_at__isnull=True)

    def waiting_for(self, user: User) -> Self:
        """Keep those that this user is to answer: of cases he works on or decides, and complaints.

        What nobody has yet is the command centre's.
        """
        mine = Q(case__owner=user) | Q(case__judge=user)
        if answers_for_nobody(user):
            mine |= Q(case__owner__isnull=True, case__judge__isnull=True)
        return self.visible_to(user).waiting().filter(mine | Q(kind=PartyAsk.Kind.COMPLAINT))

    def late_for(self, user: User, *, today: dt.date) -> Self:
        """Keep those of the case teams that have gone without an answer past their day, for the chief."""
        if not has_role(user, "CHIEF"):
            return self.none()
        return self.visible_to(user).waiting().filter(due_on__lt=today).exclude(kind=PartyAsk.Kind.COMPLAINT)

    def for_list(self) -> Self:
        """Load what one row prints, the nearest day first."""
        return self.select_related("case", "party", "agent", "answered_by").order_by("due_on", "id")


class PartyAsk(models.Model):
    """One clue, wish for a visit or complaint of an applicant, under the receipt number he was given."""

    class Kind(models.TextChoices):
        """What it is."""

        CLUE = "CLUE", _("财产线索")
        VISIT = "VISIT", _("预约来访")
        COMPLAINT = "COMPLAINT", _("意见投诉")

    class Topic(models.TextChoices):
        """What a complaint is about (domain handbook §10.4)."""

        SLOW = "SLOW", _("执行不力、拖延")
        CONDUCT = "CONDUCT", _("执行行为违法、作风问题")
        MONEY = "MONEY", _("案款")
        NO_MEANS = "NO_MEANS", _("被执行人无财产可供执行")
        OTHER = "OTHER", _("与执行无关的其他事项")

    class Half(models.TextChoices):
        """Which half of the day."""

        MORNING = "MORNING", _("上午")
        AFTERNOON = "AFTERNOON", _("下午")

    class Result(models.TextChoices):
        """What came of it."""

        VERIFIED = "VERIFIED", _("线索属实，已依法处理")
        NOT_FOUND = "NOT_FOUND", _("已核实，未查到该财产")
        UNCLEAR = "UNCLEAR", _("线索不具体，无法核实，请补充")
        FIXED = "FIXED", _("同意预约")
        OTHER_DAY = "OTHER_DAY", _("另约时间")
        NO_VISIT = "NO_VISIT", _("不需来访，已在答复中说明")
        UPHELD = "UPHELD", _("反映属实，已督促改正")
        EXPLAINED = "EXPLAINED", _("已核实并说明")
        PASSED_ON = "PASSED_ON", _("已转有权处理的部门")

    RESULTS = {
        Kind.CLUE: (Result.VERIFIED, Result.NOT_FOUND, Result.UNCLEAR),
        Kind.VISIT: (Result.FIXED, Result.OTHER_DAY, Result.NO_VISIT),
        Kind.COMPLAINT: (Result.UPHELD, Result.EXPLAINED, Result.PASSED_ON),
    }
    READ_BY = ("cases.answer_ask", "cases.answer_complaint", "cases.view_stage_board")
    MEETING = (Result.FIXED, Result.OTHER_DAY)

    case = models.ForeignKey(Case, models.PROTECT, related_name="party_asks", verbose_name=_("案件"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("当事人"))
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代为提出的代理人")
    )
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    receipt = models.CharField(_("回执号"), max_length=16, unique=True)
    topic = models.CharField(_("反映的问题"), max_length=10, choices=Topic, blank=True)
    text = EncryptedField(_("内容"))
    wanted_on = models.DateField(_("希望的日期"), null=True, blank=True)
    wanted_half = models.CharField(_("上午或下午"), max_length=10, choices=Half, blank=True)
    asked_at = models.DateTimeField(_("提出时间"))
    due_on = models.DateField(_("应答复日"))
    result = models.CharField(_("结果"), max_length=10, choices=Result, blank=True)
    answer = EncryptedField(_("答复"), blank=True, default="")
    meeting_on = models.DateField(_("约定日期"), null=True, blank=True)
    meeting_half = models.CharField(_("约定上午或下午"), max_length=10, choices=Half, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = PartyAskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(result="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="ask_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(kind="COMPLAINT") & ~Q(topic="") | ~Q(kind="COMPLAINT") & Q(topic=""),
                name="complaint_has_a_topic",
            ),
            models.CheckConstraint(
                condition=Q(kind="VISIT", wanted_on__isnull=False) & ~Q(wanted_half="")
                | ~Q(kind="VISIT") & Q(wanted_on__isnull=True, wanted_half=""),
                name="visit_wants_a_day",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["FIXED", "OTHER_DAY"], meeting_on__isnull=False) & ~Q(meeting_half="")
                | ~Q(result__in=["FIXED", "OTHER_DAY"]) & Q(meeting_on__isnull=True, meeting_half=""),
                name="meeting_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(answered_at__isnull=True), name="ask_waiting"),
            models.Index(fields=["case", "asked_at"], name="ask_of_case"),
        ]
        permissions = [("answer_ask", _("答复当事人线索、预约")), ("answer_complaint", _("答复意见投诉"))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.receipt}"

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("cases:ask", args=[self.pk])

    @property
    def results(self) -> list[tuple[str, str]]:
        """Return what may come of it, with words."""
        return [(code.value, str(code.label)) for code in self.RESULTS[PartyAsk.Kind(self.kind)]]

    def is_late(self, *, today: dt.date) -> bool:
        """Return whether its day has passed without an answer."""
        return self.answered_at is None and self.due_on < today
