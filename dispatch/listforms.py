"""Coded filters of the command centre's lists: what does not fit is left out, and the page says so."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.models import Court, Window
from bureau.wording import Form
from cases.models import Case
from dispatch.models import AssignmentRequest, Retriage, RuleTable, SendBack

TEXT_MAX = 300


class Filter(Form):
    """Filters of an address."""

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SendBackFilter(Filter):
    """By state and window."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=SendBack.State.choices)
    window = forms.ModelChoiceField(
        label=_("窗口"), required=False, queryset=Window.objects.order_by("code"), to_field_name="code"
    )


class RetriageFilter(Filter):
    """By state; the open ones without any."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=Retriage.State.choices)


class RequestFilter(Filter):
    """By state."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=AssignmentRequest.State.choices)


class OldBookFilter(Filter):
    """By court."""

    court = forms.ModelChoiceField(
        label=_("法院"), required=False, queryset=Court.objects.order_by("code"), to_field_name="code"
    )


class OverrideFilter(Filter):
    """By version of the table, by a rule that hit, by the reason given."""

    version = forms.ModelChoiceField(
        label=_("版本"), required=False, queryset=RuleTable.objects.prefetch_related("rules"), to_field_name="version"
    )
    rule = forms.RegexField(r"^[A-Za-z0-9]{1,8}\Z", label=_("规则"), required=False)
    reason = forms.CharField(label=_("改判理由"), required=False, max_length=TEXT_MAX)


class MoveFilter(Filter):
    """By how a dry run would change a case."""

    change = forms.ChoiceField(
        label=_("变化"),
        required=False,
        choices=[
            (f"{before}>{after}", f"{before.label} → {after.label}")
            for before in Case.Stream
            for after in Case.Stream
            if before != after
        ],
    )
