"""Forms of the accounts that money may go to; numbers are entered twice from a signed paper."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import PartyChoice, Reasoned
from accounts.models import PayeeAccount
from accounts.payees import PayeeData
from bureau import identity
from bureau.models import User
from bureau.wording import Form
from cases.models import Agent, Case, Party
from documents.models import Staged

NUMBER = {"autocomplete": "off", "inputmode": "numeric"}


class AccountEntry(Form):
    """An account from a signed paper, its number entered twice; `token` names a scan already uploaded."""

    asks_for = {"payee": "account"}

    account = forms.CharField(label=_("收款账号"), max_length=50, widget=forms.TextInput(attrs=NUMBER))
    account_again = forms.CharField(label=_("再次录入收款账号"), max_length=50, widget=forms.TextInput(attrs=NUMBER))
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
        self.case, self.scan_refused = case, scan_refused
        scan, token = self.fields["scan"], self["token"].value()
        self.staged = Staged.objects.filter(token=token, staged_by=user).first() if token else None
        if self.staged:
            scan.required = False
            scan.help_text = _("已上传 %(name)s；可另选文件替换") % {"name": self.staged.name}

    def is_person(self) -> bool:
        """Return whether the account is a personal card, whose check digit must be right."""
        raise NotImplementedError

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
        try:
            return identity.canonical_account(text, is_person=self.is_person())
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

    def data_of(self, holder: str) -> PayeeData:
        """Return the account as entered, for that holder."""
        data = self.cleaned_data
        return PayeeData(holder, data["account"], data["bank_name"].strip(), data["bank_code"])


class AgentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An agent with the power to collect money, and for whom he acts."""

    def label_from_instance(self, obj: Agent) -> str:
        """Return what the list shows."""
        told = {"name": obj.name, "kind": obj.get_kind_display(), "party": obj.party.name}
        return _("%(name)s（%(kind)s，%(party)s）") % told


def collecting(case: Case) -> QuerySet[Agent]:
    """Return the case's agents who may collect money; whether they act today the service asks."""
    special = Q(special__contains=[Agent.Power.COLLECT]) | Q(kind=Agent.Kind.GUARDIAN)
    return case.agents.filter(special, revoked_at__isnull=True).select_related("party").order_by("id")


class ConfirmPayee(Form):
    """The number once more, from the scan, by the second person; the first entry is never shown."""

    number = forms.CharField(
        label=_("照扫描件录入收款账号"),
        max_length=50,
        widget=forms.TextInput(attrs=NUMBER),
        help_text=_("首次录入的账号不显示；与其不一致的不能确认，并留有记录"),
    )


class ConfirmChange(ConfirmPayee):
    """The number once more, and how the payee said again that the changed account is his."""

    reconfirmed = forms.ChoiceField(
        label=_("本人再次确认的方式"), choices=[("", _("请选择")), *PayeeAccount.Reconfirmed.choices]
    )
    reconfirm_note = forms.CharField(
        label=_("再次确认的记录"),
        max_length=200,
        help_text=_("如：核对身份证原件；或何时拨打哪个登记电话、本人如何答复"),
        widget=forms.TextInput(attrs={"list": "reconfirm-notes"}),
    )


class AskPayee(Reasoned):
    """Why the window should take in an account, or another one."""

    party = PartyChoice(label=_("收款当事人"), queryset=Party.objects.none(), empty_label=None)
    field_order = ("party",)
    USUAL = (
        ("申请执行人尚未确认收款账户", _("申请执行人尚未确认收款账户")),
        ("申请执行人申请变更账户", _("申请执行人申请变更账户")),
        ("退票，账户无法使用", _("退票，账户无法使用")),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party = self.fields["party"]
        assert isinstance(party, forms.ModelChoiceField)
        party.queryset = case.parties.order_by("side", "position")

    def arguments(self) -> dict[str, Any]:
        """Return the party and the reason."""
        return {"party": self.cleaned_data["party"], **super().arguments()}


class EnterPayee(AccountEntry):
    """The account of a party of the case, whose name is the holder's."""

    party = PartyChoice(label=_("收款当事人"), queryset=Party.objects.none(), empty_label=None)
    agent = AgentChoice(
        label=_("由代理人代办的，选择代理人"),
        queryset=Agent.objects.none(),
        required=False,
        empty_label=_("本人办理"),
        help_text=_("只列有代领案款特别授权的代理人"),
    )
    field_order = ("party", "agent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agent = self.fields["agent"]
        assert isinstance(agent, forms.ModelChoiceField)
        agent.queryset = collecting(self.case)
        party = self.fields["party"]
        assert isinstance(party, forms.ModelChoiceField)
        party.queryset = self.case.parties.order_by("side", "position")
        self.fields["account"].help_text = _("照收款账户确认书录入；户名即当事人姓名或名称")

    def is_person(self) -> bool:
        """Return whether the party is a person; one not known yet is taken for one."""
        party: Party | None = self.cleaned_data.get("party")
        return party is None or party.kind == Party.Kind.PERSON

    def payee(self) -> PayeeData:
        """Return the account as entered; its holder is the party."""
        return self.data_of(self.cleaned_data["party"].name)


class EnterOtherPayee(AccountEntry):
    """The account of somebody who is no party, with the paper that orders it."""

    kind = forms.ChoiceField(
        label=_("收款人类别"),
        choices=[(kind.value, kind.label) for kind in PayeeAccount.Kind if kind in PayeeAccount.OTHERS],
    )
    on_behalf_of = PartyChoice(
        label=_("代哪一位申请执行人收款"),
        queryset=Party.objects.none(),
        required=False,
        empty_label=_("（不适用）"),
        help_text=_("只有继承人、监护人或代理人收款的填写"),
    )
    agent = AgentChoice(
        label=_("收款的代理人"),
        queryset=Agent.objects.none(),
        required=False,
        empty_label=_("（不适用）"),
        help_text=_("须有代领案款的特别授权和申请执行人的书面申请"),
    )
    holder_name = forms.CharField(label=_("户名"), max_length=100)
    document = forms.CharField(
        label=_("依据文书"),
        max_length=200,
        help_text=_("如继承公证书、监护证明、协助通知书、缴款通知书、评估费票据的名称和文号"),
    )
    field_order = ("kind", "on_behalf_of", "agent", "holder_name", "document")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party = self.fields["on_behalf_of"]
        assert isinstance(party, forms.ModelChoiceField)
        party.queryset = self.case.parties.filter(side=Party.Side.APPLICANT).order_by("position")
        agent = self.fields["agent"]
        assert isinstance(agent, forms.ModelChoiceField)
        agent.queryset = collecting(self.case)
        self.fields["scan"].label = _("依据文书扫描件")
        if not self.staged:
            self.fields["scan"].help_text = _("PDF、PNG、JPEG、TIFF，不超过20 MB")

    def is_person(self) -> bool:
        """Return whether the holder is a person: only an heir or guardian is."""
        return self.cleaned_data.get("kind") in (PayeeAccount.Kind.SUCCESSOR, PayeeAccount.Kind.AGENT)

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "payee": self.data_of(data["holder_name"].strip()),
            "document": data["document"],
            "scan": self.staged,
            "on_behalf_of": data["on_behalf_of"],
            "agent": data["agent"],
        }
