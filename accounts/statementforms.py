"""Forms of the bank's statements: a file to import, and the mapping kept for a bank."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import BankFormat
from accounts.services.bankformats import PLAIN
from accounts.statementfiles import FIELDS, field_of, mapping_objections
from bureau.models import User
from bureau.wording import Form, Versioned
from documents.models import Staged
from documents.services.content import BYTES_MAX
from documents.services.materials import TABLE

ACCEPTED = ".csv,.txt,.xlsx,.xml"


class FormatChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A bank by the name of its format."""

    def label_from_instance(self, obj: BankFormat) -> str:
        """Return what the list shows."""
        return obj.name


class _WithTable(Form):
    """A form with a file that is kept while the rest is corrected."""

    table_token = forms.CharField(required=False, max_length=43, widget=forms.HiddenInput)
    refused: str
    kept: Staged | None

    def keep(self, user: User, refused: str) -> None:
        """Find the file that was uploaded before."""
        token = self["table_token"].value()
        rows = (
            Staged.objects.filter(token=token, staged_by=user, content_type=TABLE) if token else Staged.objects.none()
        )
        self.refused, self.kept = refused, rows.first()
        if self.kept:
            self.fields["table"].required = False
            self.fields["table"].help_text = _("已上传 %(name)s；可另选文件替换") % {"name": self.kept.name}


class ImportStatement(_WithTable):
    """Which bank's statement, and the file as the bank exports it."""

    bank_format = FormatChoice(label=_("银行格式"), queryset=BankFormat.objects.none(), empty_label=None)
    table = forms.FileField(
        label=_("对账单文件"),
        help_text=_("银行导出的CSV、Excel（.xlsx）或camt.053、camt.054报文（.xml），不超过20 MB、12万行；不必改动"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, user: User, refused: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bank_format"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = BankFormat.objects.filter(is_active=True).order_by("name")
        self.keep(user, refused)

    def clean(self) -> dict[str, Any]:
        """Say beside the file why it was not taken in."""
        if self.refused:
            self.errors.pop("table", None)
            self.add_error("table", self.refused)
        return self.cleaned_data


class SaveBankFormat(Versioned):
    """What a format is; the columns by the headings of the file."""

    name = forms.CharField(label=_("银行和格式名称"), max_length=40, help_text=_("如：乌海银行网银明细"))
    kind = forms.ChoiceField(
        label=_("文件种类"),
        choices=BankFormat.Kind.choices,
        initial=BankFormat.Kind.TABLE,
        required=False,
        help_text=_("报文的各栏由标准规定，不必指定列、表头和日期写法"),
    )
    encoding = forms.ChoiceField(
        label=_("文字编码"), choices=BankFormat.Encoding.choices, initial=BankFormat.Encoding.DETECTED
    )
    header_row = forms.IntegerField(label=_("表头在第几行"), min_value=1, max_value=50, initial=1)
    date_order = forms.ChoiceField(
        label=_("日期写法"), choices=BankFormat.DateOrder.choices, initial=BankFormat.DateOrder.YMD
    )
    day = forms.CharField(label=FIELDS["day"][0], max_length=60, required=False)
    serial = forms.CharField(
        label=FIELDS["serial"][0], max_length=60, required=False, help_text=_("每笔流水唯一，按它防止重复入账")
    )
    time = forms.CharField(label=FIELDS["time"][0], max_length=60, required=False)
    credit = forms.CharField(label=FIELDS["credit"][0], max_length=60, required=False)
    debit = forms.CharField(label=FIELDS["debit"][0], max_length=60, required=False)
    amount = forms.CharField(
        label=FIELDS["amount"][0], max_length=60, required=False, help_text=_("收入、支出不分列时使用")
    )
    balance = forms.CharField(label=FIELDS["balance"][0], max_length=60, required=False)
    # Named apart from the format's own name.
    payer = forms.CharField(label=FIELDS["name"][0], max_length=60, required=False)
    account = forms.CharField(label=FIELDS["account"][0], max_length=60, required=False)
    virtual_number = forms.CharField(
        label=FIELDS["virtual_number"][0], max_length=60, required=False, help_text=_("据此自动归案")
    )
    reference = forms.CharField(
        label=FIELDS["reference"][0], max_length=60, required=False, help_text=_("据此核对本院付款")
    )
    remark = forms.CharField(label=FIELDS["remark"][0], max_length=60, required=False)
    own_account = forms.CharField(
        label=FIELDS["own_account"][0],
        max_length=60,
        required=False,
        help_text=_("不是本院执行款账户的对账单据此拒绝；表头以上写明账号的不必指定"),
    )
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, headings: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if headings:
            for name in FIELDS:
                field = self.fields[field_of(name)]
                kept = self[field_of(name)].value()
                words = list(dict.fromkeys(filter(None, [*headings, kept])))
                field.widget = forms.Select(choices=[("", "—"), *((word, word) for word in words)])

    def clean(self) -> dict[str, Any]:
        """Say beside each column what it lacks."""
        self.cleaned_data["kind"] = self.cleaned_data.get("kind") or BankFormat.Kind.TABLE
        if self.cleaned_data["kind"] != BankFormat.Kind.TABLE:
            return self.cleaned_data
        for name, reason in mapping_objections(self.columns()).items():
            if not self.has_error(field_of(name)):
                self.add_error(field_of(name), reason)
        return self.cleaned_data

    def columns(self) -> dict[str, str]:
        """Return heading by field of a line."""
        found = {name: self.cleaned_data.get(field_of(name), "") for name in FIELDS}
        return {name: heading for name, heading in found.items() if heading}

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes."""
        said = self.cleaned_data
        return {**{name: said[name] for name in (*PLAIN, "seen")}, "columns": self.columns()}


class SampleFile(_WithTable):
    """A file of the bank by which its format is set up; nothing of it is taken in."""

    table = forms.FileField(label=_("样例文件"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED}))

    def __init__(self, *args: Any, user: User, refused: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep(user, refused)


class TakeStatusReport(Form):
    """The bank's report on a payment file."""

    report = forms.FileField(
        label=_("银行回执"),
        help_text=_("pain.002报文（.xml），不超过20 MB"),
        widget=forms.FileInput(attrs={"accept": ".xml"}),
    )

    def clean_report(self) -> bytes:
        """Return its bytes."""
        upload = self.cleaned_data["report"]
        if upload.size > BYTES_MAX:
            raise forms.ValidationError(_("文件超过20 MB"))
        content: bytes = upload.read()
        return content

    def arguments(self) -> dict[str, Any]:
        """Return the service's argument."""
        return {"content": self.cleaned_data["report"]}
