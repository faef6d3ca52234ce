"""Forms of the days of the account of the house."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import DaySheet
from accounts.services.signatories import candidates
from bureau.forms import YuanField
from bureau.models import User
from bureau.wording import Form


class ExplainDifference(Form):
    """What finance found out about a difference."""

    note = forms.CharField(
        label=_("说明"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text=_("写明原因、查问了谁、如何处理；说明不能修改，可以补充"),
    )


class EnterBankBalance(Form):
    """The bank's balance at the end of a day, typed by hand."""

    amount = YuanField(label=_("银行日终余额（元）"), min_value=0)
    ground = forms.CharField(
        label=_("余额依据"),
        max_length=200,
        help_text=_("如：网银余额查询页面、柜台打印的余额单；签结人会看到余额为人工录入"),
    )


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the staff, by name."""

    def label_from_instance(self, obj: User) -> str:
        """Return what the list shows."""
        return obj.name


class NameSignatory(Form):
    """Who signs a day on which everybody of finance paid."""

    person = PersonChoice(label=_("签结人"), queryset=User.objects.none(), empty_label=None)
    reason = forms.CharField(
        label=_("指定原因"),
        max_length=200,
        help_text=_("如：两名案款管理员当日均办理付款"),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, sheet: DaySheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = candidates(sheet.day)
