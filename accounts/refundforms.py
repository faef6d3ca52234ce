"""Forms of money that goes back to its payer: to which account and why, and why it is not paid after all."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import Reasoned
from accounts.models import BankLine, LineRefund
from accounts.payeeforms import NUMBER
from accounts.payees import PayeeData
from bureau import identity
from bureau.wording import Form


class RequestRefund(Form):
    """Why no case gets the money, by which paper, and the payer's bank; his account only where the bank named none."""

    reason = forms.ChoiceField(label=_("退还事由"), choices=[("", _("请选择")), *LineRefund.Reason.choices])
    ground = forms.CharField(
        label=_("查询经过"),
        max_length=200,
        help_text=_("如：何时按付款人、金额查询案件，何时电话联系付款人、如何答复"),
        widget=forms.Textarea({"rows": 2}),
    )
    document = forms.CharField(label=_("依据文书"), max_length=100, help_text=_("如：付款人书面申请及其日期"))
    account = forms.CharField(label=_("付款人账号"), max_length=50, widget=forms.TextInput(attrs=NUMBER))
    account_again = forms.CharField(label=_("再次录入付款人账号"), max_length=50, widget=forms.TextInput(attrs=NUMBER))
    bank_name = forms.CharField(label=_("开户行"), max_length=100)
    bank_code = forms.CharField(label=_("联行号"), required=False, max_length=20, help_text=_("12位，可不填"))
    reference = forms.CharField(widget=forms.HiddenInput, max_length=35)

    def __init__(self, *args: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        if line.payer_account:
            del self.fields["account"], self.fields["account_again"]

    def clean_account(self) -> str:
        """Return the canonical number; whether it is a card nobody knows, so digits alone are asked for."""
        return self._canonical(self.cleaned_data["account"])

    def clean_account_again(self) -> str:
        """Return the canonical number, which must be the first one."""
        again = self._canonical(self.cleaned_data["account_again"])
        if self.cleaned_data.get("account") not in (None, again):
            raise forms.ValidationError(_("两次录入的账号不一致"))
        return again

    def _canonical(self, text: str) -> str:
        try:
            return identity.canonical_account(text, is_person=False)
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean_bank_code(self) -> str:
        """Return the canonical CNAPS code."""
        try:
            return identity.canonical_bank_code(self.cleaned_data["bank_code"])
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        payee = PayeeData(self.line.payer_name, data.get("account", ""), data["bank_name"], data["bank_code"])
        return {"payee": payee, **{name: data[name] for name in ("reason", "ground", "document", "reference")}}


class EndRefund(Reasoned):
    """Why money does not go back to its payer."""

    USUAL = (
        ("已查明所属案件，应予认领", _("已查明所属案件，应予认领")),
        ("依据不足，请补充付款人申请或凭证", _("依据不足，请补充付款人申请或凭证")),
        ("收款账户有误", _("收款账户有误")),
    )

    def arguments(self) -> dict[str, Any]:
        """Return the service's argument."""
        return {"note": self.cleaned_data["reason"]}
