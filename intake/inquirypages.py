"""What the pages of the first-inquiry desk print: the list under its filters, and one with what may be done."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from bureau.models import User
from cases.models import Case
from intake import inquiries
from intake.models import Handing, Inquiry


def listed(user: User, chosen: dict[str, Any], *, today: dt.date) -> QuerySet[Inquiry, Inquiry]:
    """Return what the user may see under the filters, open and overdue ones on top."""
    rows = Inquiry.objects.visible_to(user)
    which = chosen.get("set", "")
    if which == "answered":
        rows = rows.filter(answered_at__isnull=False)
    elif which == "overdue":
        rows = rows.overdue(today=today)
    elif which == "offered":
        rows = rows.filter(pk__in=Handing.objects.open().values("inquiry"))
    elif which != "all":
        rows = rows.open()
    if which == "mine":
        rows = rows.filter(owner=user)
    if "category" in chosen:
        rows = rows.filter(category=chosen["category"])
    if "window" in chosen:
        rows = rows.filter(window=chosen["window"])
    return rows.for_list()


def page(inquiry: Inquiry, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return one with its way through the house, and what the user may do."""
    handings = list(inquiry.handings.for_page())
    offer = next((row for row in handings if row.ended_at is None), None)
    is_owner = inquiry.owner_id == user.pk and inquiry.is_open and user.has_perm("intake.answer_inquiry")
    sees_case = inquiry.case and Case.objects.visible_to(user).filter(pk=inquiry.case.pk).exists()
    return {
        "inquiry": inquiry,
        "handings": handings,
        "offer": offer,
        "today": today,
        "is_overdue": inquiry.is_open and inquiry.due_on < today,
        "case_url": inquiry.case.get_absolute_url() if inquiry.case and sees_case else "",
        "may_answer": is_owner,
        "may_hand_over": is_owner and offer is None,
        "may_withdraw": is_owner and offer is not None,
        "may_take": offer is not None and offer.to_id == user.pk and inquiry.is_open,
    }


def latest(today: dt.date) -> dt.date:
    """Return the last day that may be set for a query handed over today."""
    return inquiries.last_day(today, settings.INQUIRY_HANDING_WORKDAYS)
