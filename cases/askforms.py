"""What the answer to a party asks for, and the filters of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.wording import Form
from cases.forms import Act
from cases.models import PartyAsk
from cases.services.asks import TEXT_MAX


class AnswerAsk(Act):
    """What came of it, in words for the party; for a visit the day agreed."""

    result = forms.ChoiceField(label=_("处理结果"))
    meeting_on = forms.DateField(label=_("约定日期"), required=False, widget=DayInput())
    meeting_half = forms.ChoiceField(
        label=_("上午或下午"), required=False, choices=[("", _("请选择")), *PartyAsk.Half.choices]
    )
    answer = forms.CharField(
        label=_("答复"),
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("当事人会在公众查询页看到原文；不写尚未采取的措施，不写他人信息"),
    )

    def __init__(self, *args: Any, ask: PartyAsk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        result = self.fields["result"]
        assert isinstance(result, forms.ChoiceField)
        result.choices = [("", _("请选择")), *ask.results]
        if ask.kind != PartyAsk.Kind.VISIT:
            del self.fields["meeting_on"], self.fields["meeting_half"]


class AskFilters(Form):
    """Coded filters of the list; what is not valid is dropped."""

    kind = forms.ChoiceField(label=_("种类"), required=False, choices=[("", _("全部")), *PartyAsk.Kind.choices])
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("待答复")), ("late", _("超期未答复")), ("answered", _("已答复")), ("all", _("全部"))],
    )

    def chosen(self) -> dict[str, str]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
