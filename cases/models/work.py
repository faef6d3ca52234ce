"""Work that one team does for another on a case, without taking the case over."""

import datetime as dt
from typing import Any, Self, cast

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Team, User
from cases import departments
from cases.models.party import Party


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    """Questions about work orders."""

    def visible_to(self, user: User) -> Self:
        """Keep orders on cases that the user sees; the doing team sees the case while the order is open."""
        cases = cast(Any, apps.get_model("cases.Case"))  # the cases themselves ask this table, so no import
        return self.filter(case__in=cases.objects.visible_to(user))

    def open(self) -> Self:
        """Keep those not yet confirmed or withdrawn; a case with one of them cannot be closed."""
        return self.filter(state__in=WorkOrder.OPEN)

    def waiting(self) -> Self:
        """Keep those that a team has still to do: nobody took them, or somebody has not answered yet."""
        return self.filter(state__in=WorkOrder.WAITING)

    def onsite(self) -> Self:
        """Keep on-site items that wait for an answer."""
        return self.waiting().filter(kind=WorkOrder.Kind.ONSITE)

    def overdue(self, *, today: dt.date) -> Self:
        """Keep those still to be done whose day has passed."""
        return self.waiting().filter(due_on__lt=today)

    def to_confirm_by(self, user: User) -> Self:
        """Keep answered ones that wait for this user: he owns the case's stage, or asked and his side still has it."""
        side = Q(case__judge=user)
        if user.team_id:
            side |= Q(case__team=user.team_id)
        return self.filter(Q(case__owner=user) | Q(requested_by=user) & side, state=WorkOrder.State.DONE)

    def for_list(self) -> Self:
        """Load what one row of a list prints."""
        return self.select_related(
            "case", "from_team", "to_team", "requested_by", "taken_by", "done_by", "officer1", "officer2", "closed_by"
        ).select_related("party")


class WorkOrder(models.Model):
    """One thing asked of another team: requested, accepted, done, then confirmed, or returned to be done again."""

    class Kind(models.TextChoices):
        """What is asked for; days and doing teams stand in `cases/workkinds.py`."""

        QUERY = "QUERY", _("查询")
        DELIVERY = "DELIVERY", _("送达")
        ONSITE = "ONSITE", _("现场事项")
        VALUATION = "VALUATION", _("询价评估")
        DOCUMENT = "DOCUMENT", _("制作文书")
        OTHER = "OTHER", _("其他协作")

    class State(models.TextChoices):
        """Where the order stands."""

        REQUESTED = "REQUESTED", _("待接单")
        ACCEPTED = "ACCEPTED", _("办理中")
        DONE = "DONE", _("待确认")
        RETURNED = "RETURNED", _("退回重办")
        CONFIRMED = "CONFIRMED", _("已确认")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    class Result(models.TextChoices):
        """What the department answered on the spot (domain handbook §12)."""

        FOUND = "FOUND", _("有")
        NONE = "NONE", _("无")
        REFUSED = "REFUSED", _("拒绝")
        PAPERS = "PAPERS", _("需补材料")

    OPEN = (State.REQUESTED, State.ACCEPTED, State.DONE, State.RETURNED)
    WAITING = (State.REQUESTED, State.ACCEPTED, State.RETURNED)
    TO_TAKE = (State.REQUESTED, State.RETURNED)

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="work_orders", verbose_name=_("案件"))
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("涉及人"))
    from_team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("请求团队"))
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="work_orders", verbose_name=_("办理团队"))
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("请求人"))
    requested_at = models.DateTimeField(_("请求时间"))
    text = models.CharField(_("请求内容"), max_length=500)
    department = models.CharField(_("部门"), max_length=16, choices=departments.CHOICES, blank=True)
    district = models.CharField(_("区域"), max_length=12, choices=departments.DISTRICTS, blank=True)
    due_on = models.DateField(_("应办结日"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REQUESTED)
    taken_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    accepted_at = models.DateTimeField(_("接单时间"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=8, choices=Result, blank=True)
    result_text = models.CharField(_("结果说明"), max_length=1000, blank=True)
    officer1 = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("执行人员一")
    )
    officer2 = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("执行人员二")
    )
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    return_reason = models.CharField(_("退回理由"), max_length=300, blank=True)
    return_count = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    earlier = models.TextField(_("此前答复"), blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    closed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    withdraw_reason = models.CharField(_("撤回理由"), max_length=300, blank=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_team=F("to_team")), name="work_goes_to_another_team"),
            models.CheckConstraint(
                condition=(Q(kind="ONSITE") & ~Q(department="") & ~Q(district=""))
                | (~Q(kind="ONSITE") & Q(department="", district="", result="", officer1=None, officer2=None)),
                name="work_onsite_has_place",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["REQUESTED", "RETURNED", "WITHDRAWN"])
                | Q(taken_by__isnull=False, accepted_at__isnull=False),
                name="work_accepted_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DONE", "CONFIRMED"])
                | (Q(done_by__isnull=False, answered_at__isnull=False) & (~Q(result_text="") | ~Q(result=""))),
                name="work_done_with_answer",
            ),
            models.CheckConstraint(
                condition=~Q(kind="ONSITE", state__in=["DONE", "CONFIRMED"])
                | (~Q(result="") & Q(officer1__isnull=False, officer2__isnull=False)),
                name="work_onsite_by_two_officers",
            ),
            models.CheckConstraint(condition=~Q(officer1=F("officer2")), name="work_officers_differ"),
            models.CheckConstraint(
                condition=~Q(state="RETURNED") | (~Q(return_reason="") & Q(return_count__gt=0)),
                name="work_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["CONFIRMED", "WITHDRAWN"], closed_by__isnull=False, closed_at__isnull=False)
                | (~Q(state__in=["CONFIRMED", "WITHDRAWN"]) & Q(closed_by__isnull=True, closed_at__isnull=True)),
                name="work_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | ~Q(closed_by=F("done_by")), name="work_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="WITHDRAWN") | ~Q(withdraw_reason=""), name="work_withdrawn_with_reason"
            ),
        ]
        indexes = [
            # What a team has been asked to do: its list, its desk, and which cases it therefore sees.
            models.Index(
                fields=["to_team", "due_on"],
                include=["case"],
                condition=Q(state__in=["REQUESTED", "ACCEPTED", "DONE", "RETURNED"]),
                name="work_open_of_team",
            ),
            models.Index(
                fields=["case"],
                condition=Q(state__in=["REQUESTED", "ACCEPTED", "DONE", "RETURNED"]),
                name="work_open_of_case",
            ),
            models.Index(fields=["taken_by"], condition=Q(state="ACCEPTED"), name="work_taken_by"),
        ]
        permissions = [("request_work", _("请求协作、确认结果")), ("do_work", _("接单、办理协作"))]

    @property
    def is_open(self) -> bool:
        """Return whether it is neither confirmed nor withdrawn."""
        return self.state in WorkOrder.OPEN

    @property
    def is_waiting(self) -> bool:
        """Return whether it is still to be done."""
        return self.state in WorkOrder.WAITING

    @property
    def place(self) -> str:
        """Return department and district of an on-site item."""
        return f"{self.get_department_display()} · {self.get_district_display()}" if self.department else ""
