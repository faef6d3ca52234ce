"""Forms of the start: the pack with what was made outside, and the network query."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.models import User, Window
from bureau.wording import Form
from cases import packs
from cases.evidence import Cited, Paper
from cases.forms import Act
from cases.models import Case, NetworkQuery

QUERY_STATES = [
    ("NONE", _("待查控")),
    ("WAITING", _("等待反馈")),
    ("LACKING", _("有单位未成功")),
    ("ANSWERED", _("已反馈")),
]
CITED = ("paper", "number", "made_on")
OUTSIDE = [item.code for item in packs.STARTING if item.may_be_outside]


def _scan() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("系统外制作的扫描件"), required=False, help_text=_("先扫描入卷，材料种类选“法院文书”")
    )


def _number() -> forms.CharField:
    return forms.CharField(
        label=_("系统外制作的文号"), max_length=100, required=False, help_text=_("如 (2021)内0302执1号")
    )


def _made_on() -> forms.DateField:
    return forms.DateField(label=_("文书作出日期"), required=False, widget=DayInput())


class HandOver(Act):
    """A note; what the record bears out ticks itself, scan, number and day name a document made outside the system."""

    paper_notice, number_notice, made_on_notice = _scan(), _number(), _made_on()
    paper_report_order, number_report_order, made_on_report_order = _scan(), _number(), _made_on()
    paper_clues_asked, number_clues_asked, made_on_clues_asked = _scan(), _number(), _made_on()
    note = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea({"rows": 3}), help_text=_("可不填")
    )

    def __init__(self, *args: Any, scans: Iterable[Paper] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("请选择")), *((row.ref, row.label) for row in scans)]
        for code in OUTSIDE:
            field = self.fields[f"paper_{code.lower()}"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def ask_for_answer(self) -> None:
        """Ask how the defects of the last send-back were put right."""
        self.fields["note"].required = True
        self.fields["note"].help_text = _("写明上次退回的问题如何补正")

    def outside_of(self, code: str) -> tuple[forms.BoundField, ...]:
        """Return the fields of scan, number and day of an item."""
        return tuple(self[f"{name}_{code.lower()}"] for name in CITED)

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        outside = {code: Cited(*(data[f"{name}_{code.lower()}"] for name in CITED)) for code in OUTSIDE}
        return {"outside": outside, "note": data["note"]}


class JudgeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The judge on duty where the roster names none, in whose name is queried what has no judge yet."""

    def __init__(self) -> None:
        judges = User.objects.filter(is_active=True, groups__name="JUDGE").order_by("name", "pk")
        super().__init__(
            judges,
            label=_("值班法官"),
            required=False,
            help_text=_("值班表今日没有排法官；尚无承办法官的案件以其名义发起"),
        )

    def label_from_instance(self, obj: User) -> str:
        """Return what the list shows."""
        return obj.name


class LaunchMany(Act):
    """The system and the judge on duty, for all ticked cases."""

    provider = forms.ChoiceField(
        label=_("查控系统"),
        choices=[row for row in NetworkQuery.Provider.choices if row[0] != NetworkQuery.Provider.OTHER],
    )
    judge = JudgeField()

    def __init__(self, *args: Any, on_duty: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if on_duty is not None:
            # In the name of who is on duty by the roster.
            del self.fields["judge"]

    def clean_judge(self) -> User:
        """Demand him on a day without one: the ticked cases have no judge of their own."""
        judge: User | None = self.cleaned_data["judge"]
        if judge is None:
            raise forms.ValidationError(_("请选择值班法官"))
        return judge


class LaunchOfCases(LaunchMany):
    """The same for programs, with the cases."""

    cases = forms.ModelMultipleChoiceField(Case.objects.none(), label=_("案件"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = Case.objects.to_query(user)  # type: ignore[attr-defined]


class QueryFilters(Form):
    """Coded filters of the list; what is not valid is dropped, never an error."""

    state = forms.ChoiceField(label=_("查控状态"), required=False, choices=QUERY_STATES)
    window = forms.ModelChoiceField(
        label=_("立案窗口"),
        queryset=Window.objects.order_by("code"),
        to_field_name="code",
        required=False,
        empty_label=_("全部窗口"),
    )

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set; what has not been queried without any."""
        self.is_valid()
        return {"state": "NONE", **{name: value for name, value in self.cleaned_data.items() if value}}


class LaunchQuery(Act):
    """Through which system, and the number of the batch."""

    provider = forms.ChoiceField(label=_("查控系统"), choices=NetworkQuery.Provider.choices)
    batch = forms.CharField(
        label=_("查询批次号"), max_length=60, required=False, help_text=_("查控系统给出的批次号或申请单号，可不填")
    )
    judge = JudgeField()

    def __init__(self, *args: Any, case: Case | None = None, on_duty: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if on_duty is not None or (case is not None and case.judge_id):
            # In the name of its own judge, or of who is on duty by the roster.
            del self.fields["judge"]


class AnswerQuery(Act):
    """What came back."""

    answer = forms.CharField(
        label=_("反馈情况"),
        max_length=300,
        widget=forms.TextInput({"list": "query-answers"}),
        help_text=_("一句话写明查到什么、没有查到什么"),
    )
