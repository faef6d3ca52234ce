"""What is asked of who moves a case over, and of who decides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.wording import Form


class AskMoveForm(Form):
    """Why."""

    reason = forms.CharField(label=_("转入理由"), max_length=300)


class DecideMoveForm(Form):
    """Yes, or no with a reason."""

    is_approved = forms.TypedChoiceField(
        label=_("决定"), choices=[("yes", _("批准")), ("no", _("不批准"))], coerce=lambda word: word == "yes"
    )
    note = forms.CharField(label=_("意见"), max_length=300, required=False)
