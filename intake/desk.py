"""What waits at a filing window: applications to decide and supplements that are due."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy

from bureau.desk import DeskItem
from bureau.models import User
from intake.models import Application

ITEMS_MAX = 200


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return what the user's window reviews or waits for, and what a judge is to rule on."""
    wanted = Q()
    if user.has_perm("intake.review_application") and user.window_id is not None:
        wanted |= Q(window_id=user.window_id, state__in=[Application.State.REVIEW, Application.State.SUPPLEMENT])
    if user.has_perm("intake.rule_refusal"):
        wanted |= Q(state=Application.State.PROPOSED) & ~Q(proposed_by=user)
    if not wanted:
        return []
    rows = Application.objects.filter(wanted).select_related("notice").order_by("id")
    return [_item(row, today) for row in rows[:ITEMS_MAX]]


KINDS = {
    Application.State.REVIEW: gettext_lazy("立案申请待审查"),
    Application.State.SUPPLEMENT: gettext_lazy("立案申请待补正"),
    Application.State.PROPOSED: gettext_lazy("不予受理待裁定"),
}


def _item(row: Application, today: dt.date) -> DeskItem:
    is_waiting = row.state == Application.State.SUPPLEMENT
    due_on = row.notice.due_on if is_waiting else row.due_on
    return DeskItem(
        kind=str(KINDS[Application.State(row.state)]),
        title=str(row),
        url=row.get_absolute_url(),
        due_on=due_on,
        since_on=row.submitted_on,
        is_red=due_on is not None and due_on < today,
    )
