"""What the contact log, notes, holds and the one-card look-up ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.wording import Form
from cases.forms import TEXT_MAX as SEARCH_MAX
from cases.forms import Act
from cases.models import Contact
from cases.services.contacts import NAME_MAX, REASON_MAX, TEXT_MAX

SEARCH_MIN = 2


class LogContact(Act):
    """Who, what was said, promised by when; the button says how."""

    whom = forms.CharField(
        label=_("对方"),
        max_length=NAME_MAX,
        widget=forms.TextInput({"list": "whom", "autocomplete": "off"}),
        help_text=_("选当事人，或写其他人"),
    )
    # One line, so that Enter logs the call.
    text = forms.CharField(label=_("说了什么"), max_length=TEXT_MAX)
    promised_on = forms.DateField(label=_("承诺在哪天前"), required=False, widget=DayInput())
    kind = forms.ChoiceField(label=_("方式"), choices=Contact.Kind.choices, widget=forms.HiddenInput, required=False)

    def clean_kind(self) -> str:
        """A form sent without a button is a call."""
        return self.cleaned_data["kind"] or Contact.Kind.CALL


class AddNote(Act):
    """A remark."""

    text = forms.CharField(label=_("备注"), max_length=TEXT_MAX, widget=forms.Textarea({"rows": 2}))


class SettlePromise(Act):
    """Whether a promise was kept."""

    promise = forms.ChoiceField(
        label=_("承诺"),
        choices=[
            choice for choice in Contact.Promise.choices if choice[0] in (Contact.Promise.KEPT, Contact.Promise.BROKEN)
        ],
        error_messages={"required": _("请选择已兑现或未兑现"), "invalid_choice": _("请选择已兑现或未兑现")},
    )

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"is_kept": self.cleaned_data["promise"] == Contact.Promise.KEPT}


class HoldCase(Act):
    """Why, and until when."""

    reason = forms.CharField(label=_("搁置理由"), max_length=REASON_MAX, widget=forms.TextInput({"list": "reasons"}))
    until_on = forms.DateField(label=_("搁置至"), widget=DayInput(), help_text=_("执行期限不停止；到期后请恢复办理"))


class EndHold(Act):
    """Why the case is taken up again; needed only before its day."""

    reason = forms.CharField(
        label=_("恢复说明"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("提前恢复办理时必填"),
        widget=forms.TextInput({"list": "reasons"}),
    )


class LookUp(Form):
    """A phone number, two characters of a name, or a case number."""

    text = forms.CharField(
        label=_("电话、姓名两字或案号"),
        min_length=SEARCH_MIN,
        max_length=SEARCH_MAX,
        widget=forms.TextInput({"type": "search", "autofocus": True, "data-search": True, "autocomplete": "off"}),
    )

    def clean_text(self) -> Any:
        """Drop blanks around."""
        return self.cleaned_data["text"].strip()


class HoldFilters(Form):
    """Coded filters of the list of cases put aside; what is not valid is dropped."""

    who = forms.ChoiceField(
        label=_("范围"), required=False, choices=[("", _("职责范围内全部")), ("mine", _("我承办的"))]
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("搁置中")), ("over", _("已期满，待恢复")), ("ended", _("已恢复"))],
    )

    def chosen(self) -> dict[str, str]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
