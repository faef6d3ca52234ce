"""What is asked on the page of an application."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.wording import Form
from cases.filingforms import day_field
from intake.checklists import ESSENTIAL, Paper
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


class AcceptanceForm(MetForm, SeenForm):
    """What the clerk says of a filing that is accepted at once: the conditions, and papers that are not scanned."""

    field_order: tuple[str, ...] = ("met", "seen")

    def demand(self, missing: Collection[Paper]) -> bool:
        """Ask for every condition and the papers without which nothing is accepted; return whether all is there."""
        met = self.cleaned_data.get("met", []) if self.is_valid() else []
        if lacking := [str(condition.label) for condition in Condition if condition not in met]:
            self.add_error("met", _("未确认符合：%(labels)s") % {"labels": "、".join(lacking)})
        if lacking := [str(paper.label) for paper in missing if paper in ESSENTIAL]:
            self.add_error("seen", _("不能受理，尚缺：%(labels)s") % {"labels": "、".join(lacking)})
        return not self.errors


class RefuseForm(MetForm):
    """Why it is to be refused: a reason for each condition that is not met."""

    reason = forms.CharField(
        label=_("其他理由"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("经一次性告知仍未补齐材料的在此写明；超过申请执行时效不是不予受理的理由"),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for condition in Condition:
            label = _("不符合“%(label)s”的理由") % {"label": condition.label}
            self.fields[f"why_{condition}"] = forms.CharField(label=label, max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        """Gather the reasons by condition."""
        data = super().clean() or self.cleaned_data
        data["unmet"] = {str(condition): data.pop(f"why_{condition}", "") for condition in Condition}
        return data

    @property
    def by_condition(self) -> list[tuple[str, Any]]:
        """Return each condition with the field of its reason."""
        return [(str(condition), self[f"why_{condition}"]) for condition in Condition]


class RuleForm(Form):
    """What the judge rules."""

    agrees = forms.TypedChoiceField(
        label=_("裁定"),
        choices=[("yes", _("裁定不予受理")), ("no", _("退回窗口，继续审查"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    document = forms.CharField(label=_("裁定书文号"), max_length=100, required=False)
    note = forms.CharField(
        label=_("退回的意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
