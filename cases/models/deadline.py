"""Deadlines of a case, the periods that do not count, and the token of a calendar feed."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Event, User
from bureau.roles import has_role
from cases import nodes
from cases.models.case import Case
from cases.models.handover import Handover
from cases.models.leadership import in_court
from cases.models.queries import is_of_affairs, put_away_by
from cases.nodes import Level, Node, Owner
from cases.pauses import Interval, PauseKind

# Duties of a team of the bureau; in the old book its court's own staff have them.
OF_THE_HOUSE = (Owner.AFFAIRS, Owner.DISPATCHER, Owner.KEEPER)


def _codes(owner: Owner) -> list[str]:
    return [node.code for node in nodes.LIVE if node.owner == owner]


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Questions about what is due."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def running(self) -> Self:
        """Keep those neither fulfilled nor cancelled."""
        return self.filter(state=Deadline.State.RUNNING)

    def duties(self) -> Self:
        """Keep those that somebody must do something about."""
        return self.filter(node__in=[node.code for node in nodes.LIVE if node.is_duty])

    def owned_by(self, user: User) -> Self:
        """Keep those whose duty is the user's now: owners are found at the time of asking."""
        mine = Q(node__in=_codes(Owner.STAGE_OWNER), case__owner=user)
        mine |= Q(node__in=_codes(Owner.JUDGE), case__judge=user)
        if has_role(user, "DISPATCHER"):
            mine |= Q(node__in=_codes(Owner.DISPATCHER), case__executing_unit=Case.ExecutingUnit.BUREAU)
        if has_role(user, "FINANCE"):
            mine |= Q(node__in=_codes(Owner.FINANCE))
        kept = Q(node__in=_codes(Owner.KEEPER))
        mine |= kept & Q(case__owner=user) & ~Q(case__stage__in=Case.ENDED)
        mine |= kept & Q(named=user, case__stage__in=Case.ENDED)
        if (shelf := put_away_by(user)) is not None:
            mine |= shelf & Q(node__in=_codes(Owner.AFFAIRS))
            if not is_of_affairs(user):
                # Of the old book nothing waits for the command centre.
                mine |= shelf & Q(node__in=_codes(Owner.DISPATCHER))
            nobody = Q(named__isnull=True) | Q(named__is_active=False)
            mine |= shelf & kept & nobody & Q(case__stage__in=Case.ENDED)
        if is_of_affairs(user):
            early = Q(case__owner__isnull=True) | Q(case__stage__in=Case.BEFORE_STREAM)
            mine |= kept & early & ~Q(case__stage__in=Case.ENDED)
            mine |= Q(node__in=nodes.EXCUSABLE, case__owner__isnull=True, case__stage__in=Case.BEFORE_STREAM)
        if user.window_id and has_role(user, "WINDOW_CLERK"):
            mine |= Q(node__in=_codes(Owner.WINDOW), case__filing_window=user.window_id)
        if user.team_id and user.has_perm("cases.accept_handover"):
            incoming = Handover.objects.filter(to_team=user.team_id, state=Handover.State.PENDING)
            mine |= Q(node__in=_codes(Owner.RECEIVER), case__in=incoming.values("case_id"))
        return self.filter(mine)

    def escalated_to(self, user: User) -> Self:
        """Keep those which, once red, are shown to the user's roles; of the old book only to its court's head."""
        codes = [node.code for node in nodes.LIVE if has_role(user, node.escalates_to)]
        shown = Q(node__in=codes, case__executing_unit=Case.ExecutingUnit.BUREAU)
        if has_role(user, *in_court("CHIEF")) and user.team_id:
            shown |= Q(case__executing_unit=Case.ExecutingUnit.COURT, case__team=user.team_id)
        return self.filter(shown)

    def paused(self) -> Self:
        """Keep those that stand still: a pause of a kind that stops them is running."""
        open_pauses = Pause.objects.filter(case=OuterRef("case"), until_on__isnull=True)
        still = Q(pk__in=[])
        for kinds in {node.pauses for node in nodes.LIVE if node.pauses}:
            codes = [node.code for node in nodes.LIVE if node.pauses == kinds]
            still |= Q(Exists(open_pauses.filter(kind__in=sorted(kinds))), node__in=codes)
        return self.filter(still)

    def to_alert(self, *, today: dt.date) -> Self:
        """Keep running ones of which something is to be said by now, and which do not stand still."""
        ready = self.running().filter(next_alert_on__lte=today)
        return ready.exclude(pk__in=ready.paused().values("pk"))

    def for_list(self) -> Self:
        """Load what one row of a list of deadlines prints, by day."""
        people = ("case__owner", "case__judge", "named")
        return self.select_related("case", "case__team", *people).order_by("due_on", "case", "id")


class Deadline(models.Model):
    """One running or ended time limit of a case, made from the node table when its trigger was recorded."""

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "RUNNING", _("进行中")
        FULFILLED = "FULFILLED", _("已完成")
        CANCELLED = "CANCELLED", _("已取消")

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    node = models.CharField(_("节点"), max_length=32)
    node_version = models.PositiveSmallIntegerField(_("规则版本"))
    subject = models.CharField(_("对象"), max_length=60, blank=True)
    # Whose it is once the case has ended, where somebody was named for this very thing.
    named = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("指定的续行责任人")
    )
    basis = models.CharField(_("依据"), max_length=400)
    event = models.ForeignKey(Event, models.PROTECT, db_index=False, related_name="+", verbose_name=_("起算事件"))
    started_on = models.DateField(_("起算日"))
    due_on = models.DateField(_("届满日"))
    steps = ArrayField(models.CharField(max_length=200), default=list, verbose_name=_("期限计算"))
    is_provisional = models.BooleanField(_("暂定"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RUNNING)
    ended_on = models.DateField(_("完成或取消日"), null=True, blank=True)
    closing_event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("结束事件"),
    )
    level = models.CharField(_("预警"), max_length=8, choices=Level, default=Level.NONE)
    next_alert_on = models.DateField(_("下次预警日"), null=True, blank=True)
    yellow_on = models.DateField(_("黄色预警日"), null=True, blank=True)
    orange_on = models.DateField(_("橙色预警日"), null=True, blank=True)
    red_on = models.DateField(_("红色预警日"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "node", "subject"], condition=Q(state="RUNNING"), name="one_running_deadline"
            ),
            models.CheckConstraint(
                condition=Q(state="RUNNING", ended_on__isnull=True, closing_event__isnull=True)
                | (~Q(state="RUNNING") & Q(ended_on__isnull=False, closing_event__isnull=False)),
                name="deadline_ends_by_an_event",
            ),
        ]
        indexes = [
            models.Index(fields=["next_alert_on"], condition=Q(state="RUNNING"), name="deadline_next_alert"),
            models.Index(fields=["due_on", "node"], condition=Q(state="RUNNING"), name="deadline_running_due"),
            # Boards, desks and the list ask which cases have a red one.
            models.Index(
                fields=["level", "case"],
                condition=Q(state="RUNNING", level__in=["YELLOW", "ORANGE", "RED"]),
                name="deadline_running_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.due_on}"

    @property
    def rule(self) -> Node:
        """Return the row of the node table."""
        return nodes.BY_CODE[self.node]

    @property
    def is_running(self) -> bool:
        """Return whether it is neither fulfilled nor cancelled."""
        return self.state == Deadline.State.RUNNING

    @property
    def was_late(self) -> bool:
        """Return whether it ended after its last day."""
        return self.ended_on is not None and self.ended_on > self.due_on

    @property
    def owner_name(self) -> str:
        """Return whose duty it is now: a person where one is named, else the office."""
        keeper = self.case.owner if self.case.is_open else self.named
        people = {Owner.STAGE_OWNER: self.case.owner, Owner.JUDGE: self.case.judge, Owner.KEEPER: keeper}
        person = people.get(self.rule.owner)
        if person is None and self.case.is_of_court and self.rule.owner in OF_THE_HOUSE and self.case.team:
            return self.case.team.name
        return person.name if person else str(nodes.OWNER_LABELS[self.rule.owner])


class PauseQuerySet(models.QuerySet["Pause"]):
    """Questions about days that do not count."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def running(self) -> Self:
        """Keep those without an end."""
        return self.filter(until_on__isnull=True)


class Pause(models.Model):
    """One period excluded from limits, with its document; several may overlap, days are counted once (§5.2)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    kind = models.CharField(_("扣除事由"), max_length=16, choices=PauseKind)
    from_on = models.DateField(_("起"))
    until_on = models.DateField(_("恢复计算日"), null=True, blank=True)
    document = models.CharField(_("依据文书"), max_length=200)
    # "document:12" or "material:5": the paper of the file; empty where the act that began it keeps its own, and before.
    paper = models.CharField(max_length=40, blank=True)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    # A second person takes it back: it then excludes no day, and stays readable.
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤回人")
    )
    withdrawn_on = models.DateField(_("撤回日"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)
    counted_on = models.DateField(_("已计至"), null=True, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="pause_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="pause_has_its_document"),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_on__isnull=True)
                | (
                    Q(withdrawn_by__isnull=False, withdrawn_on__isnull=False, until_on=F("from_on"))
                    & ~Q(withdrawn_reason="")
                    & ~Q(withdrawn_by=F("entered_by"))
                ),
                name="pause_withdrawn_by_a_second_person",
            ),
        ]

    def interval(self, *, today: dt.date) -> Interval:
        """Return the days that do not count; one without an end lasts until today."""
        return Interval(self.from_on, self.until_on or max(today, self.from_on))


class FeedToken(models.Model):
    """The key of one person's calendar feed: shown once, kept as a keyed hash, revoked at will."""

    user = models.ForeignKey(User, models.PROTECT, related_name="feed_tokens")
    token_hmac = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("创建时间"))
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at__isnull=True), name="one_live_feed")
        ]
