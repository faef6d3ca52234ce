"""Forms of the days of the account of the house."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.wording import Form


class ExplainDifference(Form):
    """What finance found out about a difference."""

    note = forms.CharField(
        label=_("说明"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text=_("写明原因、查问了谁、如何处理；说明不能修改，可以补充"),
    )
