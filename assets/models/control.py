"""A control over a thing of the debtor's, until a day that its ruling states, and each renewal of it."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assets import kinds
from bureau.calendar import DAY
from bureau.models import User
from cases.controlcodes import AssetKind, Measure, ReleaseGround
from cases.models import Case, Correction, Party, is_of_affairs, put_away_by
from documents.models import Document

# The first seal ranks first; those behind it wait in the queue (法释〔2004〕15号 26).
FIRST = 1
# Without a longest term by law: 工资 is withheld month by month.
TERMLESS = tuple(kind.code for kind in kinds.KINDS if kind.years is None)


def _wrong_person() -> Exists:
    alarms = Correction.objects.wrong_person()
    return Exists(alarms.filter(party=OuterRef("debtor"), wrong_person_at__gte=OuterRef("taken_at")))


class ControlQuerySet(models.QuerySet["Control"]):
    """Questions about what is controlled."""

    def visible_to(self, user: User) -> Self:
        """Keep those of visible cases, and of closed cases that a visible 执恢 case has brought back."""
        cases = Case.objects.visible_to(user)
        revived = cases.filter(revives__isnull=False).values("revives")
        seen = Q(case__in=cases) | Q(case__in=revived)
        if is_of_affairs(user):
            # What was preserved may end before the case is anybody's: until then the affairs team renews.
            seen |= Q(case__stage=Case.Stage.FILED, case__executing_unit=Case.ExecutingUnit.BUREAU)
        return self.filter(seen)

    def active(self) -> Self:
        """Keep those in force or in the queue."""
        return self.filter(state__in=Control.ACTIVE)

    def live(self) -> Self:
        """Keep those in force."""
        return self.filter(state=Control.State.LIVE)

    def expiring(self, *, today: dt.date, days: int) -> Self:
        """Keep those in force whose last day is within so many days, or past and not yet noticed."""
        return self.live().filter(to_on__lte=today + days * DAY)

    def past(self, *, today: dt.date) -> Self:
        """Keep those in force whose last day has passed without a renewal."""
        return self.live().filter(to_on__lt=today)

    def unconfirmed(self) -> Self:
        """Keep those that came into force by themselves and have not yet been checked with the assisting unit."""
        return self.filter(unconfirmed_since__isnull=False)

    def freed(self) -> Self:
        """Keep queued ones of which an earlier one known to the bureau has ended, and none is in force.

        Annotated with how many of those ahead have ended since the rank was last known (`ended_count`), and when the
        last of them ended (`freed_on`). What was sold or paid out leaves nothing to queue for, and what was entered by
        mistake never stood ahead: both are looked at by people.
        """
        since = Coalesce(OuterRef("ranked_on"), OuterRef("from_on"))
        same = {name: OuterRef(name) for name in ("kind", "thing", "debtor__name")}
        ahead = Control.objects.filter(**same, from_on__lte=OuterRef("from_on")).exclude(case=OuterRef("case"))
        ended = ahead.filter(state__in=[Control.State.RELEASED, Control.State.LAPSED], ended_on__gt=since)
        true_end = ended.exclude(ground__in=Control.NO_SUCCESSOR).order_by()
        one = true_end.annotate(one=Value(1)).values("one")
        return self.filter(~Exists(ahead.live()), Exists(ended), state=Control.State.QUEUED).annotate(
            ended_count=Coalesce(Subquery(one.annotate(count=Count("pk")).values("count")), 0),
            freed_on=Subquery(true_end.order_by("-ended_on").values("ended_on")[:1]),
        )

    def next_in_line(self, *, today: dt.date) -> Self:
        """Keep freed ones of which every one that stood ahead is known to have ended by now (法释〔2004〕15号 26)."""
        return self.freed().filter(rank__lte=F("ended_count") + 1, ended_count__gt=0, freed_on__lte=today)

    def unexplained(self) -> Self:
        """Keep lapsed ones that the chief has not yet explained."""
        return self.filter(state=Control.State.LAPSED, explained_at__isnull=True)

    def on_right_person(self) -> Self:
        """Keep those of which no confirmed correction says that they hold somebody else's property."""
        return self.exclude(_wrong_person())

    def for_list(self) -> Self:
        """Load what one row of a list prints."""
        people = ("keeper", "case__owner", "case__judge", "case__team", "ended_by", "explained_by", "taken_by")
        rows = self.select_related("case", "debtor", "document", *people).annotate(wrong_person=_wrong_person())
        return rows.prefetch_related("case__revivals")

    def owed_by(self, user: User) -> Self:
        """Keep those whose renewal is the user's now: by the case while it is open, afterwards by whoever was named."""
        ended = Q(case__stage__in=Case.ENDED)
        revived = Case.objects.open().filter(owner=user, revives__isnull=False).values("revives")
        mine = (~ended & Q(case__owner=user)) | (ended & Q(keeper=user)) | Q(case__in=revived)
        if (shelf := put_away_by(user)) is not None:
            mine |= shelf & ended & (Q(keeper__isnull=True) | Q(keeper__is_active=False))
        if is_of_affairs(user):
            # Before a stream team has it; who owns the start may be a clerk who renews nothing.
            mine |= ~ended & (Q(case__owner__isnull=True) | Q(case__stage__in=Case.BEFORE_STREAM))
        return self.filter(mine)


class Control(models.Model):
    """One thing under control in one case; the day in the ruling is the truth, and no row is ever deleted."""

    class Origin(models.TextChoices):
        """By which procedure it came about."""

        ENFORCEMENT = "ENFORCEMENT", _("执行中采取")
        PRESERVATION = "PRESERVATION", _("保全转入")
        TAKEN_IN = "TAKEN_IN", _("旧存转入")

    class State(models.TextChoices):
        """Where it stands."""

        LIVE = "LIVE", _("有效")
        QUEUED = "QUEUED", _("轮候")
        RELEASED = "RELEASED", _("已解除")
        LAPSED = "LAPSED", _("已失效")

    Kind = AssetKind
    Measure = Measure
    Ground = ReleaseGround
    ACTIVE = (State.LIVE, State.QUEUED)
    # Ended so that nothing comes into force behind it: the thing is gone, or the entry was wrong.
    NO_SUCCESSOR = (ReleaseGround.REALISED, ReleaseGround.MISTAKE)

    case = models.ForeignKey(Case, models.PROTECT, related_name="controls", verbose_name=_("案件"))
    debtor = models.ForeignKey(Party, models.PROTECT, related_name="controls", verbose_name=_("被执行人"))
    kind = models.CharField(_("财产种类"), max_length=16, choices=AssetKind)
    thing = models.CharField(_("财产"), max_length=300)
    unit = models.CharField(_("协助单位"), max_length=100)
    measure = models.CharField(_("控制措施"), max_length=8, choices=Measure)
    ruling = models.CharField(_("裁定文号"), max_length=100)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="controls", verbose_name=_("裁定书")
    )
    rank = models.PositiveSmallIntegerField(_("顺位"), default=FIRST)
    origin = models.CharField(_("来源"), max_length=12, choices=Origin, default=Origin.ENFORCEMENT)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.LIVE)
    from_on = models.DateField(_("起始日"))
    # The day as of which the rank is known, where it was asked for again after the control was queued.
    ranked_on = models.DateField(_("顺位核实日"), null=True, blank=True)
    activated_on = models.DateField(_("转为正式控制日"), null=True, blank=True)
    unconfirmed_since = models.DateField(_("自动生效待核实"), null=True, blank=True)
    to_on = models.DateField(_("届满日"), null=True, blank=True)
    amount_max = models.DecimalField(_("限额（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(_("估值（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    keeper = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("结案后续行责任人")
    )
    taken_at = models.DateTimeField(_("登记时间"))
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    ended_on = models.DateField(_("解除或失效日"), null=True, blank=True)
    ended_at = models.DateTimeField(_("解除或失效登记时间"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(_("解除事由"), max_length=10, choices=ReleaseGround, blank=True)
    end_ruling = models.CharField(_("解除裁定文号"), max_length=100, blank=True)
    end_note = models.CharField(_("说明"), max_length=300, blank=True)
    explanation = models.CharField(_("失效原因和处理"), max_length=500, blank=True)
    explained_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    explained_at = models.DateTimeField(_("核查时间"), null=True, blank=True)

    objects = ControlQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="QUEUED", rank__gt=1, to_on__isnull=True, activated_on__isnull=True)
                | (~Q(state="QUEUED") & (Q(rank=1) | Q(state="RELEASED"))),
                name="control_queued_without_a_term",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["LIVE", "LAPSED"]) | Q(to_on__isnull=False) | Q(kind__in=TERMLESS),
                name="control_live_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(unconfirmed_since__isnull=True) | (~Q(state="QUEUED") & Q(activated_on__isnull=False)),
                name="control_unconfirmed_came_into_force",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="control_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["LIVE", "QUEUED"], ended_on__isnull=True, ended_at__isnull=True, ground="")
                | Q(state="RELEASED", ended_on__isnull=False, ended_at__isnull=False, ended_by__isnull=False)
                & ~Q(ground="")
                | Q(state="LAPSED", ended_on__isnull=False, ended_at__isnull=False, ground=""),
                name="control_ended_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(explained_at__isnull=True, explained_by__isnull=True, explanation="")
                | (Q(state="LAPSED", explained_at__isnull=False, explained_by__isnull=False) & ~Q(explanation="")),
                name="control_lapse_explained_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(thing="") & ~Q(unit="") & ~Q(ruling=""), name="control_says_what_by_what"
            ),
            models.CheckConstraint(
                condition=(Q(amount_max__isnull=True) | Q(amount_max__gt=0)) & (Q(value__isnull=True) | Q(value__gt=0)),
                name="control_sums_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["to_on"], condition=Q(state="LIVE"), name="control_live_until"),
            models.Index(fields=["case", "state"], name="control_of_case"),
            models.Index(fields=["thing", "kind"], condition=Q(state="QUEUED"), name="control_queued_thing"),
        ]
        permissions = [
            ("keep_control", _("登记、续行、解除控制措施")),
            ("explain_lapse", _("核查控制失效")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.thing}"

    def get_absolute_url(self) -> str:
        """Return the address of its line on the case's tab."""
        return f"{reverse('assets:case_controls', args=[self.case_id])}#control-{self.pk}"

    @property
    def is_on_wrong_person(self) -> bool:
        """Return whether a confirmed correction says that it holds somebody else's property: it is to be released."""
        if not self.is_active:
            return False
        known: bool | None = vars(self).get("wrong_person")
        if known is None:
            known = not Control.objects.on_right_person().filter(pk=self.pk).exists()
        return known

    @property
    def rule(self) -> kinds.Kind:
        """Return the row of its kind."""
        return kinds.BY_CODE[self.kind]

    @property
    def is_active(self) -> bool:
        """Return whether it is in force or in the queue."""
        return self.state in Control.ACTIVE

    @property
    def term_from(self) -> dt.date:
        """Return the day from which its first term is counted: of a queued one, when it came into force."""
        return self.activated_on or self.from_on

    @property
    def way(self) -> str:
        """Return the measure in words; one that waits behind others is 轮候."""
        words = self.get_measure_display()
        return gettext("轮候%(measure)s") % {"measure": words} if self.state == Control.State.QUEUED else words


class Renewal(models.Model):
    """One renewal: the old last day, the new one, and the ruling that says so; append-only."""

    control = models.ForeignKey(Control, models.PROTECT, related_name="renewals")
    old_to_on = models.DateField(_("原届满日"))
    to_on = models.DateField(_("新届满日"))
    ruling = models.CharField(_("续行裁定文号"), max_length=100)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(_("续行日"))
    at = models.DateTimeField(_("登记时间"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["control", "old_to_on"], name="one_renewal_per_term"),
            models.CheckConstraint(condition=Q(to_on__gt=F("old_to_on")), name="renewal_runs_forward"),
            models.CheckConstraint(condition=Q(on__lte=F("old_to_on")), name="renewal_before_the_last_day"),
            models.CheckConstraint(condition=~Q(ruling=""), name="renewal_has_its_ruling"),
        ]
