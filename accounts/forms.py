"""Forms of the room; they check shape, services decide."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.bank import BankLineData
from accounts.models import Delay, PayeeAccount
from accounts.payees import PayeeData
from accounts.services.receipts import escrow_of, value_day_objections
from bureau import identity
from bureau.forms import YuanField
from bureau.masking import mask_last4
from bureau.models import User
from bureau.wording import Form
from cases.models import Case, Party
from documents.models import Staged


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
    amount = YuanField(label=_("申请发放金额（元）"))
    calculation = forms.CharField(
        label=_("计算说明"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("写明款项性质和算法"),
    )
    reference = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = PayeeAccount.objects.live().filter(party__case=case).order_by("kind", "id")
        payee = self.fields["payee"]
        assert isinstance(payee, forms.ModelChoiceField)
        payee.queryset = live


class Reasoned(Form):
    """Why something is done: one of the usual reasons, or one's own words; `reason` joins both."""

    USUAL: tuple[tuple[str, str | Promise], ...] = ()
    usual = forms.ChoiceField(label=_("常用原因"), required=False)
    note = forms.CharField(label=_("补充说明"), max_length=160, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = self.fields["usual"]
        assert isinstance(usual, forms.ChoiceField)
        usual.choices = [("", _("请选择")), *self.USUAL]

    def clean(self) -> dict[str, Any]:
        """Join both into the reason; one of them must be given."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["reason"] = " ".join(word for word in (cleaned.get("usual"), cleaned.get("note")) if word)
        if not cleaned["reason"]:
            raise forms.ValidationError(_("请选择或填写原因"))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the service's argument."""
        return {"reason": self.cleaned_data["reason"]}


class Reject(Reasoned):
    """Why a request is sent back."""

    USUAL = (
        ("金额计算有误", _("金额计算有误")),
        ("收款账户有疑问", _("收款账户有疑问")),
        ("计算说明不清", _("计算说明不清")),
        ("存在争议，暂缓发放", _("存在争议，暂缓发放")),
    )


class RefusePayee(Reasoned):
    """Why a change of a payee's account does not hold."""

    USUAL = (
        ("账号与确认书不符", _("账号与确认书不符")),
        ("确认书未签名或无法辨认", _("确认书未签名或无法辨认")),
        ("未能与收款人核实", _("未能与收款人核实")),
        ("录入有误，撤回重录", _("录入有误，撤回重录")),
    )


class Reveal(Reasoned):
    """Why the full account number is looked at."""

    USUAL = (
        ("付款时与网银核对", _("付款时与网银核对")),
        ("退票后核对账号", _("退票后核对账号")),
        ("与银行回单核对", _("与银行回单核对")),
        ("收款人来电查询", _("收款人来电查询")),
    )


class Unidentify(Reasoned):
    """Why money does not belong to the case after all."""

    USUAL = (
        ("付款人与本案无关", _("付款人与本案无关")),
        ("同名被执行人，应归另案", _("同名被执行人，应归另案")),
        ("付款人来函更正", _("付款人来函更正")),
    )


class PartyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A party, by side and name."""

    def label_from_instance(self, obj: Party) -> str:
        """Return what the list shows."""
        return f"{obj.get_side_display()} {obj.name}"


class EnterPayee(Form):
    """An account from a signed confirmation, its number entered twice; `token` names a scan already uploaded."""

    party = PartyChoice(label=_("收款当事人"), queryset=Party.objects.none(), empty_label=None)
    account = forms.CharField(
        label=_("收款账号"),
        max_length=50,
        help_text=_("照收款账户确认书录入；户名即当事人姓名或名称"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    account_again = forms.CharField(
        label=_("再次录入收款账号"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    bank_name = forms.CharField(label=_("开户行"), max_length=100)
    bank_code = forms.CharField(label=_("联行号"), required=False, max_length=20, help_text=_("12位，可不填"))
    scan = forms.FileField(
        label=_("收款账户确认书扫描件"),
        help_text=_("须有收款人签名；PDF、PNG、JPEG、TIFF，不超过20 MB"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.tif,.tiff"}),
    )
    token = forms.CharField(required=False, max_length=43, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, user: User, scan_refused: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party, scan = self.fields["party"], self.fields["scan"]
        assert isinstance(party, forms.ModelChoiceField)
        party.queryset = case.parties.order_by("side", "position")
        self.scan_refused = scan_refused
        token = self["token"].value()
        self.staged = Staged.objects.filter(token=token, staged_by=user).first() if token else None
        if self.staged:
            scan.required = False
            scan.help_text = _("已上传 %(name)s；可另选文件替换") % {"name": self.staged.name}

    def clean_account(self) -> str:
        """Return the canonical number; a personal card passes its check digit."""
        return self._canonical(self.cleaned_data["account"])

    def clean_account_again(self) -> str:
        """Return the canonical number, which must be the first one."""
        first = self.cleaned_data.get("account")
        if first is None:
            return str(self.cleaned_data["account_again"])
        again = self._canonical(self.cleaned_data["account_again"])
        if again != first:
            raise forms.ValidationError(_("两次录入的账号不一致"))
        return again

    def _canonical(self, text: str) -> str:
        party: Party | None = self.cleaned_data.get("party")
        try:
            return identity.canonical_account(text, is_person=party is None or party.kind == Party.Kind.PERSON)
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean_bank_code(self) -> str:
        """Return the canonical CNAPS code."""
        try:
            return identity.canonical_bank_code(self.cleaned_data["bank_code"])
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """Say beside the scan why it was not taken in."""
        if self.scan_refused:
            self.errors.pop("scan", None)
            self.add_error("scan", self.scan_refused)
        return self.cleaned_data

    def payee(self) -> PayeeData:
        """Return the account as entered; its holder is the party."""
        data = self.cleaned_data
        return PayeeData(data["party"].name, data["account"], data["bank_name"].strip(), data["bank_code"])


class RequestDelay(Form):
    """A lawful reason, its document and the day of review."""

    reason = forms.ChoiceField(label=_("理由"), choices=Delay.Reason)
    document = forms.CharField(label=_("依据材料"), max_length=200, help_text=_("文书名称和文号，或通知记录"))
    until_on = forms.DateField(label=_("复核日"), widget=DayInput, help_text=_("今天起三十日内"))


class DecideDelay(Form):
    """Whether a delay is approved."""

    decision = forms.ChoiceField(label=_("决定"), choices=[("approve", _("批准")), ("refuse", _("不批准"))])

    def arguments(self) -> dict[str, Any]:
        """Return the service's argument."""
        return {"is_approved": self.cleaned_data["decision"] == "approve"}


class BankLine(Form):
    """One line of the bank's statement."""

    serial = forms.CharField(label=_("银行流水号"), max_length=40)
    value_on = forms.DateField(label=_("到账日"), widget=DayInput)
    amount = YuanField(label=_("金额（元）"))
    payer_name = forms.CharField(label=_("付款人"), max_length=100)
    payer_account = forms.CharField(label=_("付款账号"), max_length=32, required=False)
    virtual_number = forms.CharField(
        label=_("入账子账号"), max_length=32, required=False, help_text=_("空白或不存在的子账号转入待认领")
    )
    remark = forms.CharField(label=_("附言"), max_length=200, required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Say beside the day why money cannot have arrived on it."""
        value_on = self.cleaned_data.get("value_on")
        if value_on:
            escrow = escrow_of(self.cleaned_data.get("virtual_number", ""))
            for reason in value_day_objections(value_on, escrow, today=self.today):
                self.add_error("value_on", reason)
        return self.cleaned_data

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

    def arguments(self) -> dict[str, Any]:
        """Return the service's argument."""
        return {"case": self.cleaned_data["number"]}


class Day(Form):
    """One day, from the address."""

    on = forms.DateField(label=_("日期"), widget=DayInput, required=False)

    def day(self, default: dt.date) -> dt.date:
        """Return the day asked for, or the default where it is missing or no day."""
        return (self.cleaned_data.get("on") if self.is_valid() else None) or default
