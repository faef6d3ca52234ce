"""Courts, windows, teams, staff, deputies, holidays, the event record and long jobs."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bureau.calendar import WorkCalendar


class Court(models.Model):
    """A court whose code may stand in a case number (法〔2015〕137号)."""

    class Level(models.TextChoices):
        """Level of the court."""

        INTERMEDIATE = "INTERMEDIATE", _("中级法院")
        BASIC = "BASIC", _("基层法院")

    class NumberMode(models.TextChoices):
        """Where this court's case numbers come from."""

        ISSUED = "ISSUED", _("本系统编号")
        ENTERED = "ENTERED", _("全国系统编号后录入")

    code = models.CharField(_("法院代字"), max_length=8, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    short_name = models.CharField(_("简称"), max_length=12)
    level = models.CharField(_("层级"), max_length=16, choices=Level)
    number_mode = models.CharField(_("编号方式"), max_length=8, choices=NumberMode, default=NumberMode.ISSUED)

    class Meta:
        permissions = [("manage_courts", _("设置编号方式"))]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """One of the five filing windows; the bureau's own belongs to no court."""

    code = models.CharField(_("窗口代码"), max_length=8, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    court = models.ForeignKey(Court, models.PROTECT, null=True, blank=True, related_name="windows")
    is_active = models.BooleanField(_("启用"), default=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A unit of the bureau that holds cases, money or oversight; or a court's own staff, who work on its old book."""

    class Kind(models.TextChoices):
        """What the unit does."""

        COMMAND = "COMMAND", _("执行指挥中心")
        AFFAIRS = "AFFAIRS", _("事务团队")
        FAST = "FAST", _("速执团队")
        ORDINARY = "ORDINARY", _("普执团队")
        DISPOSAL = "DISPOSAL", _("财产处置团队")
        FIELD = "FIELD", _("现场查控团队")
        FINANCE = "FINANCE", _("案款管理")
        INSPECTION = "INSPECTION", _("审判管理与督察")
        LEADERSHIP = "LEADERSHIP", _("院局领导")
        SYSTEM = "SYSTEM", _("系统管理")
        COURT = "COURT", _("原法院执行局（旧存）")

    code = models.CharField(_("团队代码"), max_length=16, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    court = models.OneToOneField(
        Court, models.PROTECT, null=True, blank=True, related_name="old_book_team", verbose_name=_("旧存案件法院")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="COURT", court__isnull=False) | (~Q(kind="COURT") & Q(court=None)),
                name="team_of_a_court_names_it",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(DjangoUserManager):  # type: ignore[type-arg]
    """Creates staff; the default manager hides nobody."""

    def system(self) -> "User":
        """Return the actor of periodic tasks, created on first use; it can never log in."""
        user: User
        user, _created = self.get_or_create(
            username="system", defaults={"name": "系统", "is_active": False, "is_demo": False, "password": "!"}
        )
        return user


class User(AbstractUser):
    """A member of staff; may do only what the roles (groups) given to him allow."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=100)
    post = models.CharField(_("职务"), max_length=40, blank=True)
    court = models.ForeignKey(Court, models.PROTECT, null=True, blank=True, related_name="staff")
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="staff")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="staff")
    is_demo = models.BooleanField(_("演示数据"), default=False)

    REQUIRED_FIELDS = ["name"]
    objects = UserManager()  # type: ignore[misc]

    class Meta:
        permissions = [("unlock_user", _("解除登录锁定"))]

    def __str__(self) -> str:
        return self.name


class Deputy(models.Model):
    """Authority of one person to sign in place of another, for a period and by a document."""

    class Act(models.TextChoices):
        """What the deputy may do instead."""

        APPROVE_PAYOUT = "APPROVE_PAYOUT", _("审批案款发放")

    principal = models.ForeignKey(User, models.PROTECT, related_name="deputies", verbose_name=_("授权人"))
    deputy = models.ForeignKey(User, models.PROTECT, related_name="deputy_for", verbose_name=_("被授权人"))
    act = models.CharField(_("授权事项"), max_length=24, choices=Act)
    from_on = models.DateField(_("起始日"))
    until_on = models.DateField(_("截止日"))
    document = models.CharField(_("授权文件"), max_length=200)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    granted_at = models.DateTimeField(_("登记时间"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(principal=F("deputy")), name="deputy_is_another_person"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="deputy_period_runs_forward"),
        ]
        permissions = [("manage_deputies", _("登记授权代签"))]


class HolidayQuerySet(models.QuerySet["Holiday"]):
    """Questions about the calendar."""

    def calendar(self) -> WorkCalendar:
        """Return the working calendar as of now: the library's days under these rows; one small query."""
        return WorkCalendar(dict(self.values_list("on", "kind")))


class Holiday(models.Model):
    """A day that the yearly State Council notice makes different from its weekday; overrides the library."""

    class Kind(models.TextChoices):
        """What the day is."""

        PUBLIC = "PUBLIC", _("法定节假日")
        SWAP_REST = "SWAP_REST", _("调休休息日")
        MAKE_UP_WORK = "MAKE_UP_WORK", _("调休上班日")

    on = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind)
    name = models.CharField(_("名称"), max_length=40)
    source = models.CharField(_("依据"), max_length=100)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        permissions = [("manage_calendar", _("维护工作日历"))]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class Chain(models.Model):
    """Head of one event chain, kept by the database; the row lock that puts its events in order."""

    name = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    touched_at = models.DateTimeField(db_index=True)


class EventQuerySet(models.QuerySet["Event"]):
    """Questions put to the record."""

    def of_chain(self, chain: str) -> Self:
        """Keep one chain, oldest first."""
        return self.filter(chain=chain).order_by("seq")

    def for_timeline(self) -> Self:
        """Load what one line of a timeline prints, newest first."""
        return self.select_related("actor").order_by("-seq")


class Event(models.Model):
    """One thing done, append-only and hash-chained by a database trigger (see migration 0002).

    The database fills seq, recorded_at, details_hash, previous and hash:
    hash = sha256(previous ‖ header ‖ sha256(details)).
    """

    chain = models.CharField(_("链"), max_length=40)
    seq = models.BigIntegerField(_("序号"), db_default=0)
    room = models.CharField(_("模块"), max_length=16)
    verb = models.CharField(_("行为"), max_length=40)
    subject = models.CharField(_("对象"), max_length=60)
    case_number = models.CharField(_("案号"), max_length=60, blank=True)
    at = models.DateTimeField(_("时间"))
    recorded_at = models.DateTimeField(_("入库时间"), db_default=Now())
    actor = models.ForeignKey(User, models.PROTECT, related_name="events", verbose_name=_("经办人"))
    details = models.TextField(_("详情"))
    details_hash = models.BinaryField(max_length=32, db_default=b"")
    previous = models.BinaryField(max_length=32, db_default=b"")
    hash = models.BinaryField(max_length=32, db_default=b"")

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="event_seq_unique_in_chain")]
        indexes = [models.Index(fields=["at"], name="event_at")]
        permissions = [("view_audit", _("查看全部操作记录"))]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.verb}"


class JobQuerySet(models.QuerySet["Job"]):
    """Questions about long jobs."""

    def visible_to(self, user: User) -> Self:
        """Keep the user's own jobs."""
        return self.filter(owner=user)

    def waiting(self) -> Self:
        """Keep those that nobody has picked up, oldest first."""
        return self.filter(state=Job.State.WAITING).order_by("id")

    def runnable(self, *, at: dt.datetime) -> Self:
        """Keep those of known kinds that wait, or that have run for an hour: their worker is gone; oldest first."""
        lost = Q(state=Job.State.RUNNING, started_at__lt=at - dt.timedelta(hours=1))
        return self.filter(Q(state=Job.State.WAITING) | lost, kind__in=settings.JOB_KINDS).order_by("id")


class Job(models.Model):
    """Work longer than a second: a row that a periodic task picks up, with progress."""

    class State(models.TextChoices):
        """Where the job stands."""

        WAITING = "WAITING", _("排队中")
        RUNNING = "RUNNING", _("进行中")
        DONE = "DONE", _("已完成")
        FAILED = "FAILED", _("失败")

    kind = models.CharField(_("种类"), max_length=40)
    arguments = models.JSONField(_("参数"), default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    done_count = models.PositiveIntegerField(_("已处理"), default=0)
    total_count = models.PositiveIntegerField(_("总数"), default=0)
    result = models.JSONField(_("结果"), null=True, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField(_("错误"), blank=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="jobs")
    asked_at = models.DateTimeField(_("提交时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    @property
    def is_open(self) -> bool:
        """Return whether the job is still to be waited for."""
        return self.state in (Job.State.WAITING, Job.State.RUNNING)
