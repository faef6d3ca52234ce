"""What waits for a user in this room."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from dispatch.queue import waiting

ITEMS_MAX = 200


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the cases to be triaged and those to be assigned, for a dispatcher."""
    if not user.has_perm("dispatch.triage_case"):
        return []
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
        for case in waiting(user)[:ITEMS_MAX]
    ]
