"""Forms of the room; they check shape, services decide."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.bank import BankLineData
from accounts.models import Batch, Delay, PayeeAccount, Payout
from accounts.purposes import WAYS
from accounts.services.delays import review_days
from accounts.services.receipts import escrow_of, value_day_objections
from bureau.forms import YuanField
from bureau.masking import mask_last4
from bureau.wording import Form
from cases.evidence import in_file
from cases.models import Case, Party
from cases.paperforms import PaperField


class DayInput(forms.DateInput):
    """The browser's own day picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SettleAnswer(Form):
    """What a contradiction of the bank turned out to be."""

    note = forms.CharField(
        label=_("查明结果"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("如：银行回单号、退回款到账日；款项退回的，另按退票或来款登记"),
    )


class MakePaymentFile(Form):
    """Of which batch the next payments are; of none where it is empty."""

    batch = forms.ModelChoiceField(label=_("批次"), queryset=Batch.objects.all(), required=False)


class PayeeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A confirmed account, by holder and last four."""

    def label_from_instance(self, obj: PayeeAccount) -> str:
        """Return what the list shows."""
        return f"{obj.get_kind_display()} {obj.holder_name} {obj.bank_name} {mask_last4(obj.number_last4)}"


class RequestPayout(Form):
    """Sum, payee and how the sum was calculated; the hidden reference makes a double click one request.

    What the money is for follows from whose account it goes to.
    """

    payee = PayeeChoice(label=_("收款账户"), queryset=PayeeAccount.objects.none(), empty_label=None)
    amount = YuanField(label=_("申请发放金额（元）"))
    calculation = forms.CharField(
        label=_("计算说明"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("写明款项性质和算法"),
    )
    reference = forms.CharField(widget=forms.HiddenInput, max_length=35)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = PayeeAccount.objects.live().unlisted().filter(case=case).order_by("kind", "id")
        payee = self.fields["payee"]
        assert isinstance(payee, forms.ModelChoiceField)
        payee.queryset = live


class ReleaseDeposit(RequestPayout):
    """What of a deposit goes to the creditor or to who takes his place."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        payee = self.fields["payee"]
        assert isinstance(payee, forms.ModelChoiceField)
        assert payee.queryset is not None
        payee.queryset = payee.queryset.filter(kind__in=WAYS[Payout.Purpose.RELEASE].payees)


class Kept(Form):
    """Money that stays in the house: sum, paper and calculation; the hidden reference as above."""

    amount = YuanField(label=_("金额（元）"))
    paper = PaperField()
    calculation = forms.CharField(
        label=_("计算说明"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("写明款项性质和算法"),
    )
    reference = forms.CharField(widget=forms.HiddenInput, max_length=35)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_file(self, case)


def offer_file(form: forms.Form, case: Case) -> None:
    """Let a form's paper be chosen from the e-file of the case."""
    paper = form.fields["paper"]
    assert isinstance(paper, PaperField)
    paper.offer(in_file(case))


class RequestMove(Kept):
    """The case of this bureau to which money is passed on."""

    asks_for = {"target": "number"}
    number = forms.CharField(label=_("转入案号"), max_length=60, help_text=_("如：(2021)内0302执1号；须为本局在办案件"))
    field_order = ("number",)

    def clean_number(self) -> Case:
        """Return the case; brackets may be full-width."""
        case = Case.objects.select_related("escrow").filter(number=plain_number(self.cleaned_data["number"])).first()
        if case is None:
            raise forms.ValidationError(_("没有这个案号的案件"))
        return case

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"target": self.cleaned_data["number"], **{name: self.cleaned_data[name] for name in Kept.base_fields}}


class PartyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A party, by side and name."""

    def label_from_instance(self, obj: Party) -> str:
        """Return what the list shows."""
        return f"{obj.get_side_display()} {obj.name}"


class DepositAbsent(Kept):
    """For which creditor money is deposited."""

    absent = PartyChoice(label=_("为谁提存"), queryset=Party.objects.none(), empty_label=None)
    field_order = ("absent",)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        absent = self.fields["absent"]
        assert isinstance(absent, forms.ModelChoiceField)
        absent.queryset = case.parties.filter(side=Party.Side.APPLICANT).order_by("position")


def plain_number(text: str) -> str:
    """Return a case number with half-width brackets."""
    return text.strip().translate(str.maketrans("（）〔〕", "()()"))


class Reasoned(Form):
    """Why something is done: one of the usual reasons, or one's own words; `reason` joins both."""

    USUAL: tuple[tuple[str, str | Promise], ...] = ()
    asks_for: Mapping[str, str] = {"reason": "note"}
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


class SendBack(Reasoned):
    """Why finance does not pay what was approved."""

    USUAL = (
        ("开户行或联行号有误，银行不能受理", _("开户行或联行号有误，银行不能受理")),
        ("金额与审批材料不一致", _("金额与审批材料不一致")),
        ("收款人与审批材料不一致", _("收款人与审批材料不一致")),
        ("审批后情况有变，需重新核对", _("审批后情况有变，需重新核对")),
    )


class RefusePayee(Reasoned):
    """Why a change of a payee's account does not hold."""

    USUAL = (
        ("账号与确认书不符", _("账号与确认书不符")),
        ("确认书未签名或无法辨认", _("确认书未签名或无法辨认")),
        ("未能与收款人核实", _("未能与收款人核实")),
        ("录入有误，撤回重录", _("录入有误，撤回重录")),
    )


class Reverse(Reasoned):
    """Why a move or deposit was booked in error."""

    USUAL = (
        ("转入案号有误", _("转入案号有误")),
        ("金额有误", _("金额有误")),
        ("依据文书被撤销", _("依据文书被撤销")),
        ("债权人已出现", _("债权人已出现")),
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


class RefuseLine(Reasoned):
    """Why a line typed by hand is not booked."""

    USUAL = (
        ("金额与银行凭证不符", _("金额与银行凭证不符")),
        ("付款人或子账号与银行凭证不符", _("付款人或子账号与银行凭证不符")),
        ("银行没有这笔来款", _("银行没有这笔来款")),
    )


class RefuseUnmatch(Reasoned):
    """Why an automatic match stands."""

    USUAL = (("子账号正确，款项属于本案", _("子账号正确，款项属于本案")),)

    def arguments(self) -> dict[str, Any]:
        """Return the service's argument."""
        return {"note": self.cleaned_data["reason"]}


class RequestDelay(Form):
    """A lawful reason, its document and the day of review."""

    reason = forms.ChoiceField(label=_("理由"), choices=Delay.Reason)
    paper = PaperField(label=_("依据材料"))
    until_on = forms.DateField(label=_("复核日"), widget=DayInput)

    def __init__(self, *args: Any, case: Case, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_file(self, case)
        first, last = review_days(today)
        until_on = self.fields["until_on"]
        until_on.help_text = _("%(first)s 至 %(last)s") % {"first": first, "last": last}
        until_on.widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}


class TellDelay(Form):
    """When and how the applicant was told why his money is paid later."""

    told_on = forms.DateField(label=_("告知日"), widget=DayInput)
    note = forms.CharField(
        label=_("告知方式和内容"), max_length=200, help_text=_("如：电话告知理由和复核日；送达告知书")
    )


class DecideDelay(Reasoned):
    """Whether a delay is approved, and why not."""

    USUAL = (
        ("理由不属于可以延期的情形", _("理由不属于可以延期的情形")),
        ("依据材料不能证明理由", _("依据材料不能证明理由")),
        ("复核日过长", _("复核日过长")),
        ("无争议部分应先行发放", _("无争议部分应先行发放")),
    )
    decision = forms.ChoiceField(label=_("决定"), choices=[("approve", _("批准")), ("refuse", _("不批准"))])

    def clean(self) -> dict[str, Any]:
        """Ask for a reason only where it is refused."""
        if self.cleaned_data.get("decision") == "refuse":
            return super().clean()
        return self.cleaned_data | {"reason": ""}

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"is_approved": self.cleaned_data["decision"] == "approve", "reason": self.cleaned_data["reason"]}


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


class Period(Form):
    """First and last day, from the address."""

    from_on = forms.DateField(label=_("自"), widget=DayInput, required=False)
    until_on = forms.DateField(label=_("至"), widget=DayInput, required=False)

    def period(self, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
        """Return the days asked for, or the defaults where they are missing, no days, or the wrong way round."""
        asked = self.cleaned_data if self.is_valid() else {}
        from_on, until_on = asked.get("from_on") or first, asked.get("until_on") or last
        return (from_on, until_on) if from_on <= until_on else (until_on, from_on)


class Day(Form):
    """One day, from the address."""

    on = forms.DateField(label=_("日期"), widget=DayInput, required=False)

    def day(self, default: dt.date) -> dt.date:
        """Return the day asked for, or the default where it is missing or no day."""
        return (self.cleaned_data.get("on") if self.is_valid() else None) or default
