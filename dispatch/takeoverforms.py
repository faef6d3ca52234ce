"""What taking over a desk asks for: whose, who takes it, and why."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from bureau.roles import has_role
from bureau.wording import Form
from dispatch.models import Leave
from dispatch.services import TAKE_OVER_REASON_MAX

REASONS = (_("因病请假"), _("外出培训"), _("年休假"), _("借调或调离"))


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member of staff, by team and name."""

    def label_from_instance(self, obj: User) -> str:
        """Return what the list shows."""
        return f"{obj.team.name if obj.team else ''} {obj.name}".strip()


def _holders(codename: str) -> QuerySet[User]:
    return User.objects.filter(groups__permissions__codename=codename)


class TakeOverForm(Form):
    """Absent colleague, taker, reason."""

    absent = Colleague(User.objects.none(), label=_("缺勤人员"))
    taker = Colleague(User.objects.none(), label=_("接管人"), help_text=_("同一团队的其他人员"))
    reason = forms.CharField(
        label=_("接管理由"), max_length=TAKE_OVER_REASON_MAX, widget=forms.TextInput({"list": "reasons"})
    )

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(team__isnull=False).select_related("team").order_by("team__code", "name", "pk")
        if not has_role(user, "CHIEF"):
            staff = staff.filter(team_id=user.team_id)
        # Whose role owns no stage and takes no order has no desk that could move, and could not take one.
        with_desk = staff.filter(groups__permissions__codename="do_work").distinct()
        self.fields["absent"].queryset = with_desk.exclude(pk=user.pk)  # type: ignore[attr-defined]
        away = Leave.objects.on(today).values("user")
        able = with_desk.filter(is_active=True, pk__in=_holders("start_case")).exclude(pk__in=away)
        self.fields["taker"].queryset = able  # type: ignore[attr-defined]
        if "look" in self.data:
            self.fields["reason"].required = False
