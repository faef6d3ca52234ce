"""What the public may type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.wording import Form


class LookUp(Form):
    """Case number and look-up code, as printed on the receipt."""

    number = forms.CharField(
        label=_("案号"),
        max_length=60,
        help_text=_("受理回执上的案号，如 (2021)内0302执1号；全角、半角括号都可以"),
        error_messages={"required": _("请填写案号")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=40,
        help_text=_("受理回执上的 16 位查询码，不分大小写，短横可以不输"),
        error_messages={"required": _("请填写查询码")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "code"}
        ),
    )
