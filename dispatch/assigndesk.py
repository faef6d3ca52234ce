"""What waits around assignment: requests to be decided, and seeds that run out."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from dispatch.assignpages import chain_state
from dispatch.models import AssignmentRequest, Conflict, UnitMove

ITEMS_MAX = 50


def items(user: User, *, today: dt.date) -> Iterator[DeskItem]:
    """Yield requests that the user may decide, and to the inspector that seeds run out."""
    if user.has_perm("dispatch.approve_assignment"):
        rows = AssignmentRequest.objects.waiting().exclude(requested_by=user).exclude(judge=user)
        for row in rows.prefetch_related("cases").order_by("id")[:ITEMS_MAX]:
            numbers = [case.display_number for case in row.cases.all()]
            yield DeskItem(
                kind=_("待批准：%(kind)s") % {"kind": row.get_kind_display()},
                title=row.reason,
                url=reverse("dispatch:decide_request", args=[row.pk]),
                case_number=numbers[0] if len(numbers) == 1 else "",
                since_on=timezone.localdate(row.requested_at),
            )
        for move in UnitMove.objects.waiting().exclude(asked_by=user).select_related("case").order_by("id")[:ITEMS_MAX]:
            yield DeskItem(
                kind=_("待批准：旧存案件转入"),
                title=move.reason,
                url=reverse("dispatch:old_book"),
                case_number=move.case.display_number,
                since_on=timezone.localdate(move.asked_at),
            )
    if user.has_perm("dispatch.assign_case"):
        for conflict in Conflict.objects.of_holders().select_related("user", "case").order_by("id")[:ITEMS_MAX]:
            yield DeskItem(
                kind=_("承办人申报回避"),
                title=_("%(name)s：%(relation)s") % {"name": conflict.user.name, "relation": conflict.relation},
                url=reverse("dispatch:ask", args=[conflict.case_id]),
                case_number=conflict.case.display_number if conflict.case else "",
                since_on=timezone.localdate(conflict.declared_at),
                is_red=True,
            )
    if user.has_perm("dispatch.make_chain"):
        state = chain_state(today)
        if state.is_short:
            yield DeskItem(
                kind=_("抽签种子"),
                title=_("可用种子只剩 %(left)d 个，请制作新的种子链") % {"left": state.left},
                url=reverse("dispatch:chains"),
                is_red=not state.left,
            )
