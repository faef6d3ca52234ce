"""Forms of the command centre."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import identity
from bureau.forms import YuanField
from bureau.models import User
from bureau.wording import Form
from cases.models import Case
from dispatch.judging import judged
from dispatch.models import Verification
from dispatch.verdictwords import disputed

FACTS = (
    *("cash_found", "cash_reason", "livelihood", "disposal", "act", "willingness", "sensitive", "note"),
    "duplicate_reason",
)
NONE = ("", _("无"))


class FactsForm(Form):
    """What the dispatcher has checked."""

    cash_found = YuanField(
        label=_("可控存款（元）"),
        required=False,
        min_value=Decimal("0"),
        help_text=_("网络查控反馈的可控存款合计；查得没有填0，尚不知道留空"),
    )
    cash_reason = forms.CharField(
        label=_("与查控反馈不同的理由"),
        required=False,
        max_length=300,
        help_text=_("填写的可控存款与网络查控反馈不同时填写"),
        widget=forms.TextInput(attrs={"list": "cash-reasons"}),
    )
    livelihood = forms.ChoiceField(
        label=_("民生类型"),
        required=False,
        choices=[NONE, *Verification.LIVELIHOOD],
        help_text=_("执行请求已写明的不用填"),
    )
    disposal = forms.ChoiceField(
        label=_("待处置财产"),
        required=False,
        choices=[NONE, *Verification.DISPOSAL],
        help_text=_("已登记控制且存款不足的自动带出"),
    )
    act = forms.ChoiceField(label=_("行为类型"), required=False, choices=[NONE, *Verification.ACT])
    willingness = forms.ChoiceField(label=_("履行意愿"), required=False, choices=[NONE, *Verification.WILLINGNESS])
    sensitive = forms.MultipleChoiceField(
        label=_("特别关注"), required=False, choices=Verification.SENSITIVE, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("核对说明"), required=False, max_length=300)
    duplicate_reason = forms.CharField(
        label=_("不是重复立案的理由"),
        required=False,
        max_length=300,
        help_text=_("同一执行依据已有在办案件，须写明为何另立一案，例如另一被告、另一判项"),
        widget=forms.TextInput(attrs={"list": "duplicate-reasons"}),
    )

    def facts(self) -> dict[str, Any]:
        """Return the checked facts for the service."""
        return {name: self.cleaned_data[name] for name in FACTS}


class DecisionForm(FactsForm):
    """Facts and decision, with `assigns` followed by the draw; says beside each field what the service would refuse.

    With `asks` only a proposal is wanted: the facts must be right, a decision is not asked for yet.
    """

    decided = forms.ChoiceField(label=_("分流决定"), choices=Case.Stream.choices)
    override_reason = forms.CharField(
        label=_("改判理由"),
        required=False,
        max_length=300,
        help_text=_("与规则建议不同时填写"),
        # A fresh proposal does not take away what is being typed.
        widget=forms.TextInput(attrs={"list": "override-reasons", "hx-preserve": "true"}),
    )
    # The edition of the verdict that stands on the page; empty for none.
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, case: Case, today: dt.date, assigns: bool = False, asks: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.today, self.assigns, self.asks = case, today, assigns, asks
        self.fields["decided"].required = not asks

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        return {
            "facts": self.facts(),
            "decided": data["decided"],
            "override_reason": data["override_reason"],
            "seen": data["seen"] or 0,
            "assigns": self.assigns,
        }

    @property
    def has_facts(self) -> bool:
        """Return whether every fact is right."""
        return self.is_bound and not any(name in self.errors for name in FACTS)

    def clean(self) -> dict[str, Any]:
        """Ask for the reasons that another decision than the proposed one, and another sum than answered, need."""
        data = self.cleaned_data
        if self.asks or any(name in self.errors for name in FACTS):
            return data
        said = judged(self.case, on=self.today, verification=Verification(case=self.case, **self.facts()))
        if said.known.cash.is_open:
            self.add_error("cash_reason", disputed(said.known.cash))
        decided = data.get("decided")
        if decided and decided != said.proposal.stream and not data.get("override_reason", "").strip():
            self.add_error("override_reason", _("与规则建议不同，请写明理由"))
        return data


class SeenForm(Form):
    """Which verdict the actor has before him; empty for none."""

    seen = forms.IntegerField(label=_("所见分流决定"), required=False, min_value=0)

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"seen": self.cleaned_data["seen"] or 0}


class WhoseForm(Form):
    """Whom a recusal concerns, by name, by number where it is known, and the relation."""

    party_name = forms.CharField(label=_("当事人姓名或名称"), max_length=100)
    id_number = forms.CharField(
        label=_("当事人证件号码"),
        required=False,
        max_length=40,
        help_text=_("知道时填写，同名不误判、改名不漏判；只存加密摘要"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.CharField(label=_("关系"), max_length=100, widget=forms.TextInput(attrs={"list": "relations"}))

    def clean_party_name(self) -> str:
        """Return the name as parties' names are kept."""
        return identity.canonical_name(self.cleaned_data["party_name"])

    def clean_id_number(self) -> str:
        """Return a resident ID or USCC in canonical form."""
        text: str = self.cleaned_data["id_number"]
        if not text:
            return ""
        try:
            return identity.canonical_resident_id(text).number
        except identity.InvalidNumber as error:
            try:
                return identity.canonical_uscc(text)
            except identity.InvalidNumber:
                raise forms.ValidationError(str(error)) from None


class ConflictForm(WhoseForm):
    """A recusal of somebody, declared by the command centre."""

    user = forms.ModelChoiceField(label=_("应回避人员"), queryset=User.objects.none(), empty_label=_("请选择"))
    field_order = ("user",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(is_active=True, team__isnull=False).order_by("team__code", "name")


class OwnConflictForm(WhoseForm):
    """A recusal of oneself: from a person's cases, or from one case; of a case its people are offered."""

    case = forms.ModelChoiceField(queryset=Case.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"case": case}, **kwargs)
        self.of = case
        field = self.fields["case"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Case.objects.visible_to(user)
        if case is None:
            self.fields["party_name"].required = not self.data.get("case")
            return
        del self.fields["id_number"]
        names = [party.name for party in case.parties.all() if party.is_current]
        choices = [("", _("本案（不限于某一当事人）")), *((name, name) for name in names)]
        self.fields["party_name"] = forms.ChoiceField(label=_("与谁有关系"), required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        """Take the number of a party of the case along, so that his other cases are known too."""
        data = self.cleaned_data
        if self.of is not None and data.get("party_name"):
            party = next(row for row in self.of.parties.all() if row.is_current and row.name == data["party_name"])
            data["id_number"] = party.id_number
        return data
