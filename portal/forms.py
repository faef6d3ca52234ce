"""What the public may type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.wording import Form


class Numbered(Form):
    """A form that begins with the case number."""

    number = forms.CharField(
        label=_("案号"),
        max_length=60,
        help_text=_("受理回执上的案号，如 (2021)内0302执1号；全角、半角括号都可以"),
        error_messages={"required": _("请填写案号")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class LookUp(Numbered):
    """Case number and look-up code, as printed on the receipt, and the end of the identity number."""

    code = forms.CharField(
        label=_("查询码"),
        max_length=40,
        help_text=_("受理回执上的 16 位查询码，不分大小写，短横可以不输"),
        error_messages={"required": _("请填写查询码")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "code"}
        ),
    )
    answer = forms.CharField(
        label=_("证件号码后四位"),
        min_length=4,
        max_length=4,
        help_text=_("本人身份证号后四位；单位填统一社会信用代码后四位；代理人填执业证号或身份证号后四位"),
        error_messages={
            "required": _("请填写证件号码后四位"),
            "min_length": _("请填写后四位"),
            "max_length": _("只填后四位"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "code"}),
    )


class AskPhoneCode(Numbered):
    """Case number and the phone that was registered at filing."""

    phone = forms.CharField(
        label=_("立案时登记的手机号"),
        max_length=20,
        error_messages={"required": _("请填写手机号")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )


class EnterPhoneCode(Form):
    """Six digits."""

    code = forms.CharField(
        label=_("短信验证码"),
        max_length=12,
        help_text=_("6 位数字，10 分钟内有效，只能用一次"),
        error_messages={"required": _("请填写验证码")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )
