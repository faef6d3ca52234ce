"""What the command centre says to teams: notices, tasks with a day, and tips that stand where they are needed."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.models import Team, User
from cases.models import Case


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about what was said."""

    def visible_to(self, user: User) -> Self:
        """Keep what was said to the user's team or to all; whoever may send sees everything."""
        if user.has_perm("dispatch.send_notice"):
            return self
        own = Notice.teams.through.objects.filter(notice=OuterRef("pk"))
        return self.filter(~Exists(own) | Exists(own.filter(team=user.team_id or 0)))

    def live(self) -> Self:
        """Keep those not withdrawn."""
        return self.filter(ended_at__isnull=True)

    def unread_by(self, user: User) -> Self:
        """Keep what is meant for the user and was not read by him; not what he sent himself."""
        read = Receipt.objects.filter(notice=OuterRef("pk"), user=user)
        own = Notice.teams.through.objects.filter(notice=OuterRef("pk"))
        meant = ~Exists(own) | Exists(own.filter(team=user.team_id or 0))
        return self.live().filter(meant, ~Exists(read)).exclude(sent_by=user)

    def to_do_by(self, user: User) -> Self:
        """Keep tasks that the user's team has not done yet."""
        done = Done.objects.filter(notice=OuterRef("pk"), team=user.team_id or 0)
        return self.live().filter(~Exists(done), kind=Notice.Kind.TASK, teams=user.team_id or 0)

    def for_list(self) -> Self:
        """Load what one row prints, the newest first."""
        return self.select_related("sent_by").prefetch_related("teams", "done").order_by("-sent_at", "-id")


class Notice(models.Model):
    """One thing said to teams; a tip without teams is for everybody."""

    class Kind(models.TextChoices):
        """What is expected of whoever reads it."""

        NOTICE = "NOTICE", _("通知")
        TASK = "TASK", _("任务")
        TIP = "TIP", _("提示")

    kind = models.CharField(_("类别"), max_length=6, choices=Kind)
    title = models.CharField(_("标题"), max_length=60)
    text = models.CharField(_("内容"), max_length=1000)
    teams = models.ManyToManyField(Team, blank=True, related_name="+", verbose_name=_("团队"))
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    # Where a tip stands: on the page of every case in a stage, beside a field of a document or above its form.
    stage = models.CharField(_("案件阶段"), max_length=12, choices=Case.Stage, blank=True)
    template = models.CharField(_("文书模板"), max_length=40, blank=True, db_index=True)
    field = models.CharField(_("文书字段"), max_length=40, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("发出人"))
    sent_at = models.DateTimeField(_("发出时间"))
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="notice_says_something"),
            models.CheckConstraint(
                condition=Q(kind="TASK", due_on__isnull=False) | (~Q(kind="TASK") & Q(due_on=None)),
                name="a_task_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="TIP") | Q(stage="", template="", field=""), name="only_a_tip_has_a_place"
            ),
            models.CheckConstraint(condition=Q(field="") | ~Q(template=""), name="a_field_is_of_a_template"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="notice_taken_down_by_someone",
            ),
        ]
        permissions = [("send_notice", _("发通知、任务和提示"))]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("dispatch:notice", args=[self.pk])


class Receipt(models.Model):
    """Somebody has read it."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="receipts")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(_("阅读时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="read_once")]


class Done(models.Model):
    """A team has done a task."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="done")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    note = models.CharField(_("完成情况"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("完成时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "team"], name="done_once_per_team"),
            models.CheckConstraint(condition=~Q(note=""), name="done_in_words"),
        ]
