"""Forms of mass payout: a roster with its signed scan, and what is asked of a batch."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import Reasoned
from accounts.models import Batch
from bureau.models import User
from bureau.wording import Form
from cases.models import Case
from documents.models import Staged
from documents.services.materials import TABLE

SCANS = ".pdf,.png,.jpg,.jpeg,.tif,.tiff"


class EnterRoster(Form):
    """A file of payees and the signed roster that it was typed from; both are kept while the form is corrected."""

    document = forms.CharField(
        label=_("名册名称和文号"), max_length=200, help_text=_("如：农民工工资发放名册（第一批）")
    )
    table = forms.FileField(
        label=_("名册文件"),
        help_text=_("Excel（.xlsx）或CSV，第一行为表头：姓名、证件号码、收款账号、开户行、金额；可加联行号、案号"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    scan = forms.FileField(
        label=_("签章名册扫描件"),
        help_text=_("复核人据此核对人数和合计；PDF、PNG、JPEG、TIFF，不超过20 MB"),
        widget=forms.FileInput(attrs={"accept": SCANS}),
    )
    table_token = forms.CharField(required=False, max_length=43, widget=forms.HiddenInput)
    scan_token = forms.CharField(required=False, max_length=43, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, refused: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused, self.kept = refused or {}, {}
        for name in ("table", "scan"):
            token = self[f"{name}_token"].value()
            row = Staged.objects.filter(token=token, staged_by=user).first() if token else None
            if row and (row.content_type == TABLE) == (name == "table"):
                self.kept[name] = row
                self.fields[name].required = False
                self.fields[name].help_text = _("已上传 %(name)s；可另选文件替换") % {"name": row.name}

    def clean(self) -> dict[str, Any]:
        """Say beside each file why it was not taken in."""
        for name, reason in self.refused.items():
            self.errors.pop(name, None)
            self.add_error(name, reason)
        return self.cleaned_data


class RequestBatch(Form):
    """How the sums of the roster were calculated."""

    calculation = forms.CharField(
        label=_("计算说明"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("写明款项性质和算法"),
    )


class RejectBatch(Reasoned):
    """Why a request is sent back."""

    USUAL = (
        ("名册与计算说明不符", _("名册与计算说明不符")),
        ("金额计算有误", _("金额计算有误")),
        ("存在争议，暂缓发放", _("存在争议，暂缓发放")),
    )


class RefuseBatch(Reasoned):
    """Why a roster does not hold."""

    USUAL = (
        ("人数或合计与签章名册不符", _("人数或合计与签章名册不符")),
        ("名册未签章", _("名册未签章")),
        ("录入有误，撤回重录", _("录入有误，撤回重录")),
    )


class FollowChoice(Form):
    """Which case and which earlier batch a roster belongs to, from the address."""

    follows = forms.ModelChoiceField(queryset=Batch.objects.none(), label=_("原批次"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["follows"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Batch.objects.filter(case=case, state=Batch.State.DONE)

    def batch(self) -> Batch | None:
        """Return the batch whose bounced rows are paid again, if any."""
        return self.cleaned_data.get("follows") if self.is_valid() else None
