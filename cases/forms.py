"""What the pages of a case ask for."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput, YuanField
from bureau.models import Court, Team, User, Window
from bureau.wording import Form
from cases import nodes, packs
from cases.evidence import Paper
from cases.listing import NO_STREAM
from cases.models import Case, Handover, Requery
from cases.services.pauses import KINDS

TEXT_MAX = 100


class Filters(Form):
    """Coded filters of the case list; what is not valid is dropped, never an error."""

    stage = forms.ChoiceField(label=_("阶段"), choices=[("", _("全部阶段")), *Case.Stage.choices], required=False)
    set = forms.ChoiceField(
        label=_("范围"),
        required=False,
        choices=[
            ("", _("全部案件")),
            ("open", _("未结")),
            ("overdue", _("超期未结")),
            ("closed", _("已结")),
            ("accepted", _("已受理")),
            ("triaged", _("已分流")),
        ],
    )
    court = forms.ModelChoiceField(
        Court.objects.order_by("code"),
        label=_("案号法院"),
        required=False,
        empty_label=_("全部法院"),
        to_field_name="code",
    )
    window = forms.ModelChoiceField(
        Window.objects.order_by("code"),
        label=_("立案窗口"),
        required=False,
        empty_label=_("全部窗口"),
        to_field_name="code",
    )
    team = forms.ModelChoiceField(
        Team.objects.order_by("code"),
        label=_("所在团队"),
        required=False,
        empty_label=_("全部团队"),
        to_field_name="code",
    )
    judge = forms.ModelChoiceField(
        User.objects.filter(groups__name="JUDGE").order_by("name"),
        label=_("承办法官"),
        required=False,
        empty_label=_("全部法官"),
    )
    stream = forms.ChoiceField(
        label=_("分流结果"),
        choices=[("", _("简案与繁案")), *Case.Stream.choices, (NO_STREAM, _("尚未分流"))],
        required=False,
    )
    type = forms.ChoiceField(label=_("案件类型"), choices=[("", _("全部类型")), *Case.TypeCode.choices], required=False)
    level = forms.ChoiceField(
        label=_("期限预警"),
        choices=[("", _("不论")), *(row for row in nodes.Level.choices if row[0] != nodes.Level.NONE)],
        required=False,
    )
    amount_from = YuanField(label=_("标的额自（元）"), required=False, min_value=Decimal("0.00"))
    amount_to = YuanField(label=_("标的额至（元）"), required=False, min_value=Decimal("0.00"))
    mode = forms.ChoiceField(
        label=_("结案方式"), choices=[("", _("全部结案方式")), *Case.ClosingMode.choices], required=False
    )
    filed_from = forms.DateField(label=_("立案日自"), required=False, widget=forms.DateInput({"type": "date"}))
    filed_to = forms.DateField(label=_("立案日至"), required=False, widget=forms.DateInput({"type": "date"}))
    closed_from = forms.DateField(label=_("结案日自"), required=False, widget=forms.DateInput({"type": "date"}))
    closed_to = forms.DateField(label=_("结案日至"), required=False, widget=forms.DateInput({"type": "date"}))
    due_from = forms.DateField(label=_("执行期限自"), required=False)
    due_to = forms.DateField(label=_("执行期限至"), required=False)
    since_to = forms.DateField(label=_("进入阶段日至"), required=False)
    triage_from = forms.DateField(label=_("分流期限自"), required=False)
    triage_to = forms.DateField(label=_("分流期限至"), required=False)
    owner = forms.ModelChoiceField(User.objects.all(), label=_("本阶段承办人"), required=False)
    unit = forms.ChoiceField(
        label=_("执行单位"), choices=[("", _("全部单位")), *Case.ExecutingUnit.choices], required=False
    )
    unheld = forms.BooleanField(label=_("无本阶段承办人"), required=False)
    as_of = forms.DateField(label=_("统计日"), required=False, widget=forms.DateInput({"type": "date"}))
    mine = forms.BooleanField(label=_("只看我的"), required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    # What the filter bar shows; the others come from links on figures and boards.
    SHOWN = (
        *("stage", "set", "level", "stream", "type", "mode", "court", "window", "team", "judge"),
        *("filed_from", "filed_to", "closed_from", "closed_to", "amount_from", "amount_to", "mine"),
    )

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set; an amount of zero is one."""
        self.is_valid()
        rows = self.cleaned_data.items()
        return {name: value for name, value in rows if value or (value == 0 and value is not False)}

    def query(self) -> dict[str, str]:
        """Return the valid filters as they stand in the address, the order included, what else stands there not."""
        return {name: self.data[name] for name in self.chosen()}

    def is_narrowed(self) -> bool:
        """Return whether anything but the order was chosen."""
        return any(name != "sort" for name in self.chosen())

    def shown(self) -> list[forms.BoundField]:
        """Return the fields of the filter bar."""
        return [self[name] for name in self.SHOWN]

    def carried(self) -> list[tuple[str, str]]:
        """Return set filters that the bar does not show, to be sent along with it."""
        return [(name, self.data[name]) for name in self.chosen() if name not in self.SHOWN]


class SaveFilter(Form):
    """The name under which a filter is kept."""

    name = forms.CharField(label=_("名称"), max_length=20)


class Search(Form):
    """One box: case number, name, ID, USCC or phone."""

    text = forms.CharField(label=_("查找"), max_length=TEXT_MAX, required=False)


class DeadlineFilters(Form):
    """Coded filters of the list of deadlines; what is not valid is dropped."""

    month = forms.DateField(
        label=_("月份"),
        required=False,
        input_formats=["%Y-%m"],
        validators=[MinValueValidator(dt.date(2000, 1, 1)), MaxValueValidator(dt.date(2100, 1, 1))],
    )
    day = forms.DateField(label=_("日期"), required=False, widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label=_("范围"), required=False, choices=[("mine", _("我承办的")), ("all", _("职责范围内全部"))]
    )
    node = forms.ChoiceField(
        label=_("事项"),
        required=False,
        choices=[("", _("全部事项")), *((node.code, node.label) for node in nodes.LIVE)],
    )
    level = forms.ChoiceField(
        label=_("预警"),
        required=False,
        choices=[("", _("按月显示")), *(choice for choice in nodes.Level.choices if choice[0] != nodes.Level.NONE)],
    )

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class NodeFilters(Form):
    """For an act of which day the table cites the law, and which rows it shows."""

    on = forms.DateField(label=_("行为发生日"), required=False, widget=DayInput())
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部节点")), ("LIVE", _("自动计时")), ("DECLARED", _("仅列明，尚未自动计时"))],
    )

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class NoteDone(Form):
    """What was done, and the paper that shows it."""

    excuse = forms.CharField(label=_("不能办理的原因"), required=False, max_length=20)
    note = forms.CharField(label=_("办理情况或凭据"), max_length=200)

    def __init__(self, *args: Any, rule: nodes.Node | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rule is not None and rule.excuses:
            choices = [("", _("请选择")), *rule.excuses]
            self.fields["excuse"] = forms.ChoiceField(label=_("不能办理的原因"), choices=choices)
        elif rule is not None:
            del self.fields["excuse"]


class Act(Form):
    """A form that carries out one act; `arguments` are what the service takes besides case, moment and actor."""

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}


class Start(Act):
    """Nothing to say: the button is the act."""


class SendBack(Act):
    """Coded defects and a note."""

    defects = forms.MultipleChoiceField(
        label=_("退回原因"),
        choices=Handover.Defect.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项退回原因")},
    )
    note = forms.CharField(
        label=_("说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("选择“其他”时必填"),
    )


class Coordinate(Act):
    """What both teams agreed on."""

    note = forms.CharField(
        label=_("协调结果"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("写明由谁补正什么、何时再移交"),
    )


class ExcludePeriod(Act):
    """A period that does not count: why, by which document, from when and, where it is over, until when."""

    kind = forms.ChoiceField(label=_("扣除事由"), choices=KINDS, widget=forms.RadioSelect)
    paper = forms.ChoiceField(
        label=_("依据文书"),
        help_text=_("本案已签发的文书或者入卷的扫描件；还没有的，先在“卷宗”页签扫描入卷。没有文书的期间不能扣除"),
    )
    from_on = forms.DateField(label=_("起"), widget=DayInput(), help_text=_("当天起不计入期限"))
    until_on = forms.DateField(
        label=_("恢复计算日"),
        required=False,
        widget=DayInput(),
        help_text=_("当天起重新计入；尚未结束的留空，以后再登记"),
    )

    def __init__(self, *args: Any, papers: Iterable[Paper] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paper = self.fields["paper"]
        assert isinstance(paper, forms.ChoiceField)
        rows = [(row.ref, row.label) for row in papers]
        paper.choices = [("", _("请选择") if rows else _("卷宗中还没有")), *rows]


class WithdrawPeriod(Act):
    """Why a period that was entered counts after all."""

    reason = forms.CharField(label=_("撤回原因"), max_length=200, widget=forms.Textarea({"rows": 3}))


class EndPeriod(Act):
    """The day from which days count again."""

    until_on = forms.DateField(label=_("恢复计算日"), widget=DayInput(), help_text=_("当天起重新计入期限"))


class AskLongerLimit(Act):
    """Why three more months are needed; from the second time on, the answer of the high court."""

    reason = forms.CharField(
        label=_("需要延长的特殊情况"), max_length=500, widget=forms.Textarea({"rows": 4, "list": "usual-reasons"})
    )
    paper = forms.ChoiceField(
        label=_("高级人民法院批复的扫描件"),
        required=False,
        help_text=_("先扫描入卷，材料种类选“法院文书”"),
    )

    def __init__(self, *args: Any, papers: Iterable[Paper] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paper = self.fields["paper"]
        assert isinstance(paper, forms.ChoiceField)
        paper.choices = [("", _("请选择")), *((row.ref, row.label) for row in papers or ())]
        if papers is None:
            del self.fields["paper"]


class DecideLongerLimit(Act):
    """The decision of the president or a vice-president."""

    result = forms.ChoiceField(
        label=_("处理结果"),
        widget=forms.RadioSelect,
        choices=[("APPROVED", _("批准延长 3 个月")), ("REFUSED", _("不予批准"))],
    )
    note = forms.CharField(label=_("审批意见"), max_length=200, required=False, help_text=_("不予批准的必填"))


class BreakSettlement(Act):
    """What was not performed, and the applicant's request."""

    note = forms.CharField(label=_("未履行情况和申请"), max_length=200)
    is_anticipatory = forms.BooleanField(
        label=_("预期违约：被执行人明确表示或者以自己的行为表明不履行"),
        required=False,
        help_text=_("没有逾期未付的期次时才需勾选（法释〔2018〕3号第十一条）"),
    )


class ChangeStream(Act):
    """The other team, the checklist and why."""

    to_team = forms.ModelChoiceField(Team.objects.none(), label=_("接收团队"), empty_label=None)
    pack = forms.MultipleChoiceField(
        label=_("移交清单"),
        choices=[(item.code, item.label) for item in packs.STREAM],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=_("转换理由"), max_length=300, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Team.Kind.ORDINARY if case.stage == Case.Stage.FAST else Team.Kind.FAST
        team = self.fields["to_team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.filter(kind=kind, is_active=True).order_by("code")


class ReturnClosing(Act):
    """Why a proposal goes back."""

    defects = forms.CharField(
        label=_("退回原因"), max_length=300, widget=forms.Textarea({"rows": 3, "list": "closing-defects"})
    )
    is_paper_refused = forms.BooleanField(
        label=_("结案文书本身有误，须重新制作"),
        required=False,
        help_text=_("勾选后，原文书不能再用于结案，须以新签发的文书取代作废"),
    )


class Archive(Act):
    """A note and a tick that the index is complete."""

    note = forms.CharField(label=_("归档说明"), max_length=200, required=False)
    confirmed = forms.BooleanField(
        label=_("我已核对：卷宗目录完整，归档后不再变动"), error_messages={"required": _("请先核对并勾选")}
    )


class RecordRequery(Act):
    """What a query after 终本 showed, and how the applicant was told."""

    made_on = forms.DateField(label=_("查询日"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    result = forms.ChoiceField(label=_("查询结果"), choices=Requery.Result.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("结果说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("发现财产的必填：写明财产种类和线索，不写完整账号；登记后提示指挥中心恢复执行"),
    )
    told = forms.CharField(
        label=_("告知申请执行人的方式和时间"),
        max_length=200,
        widget=forms.TextInput({"list": "usual-told"}),
        help_text=_("如：电话告知，2022-06-20；查询结果应当告知申请执行人"),
    )


class EnterNumber(Act):
    """The number that the national system issued."""

    asks_for = {"entered_number": "number"}
    number = forms.CharField(
        label=_("案号"), max_length=TEXT_MAX, help_text=_("如 (2021)内0302执15号，括号全角半角均可")
    )
