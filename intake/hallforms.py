"""What is asked at the counter: a number, the next call, a transfer, whom a visitor is to see; and of figures."""

import datetime as dt
import itertools
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.models import User, Window
from bureau.wording import Form
from intake.hall import COUNTERS
from intake.models import Ticket
from intake.waiting import DAYS_MAX

TRANSFER_REASONS = (_("选错事项"), _("属于其他窗口办理"), _("需要与办案团队见面"), _("先立案后咨询"))


def _unit(person: User) -> str:
    unit = person.team or person.window
    return unit.name if unit else str(_("其他人员"))


class ByUnit(forms.models.ModelChoiceIterator):  # type: ignore[type-arg]
    """People in the groups of their units."""

    def __iter__(self) -> Iterator[Any]:
        """Yield who is nobody, then each unit with its people."""
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for unit, people in itertools.groupby(self.queryset, key=_unit):
            yield (unit, [self.choice(person) for person in people])


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member of staff, by team or window and name."""

    iterator = ByUnit

    def label_from_instance(self, obj: User) -> str:
        """Return what the list shows."""
        return f"{obj.name} {obj.post}".strip()


def answerers(asked_by: User | None = None) -> Any:
    """Return whoever may be named to a visitor, by unit and name.

    To a visitor of a clerk: the bureau's people, and those of the court whose window it is.
    """
    people = User.objects.filter(is_active=True, groups__permissions__codename="answer_inquiry").distinct()
    if asked_by is not None:
        court = asked_by.window.court_id if asked_by.window else None
        people = people.filter(Q(court__isnull=True) | Q(court=court, court__isnull=False))
    return people.select_related("team", "window").order_by("team__code", "window__code", "name", "pk")


class TakeForm(Form):
    """What a visitor comes for; the button says which matter."""

    name = forms.CharField(
        label=_("姓名"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("可不填；只保留脱敏后的称呼，如“张*”"),
    )
    priority = forms.ChoiceField(label=_("优先"), required=False, choices=[("", _("无")), *Ticket.Priority.choices])
    category = forms.ChoiceField(label=_("事项"), choices=Ticket.Category.choices, widget=forms.HiddenInput)
    token = forms.CharField(required=False, max_length=32, initial=lambda: token_hex(16), widget=forms.HiddenInput)


class CallForm(Form):
    """At which counter, and of which matter only."""

    counter = forms.ChoiceField(
        label=_("柜台"), required=False, choices=[("", _("不分柜台")), *((number, number) for number in COUNTERS)]
    )
    category = forms.ChoiceField(
        label=_("只叫事项"), required=False, choices=[("", _("全部事项")), *Ticket.Category.choices]
    )


class CounterForm(Form):
    """At which counter."""

    counter = forms.ChoiceField(
        label=_("柜台"), required=False, choices=[("", _("不分柜台")), *((number, number) for number in COUNTERS)]
    )


class ReopenForm(Form):
    """Whether it was skipped by mistake."""

    keeps_place = forms.BooleanField(label=_("回到原来的位置"), required=False)


class TransferForm(Form):
    """Where to, or what else, and why."""

    window = forms.ModelChoiceField(
        Window.objects.filter(is_active=True).order_by("code"), label=_("转到窗口"), empty_label=None
    )
    category = forms.ChoiceField(label=_("事项"), required=False, choices=[("", _("不变")), *Ticket.Category.choices])
    reason = forms.CharField(label=_("理由"), max_length=100, widget=forms.TextInput({"list": "reasons"}))


class DirectForm(Form):
    """Whom the visitor is to see."""

    person = Colleague(User.objects.none(), label=_("要见的人"), required=False, empty_label=_("不指定，到窗口办理"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = answerers(user)  # type: ignore[attr-defined]


class FigureFilter(Form):
    """Days, and one window for whoever sees all."""

    from_on = forms.DateField(label=_("自"), required=False, widget=DayInput())
    until_on = forms.DateField(label=_("至"), required=False, widget=DayInput())
    window = forms.ModelChoiceField(
        Window.objects.order_by("code"),
        label=_("窗口"),
        required=False,
        empty_label=_("全部窗口"),
        to_field_name="code",
    )

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        # Whoever works at a window sees its figures; the others see all.
        self.own = user.window if user.has_perm("intake.serve_queue") else None
        if self.own is not None:
            del self.fields["window"]

    def clean(self) -> dict[str, Any]:
        """A week by default; a range runs forward and is at most a year."""
        data: dict[str, Any] = super().clean() or {}
        until_on = data.get("until_on") or self.today
        from_on = data.get("from_on") or until_on - dt.timedelta(days=6)
        if from_on > until_on:
            self.add_error("until_on", _("截止日不能早于起始日"))
        elif (until_on - from_on).days >= DAYS_MAX:
            self.add_error("from_on", _("一次最多查看一年"))
        return {**data, "from_on": from_on, "until_on": until_on}

    def windows(self) -> list[Window]:
        """Return the windows asked for."""
        chosen = self.own or self.cleaned_data.get("window")
        return [chosen] if chosen else list(Window.objects.order_by("code"))
