"""What is asked of who receives a query, answers it, hands it over or gives it back."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.models import User, Window
from bureau.wording import Form
from cases import casenumber
from cases.models import Case
from intake.hallforms import Colleague, answerers
from intake.models import Inquiry, Ticket

HANDING_REASONS = (
    _("属于承办团队答复的事项"),
    _("涉及案款，由案款管理答复"),
    _("信访、投诉，由督察答复"),
    _("本人外出"),
)
RETURN_REASONS = (_("不属于本人职责"), _("案件已移交其他团队"), _("事项不清，请补充后再交"))


class OpenForm(Form):
    """What was asked, by whom as he may be called, on which case if any."""

    category = forms.ChoiceField(label=_("类别"), choices=Inquiry.Category.choices)
    text = forms.CharField(label=_("所问事项"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    asker = forms.CharField(
        label=_("来访人姓名"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("可不填；只保留脱敏后的称呼"),
    )
    case = forms.CharField(
        label=_("案号"), required=False, max_length=60, help_text=_("与案件有关的填；须是您可以查看的案件")
    )
    ticket = forms.ModelChoiceField(Ticket.objects.none(), label=_("号码"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["ticket"].queryset = Ticket.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean_case(self) -> Case | None:
        """Return the case of that number, as far as the user may see it."""
        number = casenumber.plain(self.cleaned_data["case"])
        if not number:
            return None
        cases = Case.objects.visible_to(self.user).filter(Q(number=number) | Q(provisional_number=number))
        case = cases.first()
        if case is None:
            raise forms.ValidationError(_("没有这个案件，或不在您可以查看的范围内"))
        return case


class AnswerForm(Form):
    """What was answered."""

    answer = forms.CharField(label=_("答复内容"), max_length=1000, widget=forms.Textarea({"rows": 4}))


class HandForm(Form):
    """To whom, why, until when."""

    to = Colleague(User.objects.none(), label=_("接手人"))
    reason = forms.CharField(label=_("移交理由"), max_length=200, widget=forms.TextInput({"list": "reasons"}))
    until_on = forms.DateField(label=_("答复期限"), required=False, widget=DayInput())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = answerers(user).exclude(pk=user.pk)  # type: ignore[attr-defined]


class GiveBackForm(Form):
    """Why it is not the named person's."""

    note = forms.CharField(label=_("退回理由"), max_length=200, widget=forms.TextInput({"list": "reasons"}))


class InquiryFilter(Form):
    """Coded filters of the list."""

    set = forms.ChoiceField(
        label=_("范围"),
        required=False,
        choices=[
            ("", _("未答复")),
            ("overdue", _("超期未答复")),
            ("mine", _("我负责的")),
            ("offered", _("移交待接收")),
            ("answered", _("已答复")),
            ("all", _("全部")),
        ],
    )
    category = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部类别")), *Inquiry.Category.choices]
    )
    window = forms.ModelChoiceField(
        Window.objects.order_by("code"),
        label=_("窗口"),
        required=False,
        empty_label=_("全部窗口"),
        to_field_name="code",
    )

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
