"""The case and its stage machine."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import FilteredRelation, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, FSMField, FSMModelMixin, transition

from bureau.crypto import digest
from bureau.models import Court, Team, User, Window
from bureau.names import grams
from bureau.roles import Scope, scopes_of
from cases import nodes
from cases.models.handover import Handover, Suspension
from cases.models.party import Party


class CaseQuerySet(models.QuerySet["Case"]):
    """Every question the bureau asks about its cases, in its own words."""

    def visible_to(self, user: User) -> Self:
        """Keep what the user's roles let him see; everything else does not exist for him."""
        scopes = scopes_of(user)
        if not user.is_active or not scopes:
            return self.none()
        if Scope.ALL in scopes:
            return self
        allowed = Q(pk__in=[])
        if Scope.WINDOW in scopes and user.window_id:
            allowed |= Q(filing_window_id=user.window_id)
        if Scope.TEAM in scopes and user.team_id:
            incoming = Handover.objects.filter(to_team_id=user.team_id, state=Handover.State.PENDING)
            allowed |= Q(team_id=user.team_id) | Q(pk__in=incoming.values("case_id"))
        if Scope.JUDGE in scopes:
            allowed |= Q(judge_id=user.pk)
        return self.filter(allowed)

    def held(self, *fields: str) -> Self:
        """Lock rows (the lock of everything on a case), loading only what the record prints and these fields."""
        return self.select_for_update().only(*Case.NUMBER_FIELDS, *fields)

    def open(self) -> Self:
        """Keep cases not yet closed."""
        return self.exclude(stage=Case.Stage.CLOSED)

    def accepted_by(self, day: dt.date) -> Self:
        """Keep cases accepted on or before a day."""
        return self.filter(filed_on__lte=day)

    def closed_by(self, day: dt.date) -> Self:
        """Keep cases closed on or before a day."""
        return self.filter(closed_on__lte=day)

    def open_on(self, day: dt.date) -> Self:
        """Keep cases accepted by a day and not closed by it."""
        return self.accepted_by(day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def overdue(self, *, today: dt.date) -> Self:
        """Keep open cases past their closing limit."""
        return self.open().filter(closing_due_on__lt=today)

    def forgotten(self) -> Self:
        """Keep open cases with no next step: no running duty, no pack on its way, no suspension."""
        duties = [node.code for node in nodes.LIVE if node.is_duty]
        running = Q(deadlines__state="RUNNING", deadlines__node__in=duties)
        pending = Handover.objects.filter(state=Handover.State.PENDING)
        suspended = Suspension.objects.filter(until_on__isnull=True)
        return (
            self.open()
            .annotate(next_step=FilteredRelation("deadlines", condition=running))
            .filter(next_step__isnull=True)
            .exclude(pk__in=pending.values("case_id"))
            .exclude(pk__in=suspended.values("case_id"))
        )

    def named(self, text: str) -> Self:
        """Keep cases with a party whose name holds the text; two Chinese characters suffice (GIN on bigrams)."""
        parties = Party.objects.filter(name_grams__contains=grams(text, for_search=True), name__icontains=text)
        return self.filter(pk__in=parties.values("case_id"))

    def with_party_number(self, number: str) -> Self:
        """Keep cases with a party of this canonical ID, USCC or phone number."""
        hashed = digest(number)
        parties = Party.objects.filter(Q(id_digest=hashed) | Q(phone_digest=hashed))
        return self.filter(pk__in=parties.values("case_id"))

    def for_list(self) -> Self:
        """Load exactly what one row of a case list prints."""
        return self.select_related("team", "judge", "owner", "number_court", "filing_window").prefetch_related(
            "parties"
        )

    def for_page(self) -> Self:
        """Load what the head and the first tab of the case page print."""
        return self.for_list().prefetch_related("claims", "handovers", "suspensions")


class Holder:
    """Permission of a transition: the codename, and a duty in this very case; codes are for the role table."""

    def __init__(self, codename: str, duty: Callable[["Case", User], bool]) -> None:
        self.codename = codename
        self.duty = duty

    def __call__(self, case: Any, user: Any) -> bool:
        """Return whether the user may make this move of the case."""
        return bool(user.has_perm(self.codename)) and self.duty(case, user)


def _decides(case: "Case", user: User) -> bool:
    return case.judge_id == user.pk


def _holds(case: "Case", user: User) -> bool:
    return case.team_id is not None and case.team_id == user.team_id


def _is_receiving(case: "Case", user: User) -> bool:
    return case.handovers.filter(state=Handover.State.PENDING, to_team_id=user.team_id).exists()


def _is_not_handler(case: "Case", user: User) -> bool:
    return user.pk not in (case.judge_id, case.owner_id)


class Case(FSMModelMixin, models.Model):
    """One enforcement case; nobody owns it alone, every stage has its own owner."""

    class Stage(models.TextChoices):
        """Which team's work the case is in (domain handbook §6.3)."""

        FILED = "FILED", _("待分流")
        ALLOCATED = "ALLOCATED", _("已分案")
        STARTING = "STARTING", _("启动")
        FAST = "FAST", _("速执")
        ORDINARY = "ORDINARY", _("普执")
        SUSPENDED = "SUSPENDED", _("中止")
        CLOSED = "CLOSED", _("已结案")

    class Stream(models.TextChoices):
        """Simple or complex (繁简分流)."""

        FAST = "FAST", _("简案速执")
        ORDINARY = "ORDINARY", _("繁案普执")

    class ClosingMode(models.TextChoices):
        """How a case ended (执行工作规定 64)."""

        FULFILLED = "FULFILLED", _("执行完毕")
        TERMINATED = "TERMINATED", _("终结执行")

    class ExecutingUnit(models.TextChoices):
        """Who carries the case out."""

        BUREAU = "BUREAU", _("综合执行局")
        COURT = "COURT", _("原法院")

    class Basis(models.TextChoices):
        """Kind of the enforceable document (domain handbook §3.2)."""

        JUDGMENT = "J1", _("民事判决、裁定")
        MEDIATION = "J2", _("民事调解书")
        PAYMENT_ORDER = "J3", _("支付令")
        CONFIRMATION = "J4", _("确认调解协议裁定、实现担保物权裁定")
        CRIMINAL_CIVIL = "J5", _("刑事附带民事判决")
        CRIMINAL_PROPERTY = "J6", _("刑事裁判涉财产部分")
        ADMINISTRATIVE = "J7", _("行政判决、裁定，行政赔偿")
        ADMINISTRATIVE_ACT = "J8", _("行政非诉准予执行裁定")
        ARBITRATION = "A1", _("商事仲裁裁决、调解书")
        LABOUR_ARBITRATION = "A2", _("劳动人事仲裁裁决、调解书")
        LAND_ARBITRATION = "A3", _("农村土地承包仲裁裁决")
        NOTARY = "N1", _("公证债权文书及执行证书")
        FOREIGN = "F1", _("承认外国判决、境外仲裁裁定")
        OTHER = "O1", _("其他执行依据")

    number = models.CharField(_("案号"), max_length=60, unique=True, null=True, blank=True)
    provisional_number = models.CharField(_("临时收件号"), max_length=40, unique=True, null=True, blank=True)
    number_court = models.ForeignKey(Court, models.PROTECT, related_name="cases", verbose_name=_("案号法院"))
    year = models.PositiveSmallIntegerField(_("收案年度"))
    type_code = models.CharField(_("类型代字"), max_length=4, default="执")
    seq = models.PositiveIntegerField(_("案件编号"), null=True, blank=True)
    filing_window = models.ForeignKey(Window, models.PROTECT, related_name="cases", verbose_name=_("立案窗口"))
    executing_unit = models.CharField(_("执行单位"), max_length=8, choices=ExecutingUnit, default=ExecutingUnit.BUREAU)
    stage = FSMField(_("阶段"), max_length=12, choices=Stage.choices, default=Stage.FILED, protected=True)
    resume_stage = models.CharField(_("恢复后阶段"), max_length=12, blank=True)
    stream = models.CharField(_("分流结果"), max_length=8, choices=Stream, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="cases", verbose_name=_("所在团队"))
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="owned_cases", verbose_name=_("本阶段承办人")
    )
    judge = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="judged_cases", verbose_name=_("承办法官")
    )
    stream_team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理团队")
    )
    stage_since_on = models.DateField(_("进入阶段日"))
    basis_kind = models.CharField(_("执行依据种类"), max_length=2, choices=Basis)
    basis_issuer = models.CharField(_("作出机关"), max_length=100)
    basis_number = models.CharField(_("执行依据文号"), max_length=100)
    basis_key = models.CharField(_("文号检索键"), max_length=100, db_index=True)
    basis_made_on = models.DateField(_("文书作出日"))
    basis_effective_on = models.DateField(_("生效日"), null=True, blank=True)
    performance_due_on = models.DateField(_("履行期限届满日"), null=True, blank=True)
    cause = models.CharField(_("案由"), max_length=100, blank=True)
    clues = models.TextField(_("财产线索"), blank=True)
    amount_claimed = models.DecimalField(_("申请执行标的额"), max_digits=16, decimal_places=2, default=Decimal("0.00"))
    filed_at = models.DateTimeField(_("立案时间"))
    filed_on = models.DateField(_("立案日"), db_index=True)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("立案人"))
    triage_due_on = models.DateField(_("分流期限"))
    closing_due_on = models.DateField(_("执行期限"))
    triaged_on = models.DateField(_("分流日"), null=True, blank=True)
    closed_on = models.DateField(_("结案日"), null=True, blank=True, db_index=True)
    closing_mode = models.CharField(_("结案方式"), max_length=12, choices=ClosingMode, blank=True)
    closing_document = models.CharField(_("结案文书或凭据"), max_length=200, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number_court", "year", "type_code", "seq"], name="case_seq_unique"),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(provisional_number__isnull=False), name="case_has_a_number"
            ),
            models.CheckConstraint(
                condition=(Q(stage="CLOSED") & Q(closed_on__isnull=False) & ~Q(closing_mode=""))
                | (~Q(stage="CLOSED") & Q(closed_on__isnull=True) & Q(closing_mode="")),
                name="case_closed_with_day_and_mode",
            ),
            models.CheckConstraint(condition=Q(amount_claimed__gte=0), name="case_amount_not_negative"),
        ]
        indexes = [
            models.Index(fields=["stage", "closing_due_on"], name="case_stage_due"),
            models.Index(fields=["judge", "stage"], name="case_judge_stage"),
            models.Index(fields=["team", "stage"], name="case_team_stage"),
        ]
        permissions = [
            ("view_stage_board", _("查看阶段看板")),
            ("start_case", _("启动案件")),
            ("hand_over_case", _("移交案件")),
            ("accept_handover", _("接收移交")),
            ("suspend_case", _("中止执行")),
            ("resume_case", _("恢复执行")),
            ("close_case", _("结案")),
        ]

    def __str__(self) -> str:
        return self.display_number

    def get_absolute_url(self) -> str:
        """Return the address of the case page."""
        return reverse("cases:detail", args=[self.pk])

    # What `display_number` reads.
    NUMBER_FIELDS = ("number", "provisional_number")

    @property
    def display_number(self) -> str:
        """Return the case number, or the temporary receipt number until it is known."""
        return self.number or self.provisional_number or ""

    @property
    def is_open(self) -> bool:
        """Return whether the case is not closed."""
        return bool(self.stage != Case.Stage.CLOSED)

    @transition(
        field=stage,
        source=Stage.FILED,
        target=Stage.ALLOCATED,
        permission=Holder("dispatch.assign_case", _is_not_handler),
        custom={"label": _("分案")},
    )
    def allocate(self, *, at: dt.datetime) -> None:
        """The command centre names team and judge; the affairs team starts the case."""

    @transition(
        field=stage,
        source=Stage.ALLOCATED,
        target=Stage.STARTING,
        permission=Holder("cases.start_case", _holds),
        custom={"label": _("启动")},
    )
    def start(self, *, at: dt.datetime) -> None:
        """The affairs team takes up notices and the network query."""

    @transition(
        field=stage,
        source=Stage.STARTING,
        target=GET_STATE(lambda self, **kwargs: self.stream, states=[Stage.FAST, Stage.ORDINARY]),
        permission=Holder("cases.accept_handover", _is_receiving),
        custom={"label": _("接收移交")},
    )
    def enter_stream(self, *, at: dt.datetime) -> None:
        """The stream team accepts the pack and holds the case."""

    @transition(
        field=stage,
        source=[Stage.STARTING, Stage.FAST, Stage.ORDINARY],
        target=Stage.SUSPENDED,
        permission=Holder("cases.suspend_case", _decides),
        custom={"label": _("中止执行")},
    )
    def suspend(self, *, at: dt.datetime) -> None:
        """The judge suspends on a legal ground (民事诉讼法 中止)."""
        self.resume_stage = self.stage

    @transition(
        field=stage,
        source=Stage.SUSPENDED,
        target=GET_STATE(lambda self, **kwargs: self.resume_stage, states=[Stage.STARTING, Stage.FAST, Stage.ORDINARY]),
        permission=Holder("cases.resume_case", _decides),
        custom={"label": _("恢复执行")},
    )
    def resume(self, *, at: dt.datetime) -> None:
        """The ground is gone; the case goes on where it stood."""

    @transition(
        field=stage,
        source=[Stage.FAST, Stage.ORDINARY],
        target=Stage.CLOSED,
        permission=Holder("cases.close_case", _decides),
        custom={"label": _("执行完毕结案")},
    )
    def fulfil(self, *, at: dt.datetime) -> None:
        """Everything owed has been performed and paid out (执行工作规定 64)."""
        self.closing_mode = Case.ClosingMode.FULFILLED

    @transition(
        field=stage,
        source=[Stage.STARTING, Stage.FAST, Stage.ORDINARY],
        target=Stage.CLOSED,
        permission=Holder("cases.close_case", _decides),
        custom={"label": _("终结执行结案")},
    )
    def terminate(self, *, at: dt.datetime) -> None:
        """The applicant withdrew in writing (民事诉讼法 终结) and nothing is held."""
        self.closing_mode = Case.ClosingMode.TERMINATED


class CaseNumberSequence(models.Model):
    """The last number given per court, year and type code; its row lock makes numbers gapless (法〔2015〕137号)."""

    court = models.ForeignKey(Court, models.PROTECT)
    year = models.PositiveSmallIntegerField()
    type_code = models.CharField(max_length=4)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["court", "year", "type_code"], name="one_sequence_per_book")]
