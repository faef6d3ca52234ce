"""What is asked of an agent, of a change of party and of a direct performance."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import identity
from bureau.forms import DayInput, YuanField
from bureau.masking import mask_id, mask_phone
from bureau.wording import Form
from cases import services
from cases.filing import PartyData
from cases.filingforms import AMOUNT_MAX, PartyForm
from cases.forms import Act
from cases.models import Agent, Case, Party, PartyChange, Performance
from cases.services.performances import proofs

REVOKE_REASONS = (_("当事人书面解除委托"), _("代理人书面辞去委托"), _("代理人死亡或丧失行为能力"), _("登记有误"))
REVERSE_REASONS = (_("申请执行人否认收到"), _("登记金额有误"), _("重复登记"), _("所付款项另有用途"))
CONFIRMATIONS = (_("申请执行人签名的收条"), _("申请执行人签名的确认书"), _("双方签名的笔录"), _("与申请执行人确认不符"))
PROOFS = (_("银行转账凭证"), _("收条"), _("微信、支付宝转账记录"), _("以物抵债协议"), _("笔录"))
MASKS: dict[str, Callable[[str], str]] = {"id_number": mask_id, "phone": mask_phone}


class PartyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the parties, by side and name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return side and name."""
        return f"{obj.get_side_display()} {obj.name}"


class AgentFields(Form):
    """An agent as the paper of authority names him."""

    name = forms.CharField(label=_("代理人姓名"), max_length=100)
    kind = forms.ChoiceField(label=_("身份"), choices=Agent.Kind.choices)
    firm = forms.CharField(label=_("所在单位"), max_length=100, required=False, help_text=_("律师事务所或工作单位"))
    licence = forms.CharField(
        label=_("执业证号或身份证号"), max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("电话"), max_length=30, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    special = forms.MultipleChoiceField(
        label=_("特别授权事项"),
        choices=Agent.Power.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("照授权委托书逐项勾选；未写明具体事项的“全权代理”是一般授权"),
    )
    from_on = forms.DateField(label=_("代理自"), widget=DayInput())
    until_on = forms.DateField(label=_("代理至"), required=False, widget=DayInput(), help_text=_("至结案的不填"))
    document = forms.CharField(label=_("授权委托书"), max_length=200, help_text=_("名称、日期；律师附律师事务所函"))

    def clean_phone(self) -> str:
        """Return the canonical phone number."""
        text: str = self.cleaned_data["phone"]
        try:
            return identity.canonical_phone(text) if text else ""
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean_licence(self) -> str:
        """Return a licence or ID number of letters and digits."""
        try:
            return identity.canonical_other_id(self.cleaned_data["licence"])
        except identity.InvalidNumber:
            raise forms.ValidationError(_("证号应为5至20位字母或数字")) from None


class AddAgent(AgentFields, Act):
    """An agent, and for whom he acts."""

    party = PartyField(Party.objects.none(), label=_("委托人"), empty_label=None)
    field_order = ("party",)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party = self.fields["party"]
        assert isinstance(party, PartyField)
        party.queryset = case.parties.filter(left_on__isnull=True).order_by("side", "position")


class Reason(Act):
    """One mandatory reason, usual ones offered."""

    note = forms.CharField(label=_("原因"), max_length=200, widget=forms.TextInput({"list": "reasons"}))


class ChangeParty(PartyForm):
    """The ruling, who leaves, and who joins."""

    asks_for = {"kind": "change"}

    change = forms.ChoiceField(label=_("变更事项"), choices=PartyChange.Kind.choices, widget=forms.RadioSelect)
    leaving = PartyField(
        Party.objects.none(),
        label=_("被变更的当事人"),
        required=False,
        empty_label=_("无（追加）"),
        help_text=_("变更后保留在案卷中，标为原当事人"),
    )
    document = forms.CharField(
        label=_("裁定书文号"),
        max_length=100,
        help_text=_("如 (2021)内0302执异1号；先以“法院文书”种类扫描入卷，名称写明文号"),
    )
    ruled_on = forms.DateField(label=_("裁定日"), widget=DayInput())
    note = forms.CharField(label=_("事实和理由"), max_length=300, widget=forms.Textarea({"rows": 3}))

    unnumbered = forms.CharField(
        label=_("证件号码不明的原因"), max_length=100, required=False, help_text=_("有证件号码的不填；申请执行人必须有")
    )

    field_order = ("change", "document", "ruled_on", "leaving")

    def __init__(self, *args: Any, case: Case, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        leaving = self.fields["leaving"]
        assert isinstance(leaving, PartyField)
        leaving.queryset = case.parties.filter(left_on__isnull=True).order_by("side", "position")

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        side, _leaves = PartyChange.RULES[PartyChange.Kind(data["change"])]
        names = ("kind", "name", "id_kind", "id_number", "phone", "address", "legal_representative")
        joining = PartyData(side=side, **{name: data[name] for name in names})
        kept = {name: data[name] for name in ("leaving", "document", "ruled_on", "note", "unnumbered")}
        return {"kind": data["change"], "joining": joining, **kept}


class AnswerPartyChange(Act):
    """The second person's answer."""

    answer = forms.ChoiceField(
        label=_("答复"),
        widget=forms.RadioSelect,
        choices=[("confirm", _("与裁定一致，确认变更")), ("refuse", _("不予确认"))],
    )
    note = forms.CharField(label=_("不予确认的理由"), max_length=300, required=False)

    @property
    def act(self) -> Callable[..., Any]:
        """Return the service that the answer asks for."""
        is_confirmed = self.cleaned_data["answer"] == "confirm"
        return services.confirm_party_change if is_confirmed else services.refuse_party_change

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {} if self.cleaned_data["answer"] == "confirm" else {"note": self.cleaned_data["note"]}


def shown(joins: dict[str, str], *, is_whole: bool) -> list[tuple[str, str]]:
    """Return who joins as rows of label and value; numbers in full for whoever compares them, else masked."""
    rows = []
    for name in ("name", "id_number", "phone", "address", "legal_representative"):
        value = joins.get(name, "")
        if not is_whole and name in MASKS:
            value = MASKS[name](value)
        if value:
            rows.append((str(Party._meta.get_field(name).verbose_name), value))  # type: ignore[union-attr]
    return rows


class RecordPerformance(Act):
    """What was performed directly, when, how, and what proves it."""

    way = forms.ChoiceField(label=_("履行方式"), choices=Performance.Way.choices)
    amount = YuanField(
        label=_("金额（元）"), max_value=AMOUNT_MAX, required=False, help_text=_("交付标的物、腾退、完成行为的不填")
    )
    performed_on = forms.DateField(label=_("履行日"), widget=DayInput())
    proof = forms.CharField(label=_("履行凭据"), max_length=200, widget=forms.TextInput({"list": "proofs"}))
    paper = forms.ChoiceField(
        label=_("凭据扫描件"), help_text=_("收条、转账回单、交接单等，先在“材料”中扫描入卷，再在这里选择")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(ref, paper.label) for ref, paper in proofs(case).items()]
        paper = self.fields["paper"]
        assert isinstance(paper, forms.ChoiceField)
        paper.choices = [("", _("请选择") if rows else _("卷宗中还没有")), *rows]


class AnswerPerformance(Act):
    """The applicant's signed word, or why it does not count."""

    confirmation = forms.CharField(
        label=_("申请执行人书面确认，或不予确认的理由"),
        max_length=200,
        widget=forms.TextInput({"list": "confirmations"}),
    )


class Reverse(Act):
    """Why a performance is taken back."""

    reason = forms.CharField(label=_("冲销原因"), max_length=200, widget=forms.TextInput({"list": "reasons"}))
