"""The filing form: one page of small forms, each error beside its field, nothing typed lost."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assets import kinds
from assets.forms import kind_choices
from bureau import identity
from bureau.forms import YuanField
from bureau.models import Court
from bureau.wording import Form, Rows
from cases import casenumber
from cases.controlcodes import AssetKind, Measure
from cases.models import Case, Claim, Party
from documents.models import Material

ROWS_MAX = 100
AMOUNT_MAX = Decimal("99999999999999.99")


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


# No document that courts enforce is older.
EARLIEST = dt.date(1949, 10, 1)


class BasisForm(Form):
    """The enforceable document and what belongs to the whole case."""

    court = forms.ModelChoiceField(
        label=_("案号法院"), queryset=Court.objects.none(), to_field_name="code", empty_label=None
    )
    entered_number = forms.CharField(
        label=_("全国系统案号"),
        required=False,
        max_length=60,
        help_text=_("仅限由全国系统编号的法院；暂无案号可留空，以后再录入"),
    )
    basis_kind = forms.ChoiceField(label=_("执行依据种类"), choices=Case.Basis.choices)
    basis_issuer = forms.CharField(label=_("作出机关"), max_length=100)
    basis_number = forms.CharField(
        label=_("执行依据文号"), max_length=100, help_text=_("照文书抄写，如 (2021)内0302民初100号")
    )
    basis_made_on = _day(_("文书作出日"), required=True)
    basis_effective_on = _day(_("生效日"))
    performance_due_on = _day(_("履行期限届满日"), help_text=_("分期履行的填最后一期"))
    cause = forms.CharField(label=_("案由"), required=False, max_length=100)
    clues = forms.CharField(
        label=_("财产线索"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("开户行、车牌、房产地址、工作单位、公积金、股权、应收款等"),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["court"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Court.objects.order_by("code")

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

    def clean_entered_number(self) -> str:
        """Return the canonical number; courts that number here give none."""
        text: str = self.cleaned_data["entered_number"]
        court: Court | None = self.cleaned_data.get("court")
        if not text:
            return ""
        if court and court.number_mode != Court.NumberMode.ENTERED:
            raise forms.ValidationError(_("该法院的案号由本系统编立，不能录入"))
        try:
            return casenumber.parse(text).canonical
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

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


class ApplicantForm(PartyForm):
    """An applicant with the account from the signed confirmation, entered twice."""

    id_number = forms.CharField(
        label=_("身份证号或统一社会信用代码"),
        max_length=40,
        error_messages={"required": _("申请执行人必须有证件号码")},
        widget=forms.TextInput(attrs={"data-id": "", "autocomplete": "off"}),
    )
    account = forms.CharField(
        label=_("收款账号"),
        required=False,
        max_length=50,
        help_text=_("照收款账户确认书录入；户名即申请执行人"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    account_again = forms.CharField(
        label=_("再次录入收款账号"),
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "data-twice": ""}),
    )
    bank_name = forms.CharField(label=_("开户行"), required=False, max_length=100)
    bank_code = forms.CharField(label=_("联行号"), required=False, max_length=20, help_text=_("12位，可不填"))

    def clean_bank_code(self) -> str:
        """Return the canonical CNAPS code."""
        try:
            return identity.canonical_bank_code(self.cleaned_data["bank_code"])
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """Check the account and that it was entered twice alike."""
        data = super().clean()
        first, again = data.get("account", ""), data.get("account_again", "")
        if not first and not again:
            return data
        for name in ("account", "account_again"):
            try:
                data[name] = identity.canonical_account(
                    data.get(name, ""), is_person=data.get("kind") == Party.Kind.PERSON
                )
            except identity.InvalidNumber as error:
                if name == "account" or not data.get(name):
                    self.add_error(name, str(error))
        if "account" not in self.errors and data.get("account") != data.get("account_again"):
            self.errors.pop("account_again", None)
            self.add_error("account_again", _("两次录入的账号不一致"))
        if not data.get("bank_name"):
            self.add_error("bank_name", _("请填写开户行"))
        return data


class ClaimForm(Form):
    """One claim item."""

    must = ("amount",)
    kind = forms.ChoiceField(label=_("项目"), choices=Claim.Kind.choices)
    amount = YuanField(label=_("金额（元）"), required=False, max_value=AMOUNT_MAX, attrs={"data-amount": ""})
    rate = forms.CharField(label=_("利率或计算方法"), required=False, max_length=100)
    from_on = _day(_("起算日"))
    is_doubled = forms.BooleanField(label=_("计入加倍部分债务利息基数"), required=False, initial=True)
    note = forms.CharField(label=_("说明"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """A sum needs its amount; an act or a thing has none."""
        data = self.cleaned_data
        is_money = data.get("kind") not in (Claim.Kind.ACT, Claim.Kind.DELIVERY)
        if is_money and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("请填写金额"))
        if not is_money and not data.get("note"):
            self.add_error("note", _("请写明要求履行的行为或交付的物"))
        return data


class MaterialForm(Form):
    """One scan; `token` names a file already uploaded while the form was being corrected."""

    kind = forms.ChoiceField(label=_("材料种类"), choices=Material.Kind.choices)
    title = forms.CharField(label=_("名称"), required=False, max_length=200, help_text=_("不填则用种类名称"))
    applicant = forms.IntegerField(
        label=_("属于第几名申请执行人"), required=False, min_value=1, max_value=ROWS_MAX, help_text=_("不填则属于全案")
    )
    file = forms.FileField(
        label=_("文件"),
        required=False,
        help_text=_("PDF、PNG、JPEG、TIFF，不超过20 MB"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.tif,.tiff"}),
    )
    token = forms.CharField(required=False, max_length=43, widget=forms.HiddenInput)


class PreservedForm(Form):
    """One thing preserved before enforcement: its term runs on, no new ruling is needed (法释〔2016〕22号 17)."""

    must = ("to_on",)
    # What a row begins with is no entry: an untouched row is none.
    kind = forms.ChoiceField(label=_("财产种类"), choices=kind_choices, initial=AssetKind.DEPOSIT)
    measure = forms.ChoiceField(label=_("控制措施"), choices=Measure.choices, initial=Measure.FREEZE)
    thing = forms.CharField(
        label=_("财产"), max_length=300, help_text=_("不动产只写坐落，证号和单元号不写；账号只写后四位")
    )
    unit = forms.CharField(label=_("协助单位或保管人"), max_length=100)
    ruling = forms.CharField(label=_("保全裁定文号"), max_length=100)
    from_on = _day(_("起始日"), required=True, help_text=_("续行过的填最近一次续行的起始日"))
    to_on = _day(_("届满日"), help_text=_("照裁定填写，原届满日继续有效；轮候的不填"))
    rank = forms.IntegerField(
        label=_("顺位"), min_value=1, max_value=99, initial=1, help_text=_("1 为首封；2 以上为轮候")
    )
    debtor = forms.IntegerField(
        label=_("属于第几名被执行人"), required=False, min_value=1, max_value=ROWS_MAX, help_text=_("不填则为第一名")
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Say beside its field what does not fit; the service refuses the same."""
        data = self.cleaned_data
        kind, from_on, to_on = kinds.BY_CODE.get(data.get("kind", "")), data.get("from_on"), data.get("to_on")
        if kind is None or from_on is None or "to_on" in self.errors:
            return data
        if from_on > self.today:
            self.add_error("from_on", _("起始日不能晚于今天"))
        if data.get("rank", 1) > 1:
            if to_on:
                self.add_error("to_on", _("轮候的控制尚未生效，没有届满日"))
        elif to_on is None:
            if kind.years_max:
                self.add_error("to_on", _("请填写保全裁定载明的届满日"))
        elif to_on < self.today:
            self.add_error("to_on", _("该保全已于 %(day)s 届满失效，不能转入") % {"day": to_on})
        elif (latest := kind.last_day(from_on)) and not from_on < to_on <= latest:
            self.add_error("to_on", _("届满日应晚于起始日，且不晚于 %(day)s") % {"day": latest})
        return data


class FilledRows(Rows):
    """Rows that all must be filled in; `nothing` is said where there is none."""

    nothing: str | Promise = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vars(self)["error_messages"]["too_few_forms"] = self.nothing

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Let an untouched row be an error, not nothing."""
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        if self.is_bound and index is not None:
            kwargs["empty_permitted"] = False
        return kwargs


class ApplicantRows(FilledRows):
    """At least one applicant."""

    nothing = _("请至少填写一名申请执行人")


class DebtorRows(FilledRows):
    """At least one debtor."""

    nothing = _("请至少填写一名被执行人")


class ClaimRows(FilledRows):
    """At least one claim item."""

    nothing = _("请至少填写一项执行请求")


_ROWS: dict[str, Any] = {
    "extra": 0,
    "min_num": 1,
    "validate_min": True,
    "max_num": ROWS_MAX,
    "validate_max": True,
    "absolute_max": ROWS_MAX + 1,
}
ApplicantSet = formset_factory(ApplicantForm, formset=ApplicantRows, **_ROWS)
DebtorSet = formset_factory(PartyForm, formset=DebtorRows, **_ROWS)
ClaimSet = formset_factory(ClaimForm, formset=ClaimRows, **_ROWS)
PreservedSet = formset_factory(
    PreservedForm, formset=Rows, extra=1, max_num=ROWS_MAX, validate_max=True, absolute_max=ROWS_MAX + 1
)
MaterialSet = formset_factory(
    MaterialForm, formset=Rows, extra=1, max_num=ROWS_MAX, validate_max=True, absolute_max=ROWS_MAX + 1
)


class ReviveForm(Form):
    """Why a closed case comes back."""

    ground = forms.CharField(
        label=_("恢复执行的理由"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("如：发现被执行人名下财产，附线索；或撤回后在两年内再次申请"),
    )
