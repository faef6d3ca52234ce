"""What the network found of a case's debtors and nobody has answered for: neither controlled nor explained.

A reason is taken only where the record bears it out: that others come first where this case queues behind them, that it
is too little where it is little, that other property is enough where other property is held.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bureau.errors import of_field
from bureau.models import Event
from bureau.money import yuan
from cases import nodes
from cases.models import Case, Deadline, Lead

# Assumed of the bureau: money found of at least so much, in yuan, is never too little to be frozen.
SMALL_MAX = Decimal("1000.00")
QUERY = "networkquery:"
ONLINE, OFFLINE = "ONLINE_CONTROL", "OFFLINE_CONTROL"


def unanswered(case: Case) -> list[str]:
    """Return in words what was found and is neither controlled nor explained (法〔2016〕373号 1(3), 4).

    That enough is held elsewhere is a reason not to control, but none to end for want of property.
    """
    leads: dict[tuple[str, str], list[Lead]] = {}
    for lead in Lead.objects.of_cases([case.pk]).select_related("answer").order_by("pk"):
        node = ONLINE if lead.is_online else OFFLINE
        leads.setdefault((node, f"{QUERY}{lead.answer.query_id}"), []).append(lead)
    duties = Deadline.objects.filter(case=case, node__in=nodes.EXCUSABLE).select_related("closing_event")
    ends = {(row.node, row.subject): row for row in duties.order_by("pk")}
    taken = _taken(case)
    wanting = [row.rule.label for key, row in ends.items() if row.is_running and key not in leads]
    for key, rows in leads.items():
        if not _is_answered(ends.get(key), rows, taken):
            wanting += [f"{row.get_kind_display()} {row.thing}" for row in rows]
    return [str(thing) for thing in wanting]


def _is_answered(duty: Deadline | None, leads: list[Lead], taken: list[Mapping[str, Any]]) -> bool:
    if duty is None or duty.state != Deadline.State.FULFILLED or duty.closing_event is None:
        return False
    if duty.closing_event.verb != "note_done":
        return True
    excuse = json.loads(duty.closing_event.details).get("excuse", "")
    return excuse != "ENOUGH" and not _untrue(excuse, leads, taken)


def excuse_objections(deadline: Deadline, excuse: str) -> list[str]:
    """Return why the record does not bear out a reason for which what was found is not controlled."""
    leads: Iterable[Lead] = ()
    if deadline.subject.startswith(QUERY):
        found = Lead.objects.of_cases([deadline.case_id]).filter(
            answer__query=int(deadline.subject.removeprefix(QUERY))
        )
        leads = found.filter(is_online=deadline.node == ONLINE)
    return [of_field("excuse", said) for said in _untrue(excuse, list(leads), _taken(deadline.case))]


def _taken(case: Case) -> list[Mapping[str, Any]]:
    events = Event.objects.of_chain(f"case:{case.pk}").filter(verb="take_control").order_by("seq")
    return [json.loads(details) for details in events.values_list("details", flat=True)]


def _untrue(excuse: str, leads: list[Lead], taken: list[Mapping[str, Any]]) -> list[str]:
    if excuse == "AHEAD" and not any(row.get("rank", 1) > 1 for row in taken):
        return [_("他院在先控制的，请先登记本案的轮候控制")]
    if excuse in ("ENOUGH", "TOGETHER") and not taken:
        return [_("本案没有登记任何控制措施，不能以已控制其他财产为由")]
    amount = sum((row.amount for row in leads if row.amount), Decimal(0))
    if excuse == "SMALL" and amount >= SMALL_MAX:
        return [_("查明的款项共 %(amount)s 元，不属于价值过小") % {"amount": yuan(amount)}]
    return []
