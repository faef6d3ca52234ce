"""Forms around assignment: batches, requests, chains of seeds, leave and the week of a report."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Team, User
from bureau.wording import Form
from cases.models import Case
from dispatch.asking import REASON_MAX
from dispatch.assigning import CHAIN_MAX, CHAIN_MIN
from dispatch.models import AssignmentRequest, SendBack
from dispatch.queue import waiting

BATCH_MAX = 10_000
DAY = {"type": "date"}


def assignable(user: User) -> Any:
    """Return the triaged cases of the user's scope that wait for their people, without those back at their window."""
    return waiting(user).filter(triaged_on__isnull=False).exclude(send_backs__state=SendBack.State.OPEN)


class Staff(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member of staff, by team and name."""

    def label_from_instance(self, obj: User) -> str:
        """Return what the list shows."""
        return f"{obj.team.name if obj.team else ''} {obj.name}".strip()


class BatchForm(Form):
    """Cases to be assigned in one act, and the hash of the preview that was read."""

    cases = forms.ModelMultipleChoiceField(
        label=gettext_lazy("案件"),
        queryset=Case.objects.none(),
        error_messages={"required": gettext_lazy("请选择案件")},
    )
    expected = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = Case.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean_cases(self) -> Any:
        """Keep to what one act may take."""
        cases = self.cleaned_data["cases"]
        if len(cases) > BATCH_MAX:
            raise forms.ValidationError(_("一次最多 %(most)d 件") % {"most": BATCH_MAX})
        return cases

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"wanted": list(self.cleaned_data["cases"]), "expected": self.cleaned_data["expected"]}


class AskForm(Form):
    """What is asked for, whom it names and why."""

    kind = forms.ChoiceField(label=gettext_lazy("事项"), choices=AssignmentRequest.Kind.choices)
    judge = Staff(
        User.objects.none(),
        label=gettext_lazy("指定的法官"),
        required=False,
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("仅指定承办法官时选择"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=REASON_MAX, widget=forms.TextInput({"list": "ask-reasons"})
    )

    def __init__(self, *args: Any, stream: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        judges = User.objects.filter(is_active=True, groups__name="JUDGE", team__isnull=False)
        judges = judges.filter(team__kind=stream) if stream else judges.exclude(team__kind=Team.Kind.COURT)
        field = self.fields["judge"]
        field.queryset = judges.select_related("team").order_by("team__code", "name", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the judge who is to be named."""
        data = self.cleaned_data
        if data.get("kind") == AssignmentRequest.Kind.NAMED and not data.get("judge") and "judge" not in self.errors:
            self.add_error("judge", _("请选择承办法官"))
        return data


class AskManyForm(AskForm):
    """The same for several cases at once, by their ids."""

    cases = forms.ModelMultipleChoiceField(label=gettext_lazy("案件"), queryset=Case.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = Case.objects.visible_to(user)  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = dict(self.cleaned_data)
        return {"wanted": list(data.pop("cases")), **data}


class DecideForm(Form):
    """Yes or no, with the reason of a no."""

    is_approved = forms.TypedChoiceField(
        label=gettext_lazy("决定"),
        choices=[("yes", gettext_lazy("批准")), ("no", gettext_lazy("不批准"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("意见"), required=False, max_length=REASON_MAX, help_text=gettext_lazy("不批准时填写理由")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal."""
        data = self.cleaned_data
        if data.get("is_approved") is False and not data.get("note", "").strip():
            self.add_error("note", _("请写明不批准的理由"))
        return data


class ChainForm(Form):
    """How many draws a chain shall serve."""

    length = forms.IntegerField(
        label=gettext_lazy("种子数"),
        min_value=CHAIN_MIN,
        max_value=CHAIN_MAX,
        initial=5000,
        help_text=gettext_lazy("每次分案用一个种子；公布次日起启用"),
    )


class LeaveForm(Form):
    """Who is away, when, and who covers."""

    user = Staff(User.objects.none(), label=gettext_lazy("请假人"), empty_label=gettext_lazy("请选择"))
    cover = Staff(
        User.objects.none(),
        label=gettext_lazy("代理人"),
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("同一团队；请假人在办系列案的新案由代理人承办"),
    )
    from_on = forms.DateField(label=gettext_lazy("自"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    until_on = forms.DateField(label=gettext_lazy("至"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    reason = forms.CharField(
        label=gettext_lazy("事由"), max_length=100, widget=forms.TextInput({"list": "leave-reasons"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(is_active=True, team__isnull=False).select_related("team")
        for name in ("user", "cover"):
            self.fields[name].queryset = staff.order_by("team__code", "name", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Say beside the field what the calendar forbids."""
        data = self.cleaned_data
        if data.get("from_on") and data.get("until_on") and data["until_on"] < data["from_on"]:
            self.add_error("until_on", _("截止日不能早于起始日"))
        return data


class WeekForm(Form):
    """A day of the week to be shown."""

    on = forms.DateField(label=gettext_lazy("所在周"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"))

    def day(self, usual: dt.date) -> dt.date:
        """Return the day asked for, or the usual one."""
        return (self.cleaned_data.get("on") if self.is_valid() else None) or usual
