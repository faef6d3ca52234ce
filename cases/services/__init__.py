"""Every change to a case; import the module and call its plain verbs."""

from cases.services.deadlines import find_forgotten, may_note_done, note_done, watch
from cases.services.feeds import close_feed, holder_of, open_feed
from cases.services.filing import enter_number, register
from cases.services.handovers import accept, hand_over, send_back
from cases.services.pauses import end_period, exclude_period
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
    "close_feed",
    "end_period",
    "enter_number",
    "exclude_period",
    "find_forgotten",
    "fulfil",
    "hand_over",
    "holder_of",
    "may_note_done",
    "moves_for",
    "note_done",
    "open_feed",
    "register",
    "resume",
    "send_back",
    "stage_objections",
    "start",
    "suspend",
    "terminate",
    "watch",
]
