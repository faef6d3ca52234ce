"""Every change to a case; import the module and call its plain verbs."""

from cases.services.filing import enter_number, register
from cases.services.handovers import accept, hand_over, send_back
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

__all__ = [
    "Move",
    "accept",
    "advance",
    "allocate",
    "enter_number",
    "fulfil",
    "hand_over",
    "moves_for",
    "register",
    "resume",
    "send_back",
    "stage_objections",
    "start",
    "suspend",
    "terminate",
]
