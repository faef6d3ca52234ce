"""The filing form: one page of small forms, each error beside its field, nothing typed lost."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import formset_factory
from django.utils import timezone
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
from cases.filingforms import AMOUNT_MAX, BasisFields, NewClaimForm, PartyForm, day_field
from cases.models import Agent, Party
from cases.peopleforms import AgentFields
from documents.models import Material

ROWS_MAX = 100


class BasisForm(BasisFields):
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
    clues = forms.CharField(
        label=_("财产线索"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("开户行、车牌、房产地址、工作单位、公积金、股权、应收款等"),
    )

    performed = YuanField(
        label=_("申请前已履行金额（元）"),
        required=False,
        max_value=AMOUNT_MAX,
        help_text=_("申请执行人陈述；执行请求按未履行的部分填写"),
    )
    performed_note = forms.CharField(label=_("何时、怎样履行"), required=False, max_length=300)

    field_order = ("court",)
    seldom = ("entered_number", "clues", "performed", "performed_note")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        field = self.fields["court"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Court.objects.order_by("code")

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


class ApplicantForm(PartyForm):
    """An applicant with the account from the signed confirmation, entered twice."""

    seldom = ("id_kind", "bank_code", "has_ruling_consent")

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
    service_address = forms.CharField(
        label=_("送达地址"), required=False, max_length=200, help_text=_("照送达地址确认书或笔录录入；未确认的不填")
    )
    has_e_consent = forms.BooleanField(label=_("同意电子送达"), required=False)
    e_address = forms.CharField(
        label=_("电子送达地址"), required=False, max_length=200, help_text=_("手机号、电子邮箱或送达平台账号")
    )
    has_ruling_consent = forms.BooleanField(label=_("同意以电子方式送达裁定书"), required=False)

    def clean_e_address(self) -> str:
        """Return the address; a number, a mailbox or an account has no blank in it."""
        text: str = self.cleaned_data["e_address"].strip()
        if len(text.split()) > 1:
            raise forms.ValidationError(_("电子送达地址不能含空格"))
        return text

    def _check_service(self, data: dict[str, Any]) -> None:
        has_e = bool(data.get("has_e_consent"))
        if has_e and not data.get("e_address") and "e_address" not in self.errors:
            self.add_error("e_address", _("同意电子送达的，请填写电子送达地址"))
        if data.get("e_address") and not has_e:
            self.add_error("has_e_consent", _("填写电子送达地址的，须勾选同意电子送达"))
        if data.get("has_ruling_consent") and not has_e:
            self.add_error("has_ruling_consent", _("须先同意电子送达"))
        if has_e and not data.get("service_address"):
            self.add_error("service_address", _("请填写送达地址"))

    def clean_bank_code(self) -> str:
        """Return the canonical CNAPS code."""
        try:
            return identity.canonical_bank_code(self.cleaned_data["bank_code"])
        except identity.InvalidNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """Check the address of service, the account, and that it was entered twice alike."""
        data = super().clean()
        self._check_service(data)
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


class MaterialForm(Form):
    """One scan; `token` names a file already uploaded while the form was being corrected."""

    seldom = ("title", "applicant")

    # Papers of enforcement come after the filing.
    kind = forms.ChoiceField(
        label=_("材料种类"), choices=[row for row in Material.Kind.choices if row[0] != Material.Kind.COURT]
    )
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
    from_on = day_field(_("起始日"), required=True, help_text=_("续行过的填最近一次续行的起始日"))
    to_on = day_field(_("届满日"), help_text=_("照裁定填写，原届满日继续有效；轮候的不填"))
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


class AgentForm(AgentFields):
    """An agent of an applicant, who signs or collects for him from the beginning."""

    applicant = forms.IntegerField(
        label=_("属于第几名申请执行人"), required=False, min_value=1, max_value=ROWS_MAX, help_text=_("不填则为第一名")
    )
    seldom = ("applicant", "until_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What a row begins with is no entry: an untouched row is no agent.
        self.fields["kind"].initial = Agent.Kind.LAWYER

    def clean(self) -> dict[str, Any]:
        """An authority does not end before it begins."""
        data = super().clean() or self.cleaned_data
        from_on, until_on = data.get("from_on"), data.get("until_on")
        if from_on and until_on and until_on < from_on:
            self.add_error("until_on", _("代理期限的截止日不能早于起始日"))
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
ClaimSet = formset_factory(NewClaimForm, formset=ClaimRows, **_ROWS)
PreservedSet = formset_factory(
    PreservedForm, formset=Rows, extra=1, max_num=ROWS_MAX, validate_max=True, absolute_max=ROWS_MAX + 1
)
AgentSet = formset_factory(
    AgentForm, formset=Rows, extra=1, max_num=ROWS_MAX, validate_max=True, absolute_max=ROWS_MAX + 1
)
MaterialSet = formset_factory(
    MaterialForm, formset=Rows, extra=1, max_num=ROWS_MAX, validate_max=True, absolute_max=ROWS_MAX + 1
)


class FiledApplication(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Papers of the closed case, by the day on which they came in."""

    def label_from_instance(self, obj: Material) -> str:
        """Return what the list shows."""
        return f"{timezone.localdate(obj.received_at)} {obj.title}"


class ReviveForm(Form):
    """Why a closed case comes back."""

    ground = forms.CharField(
        label=_("恢复执行的理由"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("如：发现被执行人名下财产，附线索；或撤回后在两年内再次申请"),
    )
    filed = FiledApplication(
        Material.objects.none(),
        label=_("卷宗中已有的申请书"),
        required=False,
        empty_label=_("请选择"),
        help_text=_("原案结案后收到的材料；选定的，一并归入新案卷宗"),
    )
    application = forms.FileField(
        label=_("恢复执行申请书扫描件"),
        required=False,
        help_text=_("PDF或图片；卷宗中已有的不必再传；终本后复查发现财产、由法院依职权恢复的可以不附"),
    )

    def __init__(self, *args: Any, applications: QuerySet[Material], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        filed = self.fields["filed"]
        assert isinstance(filed, FiledApplication)
        filed.queryset = applications
        if not applications.exists():
            del self.fields["filed"]
