"""The list of work orders as a question, and each order with what the user may do with it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases import photos
from cases.evidence import Paper
from cases.models import Case, WorkOrder, WorkOrderQuerySet
from cases.services import acts_for
from cases.workforms import due_period

# Offered while a reason is typed; other words may be typed as well.
RETURN_REASONS = (_("结果与请求不符"), _("缺少回执或凭据"), _("未写明财产范围或数额"), _("涉及人有误"))
WITHDRAW_REASONS = (_("已无必要"), _("请求内容有误，另行请求"), _("当事人已履行"))


@dataclass(frozen=True, slots=True)
class Row:
    """One order, the names of the acts open to the user, and the photos of its answer."""

    order: WorkOrder
    acts: list[str]
    papers: list[Paper]


def rows(orders: Iterable[WorkOrder], user: User, *, case: Case | None = None) -> list[Row]:
    """Return the orders with their acts and what came with their answers; one query of its own."""
    shown = list(orders)
    papers = photos.of_orders(shown)
    return [Row(order, acts_for(order, case or order.case, user), papers.get(order.pk, [])) for order in shown]


def filtered(orders: WorkOrderQuerySet, chosen: dict[str, str], *, user: User, today: dt.date) -> WorkOrderQuerySet:
    """Return the orders that fit every chosen filter, nearest due day first; open ones unless asked otherwise."""
    state = chosen.get("state", "")
    if not state:
        orders = orders.open()
    elif state != "all":
        orders = orders.filter(state=state)
    if kind := chosen.get("kind"):
        orders = orders.filter(kind=kind)
    if due := chosen.get("due"):
        first, last = due_period(due, today=today)
        orders = orders.waiting()
        orders = orders.filter(due_on__gte=first) if first else orders
        orders = orders.filter(due_on__lte=last) if last else orders
    return _of_side(orders, chosen.get("side", ""), user).order_by("due_on", "id")


def _of_side(orders: WorkOrderQuerySet, side: str, user: User) -> WorkOrderQuerySet:
    if side == "in":
        return orders.filter(to_team_id=user.team_id or 0)
    if side == "out":
        ours = Q(case__judge=user) | Q(requested_by=user)
        if user.team_id:
            ours |= Q(case__team_id=user.team_id)
        return orders.filter(ours).exclude(to_team_id=user.team_id or 0)
    return orders
