"""What waits for a user at the front of house: queries that he answers for or is offered, and those overdue."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from intake.models import Handing, Inquiry

ITEMS_MAX = 50


def items(user: User, *, today: dt.date) -> Iterator[DeskItem]:
    """Return the user's own queries, red once their day has passed; to overseers everybody's overdue ones."""
    if not user.has_perm("intake.answer_inquiry"):
        return
    offered = Handing.objects.open().filter(to=user).select_related("inquiry", "by", "inquiry__case__number_court")
    for handing in offered.order_by("until_on", "id")[:ITEMS_MAX]:
        yield _item(
            handing.inquiry,
            _("待接收首问"),
            due_on=handing.until_on,
            since=handing.at,
            note=handing.by.name,
            today=today,
        )
    rows = Inquiry.objects.open().for_list()
    for inquiry in rows.filter(owner=user)[:ITEMS_MAX]:
        yield _item(inquiry, _("首问待答复"), due_on=inquiry.due_on, since=inquiry.received_at, note="", today=today)
    if user.has_perm("intake.oversee_inquiries"):
        for inquiry in rows.overdue(today=today).exclude(owner=user)[:ITEMS_MAX]:
            owner = inquiry.owner.name
            yield _item(
                inquiry, _("首问超期"), due_on=inquiry.due_on, since=inquiry.received_at, note=owner, today=today
            )


def _item(inquiry: Inquiry, kind: str, *, due_on: dt.date, since: dt.datetime, note: str, today: dt.date) -> DeskItem:
    return DeskItem(
        kind=kind,
        title=inquiry.get_category_display(),
        url=inquiry.get_absolute_url(),
        case_number=inquiry.case.display_number if inquiry.case else "",
        due_on=due_on,
        since_on=timezone.localdate(since),
        is_red=due_on < today,
        note=note,
    )
