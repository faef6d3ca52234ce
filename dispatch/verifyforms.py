"""Forms of verification: defects of a send-back, the window's answer, cases ticked, answers to re-triage."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.wording import Form
from dispatch.models import SendBack

MANY_MAX = 200
KEEP_REASONS = (
    gettext_lazy("新情况不影响办理方式"),
    gettext_lazy("案件即将办结"),
    gettext_lazy("事实有误，已另行更正"),
    gettext_lazy("承办团队已采取主要措施"),
    gettext_lazy("当事人意见一致"),
)


class SendBackForm(Form):
    """Everything that is wrong with a filing, at once."""

    defects = forms.MultipleChoiceField(
        label=gettext_lazy("退回原因"), choices=SendBack.Defect.choices, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("一次写全要补正的内容；选择“其他”时必填"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        """Another defect is said in words."""
        is_other = SendBack.Defect.OTHER in self.cleaned_data.get("defects", [])
        if is_other and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("选择“其他”时请写明原因"))
        return self.cleaned_data


class AnswerSendBackForm(Form):
    """What the window has put right."""

    note = forms.CharField(label=gettext_lazy("补正说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    is_unchanged = forms.BooleanField(label=gettext_lazy("没有改动案件信息和材料，理由写在补正说明中"), required=False)


class WithdrawForm(Form):
    """Why a send-back is taken back."""

    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=500)


class ReasonForm(Form):
    """Why cases are judged anew on purpose."""

    reason = forms.CharField(label=gettext_lazy("复核理由"), max_length=300)


class RetriageForm(Form):
    """Confirm, or keep what stands with a reason."""

    action = forms.ChoiceField(
        label=gettext_lazy("答复"),
        choices=[("confirm", gettext_lazy("重新分流")), ("keep", gettext_lazy("维持原分流"))],
    )
    note = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("维持原分流时必填"),
        widget=forms.TextInput(attrs={"list": "keep-reasons"}),
    )

    def clean(self) -> dict[str, Any]:
        """Keeping what stands against the table needs a reason."""
        if self.cleaned_data.get("action") == "keep" and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("维持原分流请写明理由"))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"is_confirmed": self.cleaned_data["action"] == "confirm", "note": self.cleaned_data["note"]}
