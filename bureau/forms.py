"""Forms of the organisation."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from bureau.models import Court, Deputy, Holiday, User
from bureau.money import plain_decimal, yuan
from bureau.wording import Form, speak


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlainDecimalField(forms.DecimalField):
    """A number in plain digits; an exponent such as 1e3, or a separator in the wrong place, is a slip."""

    def to_python(self, value: Any) -> Any:
        """Return the number."""
        if isinstance(value, str) and value.strip():
            try:
                value = plain_decimal(value)
            except ValueError:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)


class YuanField(PlainDecimalField):
    """An amount in yuan as people write it: 30000, 30,000.00 or in full width; two places."""

    def __init__(self, *, attrs: dict[str, str] | None = None, **kwargs: Any) -> None:
        plain: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "min_value": Decimal("0.01")}
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        super().__init__(**{**plain, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """Return the amount with separators; what somebody typed stays as it was."""
        return yuan(value) if isinstance(value, Decimal) else value


class LogIn(AuthenticationForm):
    """Login name and password, in the house's words."""

    error_messages = {
        "invalid_login": _("登录名或密码不对，请重新输入；密码区分大小写"),
        "inactive": _("该登录名已停用"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("登录名")
        self.fields["password"].label = _("密码")
        speak(self)


class ChangePassword(PasswordChangeForm):
    """The old password once and the new one twice, in the house's words."""

    error_messages = {
        "password_incorrect": _("现在的密码不对，请重新输入"),
        "password_mismatch": _("两次输入的新密码不一致"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("现在的密码")
        self.fields["new_password1"].label = _("新密码")
        self.fields["new_password2"].label = _("再次输入新密码")
        self.fields["new_password1"].help_text = _("至少10个字符，不能全是数字，不能是常见密码，不能与登录名或姓名相近")
        self.fields["new_password2"].help_text = ""
        speak(self)


class HolidayForm(Form):
    """One day of the working calendar."""

    on = forms.DateField(label=_("日期"), widget=DayInput())
    kind = forms.ChoiceField(label=_("类别"), choices=Holiday.Kind.choices)
    name = forms.CharField(label=_("名称"), max_length=40)
    source = forms.CharField(label=_("依据"), max_length=100)


class DeputyForm(Form):
    """One authority to sign."""

    principal = forms.ModelChoiceField(label=_("授权人"), queryset=User.objects.filter(groups__name="CHIEF"))
    deputy = forms.ModelChoiceField(
        label=_("被授权人"), queryset=User.objects.filter(groups__name__in=["VICE_PRESIDENT"])
    )
    act = forms.ChoiceField(label=_("授权事项"), choices=Deputy.Act.choices)
    from_on = forms.DateField(label=_("起始日"), widget=DayInput())
    until_on = forms.DateField(label=_("截止日"), widget=DayInput())
    document = forms.CharField(label=_("授权文件"), max_length=200)


class NumberModeForm(Form):
    """Where one court's case numbers come from."""

    court = forms.ModelChoiceField(label=_("法院"), queryset=Court.objects.order_by("code"), empty_label=None)
    number_mode = forms.ChoiceField(label=_("编号方式"), choices=Court.NumberMode.choices)
