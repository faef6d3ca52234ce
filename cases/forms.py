"""What the pages of a case ask for."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from bureau.models import Court, Team, User, Window
from bureau.wording import Form
from cases import models, nodes, packs
from cases.closing import WAYS
from cases.models import Case, Handover, Suspension

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
        label=_("分流结果"), choices=[("", _("简案与繁案")), *Case.Stream.choices], required=False
    )
    mode = forms.ChoiceField(
        label=_("结案方式"), choices=[("", _("全部结案方式")), *Case.ClosingMode.choices], required=False
    )
    filed_from = forms.DateField(label=_("立案日自"), required=False, widget=forms.DateInput({"type": "date"}))
    filed_to = forms.DateField(label=_("立案日至"), required=False, widget=forms.DateInput({"type": "date"}))
    closed_from = forms.DateField(label=_("结案日自"), required=False, widget=forms.DateInput({"type": "date"}))
    closed_to = forms.DateField(label=_("结案日至"), required=False, widget=forms.DateInput({"type": "date"}))
    due_from = forms.DateField(label=_("执行期限自"), required=False)
    due_to = forms.DateField(label=_("执行期限至"), required=False)
    as_of = forms.DateField(label=_("统计日"), required=False, widget=forms.DateInput({"type": "date"}))
    mine = forms.BooleanField(label=_("只看我的"), required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    # What the filter bar shows; the others come from links on figures and boards.
    SHOWN = ("stage", "set", "court", "window", "team", "judge", "filed_from", "filed_to", "mine")

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def shown(self) -> list[forms.BoundField]:
        """Return the fields of the filter bar."""
        return [self[name] for name in self.SHOWN]

    def carried(self) -> list[tuple[str, str]]:
        """Return set filters that the bar does not show, to be sent along with it."""
        return [(name, self.data[name]) for name in self.chosen() if name not in self.SHOWN]


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


class NoteDone(Form):
    """What was done, and the paper that shows it."""

    note = forms.CharField(label=_("办理情况或凭据"), max_length=200)


class Act(Form):
    """A form that carries out one act; `arguments` are what the service takes besides case, moment and actor."""

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}


class Start(Act):
    """Nothing to say: the button is the act."""


class HandOver(Act):
    """The checklist of the pack and a note."""

    pack = forms.MultipleChoiceField(
        label=_("移交清单"),
        choices=[(item.code, item.label) for item in packs.STARTING],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("执行通知书、报告财产令、网络查控三项必备"),
    )
    note = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea({"rows": 3}), help_text=_("可不填")
    )


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


class Suspend(Act):
    """Ground in law and the ruling."""

    ground = forms.ChoiceField(label=_("中止事由"), choices=Suspension.Ground.choices, widget=forms.RadioSelect)
    document = forms.CharField(label=_("裁定书文号"), max_length=200, help_text=_("如 (2021)内0302执1号之一"))


class Resume(Act):
    """Why the case goes on."""

    note = forms.CharField(
        label=_("恢复说明"), max_length=200, help_text=_("中止情形何时、如何消失；恢复执行应书面通知当事人")
    )


class Stay(Act):
    """Ground, decision and the day to which the case is stayed."""

    ground = forms.ChoiceField(label=_("暂缓事由"), choices=models.Stay.Ground.choices, widget=forms.RadioSelect)
    document = forms.CharField(label=_("决定书或通知"), max_length=200)
    until_on = forms.DateField(
        label=_("暂缓至"),
        widget=forms.DateInput({"type": "date"}),
        help_text=_("担保暂缓最长一年，上级法院通知最长三个月；到期系统提醒，不会自动恢复"),
    )


class Settle(Act):
    """The agreement and its instalments, one a line."""

    document = forms.CharField(label=_("和解协议"), max_length=200, help_text=_("名称、日期，或笔录"))
    terms = forms.CharField(label=_("主要内容"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    instalments = forms.CharField(
        label=_("各期付款"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("每行一期：日期 金额，如 2022-01-31 5000.00；可从Excel粘贴两列"),
    )

    def clean_instalments(self) -> list[tuple[dt.date, Decimal]]:
        """Return the instalments; a wrong line is named by its number."""
        rows, wrong = [], []
        for number, line in enumerate(self.cleaned_data["instalments"].splitlines(), start=1):
            words = line.replace("，", " ").replace(",", "").replace("元", "").split()
            try:
                day, amount = words
                rows.append((dt.date.fromisoformat(day.replace("/", "-")), Decimal(amount)))
            except (ValueError, ArithmeticError):
                wrong += [str(number)] if line.strip() else []
        if wrong:
            raise forms.ValidationError(_("第 %(lines)s 行应为“日期 金额”") % {"lines": "、".join(wrong)})
        return rows


class NoteInstalment(Act):
    """When an instalment was paid and by what it is proved."""

    paid_on = forms.DateField(label=_("实付日"), widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(label=_("履行凭据"), max_length=200)


class BreakSettlement(Act):
    """What was not performed, and the applicant's request."""

    note = forms.CharField(label=_("未履行情况和申请"), max_length=200)


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


class ProposeClosing(Act):
    """Ground, document, and for every condition of the mode the event that proves it."""

    ground = forms.CharField(label=_("结案事由"), max_length=300)
    document = forms.CharField(label=_("结案文书或凭据"), max_length=200)

    def __init__(self, *args: Any, mode: str, events: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mode = mode
        choices = [("", _("请选择办理记录")), *events]
        for row in WAYS[mode].conditions:
            self.fields[f"event_{row.code}"] = forms.TypedChoiceField(
                label=str(row.label), choices=choices, coerce=int, empty_value=None, required=False, help_text=row.basis
            )
            self.fields[f"note_{row.code}"] = forms.CharField(label=_("说明"), max_length=300, required=False)

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the pairs of proof and note as the page prints them."""
        return [(self[f"event_{row.code}"], self[f"note_{row.code}"]) for row in WAYS[self.mode].conditions]

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        proofs = {
            row.code: (data[f"event_{row.code}"], data[f"note_{row.code}"])
            for row in WAYS[self.mode].conditions
            if data[f"event_{row.code}"]
        }
        return {"mode": self.mode, "ground": data["ground"], "document": data["document"], "proofs": proofs}


class ReturnClosing(Act):
    """Why a proposal goes back."""

    defects = forms.CharField(
        label=_("退回原因"), max_length=300, widget=forms.Textarea({"rows": 3, "list": "closing-defects"})
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
    result = forms.ChoiceField(label=_("查询结果"), choices=models.Requery.Result.choices, widget=forms.RadioSelect)
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

    number = forms.CharField(
        label=_("案号"), max_length=TEXT_MAX, help_text=_("如 (2021)内0302执15号，括号全角半角均可")
    )
