"""Forms of unidentified money: to which case it belongs and why, what came of odd things, why a claim is refused."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import Reasoned, plain_number
from accounts.lineoddities import Question
from bureau.forms import YuanField
from bureau.models import User
from bureau.wording import Form
from cases.models import Case

ANSWER = "answer_"


class ClaimLine(Form):
    """The case to which money belongs, and by what one knows."""

    asks_for = {"case": "number"}

    number = forms.CharField(label=_("案号"), max_length=60, help_text=_("如：(2021)内0302执1号"))
    ground = forms.CharField(
        label=_("认领依据"),
        max_length=200,
        help_text=_("如：被执行人来电确认；附言写有案号；转账凭证已入卷"),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_number(self) -> Case:
        """Return the case; brackets may be full-width."""
        case = Case.objects.visible_to(self.user).filter(number=plain_number(self.cleaned_data["number"])).first()
        if case is None:
            raise forms.ValidationError(_("没有这个案号的案件"))
        return case

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"case": self.cleaned_data["number"], "ground": self.cleaned_data["ground"]}


class ConfirmClaim(Form):
    """What came of each odd thing, and a note."""

    note = forms.CharField(label=_("核对意见"), max_length=200, required=False)

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in questions:
            field = forms.CharField(
                label=row.words,
                max_length=300,
                widget=forms.Textarea({"rows": 2}),
                help_text=_("疑点，请写明核查结果"),
                error_messages={"required": _("请写明核查结果")},
            )
            self.fields[f"{ANSWER}{row.code}"] = field
        self.order_fields([*(f"{ANSWER}{row.code}" for row in questions), "note"])

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        answers = {name.removeprefix(ANSWER): text for name, text in data.items() if name.startswith(ANSWER)}
        return {"answers": answers, "note": data["note"]}


class RefuseClaim(Reasoned):
    """Why the claim is not proven."""

    USUAL = (
        ("付款人与该案无关", _("付款人与该案无关")),
        ("认领依据不足，请补充凭证", _("认领依据不足，请补充凭证")),
        ("应归另案", _("应归另案")),
    )

    def arguments(self) -> dict[str, Any]:
        """Return the service's argument."""
        return {"note": self.cleaned_data["reason"]}


class AnswerOddity(Form):
    """What came of one odd thing about money that belongs to its case."""

    code = forms.CharField(max_length=20, widget=forms.HiddenInput)
    answer = forms.CharField(label=_("核查结果"), max_length=300, widget=forms.Textarea({"rows": 2}))


class FindLine(Form):
    """Exact payer and sum, by which somebody who was told of a payment finds it."""

    payer = forms.CharField(label=_("付款人"), max_length=100, required=False)
    amount = YuanField(label=_("金额（元）"), required=False)

    def is_full(self) -> bool:
        """Return whether both were given."""
        return self.is_valid() and bool(self.cleaned_data["payer"].strip() and self.cleaned_data["amount"])
