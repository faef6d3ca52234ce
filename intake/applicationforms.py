"""What is asked on the page of an application."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.wording import Form
from cases.filingforms import day_field
from intake.checklists import Paper
from intake.models import Condition


class SeenForm(Form):
    """Which papers were handed in."""

    seen = forms.MultipleChoiceField(
        label=_("已收到的材料"), choices=Paper.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class SupplementForm(Form):
    """The one notice of what is missing."""

    due_on = day_field(_("补正期限"), required=True)
    note = forms.CharField(
        label=_("补充说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class MetForm(Form):
    """The conditions that are met."""

    met = forms.MultipleChoiceField(
        label=_("符合的受理条件"), choices=Condition.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class RefuseForm(MetForm):
    """Why it is refused, and by which ruling."""

    reason = forms.CharField(
        label=_("不予受理的理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明欠缺五项受理条件中的哪一项；超过申请执行时效不是不予受理的理由"),
    )
    document = forms.CharField(label=_("裁定书文号"), max_length=100)
