"""What waits for the affairs team out of the network query: what was filed and not asked about, and what failed."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from cases.models import Case

ITEMS_MAX = 100


def items(user: User, *, today: dt.date) -> Iterator[DeskItem]:
    """Return filed cases not yet queried, due on their day of filing, and those of which a provider failed."""
    if not user.has_perm("cases.hand_over_case"):
        return
    mine = Case.objects.to_query(user).filter(stage__in=Case.BEFORE_STREAM).order_by("filed_at", "id")
    for state, kind in (("NONE", _("待网络查控")), ("LACKING", _("查控失败待重查"))):
        for case in mine.query_state(state)[:ITEMS_MAX]:
            yield DeskItem(
                kind=kind,
                title=case.cause or case.get_basis_kind_display(),
                url=reverse("cases:query_case", args=[case.pk]),
                case_number=case.display_number,
                due_on=case.filed_on if state == "NONE" else None,
                since_on=timezone.localdate(case.filed_at),
                is_red=state == "NONE" and case.filed_on < today,
            )
