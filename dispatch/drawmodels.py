"""Chains of seeds, draws, assignments, requests to name or change somebody, and leave."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import Team, User
from cases.models import Case


class SeedChainQuerySet(models.QuerySet["SeedChain"]):
    """Questions about chains."""

    def usable(self, *, on: dt.date) -> Self:
        """Keep those published before that day which still have seeds, the oldest first."""
        return self.with_used().filter(from_on__lte=on, used__lt=F("length")).order_by("id")

    def with_used(self) -> Self:
        """Add how many seeds of each have been used."""
        return self.annotate(used=models.Count("draws"))


class SeedChain(models.Model):
    """A hash chain made by inspection: the tip is public, the seeds are its successive pre-images, used in order."""

    tip = models.CharField(_("链顶"), max_length=64, unique=True)
    length = models.PositiveIntegerField(_("种子数"))
    root = EncryptedField()
    published_at = models.DateTimeField(_("公布时间"))
    from_on = models.DateField(_("启用日"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("制作人"))

    objects = SeedChainQuerySet.as_manager()

    class Meta:
        permissions = [("make_chain", _("制作抽签种子链")), ("view_draws", _("查看抽签和分案均衡"))]


class DrawQuerySet(models.QuerySet["Draw"]):
    """Questions about draws."""

    def visible_to(self, user: User) -> Self:
        """Keep every draw for those who watch over assignment, else those of cases that the user sees."""
        if user.has_perm("dispatch.view_draws"):
            return self
        seen = Case.objects.visible_to(user)
        return self.filter(pk__in=Assignment.objects.filter(case__in=seen).values("draw_id"))

    def public(self) -> Self:
        """Keep those whose text names people by number alone: what anybody may have."""
        return self.exclude(inside="")

    def for_list(self) -> Self:
        """Load what one row prints, newest first."""
        return self.select_related("chain", "by").annotate(cases=models.Count("assignments")).order_by("-id")


class Draw(models.Model):
    """One call of the allocation: its inputs and their hash first, then the seed; kept by the database.

    `inputs` name people by number and are public; `inside` has the names and why somebody was left out. Both moments
    are the database's own clock.
    """

    class Mode(models.TextChoices):
        """How people are chosen among the eligible."""

        DRAW = "DRAW", _("随机抽签")
        LEAST = "LEAST", _("负荷最低者")

    mode = models.CharField(_("方式"), max_length=8, choices=Mode)
    inputs = models.TextField(_("输入"))
    inside = models.TextField(_("内部"), blank=True)
    commitment = models.CharField(_("承诺值"), max_length=64)
    chain = models.ForeignKey(SeedChain, models.PROTECT, null=True, related_name="draws", verbose_name=_("种子链"))
    number = models.PositiveIntegerField(_("种子序号"), default=0)
    seed = models.CharField(_("种子"), max_length=64, blank=True)
    committed_at = models.DateTimeField(_("承诺入库时间"), null=True)
    opened_at = models.DateTimeField(_("种子启用时间"), null=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))

    objects = DrawQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "number"], condition=Q(chain__isnull=False), name="seed_is_used_once"
            ),
            models.CheckConstraint(
                condition=Q(mode="DRAW", chain__isnull=False, number__gt=0)
                | Q(mode="LEAST", chain__isnull=True, number=0, seed=""),
                name="draw_names_its_seed",
            ),
        ]

    @property
    def is_recorded_later(self) -> bool:
        """Return whether the system's clock stood on another day than the database's, as in a book played again."""
        return self.committed_at is not None and abs(self.committed_at - self.at) > dt.timedelta(days=1)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about assignments."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def live(self) -> Self:
        """Keep those that stand."""
        return self.filter(ended_at__isnull=True)

    def for_page(self) -> Self:
        """Load what is printed of one."""
        return self.select_related(
            "case", "team", "judge", "starter", "draw", "draw__chain", "request", "request__requested_by", "assigned_by"
        )


class Assignment(models.Model):
    """Who got the case and by which draw; one stands per case, an earlier one says how it ended."""

    class Way(models.TextChoices):
        """How the judge was found."""

        DRAWN = "DRAWN", _("抽签")
        ONLY = "ONLY", _("唯一可抽，未抽签")
        LEAST = "LEAST", _("负荷最低")
        SERIES = "SERIES", _("系列案归并")
        NAMED = "NAMED", _("指定")

    class End(models.TextChoices):
        """Why it no longer stands."""

        TAKEN_BACK = "TAKEN_BACK", _("已收回")
        REASSIGNED = "REASSIGNED", _("已重新分案")

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="assignments", verbose_name=_("抽签"))
    request = models.ForeignKey(
        "dispatch.AssignmentRequest", models.PROTECT, null=True, related_name="assignments", verbose_name=_("申请")
    )
    way = models.CharField(_("方式"), max_length=8, choices=Way, default=Way.DRAWN)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("办理团队"))
    judge = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("承办法官"))
    starter = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("启动承办人"))
    weight = models.PositiveIntegerField(_("权重"), default=0)
    reason = models.CharField(_("分案理由"), max_length=300, blank=True)
    assigned_at = models.DateTimeField(_("分案时间"))
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("失效时间"), null=True, blank=True)
    end = models.CharField(_("失效原因"), max_length=12, choices=End, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(judge=F("assigned_by")) & ~Q(starter=F("assigned_by")),
                name="dispatcher_is_not_handler",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_assignment_stands"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="assignment_says_its_end",
            ),
            models.CheckConstraint(condition=~Q(way="NAMED") | Q(request__isnull=False), name="named_by_a_request"),
        ]
        permissions = [("assign_case", _("分案"))]


class AssignmentRequestQuerySet(models.QuerySet["AssignmentRequest"]):
    """Questions about requests."""

    def waiting(self) -> Self:
        """Keep those not decided."""
        return self.filter(state=AssignmentRequest.State.WAITING)

    def about(self, cases: Iterable[Case]) -> set[int]:
        """Return the ids of those of the cases that any of these requests is about; one query."""
        through = AssignmentRequest.cases.through.objects.filter(assignmentrequest__in=self)
        return set(through.filter(case__in=[case.pk for case in cases]).values_list("case_id", flat=True))

    def for_list(self) -> Self:
        """Load what one row prints, those that wait first, then the newest."""
        waits = models.Case(models.When(state="WAITING", then=0), default=1, output_field=models.IntegerField())
        people = ("judge", "requested_by", "decided_by")
        return (
            self.select_related(*people).prefetch_related("cases__judge").annotate(waits=waits).order_by("waits", "-id")
        )


class AssignmentRequest(models.Model):
    """What goes past the draw or repeats it: a reason, and another person who agrees."""

    class Kind(models.TextChoices):
        """What is asked for."""

        NAMED = "NAMED", _("指定承办法官")
        REDRAW = "REDRAW", _("重新抽签")
        TAKE_BACK = "TAKE_BACK", _("收回分案")

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "WAITING", _("待批准")
        APPROVED = "APPROVED", _("已批准")
        REFUSED = "REFUSED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    kind = models.CharField(_("事项"), max_length=10, choices=Kind)
    cases = models.ManyToManyField(Case, related_name="assignment_requests")
    judge = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("指定的法官")
    )
    reason = models.CharField(_("理由"), max_length=300)
    # Why the rest of the series stays behind; empty where nothing does.
    split_reason = models.CharField(_("拆分系列案的理由"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    requested_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人"))
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    note = models.CharField(_("意见"), max_length=300, blank=True)

    objects = AssignmentRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="assignment_request_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="NAMED", judge__isnull=False) | (~Q(kind="NAMED") & Q(judge=None)),
                name="a_named_assignment_names_somebody",
            ),
            models.CheckConstraint(
                condition=Q(judge=None) | (~Q(judge=F("requested_by"))), name="nobody_asks_for_himself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "REFUSED"])
                | (
                    Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("requested_by"))
                    & (Q(judge=None) | ~Q(decided_by=F("judge")))
                ),
                name="assignment_request_decided_by_another",
            ),
        ]
        permissions = [("approve_assignment", _("批准指定、重抽和收回"))]


class LeaveQuerySet(models.QuerySet["Leave"]):
    """Questions about leave."""

    def on(self, day: dt.date) -> Self:
        """Keep those that run that day."""
        return self.filter(from_on__lte=day, until_on__gte=day, ended_at__isnull=True)

    def for_list(self) -> Self:
        """Load what one row prints, the latest first."""
        return self.select_related("user", "user__team", "cover", "registered_by").order_by("-from_on", "-id")


class Leave(models.Model):
    """Days on which somebody is given no case, and who covers: the cover takes what his series would have brought."""

    user = models.ForeignKey(User, models.PROTECT, related_name="leaves", verbose_name=_("请假人"))
    cover = models.ForeignKey(User, models.PROTECT, related_name="covers", verbose_name=_("代理人"))
    from_on = models.DateField(_("自"))
    until_on = models.DateField(_("至"))
    reason = models.CharField(_("事由"), max_length=100)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    registered_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("提前结束"), null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="leave_runs_forward"),
            models.CheckConstraint(condition=~Q(user=F("cover")), name="leave_covered_by_another"),
        ]
        permissions = [("manage_leave", _("登记请假和代理"))]
