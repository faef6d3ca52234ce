"""What waits at a filing window: applications to decide and supplements that are due."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from intake.models import Application

ITEMS_MAX = 200


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the applications of the user's window that are in review or wait for papers."""
    if not user.has_perm("intake.review_application") or user.window_id is None:
        return []
    states = (Application.State.REVIEW, Application.State.SUPPLEMENT)
    rows = Application.objects.visible_to(user).filter(state__in=states).select_related("notice").order_by("id")
    return [_item(row, today) for row in rows[:ITEMS_MAX]]


def _item(row: Application, today: dt.date) -> DeskItem:
    is_waiting = row.state == Application.State.SUPPLEMENT
    due_on = row.notice.due_on if is_waiting else row.due_on
    return DeskItem(
        kind=_("立案申请待补正") if is_waiting else _("立案申请待审查"),
        title=str(row),
        url=row.get_absolute_url(),
        due_on=due_on,
        since_on=row.submitted_on,
        is_red=due_on is not None and due_on < today,
    )
