"""What is asked of a party, the basis and a claim when a case is filed, and again when it is corrected."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import identity
from bureau.forms import YuanField
from bureau.wording import Form
from cases import basis, casenumber
from cases.models import Claim, Party

AMOUNT_MAX = Decimal("99999999999999.99")


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """Return a day with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


# No document that courts enforce is older.
EARLIEST = dt.date(1949, 10, 1)


class BasisFields(Form):
    """The enforceable document."""

    basis_kind = forms.ChoiceField(label=_("执行依据"), choices=basis.choices)
    basis_issuer = forms.CharField(label=_("作出机关"), max_length=100)
    basis_number = forms.CharField(
        label=_("执行依据文号"), max_length=100, help_text=_("照文书抄写，如 (2021)内0302民初100号")
    )
    basis_made_on = day_field(_("文书作出日"), required=True)
    basis_effective_on = day_field(_("生效日"))
    performance_due_on = day_field(_("履行期限届满日"), help_text=_("分期履行的填最后一期"))
    cause = forms.CharField(label=_("案由"), required=False, max_length=100)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_basis_kind(self) -> str:
        """Return the kind; the title that was chosen with it goes beside it."""
        kind, self.cleaned_data["basis_title"] = basis.parted(self.cleaned_data["basis_kind"])
        return kind

    def clean_basis_number(self) -> str:
        """Refuse a text from which no key can be made."""
        number: str = casenumber.plain(self.cleaned_data["basis_number"])
        if not casenumber.basis_key(number):
            raise forms.ValidationError(_("文号中没有可识别的内容"))
        return number

    def clean_basis_made_on(self) -> dt.date:
        """Refuse a document of the future."""
        day: dt.date = self.cleaned_data["basis_made_on"]
        if day > self.today:
            raise forms.ValidationError(_("文书作出日不能晚于今天"))
        if day < EARLIEST:
            raise forms.ValidationError(_("文书作出日不会早于 %(day)s，请核对年份") % {"day": EARLIEST})
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse a document that took effect before it was made."""
        made, effective = self.cleaned_data.get("basis_made_on"), self.cleaned_data.get("basis_effective_on")
        if made and effective and effective < made:
            self.add_error("basis_effective_on", _("生效日不能早于文书作出日"))
        due = self.cleaned_data.get("performance_due_on")
        if made and due and due < made:
            self.add_error("performance_due_on", _("履行期限届满日不能早于文书作出日"))
        return self.cleaned_data


class PartyForm(Form):
    """One party; numbers come out canonical."""

    seldom: tuple[str, ...] = ("id_kind",)

    kind = forms.ChoiceField(label=_("主体类型"), choices=Party.Kind.choices, initial=Party.Kind.PERSON)
    name = forms.CharField(label=_("姓名或名称"), max_length=100)
    id_kind = forms.ChoiceField(
        label=_("证件种类"), required=False, choices=[("", _("按号码识别")), *Party.IdKind.choices]
    )
    id_number = forms.CharField(
        label=_("身份证号或统一社会信用代码"),
        required=False,
        max_length=40,
        help_text=_("知道的填写"),
        widget=forms.TextInput(attrs={"data-id": "", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("电话"), required=False, max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(label=_("住址或住所地"), required=False, max_length=200)
    legal_representative = forms.CharField(
        label=_("法定代表人或负责人"), required=False, max_length=100, help_text=_("单位填写")
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.resident: identity.ResidentId | None = None

    def clean_name(self) -> str:
        """Return the name with one kind of brackets and dots."""
        return identity.canonical_name(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        """Return the canonical phone number."""
        text: str = self.cleaned_data["phone"]
        try:
            return identity.canonical_phone(text) if text else ""
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """Settle what kind of number it is and check it."""
        data = self.cleaned_data
        text = data.get("id_number", "")
        if text and "kind" in data and "id_kind" in data:
            data["id_kind"] = data["id_kind"] or self._kind_of(text)
            try:
                data["id_number"] = self._canonical(data["id_kind"], text)
            except identity.InvalidNumber as error:
                self.add_error("id_number", str(error))
        elif not text:
            data["id_kind"] = ""
        return data

    def _kind_of(self, text: str) -> str:
        if self.cleaned_data["kind"] == Party.Kind.ORGANISATION:
            return Party.IdKind.USCC
        digits = "".join(text.split())
        return Party.IdKind.RESIDENT_ID_15 if digits.isdigit() and len(digits) == 15 else Party.IdKind.RESIDENT_ID

    def _canonical(self, kind: str, text: str) -> str:
        is_organisation = self.cleaned_data["kind"] == Party.Kind.ORGANISATION
        if is_organisation != (kind == Party.IdKind.USCC):
            self.add_error("id_kind", _("证件种类与主体类型不符"))
        if kind == Party.IdKind.USCC:
            return identity.canonical_uscc(text)
        if kind == Party.IdKind.RESIDENT_ID_15:
            return identity.canonical_old_resident_id(text)
        if kind == Party.IdKind.PASSPORT:
            return identity.canonical_other_id(text)
        self.resident = identity.canonical_resident_id(text, today=self.today)
        return self.resident.number


DOUBLED = _("计入加倍部分债务利息基数")


def doubled_choice() -> forms.TypedChoiceField:
    """Return the question whether a new item counts for the doubled part, left to its kind unless answered."""
    choices = [("", _("按项目种类（利息和费用不计入）")), ("on", _("计入")), ("off", _("不计入"))]
    answers = {"on": True, "off": False}
    return forms.TypedChoiceField(
        label=DOUBLED, required=False, choices=choices, coerce=answers.__getitem__, empty_value=None
    )


class ClaimForm(Form):
    """One claim item."""

    must = ("amount",)
    seldom = ("base", "is_doubled", "note")
    kind = forms.ChoiceField(label=_("项目"), choices=Claim.Kind.choices)
    amount = YuanField(label=_("金额（元）"), required=False, max_value=AMOUNT_MAX, attrs={"data-amount": ""})
    rate = forms.CharField(label=_("利率或计算方法"), required=False, max_length=100)
    from_on = day_field(_("起算日"))
    base = YuanField(
        label=_("计算基数（元）"),
        required=False,
        max_value=AMOUNT_MAX,
        help_text=_("利息、违约金按多少元计算；与本金相同的可不填"),
    )
    is_doubled: forms.Field = forms.BooleanField(label=DOUBLED, required=False)
    note = forms.CharField(label=_("说明"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """A sum needs its amount; an act or a thing has none."""
        data = self.cleaned_data
        is_money = data.get("kind") not in (Claim.Kind.ACT, Claim.Kind.DELIVERY)
        if is_money and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("请填写金额"))
        if not is_money and not data.get("note"):
            self.add_error("note", _("请写明要求履行的行为或交付的物"))
        if data.get("kind") == Claim.Kind.INTEREST and data.get("is_doubled"):
            self.add_error("is_doubled", _("一般利息不计入加倍部分债务利息的基数"))
        data["is_doubled"] = Claim.counts_for_doubled(data.get("kind", ""), data.get("is_doubled"))
        return data


class NewClaimForm(ClaimForm):
    """A claim item that is written down for the first time."""

    is_doubled = doubled_choice()
