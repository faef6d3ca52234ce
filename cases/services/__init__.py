"""Every change to a case; import the module and call its plain verbs."""

from cases.services.closings import archive, propose_closing, return_closing, sign_closing
from cases.services.contacts import add_note, end_hold, hold, log_contact, settle_promise
from cases.services.filing import enter_number, register
from cases.services.handovers import accept, change_stream, hand_over, send_back
from cases.services.owners import pass_stage
from cases.services.rests import break_settlement, call_ended_stays, note_instalment, resume, settle, stay, suspend
from cases.services.revivals import revival_objections, revive
from cases.services.stages import Move, advance, allocate, moves_for, stage_objections, start
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
    "archive",
    "break_settlement",
    "call_ended_stays",
    "change_stream",
    "confirm_many",
    "confirm_work",
    "end_hold",
    "enter_number",
    "finish_many",
    "finish_work",
    "hand_over",
    "hold",
    "log_contact",
    "may_request",
    "moves_for",
    "note_instalment",
    "pass_stage",
    "pass_work",
    "propose_closing",
    "register",
    "request_many",
    "request_work",
    "resume",
    "return_closing",
    "return_work",
    "revival_objections",
    "revive",
    "send_back",
    "settle",
    "settle_promise",
    "sign_closing",
    "stage_objections",
    "start",
    "stay",
    "suspend",
    "withdraw_work",
]
