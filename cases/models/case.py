"""The case and its stage machine."""

import datetime as dt
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, FSMField, FSMModelMixin, transition

from bureau.models import Court, Team, User, Window
from cases.models import codes
from cases.models.duties import (
    Holder,
    decides,
    decides_the_move,
    is_holding,
    is_not_handler,
    is_of_its_court,
    is_receiving,
    owns,
    reviews,
)
from cases.models.queries import CaseQuerySet, puts_away


class Case(FSMModelMixin, models.Model):
    """One enforcement case; nobody owns it alone, every stage has its own owner."""

    Stage = codes.Stage
    Stream = codes.Stream
    ClosingMode = codes.ClosingMode
    TypeCode = codes.TypeCode
    ExecutingUnit = codes.ExecutingUnit
    Basis = codes.Basis
    ENDED = codes.ENDED
    WORKED = codes.WORKED
    RESTING = codes.RESTING
    STILL = codes.STILL
    BEFORE_STREAM = codes.BEFORE_STREAM

    number = models.CharField(_("案号"), max_length=60, unique=True, null=True, blank=True)
    provisional_number = models.CharField(_("临时收件号"), max_length=40, unique=True, null=True, blank=True)
    number_court = models.ForeignKey(Court, models.PROTECT, related_name="cases", verbose_name=_("案号法院"))
    year = models.PositiveSmallIntegerField(_("收案年度"))
    type_code = models.CharField(_("类型代字"), max_length=4, choices=TypeCode, default=TypeCode.FIRST)
    revives = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="revivals", verbose_name=_("恢复自")
    )
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
    # What it is called on paper (cases/basis.py); empty for cases filed before it was asked for.
    basis_title = models.CharField(_("执行依据名称"), max_length=20, blank=True)
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
    filed_on = models.DateField(_("立案日"))
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("立案人"))
    triage_due_on = models.DateField(_("分流期限"))
    closing_due_on = models.DateField(_("执行期限"))
    triaged_on = models.DateField(_("分流日"), null=True, blank=True)
    closed_on = models.DateField(_("结案日"), null=True, blank=True, db_index=True)
    archived_on = models.DateField(_("归档日"), null=True, blank=True)
    closing_mode = models.CharField(_("结案方式"), max_length=12, choices=ClosingMode, blank=True)
    closing_document = models.CharField(_("结案文书或凭据"), max_length=200, blank=True)
    # Pending at its court when the old book was taken in; nothing for a case filed here.
    taken_in_on = models.DateField(_("旧存导入日"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number_court", "year", "type_code", "seq"], name="case_seq_unique"),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(provisional_number__isnull=False), name="case_has_a_number"
            ),
            models.CheckConstraint(
                condition=(Q(stage__in=["CLOSED", "ARCHIVED"]) & Q(closed_on__isnull=False) & ~Q(closing_mode=""))
                | (Q(stage="CLOSING") & Q(closed_on__isnull=True) & ~Q(closing_mode=""))
                | (~Q(stage__in=["CLOSING", "CLOSED", "ARCHIVED"]) & Q(closed_on__isnull=True) & Q(closing_mode="")),
                name="case_closed_with_day_and_mode",
            ),
            models.CheckConstraint(
                condition=Q(stage="ARCHIVED", archived_on__isnull=False) | (~Q(stage="ARCHIVED") & Q(archived_on=None)),
                name="case_archived_on_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(type_code="执恢") & (Q(revives__isnull=False) | Q(taken_in_on__isnull=False)))
                | (~Q(type_code="执恢") & Q(revives=None)),
                name="revival_names_what_it_revives",
            ),
            models.CheckConstraint(condition=Q(amount_claimed__gte=0), name="case_amount_not_negative"),
        ]
        indexes = [
            models.Index(fields=["stage", "closing_due_on"], name="case_stage_due"),
            models.Index(fields=["judge", "stage"], name="case_judge_stage"),
            models.Index(fields=["team", "stage"], name="case_team_stage"),
            # What the list is sorted by and cut into pages by; `seq` serves whoever types only the end of a number.
            models.Index(fields=["filed_on", "id"], name="case_filed"),
            models.Index(fields=["closing_due_on", "id"], name="case_due"),
            models.Index(fields=["amount_claimed", "id"], name="case_amount"),
            models.Index(fields=["stage_since_on", "id"], name="case_since"),
            models.Index(fields=["year"], name="case_year"),
            models.Index(fields=["seq"], name="case_seq"),
        ]
        permissions = [
            ("view_stage_board", _("查看阶段看板")),
            ("start_case", _("启动案件")),
            ("hand_over_case", _("移交案件")),
            ("accept_handover", _("接收移交")),
            ("suspend_case", _("中止执行")),
            ("resume_case", _("恢复执行")),
            ("settle_case", _("登记执行和解")),
            ("change_stream", _("简繁转换")),
            ("propose_closing", _("提请结案")),
            ("review_closing", _("结案审查")),
            ("archive_case", _("归档")),
            ("import_old_book", _("导入旧存案件")),
            ("take_up_case", _("确定旧存案件承办人")),
            ("change_handler", _("更换旧存案件承办人")),
            ("view_old_book", _("查看旧存案件统计")),
        ]

    def __str__(self) -> str:
        return self.display_number

    def get_absolute_url(self) -> str:
        """Return the address of the case page."""
        return reverse("cases:detail", args=[self.pk])

    @property
    def display_number(self) -> str:
        """Return the case number, or the temporary receipt number until it is known."""
        return self.number or self.provisional_number or ""

    def get_stage_display(self) -> str:  # type: ignore[no-redef]
        """Return the stage in words."""
        return self.stage_label(self.stage)

    def stage_label(self, stage: str) -> str:
        """Return what a stage is called in this case; one of the old book is simply worked on, in no stream."""
        own = {Case.Stage.FILED: codes.NO_HANDLER, Case.Stage.ORDINARY: codes.SINGLE_HANDLER}
        return str((own if self.is_of_court else {}).get(Case.Stage(stage)) or Case.Stage(stage).label)

    @property
    def is_of_court(self) -> bool:
        """Return whether it is of the old book: its own court goes on with it, by a single handler."""
        return self.executing_unit == codes.ExecutingUnit.COURT

    @property
    def is_open(self) -> bool:
        """Return whether the case is not closed."""
        return self.stage not in Case.ENDED

    @property
    def lives_on(self) -> bool:
        """Return whether duties remain after a procedural closing: controls, re-queries, money that still arrives."""
        return self.closing_mode == Case.ClosingMode.PROCEDURAL and not self.is_open

    @property
    def is_put_away(self) -> bool:
        """Return whether the file is closed to every new paper and note; after 终本 it stays in use."""
        return self.stage == Case.Stage.ARCHIVED and not self.lives_on

    @property
    def worked_stage(self) -> str:
        """Return the stage in which the case is, or in which a resting one would be worked on."""
        if self.stage not in (*Case.RESTING, Case.Stage.CLOSING):
            return str(self.stage)
        # A settlement may itself rest; it was made in the stream.
        return self.stream if Case.Stage.SETTLED in (self.stage, self.resume_stage) else self.resume_stage

    @transition(
        field=stage,
        source=Stage.FILED,
        target=Stage.ALLOCATED,
        permission=Holder("dispatch.assign_case", is_not_handler),
        custom={"label": _("分案")},
    )
    def allocate(self, *, at: dt.datetime) -> None:
        """The command centre names team and judge; the affairs team starts the case."""

    @transition(
        field=stage,
        source=Stage.ALLOCATED,
        target=Stage.FILED,
        permission=Holder("dispatch.assign_case", is_not_handler),
        custom={"label": _("收回分案")},
    )
    def take_back(self, *, at: dt.datetime) -> None:
        """The command centre takes a case back that nobody has started; it waits to be assigned again."""

    @transition(
        field=stage,
        source=Stage.FILED,
        target=Stage.ORDINARY,
        permission=Holder("cases.take_up_case", is_of_its_court),
        custom={"label": _("确定承办人")},
    )
    def take_up(self, *, at: dt.datetime) -> None:
        """A court names who goes on with a case of its old book: neither triaged nor drawn, and never handed over."""

    @transition(
        field=stage,
        source=Stage.FILED,
        target=Stage.SUSPENDED,
        permission=Holder("cases.import_old_book", is_of_its_court),
        custom={"label": _("旧存案件转入，中止中")},
    )
    def take_up_suspended(self, *, at: dt.datetime) -> None:
        """A case of the old book comes in while it is suspended; resumed, its handler works on it."""
        self.resume_stage = Case.Stage.ORDINARY

    @transition(
        field=stage,
        source=Stage.FILED,
        target=Stage.STAYED,
        permission=Holder("cases.import_old_book", is_of_its_court),
        custom={"label": _("旧存案件转入，暂缓中")},
    )
    def take_up_stayed(self, *, at: dt.datetime) -> None:
        """A case of the old book comes in while it is stayed to a day."""
        self.resume_stage = Case.Stage.ORDINARY

    @transition(
        field=stage,
        source=Stage.ORDINARY,
        target=Stage.FILED,
        permission=Holder("dispatch.approve_assignment", decides_the_move),
        custom={"label": _("转入综合执行局，待分流")},
    )
    def move_over(self, *, at: dt.datetime) -> None:
        """A case of the old book becomes the bureau's: it waits to be triaged and drawn like any other."""
        self.stream = ""

    @transition(
        field=stage,
        source=Stage.ALLOCATED,
        target=Stage.STARTING,
        permission=Holder("cases.start_case", is_holding),
        custom={"label": _("启动")},
    )
    def start(self, *, at: dt.datetime) -> None:
        """The affairs team takes up notices and the network query."""

    @transition(
        field=stage,
        source=Stage.STARTING,
        target=GET_STATE(lambda self, **kwargs: self.stream, states=[Stage.FAST, Stage.ORDINARY]),
        permission=Holder("cases.accept_handover", is_receiving),
        custom={"label": _("接收移交")},
    )
    def enter_stream(self, *, at: dt.datetime) -> None:
        """The stream team accepts the pack and holds the case."""

    @transition(
        field=stage,
        source=Stage.FAST,
        target=Stage.ORDINARY,
        permission=Holder("cases.accept_handover", is_receiving),
        custom={"label": _("接收简转繁")},
    )
    def upgrade(self, *, at: dt.datetime) -> None:
        """An ordinary team accepts a case that turned out complex; the closing limit does not start anew."""
        self.stream = Case.Stream.ORDINARY

    @transition(
        field=stage,
        source=Stage.ORDINARY,
        target=Stage.FAST,
        permission=Holder("cases.accept_handover", is_receiving),
        custom={"label": _("接收繁转简")},
    )
    def downgrade(self, *, at: dt.datetime) -> None:
        """A fast team accepts a case for which money has appeared."""
        self.stream = Case.Stream.FAST

    @transition(
        field=stage,
        source=list(codes.HALTED),
        target=Stage.SUSPENDED,
        permission=Holder("cases.suspend_case", decides),
        custom={"label": _("中止执行")},
    )
    def suspend(self, *, at: dt.datetime) -> None:
        """The judge suspends on a legal ground (民事诉讼法 中止)."""
        self.resume_stage = self.stage

    @transition(
        field=stage,
        source=list(codes.HALTED),
        target=Stage.STAYED,
        permission=Holder("cases.suspend_case", decides),
        custom={"label": _("暂缓执行")},
    )
    def stay(self, *, at: dt.datetime) -> None:
        """A decision stays the case to a day (民诉法解释 467; 执行工作规定 77)."""
        self.resume_stage = self.stage

    @transition(
        field=stage,
        source=[Stage.FAST, Stage.ORDINARY],
        target=Stage.SETTLED,
        permission=Holder("cases.settle_case", decides),
        custom={"label": _("登记执行和解")},
    )
    def settle(self, *, at: dt.datetime) -> None:
        """The parties agreed on instalments; the case stays open until they are kept or broken."""
        self.resume_stage = self.stage

    @transition(
        field=stage,
        source=[Stage.SUSPENDED, Stage.STAYED],
        target=GET_STATE(lambda self, **kwargs: self.resume_stage, states=list(codes.HALTED)),
        permission=Holder("cases.resume_case", decides),
        custom={"label": _("恢复执行")},
    )
    def resume(self, *, at: dt.datetime) -> None:
        """The ground is gone; the case goes on where it stood."""

    @transition(
        field=stage,
        source=Stage.SETTLED,
        target=GET_STATE(lambda self, **kwargs: self.stream, states=[Stage.FAST, Stage.ORDINARY]),
        permission=Holder("cases.settle_case", decides),
        custom={"label": _("和解未履行，恢复执行")},
    )
    def break_settlement(self, *, at: dt.datetime) -> None:
        """The applicant asks to go on because the settlement is broken (民诉法解释 466)."""

    @transition(
        field=stage,
        source=[*codes.WORKED, Stage.SETTLED],
        target=Stage.CLOSING,
        permission=Holder("cases.propose_closing", owns),
        custom={"label": _("提请结案")},
    )
    def propose_closing(self, *, at: dt.datetime) -> None:
        """The stage's owner proposes a mode with the evidence for each of its conditions."""
        self.resume_stage = self.stage

    @transition(
        field=stage,
        source=Stage.CLOSING,
        target=GET_STATE(lambda self, **kwargs: self.resume_stage, states=[*codes.WORKED, Stage.SETTLED]),
        permission=Holder("cases.review_closing", reviews),
        custom={"label": _("退回补正")},
    )
    def return_closing(self, *, at: dt.datetime) -> None:
        """A reviewer sends the proposal back with its defects."""
        self.closing_mode = ""

    @transition(
        field=stage,
        source=Stage.CLOSING,
        target=Stage.CLOSED,
        permission=Holder("cases.review_closing", reviews),
        custom={"label": _("同意结案")},
    )
    def close(self, *, at: dt.datetime) -> None:
        """The last reviewer has signed (执行工作规定 64)."""

    @transition(
        field=stage,
        source=Stage.CLOSED,
        target=Stage.ARCHIVED,
        permission=Holder("cases.archive_case", puts_away),
        custom={"label": _("归档")},
    )
    def archive(self, *, at: dt.datetime) -> None:
        """The affairs team puts the complete file away; for the old book the court's own staff."""
