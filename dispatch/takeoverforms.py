"""What taking over a desk asks for: whose, who takes it, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from bureau.roles import has_role
from dispatch.services import TAKE_OVER_REASON_MAX

REASONS = (_("因病请假"), _("外出培训"), _("年休假"), _("借调或调离"))


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member of staff, by team and name."""

    def label_from_instance(self, obj: User) -> str:
        """Return what the list shows."""
        return f"{obj.team.name if obj.team else ''} {obj.name}".strip()


class TakeOverForm(forms.Form):
    """Absent colleague, taker, reason."""

    absent = Colleague(User.objects.none(), label=_("缺勤人员"))
    taker = Colleague(User.objects.none(), label=_("接管人"), help_text=_("同一团队的其他人员"))
    reason = forms.CharField(
        label=_("接管理由"), max_length=TAKE_OVER_REASON_MAX, widget=forms.TextInput({"list": "reasons"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(team__isnull=False).select_related("team").order_by("team__code", "name", "pk")
        if not has_role(user, "CHIEF"):
            staff = staff.filter(team_id=user.team_id)
        able = staff.filter(is_active=True, groups__permissions__codename="do_work").distinct()
        self.fields["absent"].queryset = staff.exclude(pk=user.pk)  # type: ignore[attr-defined]
        self.fields["taker"].queryset = able  # type: ignore[attr-defined]
