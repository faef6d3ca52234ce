"""What waits for a user in this room."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from dispatch import assigndesk, deskverify
from dispatch.models import SendBack, TakeOver
from dispatch.queue import waiting

ITEMS_MAX = 200
TAKEN_OVER_DAYS = 14


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the cases to be triaged and assigned, for a dispatcher; to whoever was absent, who took his desk."""
    rows = [*_taken_over(user, today), *deskverify.items(user, today=today)]
    rows += _to_decide(user, today) if user.has_perm("dispatch.triage_case") else []
    return [*rows, *assigndesk.items(user, today=today)]


def _taken_over(user: User, today: dt.date) -> list[DeskItem]:
    # Whoever comes back sees for two weeks who has his work now.
    since = today - dt.timedelta(days=TAKEN_OVER_DAYS)
    rows = TakeOver.objects.filter(absent=user, at__date__gte=since).select_related("taker").order_by("-at")
    return [
        DeskItem(
            kind=_("工作已被接管"),
            title=_("%(name)s接管了您的 %(count)d 项工作：%(reason)s")
            % {"name": row.taker.name, "count": len(row.moved), "reason": row.reason},
            url=f"{reverse('cases:list')}?set=open",
            since_on=timezone.localdate(row.at),
        )
        for row in rows[:ITEMS_MAX]
    ]


def _to_decide(user: User, today: dt.date) -> list[DeskItem]:
    return [
        DeskItem(
            kind=_("待分案") if case.triaged_on else _("待分流"),
            title=case.cause or case.get_basis_kind_display(),
            url=reverse("dispatch:case_dispatch", args=[case.pk]),
            case_number=case.display_number,
            due_on=case.triage_due_on,
            since_on=case.filed_on,
            is_red=case.triage_due_on < today,
        )
        for case in waiting(user).exclude(send_backs__state=SendBack.State.OPEN)[:ITEMS_MAX]
    ]
