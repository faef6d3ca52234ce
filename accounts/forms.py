"""Forms of the room; they check shape, services decide."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.bank import BankLineData
from accounts.models import Delay, PayeeAccount
from bureau.masking import mask_last4
from bureau.models import User
from bureau.wording import Form
from cases.models import Case


class DayInput(forms.DateInput):
    """The browser's own day picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PayeeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A confirmed account, by holder and last four."""

    def label_from_instance(self, obj: PayeeAccount) -> str:
        """Return what the list shows."""
        return f"{obj.get_kind_display()} {obj.holder_name} {obj.bank_name} {mask_last4(obj.number_last4)}"


class RequestPayout(Form):
    """Sum, payee and how the sum was calculated; the hidden reference makes a double click one request."""

    payee = PayeeChoice(label=_("收款账户"), queryset=PayeeAccount.objects.none(), empty_label=None)
    amount = forms.DecimalField(
        label=_("申请发放金额（元）"), max_digits=16, decimal_places=2, min_value=Decimal("0.01")
    )
    calculation = forms.CharField(
        label=_("计算说明"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("写明款项性质和算法"),
    )
    reference = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = PayeeAccount.objects.filter(party__case=case, replaced_at__isnull=True).order_by("kind", "id")
        payee = self.fields["payee"]
        assert isinstance(payee, forms.ModelChoiceField)
        payee.queryset = live


class Reject(Form):
    """Why a request is sent back: one of the usual reasons, or one's own words."""

    USUAL = (
        ("", _("请选择")),
        ("金额计算有误", _("金额计算有误")),
        ("收款账户有疑问", _("收款账户有疑问")),
        ("计算说明不清", _("计算说明不清")),
        ("存在争议，暂缓发放", _("存在争议，暂缓发放")),
    )
    usual = forms.ChoiceField(label=_("常用原因"), choices=USUAL, required=False)
    note = forms.CharField(label=_("补充说明"), max_length=160, required=False)

    def clean(self) -> dict[str, Any]:
        """Join both into the reason; one of them must be given."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["reason"] = " ".join(word for word in (cleaned.get("usual"), cleaned.get("note")) if word)
        if not cleaned["reason"]:
            raise forms.ValidationError(_("请选择或填写驳回原因"))
        return cleaned


class RequestDelay(Form):
    """A lawful reason, its document and the day of review."""

    reason = forms.ChoiceField(label=_("理由"), choices=Delay.Reason)
    document = forms.CharField(label=_("依据材料"), max_length=200, help_text=_("文书名称和文号，或通知记录"))
    until_on = forms.DateField(label=_("复核日"), widget=DayInput, help_text=_("今天起三十日内"))


class BankLine(Form):
    """One line of the bank's statement."""

    serial = forms.CharField(label=_("银行流水号"), max_length=40)
    value_on = forms.DateField(label=_("到账日"), widget=DayInput)
    amount = forms.DecimalField(label=_("金额（元）"), max_digits=16, decimal_places=2, min_value=Decimal("0.01"))
    payer_name = forms.CharField(label=_("付款人"), max_length=100)
    payer_account = forms.CharField(label=_("付款账号"), max_length=32, required=False)
    virtual_number = forms.CharField(
        label=_("入账子账号"), max_length=32, required=False, help_text=_("空白或不存在的子账号转入待认领")
    )
    remark = forms.CharField(label=_("附言"), max_length=200, required=False)

    def line(self) -> BankLineData:
        """Return the line that the service books."""
        return BankLineData(**self.cleaned_data)


class Identify(Form):
    """The case to which unidentified money belongs."""

    number = forms.CharField(label=_("案号"), max_length=60, help_text=_("如：(2021)内0302执1号"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_number(self) -> Case:
        """Return the case; brackets may be full-width."""
        text = self.cleaned_data["number"].strip().translate(str.maketrans("（）〔〕", "()()"))
        case = Case.objects.visible_to(self.user).filter(number=text).first()
        if case is None:
            raise forms.ValidationError(_("没有这个案号的案件"))
        return case


class Day(Form):
    """One day, from the address."""

    on = forms.DateField(label=_("日期"), widget=DayInput, required=False)

    def day(self, default: dt.date) -> dt.date:
        """Return the day asked for, or the default where it is missing or no day."""
        return (self.cleaned_data.get("on") if self.is_valid() else None) or default
