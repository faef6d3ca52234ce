"""What an applicant may see of a case, masked and in codes: words are chosen when the page is shown (§13.1, §13.3).

Only what has been carried out appears: no request, no opinion, no measure still planned, no other room's free text.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Delay, Payout, Receipt
from accounts.purposes import SETTLES
from assets.models import Control
from bureau.masking import mask_name
from bureau.models import Event
from cases.models import Case, Handover

VERSION = 9
Payload = dict[str, Any]
NOTHING = Decimal("0.00")


@dataclass(slots=True)
class Material:
    """Everything one page is made of, loaded for a whole batch at once."""

    case: Case
    events: list[Event] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    batched: list[dict[str, Any]] = field(default_factory=list)
    delays: list[Delay] = field(default_factory=list)
    performed: Decimal = NOTHING  # by the debtor directly, or paid out before the old book came in
    obligation: Decimal | None = None  # all that the applicants are due by now; none where it cannot be reckoned
    fee_left: Decimal = NOTHING  # of the application fee, not paid over yet
    controls: list[Control] = field(default_factory=list)
    waiting: dict[str, Any] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)


def payload_of(material: Material) -> Payload:
    """Return the page's content as JSON; amounts are yuan as text, days ISO."""
    case = material.case
    beyond = _beyond_by_receipt(material)
    team = case.stream_team or case.team
    return {
        "version": VERSION,
        "number": case.display_number,
        "court": case.number_court.name,
        "filed_on": _day(case.filed_on),
        # What the reviewers have before them is the house's own business until they have signed.
        "stage": _stage(case),
        "stream": case.stream,
        "closing_mode": "" if case.is_open else case.closing_mode,
        "parties": [
            {"pk": party.pk, "side": party.side, "name": mask_name(party.name, party.kind)}
            for party in sorted(case.parties.all(), key=lambda party: (party.side, party.position))
            if party.is_current
        ],
        "claimed": str(case.amount_claimed),
        "rail": _rail(case, material.events),
        "history": [line for event in material.events if (line := _line(event))],
        "next": _next(material),
        "closing_due_on": _day(case.closing_due_on) if case.is_open else None,
        "receipts": [_receipt(receipt, material.delays, *beyond[receipt.pk]) for receipt in material.receipts],
        "payouts": [*map(_payout, material.payouts), *map(_batched, material.batched)],
        "controls": [_control(control) for control in material.controls],
        "waiting": material.waiting,
        "people": material.people,
        "team": {"name": team.name, "phone": team.phone} if team else None,
    }


def digest_of(payload: Payload) -> str:
    """Return what tells this content from any other."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:32]


def _control(control: Control) -> dict[str, Any]:
    # Kind, measure and days alone (§13.1): not the thing, nor the unit, nor who else has seized it.
    return {
        "kind": control.kind,
        "measure": control.measure,
        "is_queued": control.state == Control.State.QUEUED,
        "from": _day(control.term_from),
        "to": _day(control.to_on),
    }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _on(event: Event) -> str:
    return timezone.localdate(event.at).isoformat()


def _stage(case: Case) -> str:
    """Return the code of the stage; a case of the old book is in no stream, its own court works on it."""
    stage = str(case.resume_stage if case.stage == Case.Stage.CLOSING else case.stage)
    return f"COURT_{stage}" if case.is_of_court and stage in ("FILED", "ORDINARY") else stage


def _rail(case: Case, events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return the stages in order: those reached with their day, then those to come."""
    reached = {"FILED": case.filed_on.isoformat()}
    for event in events:
        if event.verb == "move_over":
            # The bureau begins anew.
            reached = {"FILED": case.filed_on.isoformat()}
        if event.verb in STAGE_BY_VERB:
            reached[STAGE_BY_VERB[event.verb]] = _on(event)
    rail = RAIL_OF_COURT if case.is_of_court else RAIL
    codes = [code for code in rail if code in reached or case.is_open or code == "CLOSED"]
    current = "CLOSED" if not case.is_open else [code for code in codes if code in reached][-1]
    return [
        {
            "code": code,
            "on": reached.get(code),
            "state": "now" if code == current else "done" if code in reached else "todo",
        }
        for code in codes
    ]


RAIL = ("FILED", "ALLOCATED", "STARTING", "STREAM", "CLOSED")
RAIL_OF_COURT = ("FILED", "STREAM", "CLOSED")
STAGE_BY_VERB = {
    "allocate": "ALLOCATED",
    "start": "STARTING",
    "enter_stream": "STREAM",
    **dict.fromkeys(("take_up", "take_up_suspended", "take_up_stayed"), "STREAM"),
    "close": "CLOSED",
}


def _line(event: Event) -> dict[str, Any] | None:
    """Return one line of the history, or None for what stays inside the house."""
    if event.verb not in SHOWN:
        return None
    details = json.loads(event.details)
    line = {"on": _on(event), "code": event.verb, **SHOWN[event.verb](details)}
    return None if line.pop("is_hidden", False) else line


def _nothing(details: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _amount(details: Mapping[str, Any]) -> dict[str, Any]:
    return {"amount": str(details["amount"])}


def _stream(details: Mapping[str, Any]) -> dict[str, Any]:
    return {"stream": details["after"]}


def _approved(details: Mapping[str, Any]) -> dict[str, Any]:
    return {"is_hidden": details["state"] != Delay.State.APPROVED}


# The details that may leave the house, by verb; every other verb stays inside.
SHOWN: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "register": _nothing,
    "enter_number": _nothing,
    "triage": lambda details: {"stream": details["decided"]},
    "allocate": _nothing,
    "start": _nothing,
    "enter_stream": _stream,
    "take_in": _nothing,
    "take_up": _nothing,
    "take_up_suspended": _nothing,
    "take_up_stayed": _nothing,
    "change_handler": _nothing,
    "move_over": _nothing,
    "carry_over": _amount,
    "note_paid_before": _amount,
    "suspend": _nothing,
    "resume": _nothing,
    "stay": _nothing,
    "settle": _nothing,
    "break_settlement": _nothing,
    "upgrade": _stream,
    "downgrade": _stream,
    "close": lambda details: {"mode": details["mode"]},
    "receive": _amount,
    "unidentify": _amount,
    "confirm_payout": _amount,
    "bounce_payout": _amount,
    "move": _amount,
    "move_in": _amount,
    "move_back": _amount,
    "deposit_absent": _amount,
    "reverse_payout": _amount,
    "finish_batch": _amount,
    "decide_delay": _approved,
    "end_delay": _nothing,
}


def _next(material: Material) -> dict[str, Any]:
    """Return the next step and the day by which it is due, if a rule names one."""
    case = material.case
    due_days = [receipt.due_on for receipt in material.receipts if _unpaid(receipt) > 0]
    if due_days:
        return _next_of_money(material) | {"by": _day(min(due_days))}
    if case.stage == Case.Stage.FILED:
        return _of_filed(case)
    if case.stage == Case.Stage.STARTING:
        pending = [row for row in case.handovers.all() if row.state == Handover.State.PENDING]
        return {"code": "ACCEPT", "by": _day(pending[0].due_on)} if pending else {"code": "PREPARE", "by": None}
    if case.stage in (Case.Stage.FAST, Case.Stage.ORDINARY, Case.Stage.CLOSING):
        return {"code": "EXECUTE", "by": _day(case.closing_due_on)}
    if not case.is_open:
        return {"code": "PROCEDURAL" if case.lives_on else "CLOSED", "by": None}
    return {"code": case.stage, "by": None}


def _of_filed(case: Case) -> dict[str, Any]:
    if case.is_of_court:
        return {"code": "HANDLER", "by": None}
    is_triaged = case.triaged_on is not None
    return {"code": "ASSIGN" if is_triaged else "TRIAGE", "by": None if is_triaged else _day(case.triage_due_on)}


def _next_of_money(material: Material) -> dict[str, Any]:
    # What arrived beyond the claim is the fee, then goes back to the debtor; nobody else is promised it (EWR 34).
    if to_pay := min(_unpaid_total(material), _owed(material)):
        return {"code": "PAY", "amount": str(to_pay)}
    is_surplus = any(surplus for surplus, _fee in _beyond_by_receipt(material).values())
    return {"code": "REFUND" if is_surplus else "FEE"}


def _settles(row: Payout) -> bool:
    # A disputed share of another creditor is deposited for nobody yet.
    return row.purpose in SETTLES and (row.payee_id is not None or row.absent_id is not None)


def _owed(material: Material) -> Decimal:
    """Return what the applicants have got neither from the court nor directly of what they are due."""
    paid = sum((row.amount for row in material.payouts if row.state == "PAID" and _settles(row)), NOTHING)
    paid += sum((row["total"] for row in material.batched if row["state"] == "PAID"), NOTHING)
    due = material.case.amount_claimed if material.obligation is None else material.obligation
    return max(NOTHING, due - material.performed - paid)


def _beyond_by_receipt(material: Material) -> dict[int, tuple[Decimal, Decimal]]:
    """Return how much of each unpaid receipt goes back to the debtor, and how much is the application fee.

    The last to arrive first, as payouts consume.
    """
    beyond = max(NOTHING, _unpaid_total(material) - _owed(material))
    fee = min(beyond, material.fee_left)
    surplus = beyond - fee if material.obligation is not None else NOTHING
    parts = {}
    for receipt in reversed(material.receipts):
        back = min(surplus, _unpaid(receipt))
        due = min(fee, _unpaid(receipt) - back)
        surplus, fee = surplus - back, fee - due
        parts[receipt.pk] = (back, due)
    return parts


def _unpaid_total(material: Material) -> Decimal:
    return sum((_unpaid(receipt) for receipt in material.receipts), NOTHING)


def _unpaid(receipt: Receipt) -> Decimal:
    unpaid: Decimal = receipt.unpaid  # type: ignore[attr-defined]
    return unpaid


def _receipt(receipt: Receipt, delays: Iterable[Delay], surplus: Decimal, fee: Decimal) -> dict[str, Any]:
    approved = [delay for delay in delays if delay.receipt_id == receipt.pk]
    return {
        "on": _day(receipt.arrived_on),
        "amount": str(receipt.amount),
        "due_on": _day(receipt.due_on),
        "unpaid": str(_unpaid(receipt)),
        "surplus": str(surplus),
        "fee": str(fee),
        "delays": [
            {
                "reason": delay.reason,
                "from": _day(delay.from_on),
                "until": _day(delay.until_on),
                "ended": _day(delay.ended_on),
            }
            for delay in approved
        ],
    }


def _batched(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "on": _day(row["paid_on"]) or _day(row["day"]),
        "amount": str(row["total"]),
        "last4": "",
        "count": row["count"],
        "payee": "LISTED",
        "state": row["state"],
    }


def _payout(payout: Payout) -> dict[str, Any]:
    return {
        "on": _day(payout.paid_on) or _day(timezone.localdate(payout.sent_at) if payout.sent_at else None),
        "amount": str(payout.amount),
        "last4": payout.payee.number_last4 if payout.payee and payout.payee.kind == "APPLICANT" else "",
        "payee": payout.payee.kind if payout.payee else payout.purpose,
        "state": payout.state,
    }
