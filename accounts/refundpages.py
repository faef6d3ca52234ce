"""What the pages of money that goes back to its payer show, and to whom."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import LineRefund
from accounts.services.approvals import roles_signed_for
from accounts.services.refunds import acts_for
from bureau.desk import DeskItem
from bureau.models import User
from bureau.money import yuan

ROWS_MAX = 100
SEES = ("accounts.identify_bank_line", "accounts.pay_payout", "accounts.view_ledger", "accounts.approve_payout")
KINDS: dict[str, tuple[str, ...]] = {
    "open": (*LineRefund.OPEN, LineRefund.State.SENT),
    "paid": (LineRefund.State.PAID,),
    "ended": (LineRefund.State.BOUNCED, LineRefund.State.REFUSED, LineRefund.State.WITHDRAWN),
}


def refunds(user: User, *, on: dt.date) -> QuerySet[LineRefund]:
    """Return the refunds, newest first, for finance, who reads the ledger and who approves that day; else none."""
    sees = any(user.has_perm(name) for name in SEES) or bool(roles_signed_for(user, on=on))
    rows = LineRefund.objects.for_list().order_by("-requested_at", "-id")
    return rows if sees else rows.none()


def tabs() -> list[tuple[str, Any]]:
    """Return the kinds of the list with their names."""
    return [("open", _("办理中")), ("paid", _("已退还")), ("ended", _("未退还"))]


def is_silent(refund: LineRefund, *, at: dt.datetime) -> bool:
    """Return whether the bank has had it for longer than it may and has not answered."""
    limit = at - dt.timedelta(hours=settings.BANK_ANSWER_HOURS)
    return refund.state == LineRefund.State.SENT and refund.submitted_at is not None and refund.submitted_at <= limit


def desk_items(user: User, *, today: dt.date) -> Iterator[DeskItem]:
    """Return the refunds that wait for the user's signature or payment, the oldest first."""
    if not user.has_perm("accounts.view_money"):
        return
    rows = LineRefund.objects.filter(state__in=LineRefund.OPEN).order_by("requested_at", "id")[:ROWS_MAX]
    signs = roles_signed_for(user, on=today) if rows else set()
    for row in rows:
        acts = acts_for(row, user, on=today, signs=signs)
        if "approve" not in acts and "pay" not in acts:
            continue
        yield DeskItem(
            kind=_("审批退还付款人") if "approve" in acts else _("退还付款人，待付款"),
            title=_("%(payer)s 汇入 %(amount)s 元") % {"payer": row.holder_name, "amount": yuan(row.amount)},
            url=reverse("accounts:refund", args=[row.pk]),
            since_on=timezone.localdate(row.requested_at),
        )
