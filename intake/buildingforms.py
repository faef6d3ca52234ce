"""What is asked about buildings, maps, rooms, and what to bring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.models import Team, Window
from bureau.wording import Form, Versioned
from intake.hallforms import Colleague, answerers
from intake.models import Ticket


class BuildingForm(Form):
    """Name and address."""

    name = forms.CharField(label=_("名称"), max_length=40)
    address = forms.CharField(label=_("地址"), max_length=100)


class MapForm(Form):
    """An image."""

    asks_for = {"upload": "image"}
    image = forms.FileField(
        label=_("楼层图"),
        widget=forms.ClearableFileInput({"accept": "image/png,image/jpeg"}),
        help_text=_("PNG或JPEG，最大5 MB；印在来访指引单上"),
    )


class RoomForm(Versioned):
    """Where a room is, who sits there, how one gets there."""

    floor = forms.IntegerField(label=_("楼层"), min_value=-3, max_value=60)
    number = forms.CharField(label=_("房间号"), max_length=12)
    name = forms.CharField(label=_("名称"), max_length=40)
    window = forms.ModelChoiceField(
        Window.objects.filter(is_active=True).order_by("code"),
        label=_("窗口"),
        required=False,
        empty_label=_("无"),
        help_text=_("窗口、团队、工作人员中选一项"),
    )
    team = forms.ModelChoiceField(
        Team.objects.filter(is_active=True).order_by("id"), label=_("团队"), required=False, empty_label=_("无")
    )
    user = Colleague(answerers(), label=_("工作人员"), required=False, empty_label=_("无"))
    way = forms.CharField(
        label=_("怎么走"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("如：东门进，电梯上二楼右转第三间"),
    )


class BringingForm(Versioned):
    """What to bring for one matter."""

    category = forms.ChoiceField(label=_("事项"), choices=Ticket.Category.choices, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("携带材料"), max_length=1000, widget=forms.Textarea({"rows": 6}), help_text=_("一行一项")
    )

    @property
    def title(self) -> str:
        """Return the matter."""
        code: Any = self["category"].value()
        return str(dict(Ticket.Category.choices).get(code, ""))
