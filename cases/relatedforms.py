"""What the pages of related cases ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.models import Court, User
from bureau.wording import Form
from cases.forms import TEXT_MAX, Act
from cases.models import RelatedCase
from cases.relations import Relation


def reviewers() -> Any:
    """Return everyone who may sit on a panel."""
    return User.objects.filter(is_active=True, groups__name="JUDGE").distinct().order_by("name", "pk")


class Register(Act):
    """Which case, raised by whom, about what, where and when."""

    relation = forms.ChoiceField(label=_("关联类型"), choices=Relation.choices)
    court = forms.ModelChoiceField(
        Court.objects.order_by("code"),
        label=_("受理法院"),
        required=False,
        empty_label=_("其他法院（填下一栏）"),
        to_field_name="code",
    )
    court_name = forms.CharField(
        label=_("其他受理法院"), max_length=60, required=False, help_text=_("如 内蒙古自治区高级人民法院")
    )
    number = forms.CharField(
        label=_("关联案号"),
        max_length=60,
        required=False,
        help_text=_("本系统编号的法院留空，登记时自动编号；其他照录"),
    )
    raised_by = forms.CharField(label=_("提出人"), max_length=100, widget=forms.TextInput({"list": "whom"}))
    matter = forms.CharField(
        label=_("请求和标的"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("写明对哪项行为、哪件财产提出什么请求"),
    )
    received_on = forms.DateField(label=_("收到日"), widget=DayInput())
    filed_on = forms.DateField(label=_("立案日"), widget=DayInput(), help_text=_("审查期限自此日起算"))
    reviewer = forms.ModelChoiceField(
        User.objects.none(),
        label=_("审查法官"),
        required=False,
        empty_label=_("尚未确定"),
        help_text=_("参与过本案执行的人不得审查"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = reviewers()  # type: ignore[attr-defined]


class Decide(Act):
    """What came of it, by which document, made and served when."""

    result = forms.ChoiceField(label=_("结果"), choices=RelatedCase.Result.choices, widget=forms.RadioSelect)
    document = forms.CharField(label=_("结果文书"), max_length=200, help_text=_("名称和文号"))
    decided_on = forms.DateField(label=_("作出日"), widget=DayInput())
    served_on = forms.DateField(
        label=_("送达日"), widget=DayInput(), required=False, help_text=_("复议、起诉期限自送达起算；未送达的留空")
    )


class Strike(Act):
    """Why an entry was wrong."""

    reason = forms.CharField(label=_("撤销登记理由"), max_length=200, widget=forms.TextInput({"list": "reasons"}))


class Filters(Form):
    """Coded filters of the list; what is not valid is dropped."""

    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("审查中")), *RelatedCase.State.choices[1:], ("all", _("全部"))]
    )
    relation = forms.ChoiceField(label=_("关联类型"), required=False, choices=[("", _("全部")), *Relation.choices])
    number = forms.CharField(label=_("案号"), required=False, max_length=TEXT_MAX)

    def chosen(self) -> dict[str, str]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
