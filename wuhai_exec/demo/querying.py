"""The network query of the demo: asked on the day of filing in the duty judge's name, answered twice a day for all."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from bureau.models import User
from cases import nodes
from cases import services as cases
from cases.models import Case, Deadline
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.plan import ENDS_ON, OPENS_ON, CasePlan
from wuhai_exec.demo.walk import DAY, NOON, moment

ASKED_AFTER = dt.timedelta(minutes=3)
SPOKEN_AFTER = dt.timedelta(hours=1)
BEFORE_WORK = 500
WORDS = {
    "ONLINE_CONTROL": {"excuse": "GONE", "note": "经向开户单位核实，款项已支取，账户无余额"},
    "OFFLINE_CONTROL": {"excuse": "NOT_HIS", "note": "经向登记机关核实，已过户给他人，不属于被执行人"},
}
Row = tuple[dt.datetime, int, Callable[[], object]]


def asking(plan: CasePlan, filed: Callable[[], Case], staff: Staff) -> Iterator[Row]:
    """Yield the act by which a case's debtors are asked about; what was filed on the last day still waits for it."""
    at = plan.steps[0].at + ASKED_AFTER
    if at.date() >= ENDS_ON:
        return
    clerks = staff.of_role("ASSISTANT")
    clerk = clerks[plan.index % len(clerks)]
    batch = f"{at:%Y%m%d}{plan.index:05d}"

    def ask() -> Case:
        return cases.launch_query(filed(), provider="NATIONAL", batch=batch, at=at, actor=clerk)

    yield at, plan.index, ask


def answering(system: User, staff: Staff) -> Iterator[Row]:
    """Yield the exchanges with the network, before work and at noon, and what the affairs team says of their finds."""
    for number in range((ENDS_ON - OPENS_ON).days + 1):
        for minute in (BEFORE_WORK, NOON):
            at = moment(OPENS_ON + number * DAY, minute)
            yield at, 1, lambda at=at: cases.exchange_queries(at=at, actor=system)  # type: ignore[misc]
            at += SPOKEN_AFTER
            yield at, 1, lambda at=at: _speak_for(at, staff)  # type: ignore[misc]


def checked(case: Case, facts: dict[str, Any]) -> dict[str, Any]:
    """Return what the command centre types: once the network has answered it types no other sum beside the answer."""
    asked = list(case.network_queries.values_list("answered_on", flat=True))
    return facts | {"cash_found": None} if asked and None not in asked else facts


def _speak_for(at: dt.datetime, staff: Staff) -> None:
    # Assumed of this book: what its cases do not control themselves was gone or another's when it was looked into.
    # Whoever ends as 终本 has nothing with the network to begin with (plan.py).
    found = Deadline.objects.running().filter(node__in=nodes.EXCUSABLE).select_related("case__owner")
    for duty in found.order_by("id"):
        actor = duty.case.owner or staff["assistant"]
        cases.note_done(duty, **WORDS[duty.node], at=at, actor=actor)
