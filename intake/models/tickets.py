"""The queue of a window: one ticket per visitor and day; of a name only what the screen may show is kept."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from bureau.models import User, Window

NUMBER_MAX = 999


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Questions about who waits, where and how long."""

    def visible_to(self, user: User) -> Self:
        """Keep tickets that stand in the queue of the user's own window; who is at no window sees none."""
        return self.filter(window=user.window_id or 0)

    def of_day(self, window: Window, day: dt.date) -> Self:
        """Keep the queue of a window on a day."""
        return self.filter(window=window, day=day)

    def waiting(self) -> Self:
        """Keep those not called yet, in the order in which they are called: the priority lane first."""
        lane = Case(When(priority="", then=Value(1)), default=Value(0))
        return self.filter(state=Ticket.State.WAITING).order_by(lane, "queued_at", "id")

    def open(self) -> Self:
        """Keep those called or being served."""
        return self.filter(state__in=Ticket.OPEN)

    def left_over(self, *, today: dt.date) -> Self:
        """Keep those of earlier days that nobody has ended."""
        return self.filter(day__lt=today, state__in=[Ticket.State.WAITING, *Ticket.OPEN])

    def for_list(self) -> Self:
        """Load what one row prints."""
        return self.select_related("server", "transferred_from", "person")


class Ticket(models.Model):
    """One visitor's number; it keeps the number wherever it is transferred on that day."""

    class Category(models.TextChoices):
        """What the visitor comes for (domain handbook §13.5)."""

        FILING = "FILING", _("立案")
        INQUIRY = "INQUIRY", _("咨询")
        MONEY = "MONEY", _("领款咨询")
        MEETING = "MEETING", _("约见")
        PETITION = "PETITION", _("信访")

    class Priority(models.TextChoices):
        """Why a visitor is called before the others."""

        ELDERLY = "ELDERLY", _("老年人")
        DISABLED = "DISABLED", _("残疾人")
        PREGNANT = "PREGNANT", _("孕产妇")
        MILITARY = "MILITARY", _("军人")

    class State(models.TextChoices):
        """Where the visitor stands."""

        WAITING = "WAITING", _("等候")
        CALLED = "CALLED", _("已叫号")
        SERVING = "SERVING", _("接待中")
        DONE = "DONE", _("已办结")
        SKIPPED = "SKIPPED", _("过号")
        LEFT = "LEFT", _("已离开")

    OPEN = (State.CALLED, State.SERVING)

    day = models.DateField(_("日期"))
    issued_window = models.ForeignKey(Window, models.PROTECT, related_name="+", verbose_name=_("取号窗口"))
    seq = models.PositiveSmallIntegerField(_("当日序号"))
    number = models.CharField(_("号码"), max_length=12)
    window = models.ForeignKey(Window, models.PROTECT, related_name="tickets", verbose_name=_("窗口"))
    transferred_from = models.ForeignKey(
        Window, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("转自")
    )
    # Of the page on which it was taken, so that a page sent twice takes one number.
    token = models.CharField(max_length=32, null=True, blank=True, unique=True)
    category = models.CharField(_("事项"), max_length=8, choices=Category)
    priority = models.CharField(_("优先"), max_length=8, choices=Priority, blank=True)
    shown_name = models.CharField(_("称呼"), max_length=20, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    issued_at = models.DateTimeField(_("取号时间"))
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("取号人"))
    queued_at = models.DateTimeField(_("排队时间"))
    call_count = models.PositiveSmallIntegerField(_("呼叫次数"), default=0)
    called_at = models.DateTimeField(_("叫号时间"), null=True, blank=True)
    counter = models.CharField(_("柜台"), max_length=4, blank=True)
    server = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接待人"))
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    # Nobody pressed the button that day: how long it took is not known.
    is_closed_by_day = models.BooleanField(default=False)
    # Where the slip sends the visitor when it is not the window itself.
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("要见的人")
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issued_window", "day", "seq"], name="ticket_once_per_window_and_day"),
            models.UniqueConstraint(fields=["day", "number"], name="ticket_number_once_a_day"),
            models.UniqueConstraint(
                fields=["server"], condition=Q(state__in=["CALLED", "SERVING"]), name="one_visitor_at_a_time"
            ),
            models.CheckConstraint(condition=Q(seq__gte=1, seq__lte=NUMBER_MAX), name="ticket_of_three_digits"),
            models.CheckConstraint(
                condition=Q(state="WAITING", server=None, started_at=None, ended_at=None)
                | Q(state="CALLED", server__isnull=False, called_at__isnull=False, started_at=None, ended_at=None)
                | Q(state="SERVING", server__isnull=False, started_at__isnull=False, ended_at=None)
                | Q(state="DONE", server__isnull=False, started_at__isnull=False, ended_at__isnull=False)
                | Q(state__in=["SKIPPED", "LEFT"], started_at=None, ended_at__isnull=False),
                name="ticket_moments_fit_its_state",
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(started_at__gte=F("issued_at")), name="served_after_issued"
            ),
            models.CheckConstraint(
                condition=Q(transferred_from=None) | ~Q(transferred_from=F("window")), name="transferred_elsewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["window", "day", "state"], name="ticket_queue"),
            models.Index(fields=["day"], name="ticket_day"),
        ]
        permissions = [("serve_queue", _("取号和叫号")), ("view_hall", _("查看大厅等候数据"))]

    def __str__(self) -> str:
        return self.number

    @property
    def is_priority(self) -> bool:
        """Return whether the visitor is called before the others."""
        return bool(self.priority)

    @property
    def is_open(self) -> bool:
        """Return whether somebody is calling or serving it."""
        return self.state in self.OPEN
