"""What waits for a user out of team work: orders to take, do and confirm, promises of the day, holds that are over."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from cases.models import Contact, Hold, WorkOrder, WorkOrderQuerySet

ITEMS_MAX = 200
TITLE_MAX = 40


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the user's waiting items; at most six queries."""
    if user.team_id and user.has_perm("cases.do_work"):
        yield from _to_take(user, today)
        yield from _onsite(user, today)
        yield from _to_do(user, today)
    if user.has_perm("cases.request_work"):
        yield from _to_confirm(user)
    if user.has_perm("cases.log_contact"):
        yield from _promises(user, today)
    if user.has_perm("cases.hold_case"):
        yield from _holds(user, today)


def _to_take(user: User, today: dt.date) -> Iterator[DeskItem]:
    mine = WorkOrder.objects.filter(to_team_id=user.team_id, state__in=WorkOrder.TO_TAKE)
    for order in _first(mine):
        kind = _("协作退回重办") if order.state == WorkOrder.State.RETURNED else _("待接单协作")
        yield _item(order, kind, _tab(order), is_red=order.due_on < today)


def _to_do(user: User, today: dt.date) -> Iterator[DeskItem]:
    mine = WorkOrder.objects.filter(taken_by=user, to_team_id=user.team_id, state=WorkOrder.State.ACCEPTED)
    for order in _first(mine):
        yield _item(order, _("待办协作"), reverse("cases:finish_work", args=[order.pk]), is_red=order.due_on < today)


def _onsite(user: User, today: dt.date) -> Iterator[DeskItem]:
    # One line for the whole trip: the grid answers them together.
    figures = (
        WorkOrder.objects.onsite()
        .filter(to_team_id=user.team_id)
        .aggregate(count=Count("pk"), due_on=Min("due_on"), since=Min("requested_at"))
    )
    if figures["count"]:
        yield DeskItem(
            kind=_("现场事项"),
            title=_("%(count)d 项待现场办理") % {"count": figures["count"]},
            url=reverse("cases:onsite"),
            due_on=figures["due_on"],
            since_on=timezone.localdate(figures["since"]),
            is_red=figures["due_on"] < today,
        )


def _to_confirm(user: User) -> Iterator[DeskItem]:
    for order in WorkOrder.objects.to_confirm_by(user).select_related("case").order_by("answered_at")[:ITEMS_MAX]:
        yield _item(order, _("待确认协作"), _tab(order), is_red=False, is_due=False)


def _first(orders: WorkOrderQuerySet) -> WorkOrderQuerySet:
    rows = orders.exclude(kind=WorkOrder.Kind.ONSITE)
    return rows.select_related("case").order_by("due_on", "id")[:ITEMS_MAX]


def _tab(order: WorkOrder) -> str:
    return f"{reverse('cases:work', args=[order.case_id])}#work-{order.pk}"


def _item(order: WorkOrder, kind: str, url: str, *, is_red: bool, is_due: bool = True) -> DeskItem:
    text = order.text if len(order.text) <= TITLE_MAX else f"{order.text[:TITLE_MAX]}…"
    return DeskItem(
        kind=kind,
        title=f"{order.get_kind_display()} · {text}",
        url=url,
        case_number=order.case.display_number,
        due_on=order.due_on if is_due else None,
        since_on=timezone.localdate(order.requested_at if is_due else order.answered_at),
        is_red=is_red,
    )


def _promises(user: User, today: dt.date) -> Iterator[DeskItem]:
    mine = Q(case__owner=user) | Q(case__owner__isnull=True, case__judge=user)
    rows = Contact.objects.promised_by(today).filter(mine).select_related("case", "party")
    for contact in rows.order_by("promised_on", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("承诺到期"),
            title=f"{contact.whom}：{contact.promised[:TITLE_MAX]}",
            url=f"{reverse('cases:contacts', args=[contact.case_id])}#contact-{contact.pk}",
            case_number=contact.case.display_number,
            due_on=contact.promised_on,
            since_on=timezone.localdate(contact.at),
            is_red=contact.promised_on is not None and contact.promised_on < today,
        )


def _holds(user: User, today: dt.date) -> Iterator[DeskItem]:
    mine = Q(case__owner=user) | Q(case__owner__isnull=True, case__judge=user)
    for row in Hold.objects.over(on=today).filter(mine).select_related("case").order_by("until_on", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("搁置期满"),
            title=row.reason[:TITLE_MAX],
            url=reverse("cases:holds", args=[row.case_id]),
            case_number=row.case.display_number,
            due_on=row.until_on,
            since_on=row.from_on,
            is_red=row.until_on < today,
        )
