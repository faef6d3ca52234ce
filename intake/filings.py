"""The window's list of filings: by day, or by number."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bureau import identity
from bureau.models import User
from bureau.wording import Form
from cases import casenumber
from cases.models import Case


class FilingFilter(Form):
    """Coded filters only: names and ID numbers are never looked up by address."""

    day = forms.DateField(
        label=_("立案日"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    number = forms.CharField(
        label=_("案号或收件号"), required=False, max_length=60, widget=forms.TextInput(attrs={"data-search": ""})
    )


class ReissueForm(Form):
    """What a lost receipt is made again for: the case, and the ID of whoever stands at the counter."""

    number = forms.CharField(
        label=_("案号或收件号"),
        max_length=60,
        help_text=_("任一窗口受理的案件都可以"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": ""}),
    )
    id_number = forms.CharField(
        label=_("来人的证件号码"),
        max_length=40,
        help_text=_("看着证件原件录入：申请执行人的身份证号或统一社会信用代码；代理人的执业证号或身份证号"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_id_number(self) -> str:
        """Return the number as it is kept."""
        try:
            return identity.canonical_other_id(self.cleaned_data["id_number"])
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None


def filings_of(user: User, form: FilingFilter, *, today: dt.date) -> QuerySet[Case, Case]:
    """Return what was filed at the user's window: bearing the number asked for, else on the day, newest first."""
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = Case.objects.visible_to(user).filter(filing_window=user.window).for_list().order_by("-filed_at", "-id")
    if number := casenumber.plain(asked.get("number") or ""):
        return rows.filter(Q(number__icontains=number) | Q(provisional_number__icontains=number))
    return rows.filter(filed_on=asked.get("day") or today)
