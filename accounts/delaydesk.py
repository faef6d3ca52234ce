"""What waits for a user about delays of payment: to decide, to tell, to look at again, to ask for anew."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Delay, Receipt
from bureau.calendar import DAY
from bureau.desk import DeskItem
from bureau.models import User
from cases.models.leadership import led_by

ROWS_MAX = 100


def items(user: User, today: dt.date) -> Iterator[DeskItem]:
    """Yield them."""
    yield from _waiting(user)
    yield from _own(user, today)
    yield from _refused(user)


def _own(user: User, today: dt.date) -> Iterator[DeskItem]:
    # Approved and running: the applicant must be told, the day of review looked at, the money paid when it has ended.
    if not user.has_perm("accounts.request_delay"):
        return
    mine = Q(receipt__case__owner=user) | Q(receipt__case__judge=user)
    live = Delay.objects.filter(
        mine, state=Delay.State.APPROVED, receipt__voided_at__isnull=True, ended_on__isnull=True
    )
    due = Q(until_on__lte=today + DAY) | Q(told_on__isnull=True)
    unpaid = Receipt.objects.unpaid(today=today)
    rows = live.filter(due, receipt__in=unpaid.values("pk")).select_related("receipt", "receipt__case")
    for row in rows.order_by("until_on", "id")[:ROWS_MAX]:
        is_review = row.until_on <= today + DAY
        yield DeskItem(
            kind=_("延期到复核日") if is_review else _("延期待告知申请执行人"),
            title=row.get_reason_display(),
            url=reverse("accounts:case_money", args=[row.receipt.case_id])
            if is_review
            else reverse("accounts:tell_delay", args=[row.pk]),
            case_number=row.receipt.case.display_number,
            due_on=row.until_on,
            since_on=row.from_on,
            is_red=row.until_on < today,
        )


def _refused(user: User) -> Iterator[DeskItem]:
    # The money runs on towards its day: it is paid, or asked for anew by a better reason.
    if not user.has_perm("accounts.request_delay"):
        return
    later = Delay.objects.filter(receipt=OuterRef("receipt"), requested_at__gt=OuterRef("requested_at"))
    rows = Delay.objects.filter(~Exists(later), state=Delay.State.REJECTED, requested_by=user)
    rows = rows.filter(receipt__in=Receipt.objects.live().unsettled()).select_related("receipt", "receipt__case")
    for row in rows.order_by("receipt__due_on", "id")[:ROWS_MAX]:
        yield DeskItem(
            kind=_("延期未获批准"),
            title=row.get_reason_display(),
            url=reverse("accounts:case_money", args=[row.receipt.case_id]),
            case_number=row.receipt.case.display_number,
            due_on=row.receipt.due_on,
            since_on=timezone.localdate(row.decided_at),
            is_red=False,
            note=row.refused_note,
        )


def _waiting(user: User) -> Iterator[DeskItem]:
    if not user.has_perm("accounts.approve_delay"):
        return
    led = led_by(user, "CHIEF", "VICE_PRESIDENT", case="receipt__case__") or Q(pk__in=[])
    rows = Delay.objects.filter(led, state=Delay.State.REQUESTED, receipt__voided_at__isnull=True)
    rows = rows.exclude(requested_by=user)
    for row in rows.select_related("receipt", "receipt__case").order_by("requested_at", "id")[:ROWS_MAX]:
        yield DeskItem(
            kind=_("审批延期发放"),
            title=row.get_reason_display(),
            url=f"{reverse('accounts:delays')}#delay-{row.pk}",
            case_number=row.receipt.case.display_number,
            due_on=row.receipt.due_on,
            since_on=timezone.localdate(row.requested_at),
        )
