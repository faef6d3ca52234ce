"""Every change to a case; import the module and call its plain verbs."""

from cases.services.closings import archive, propose_closing, return_closing, sign_closing
from cases.services.filing import enter_number, register
from cases.services.handovers import accept, change_stream, hand_over, send_back
from cases.services.rests import break_settlement, call_ended_stays, note_instalment, resume, settle, stay, suspend
from cases.services.revivals import revival_objections, revive
from cases.services.stages import Move, advance, allocate, moves_for, stage_objections, start

__all__ = [
    "Move",
    "accept",
    "advance",
    "allocate",
    "archive",
    "break_settlement",
    "call_ended_stays",
    "change_stream",
    "enter_number",
    "hand_over",
    "moves_for",
    "note_instalment",
    "propose_closing",
    "register",
    "resume",
    "return_closing",
    "revival_objections",
    "revive",
    "send_back",
    "settle",
    "sign_closing",
    "stage_objections",
    "start",
    "stay",
    "suspend",
]
