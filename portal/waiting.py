"""What the waiting line of a case is made of, in codes; runs in the staff system's worker.

Only what an applicant may know: a query is told by whom it asked and how many answered, never by what it found; work
at a department only once it is done, papers only those that announce no measure, no free text of anybody.
"""

import copy
import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from bureau.models import Event
from cases.models import Case, Deadline, Handover, NetworkQuery, QueryAnswer, WorkOrder
from documents.models import Delivery
from portal.waitwords import NODES, NOTHING, PAPERS, WORK

Waiting = dict[str, Any]
ROWS_MAX = 12  # of each kind: a page read on a phone


def load(cases: Sequence[Case], *, told: Collection[str]) -> dict[int, Waiting]:
    """Return the waiting line of each case; six queries however many.

    `told` are the verbs that the page tells of: the day of anything else would betray a measure still to come.
    """
    found: dict[int, Waiting] = {case.pk: _empty() for case in cases}
    _add_queries(found)
    _add_orders(found)
    _add_services(found)
    for case in cases:
        pending = [row for row in case.handovers.all() if row.state == Handover.State.PENDING]
        found[case.pk]["handovers"] = [_handover(row) for row in pending]
    for deadline in Deadline.objects.running().filter(case__in=found, node__in=NODES).order_by("due_on", "id"):
        found[deadline.case_id]["dues"].append({"node": deadline.node, "by": deadline.due_on.isoformat()})
    chains = [f"case:{pk}" for pk in found]
    last = Event.objects.filter(chain__in=chains, verb__in=told).values("chain").annotate(at=Max("at"))
    for row in last.order_by():
        found[int(row["chain"].removeprefix("case:"))]["last_on"] = _on(row["at"])
    return found


def _empty() -> Waiting:
    return copy.deepcopy(NOTHING)


def _on(at: dt.datetime) -> str:
    return timezone.localdate(at).isoformat()


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _add_queries(found: dict[int, Waiting]) -> None:
    rows = NetworkQuery.objects.filter(case__in=found, repeated_by__isnull=True).prefetch_related("answers")
    for query in rows.order_by("launched_at", "id"):
        answers = sorted(query.answers.all(), key=lambda answer: answer.pk)
        found[query.case_id]["queries"].append(
            {
                "on": _on(query.launched_at),
                "asked": len(answers),
                "sources": [answer.source for answer in answers],
                "open": [answer.source for answer in answers if answer.state in QueryAnswer.OPEN],
                "back": sum(answer.state not in QueryAnswer.OPEN for answer in answers),
                "lost": sum(answer.state in QueryAnswer.LOST for answer in answers),
                "answered_on": _iso(query.answered_on),
            }
        )
    for row in found.values():
        row["queries"] = row["queries"][-ROWS_MAX:]


def _add_orders(found: dict[int, Waiting]) -> None:
    done = (WorkOrder.State.DONE, WorkOrder.State.CONFIRMED)
    may_know = ~Q(kind=WorkOrder.Kind.ONSITE) | Q(state__in=done)
    orders = WorkOrder.objects.filter(may_know, case__in=found, kind__in=WORK).exclude(state=WorkOrder.State.WITHDRAWN)
    for order in orders.select_related("to_team").order_by("requested_at", "id"):
        is_done = order.state in done and order.answered_at is not None
        found[order.case_id]["orders"].append(
            {
                "on": _on(order.requested_at),
                "kind": order.kind,
                "team": order.to_team.name,
                "by": order.due_on.isoformat(),
                "is_taken": order.state == WorkOrder.State.ACCEPTED,
                "back_on": _on(order.answered_at) if is_done and order.answered_at else None,
            }
        )
    for row in found.values():
        row["orders"] = row["orders"][-ROWS_MAX:]


def _add_services(found: dict[int, Waiting]) -> None:
    rows = Delivery.objects.filter(case__in=found, document__template__code__in=PAPERS, party__isnull=False)
    loaded = rows.filter(document__voided_by__isnull=True).select_related("document__template", "party")
    lean = loaded.defer("document__body", "document__values").prefetch_related("attempts")
    for delivery in lean.order_by("sent_on", "id"):
        tries = sorted(delivery.attempts.all(), key=lambda row: row.pk)
        assert delivery.party is not None
        found[delivery.case_id]["services"].append(
            {
                "on": delivery.sent_on.isoformat(),
                "paper": delivery.document.template.code,
                "way": delivery.way,
                "is_debtor": delivery.party.side == "DEBTOR",
                "party": delivery.party_id,
                "served_on": _iso(delivery.deemed_on),
                "is_failed": delivery.state == Delivery.State.FAILED,
                "failure": tries[-1].reason if tries else "",
            }
        )
    for row in found.values():
        row["services"] = row["services"][-ROWS_MAX:]


def _handover(row: Handover) -> dict[str, Any]:
    return {"on": _on(row.handed_at), "team": row.to_team.name, "by": _iso(row.due_on)}
