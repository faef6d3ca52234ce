"""The triage queue: filed cases that wait for a decision or for a judge, by the seven-day clock."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bureau.models import Court, User
from bureau.wording import Form
from cases.models import Case

NEAR_DAYS = 3


class QueueFilter(Form):
    """Coded filters of the queue."""

    court = forms.ModelChoiceField(
        label=_("法院"),
        queryset=Court.objects.order_by("code"),
        to_field_name="code",
        required=False,
        empty_label=_("全部"),
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("untriaged", _("待分流")), ("triaged", _("待分案"))],
    )
    due = forms.ChoiceField(
        label=_("期限"), required=False, choices=[("", _("全部")), ("overdue", _("已逾期")), ("near", _("三日内到期"))]
    )


def waiting(user: User) -> QuerySet[Case, Case]:
    """Return the filed cases of the user's scope, most pressing first; those with a `triaged_on` only need a judge."""
    return Case.objects.visible_to(user).filter(stage=Case.Stage.FILED).order_by("triage_due_on", "id")


def queue(user: User, form: QueueFilter, *, today: dt.date) -> QuerySet[Case, Case]:
    """Return the queue under the filters, with what one row prints."""
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    cases = waiting(user).select_related("number_court", "filing_window").prefetch_related("parties")
    if asked.get("court"):
        cases = cases.filter(number_court=asked["court"])
    if asked.get("state"):
        cases = cases.filter(triaged_on__isnull=asked["state"] == "untriaged")
    if asked.get("due") == "overdue":
        cases = cases.filter(triage_due_on__lt=today)
    if asked.get("due") == "near":
        cases = cases.filter(triage_due_on__range=(today, today + dt.timedelta(days=NEAR_DAYS)))
    return cases
