"""Forms of the organisation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.models import Court, Deputy, Holiday, User


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HolidayForm(forms.Form):
    """One day of the working calendar."""

    on = forms.DateField(label=_("日期"), widget=DayInput())
    kind = forms.ChoiceField(label=_("类别"), choices=Holiday.Kind.choices)
    name = forms.CharField(label=_("名称"), max_length=40)
    source = forms.CharField(label=_("依据"), max_length=100)


class DeputyForm(forms.Form):
    """One authority to sign."""

    principal = forms.ModelChoiceField(label=_("授权人"), queryset=User.objects.filter(groups__name="CHIEF"))
    deputy = forms.ModelChoiceField(
        label=_("被授权人"), queryset=User.objects.filter(groups__name__in=["VICE_PRESIDENT"])
    )
    act = forms.ChoiceField(label=_("授权事项"), choices=Deputy.Act.choices)
    from_on = forms.DateField(label=_("起始日"), widget=DayInput())
    until_on = forms.DateField(label=_("截止日"), widget=DayInput())
    document = forms.CharField(label=_("授权文件"), max_length=200)


class NumberModeForm(forms.Form):
    """Where one court's case numbers come from."""

    court = forms.ModelChoiceField(label=_("法院"), queryset=Court.objects.order_by("code"), empty_label=None)
    number_mode = forms.ChoiceField(label=_("编号方式"), choices=Court.NumberMode.choices)
