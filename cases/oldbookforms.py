"""Who goes on with a case of the old book: two people of its own court."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.forms import Act

REASONS = (_("原承办人调离"), _("原承办人长期离岗"), _("回避"), _("办案力量调整"))


def staff_of(user: User, role: str) -> QuerySet[User]:
    """Return the staff of the user's own court who have that role."""
    found = User.objects.filter(team=user.team_id or 0, is_active=True, groups__name=role)
    return found.distinct().order_by("name", "pk")


class Handlers(Act):
    """The judge who decides, and the officer who does everything else; the service asks whether they may."""

    judge = forms.ModelChoiceField(User.objects.none(), label=_("承办法官"))
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("承办人"), help_text=_("一人办理全部事项：控制、案款申请、提请结案")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, role in (("judge", "JUDGE"), ("owner", "OFFICER")):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = staff_of(user, role)


class ChangeHandlers(Handlers):
    """The same, with the reason of the change."""

    reason = forms.CharField(
        label=_("更换理由"), max_length=300, widget=forms.TextInput(attrs={"list": "handler-reasons"})
    )
