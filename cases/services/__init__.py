"""Every change to a case; import the module and call its plain verbs."""

from cases.services.contacts import add_note, end_hold, hold, log_contact, settle_promise
from cases.services.filing import enter_number, register
from cases.services.handovers import accept, hand_over, send_back
from cases.services.owners import pass_stage
from cases.services.stages import (
    Move,
    advance,
    allocate,
    fulfil,
    moves_for,
    resume,
    stage_objections,
    start,
    suspend,
    terminate,
)
from cases.services.workbatches import (
    Batch,
    OnsiteAnswer,
    accept_many,
    answer_onsite,
    confirm_many,
    finish_many,
    request_many,
)
from cases.services.workorders import (
    accept_work,
    acts_for,
    confirm_work,
    finish_work,
    may_request,
    pass_work,
    request_work,
    return_work,
    withdraw_work,
)

__all__ = [
    "Batch",
    "Move",
    "OnsiteAnswer",
    "accept",
    "accept_many",
    "accept_work",
    "acts_for",
    "add_note",
    "advance",
    "allocate",
    "answer_onsite",
    "confirm_many",
    "confirm_work",
    "end_hold",
    "enter_number",
    "finish_many",
    "finish_work",
    "fulfil",
    "hand_over",
    "hold",
    "log_contact",
    "may_request",
    "moves_for",
    "pass_stage",
    "pass_work",
    "register",
    "request_many",
    "request_work",
    "resume",
    "return_work",
    "send_back",
    "settle_promise",
    "stage_objections",
    "start",
    "suspend",
    "terminate",
    "withdraw_work",
]
