"""Forms of the roster: one week of it, one day, a stretch to be filled, two days to be swapped."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from bureau.forms import DayInput
from bureau.models import User
from bureau.wording import Form
from dispatch import duties
from dispatch.models import DutyTurn

DAY = dt.timedelta(days=1)
# Kept small: whoever plans looks a month ahead.
WEEKS = {"1": gettext_lazy("本周"), "2": gettext_lazy("本周起 2 周"), "4": gettext_lazy("本周起 4 周")}
REASONS = (
    gettext_lazy("值班法官请假"),
    gettext_lazy("值班法官外出执行"),
    gettext_lazy("法官之间协商调班"),
    gettext_lazy("排班有误"),
)


class JudgeOfDay(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A judge by name, or nobody."""

    def __init__(self, label: str | Promise = "", **kwargs: Any) -> None:
        plain = {"label": label, "required": False, "empty_label": gettext_lazy("未排")}
        super().__init__(User.objects.none(), **{**plain, **kwargs})

    def label_from_instance(self, obj: User) -> str:
        """Return what the list shows."""
        return obj.name


def _reason(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("调整理由"),
        max_length=duties.REASON_MAX,
        required=required,
        widget=forms.TextInput({"list": "duty-reasons"}),
        help_text="" if required else gettext_lazy("改动已排定的日期时填写"),
    )


class WeekPlan(Form):
    """The judge of each day of one week that has not gone by."""

    reason = _reason(required=False)

    def __init__(self, *args: Any, monday: dt.date, today: dt.date, turns: dict[dt.date, DutyTurn], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.days = {f"day_{on}": on for on in (monday + number * DAY for number in range(7)) if on >= today}
        crew = duties.judges()
        for name, on in self.days.items():
            field = JudgeOfDay(str(on), initial=turns[on].judge_id if on in turns else None)
            field.queryset = crew
            self.fields[name] = field

    def arguments(self) -> dict[str, Any]:
        """Return the days with their judges, and why."""
        data = self.cleaned_data
        return {"turns": {on: data[name] for name, on in self.days.items()}, "reason": data["reason"]}


class DayPlan(Form):
    """The judge of one day; nobody leaves the day open."""

    on = forms.DateField(label=gettext_lazy("日期"), widget=DayInput())
    judge = JudgeOfDay(gettext_lazy("值班法官"))
    reason = _reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["judge"].queryset = duties.judges()  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """Return the day with its judge, and why."""
        data = self.cleaned_data
        return {"turns": {data["on"]: data["judge"]}, "reason": data["reason"]}


class FillPlan(Form):
    """From which week on, for how many weeks."""

    first = forms.DateField(label=gettext_lazy("起始日"), widget=forms.HiddenInput)
    weeks = forms.ChoiceField(label=gettext_lazy("期间"), choices=list(WEEKS.items()))

    def arguments(self) -> dict[str, Any]:
        """Return the first and the last day."""
        first = self.cleaned_data["first"]
        return {"first": first, "last": first + int(self.cleaned_data["weeks"]) * 7 * DAY - DAY}


class SwapPlan(Form):
    """Two days whose judges change places."""

    on = forms.DateField(label=gettext_lazy("值班日"), widget=DayInput())
    other_on = forms.DateField(label=gettext_lazy("与哪天对调"), widget=DayInput())
    reason = _reason(required=True)


class WeekChoice(Form):
    """A day of the week to be shown."""

    on = forms.DateField(label=gettext_lazy("所在周"), required=False, widget=DayInput())

    def monday(self, today: dt.date) -> dt.date:
        """Return the Monday of the day asked for, or of today."""
        day = (self.cleaned_data.get("on") if self.is_valid() else None) or today
        return day - day.weekday() * DAY
