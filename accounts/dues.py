"""The 15 days of money received, for the calendar of deadlines: node 37, counted in this room (房管规定 10)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Receipt
from bureau.models import User
from bureau.money import yuan
from bureau.roles import has_role
from cases.dues import Due, level_of

NODE = "PAYOUT"
ROWS_MAX = 500


def due(user: User, first: dt.date, last: dt.date, *, today: dt.date, is_own: bool) -> Iterator[Due]:
    """Yield what is unpaid and not lawfully delayed, by its last day; finance owes what every case waits for."""
    rows = Receipt.objects.visible_to(user).unpaid(today=today).with_delay(on=today)
    rows = rows.filter(Q(is_delayed=False), due_on__range=(first, last))
    if is_own and not has_role(user, "FINANCE"):
        rows = rows.filter(Q(case__owner=user) | Q(case__judge=user))
    for row in rows.select_related("case").order_by("due_on", "id")[:ROWS_MAX]:
        label = _("案款发放期限，未发放 %(amount)s 元") % {"amount": yuan(row.unpaid)}  # type: ignore[attr-defined]
        url = reverse("accounts:case_money", args=[row.case_id])
        yield Due(row.due_on, row.case, NODE, row.pk, label, url, level_of(NODE, row.due_on, today=today))
