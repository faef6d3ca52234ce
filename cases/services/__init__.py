"""Every change to a case; import the module and call its plain verbs."""

from cases.services.afterlife import may_requery, record_requery, requery_objections
from cases.services.closings import archive, propose_closing, return_closing, sign_closing
from cases.services.contacts import add_note, end_hold, hold, log_contact, settle_promise
from cases.services.deadlines import find_forgotten, may_note_done, note_done, watch
from cases.services.feeds import close_feed, holder_of, open_feed
from cases.services.filing import enter_number, register
from cases.services.handovers import accept, change_stream, hand_over, send_back
from cases.services.owners import pass_stage
from cases.services.pauses import end_period, exclude_period
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
    "close_feed",
    "confirm_many",
    "confirm_work",
    "end_hold",
    "end_period",
    "enter_number",
    "exclude_period",
    "find_forgotten",
    "finish_many",
    "finish_work",
    "hand_over",
    "hold",
    "holder_of",
    "log_contact",
    "may_note_done",
    "may_requery",
    "may_request",
    "moves_for",
    "note_done",
    "note_instalment",
    "open_feed",
    "pass_stage",
    "pass_work",
    "propose_closing",
    "record_requery",
    "register",
    "requery_objections",
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
    "watch",
    "withdraw_work",
]
