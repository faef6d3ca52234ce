"""What the reader of the figures may ask."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.forms import DayInput
from bureau.wording import Form

FIRST_DAY = dt.date(2000, 1, 1)


class AsOf(Form):
    """The day at whose end the figures stand; `today` is the latest."""

    as_of = forms.DateField(label=gettext_lazy("截至"), widget=DayInput())

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_as_of(self) -> dt.date:
        """Refuse a day that has not come."""
        day: dt.date = self.cleaned_data["as_of"]
        if not FIRST_DAY <= day <= self.today:
            raise forms.ValidationError(_("请选择今天或以前的日期"))
        return day
