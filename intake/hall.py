"""What the pages of the queue print: the clerk's counter, the screen of the hall, how many are ahead of a visitor."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.models import User, Window
from intake.models import Ticket

State = Ticket.State
COUNTERS = tuple(str(number) for number in range(1, 13))
CALLING_MAX, NEXT_MAX, ROWS_MAX = 6, 12, 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits and for how long."""

    ticket: Ticket
    minutes: int


def _waiting(rows: list[Ticket], now: dt.datetime) -> list[Waiting]:
    return [Waiting(row, max(0, int((now - row.issued_at).total_seconds() // 60))) for row in rows]


def current_of(user: User, *, today: dt.date) -> Ticket | None:
    """Return whom the clerk is calling or serving."""
    return Ticket.objects.filter(server=user, day=today).open().for_list().first()


def counter_page(user: User, window: Window, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    """Return the queue of the clerk's window as he works through it."""
    queue = Ticket.objects.of_day(window, today)
    waiting = _waiting(list(queue.waiting().for_list()[:ROWS_MAX]), now)
    counts = queue.aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        done=Count("pk", filter=Q(state=State.DONE)),
        lost=Count("pk", filter=Q(state__in=[State.SKIPPED, State.LEFT])),
    )
    return {
        "window": window,
        "current": current_of(user, today=today),
        "waiting": waiting,
        "counts": counts,
        "longest": max((row.minutes for row in waiting), default=0),
        "others": list(queue.open().exclude(server=user).for_list().order_by("called_at")),
        "gone": list(
            queue.filter(state__in=[State.SKIPPED, State.LEFT]).for_list().order_by("-ended_at", "-id")[:NEXT_MAX]
        ),
        "by_category": [(label, sum(row.ticket.category == code for row in waiting), code) for code, label in CHOICES],
    }


CHOICES = tuple(Ticket.Category.choices)


def screen(window: Window, *, today: dt.date, now: dt.datetime) -> dict[str, Any]:
    """Return what the hall may see: numbers, counters and masked names, the latest call first."""
    queue = Ticket.objects.of_day(window, today)
    calling = list(queue.open().order_by("-called_at", "-id")[:CALLING_MAX])
    waiting = list(queue.waiting()[:NEXT_MAX])
    return {
        "window": window,
        "now": timezone.localtime(now),
        "calling": [{"ticket": row, "key": f"{row.pk}-{row.call_count}", "words": _spoken(row)} for row in calling],
        "waiting": waiting,
        "count": queue.filter(state=State.WAITING).count(),
        "skipped": list(queue.filter(state=State.SKIPPED).order_by("-ended_at")[:CALLING_MAX]),
    }


def _spoken(ticket: Ticket) -> str:
    said = {"number": " ".join(ticket.number), "counter": ticket.counter}
    return _("请 %(number)s 号到 %(counter)s 号柜台") % said if ticket.counter else _("请 %(number)s 号到窗口") % said


def ahead_of(ticket: Ticket) -> int:
    """Return how many are called before this one as the queue stands."""
    if ticket.state != State.WAITING:
        return 0
    before = Q(queued_at__lt=ticket.queued_at) | Q(queued_at=ticket.queued_at, pk__lt=ticket.pk)
    same_lane = Q(priority="") if not ticket.priority else ~Q(priority="")
    first = Q() if ticket.priority else ~Q(priority="")
    rows = Ticket.objects.of_day(ticket.window, ticket.day).filter(state=State.WAITING).exclude(pk=ticket.pk)
    return rows.filter((same_lane & before) | first if first else same_lane & before).count()
