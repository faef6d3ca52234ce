"""Every change to a case; import the module and call its plain verbs."""

from cases.services.afterlife import may_requery, record_requery, requery_objections
from cases.services.asks import answer_ask, book_visit, complain, give_clue, may_answer
from cases.services.backfill import backfill_deadlines
from cases.services.closings import archive, propose_closing, return_closing, sign_closing
from cases.services.contacts import add_note, end_hold, hold, log_contact, settle_promise
from cases.services.corrections import (
    clear_wrong_person,
    confirm_correction,
    propose_correction,
    redo_query,
    refuse_correction,
    withdraw_correction,
)
from cases.services.deadlines import find_forgotten, may_note_done, note_done, watch
from cases.services.extensions import decide_extension, propose_extension
from cases.services.feeds import close_feed, holder_of, open_feed
from cases.services.filing import enter_number, register
from cases.services.filters import forget_filter, save_filter
from cases.services.handovers import accept, change_stream, coordinate, hand_over, send_back
from cases.services.limits import ask_longer_limit, decide_longer_limit, may_lengthen
from cases.services.oldbook import change_handler, take_in, take_up
from cases.services.owners import change_judge, pass_stage
from cases.services.partychanges import confirm_party_change, propose_party_change, refuse_party_change
from cases.services.pauses import (
    end_period,
    exclude_period,
    is_ended_by_hand,
    may_exclude,
    may_withdraw_period,
    withdraw_period,
    withdrawal_objections,
)
from cases.services.people import add_agent, revoke_agent
from cases.services.performances import (
    confirm_performance,
    record_performance,
    refuse_performance,
    reverse_performance,
)
from cases.services.queries import ask_query_again, launch_many, launch_query, may_query, note_query_answered
from cases.services.queryexchange import exchange_queries
from cases.services.recusals import recusals
from cases.services.related import decide_related, may_relate, register_related, strike_related
from cases.services.removals import (
    answer_request,
    approve_removal,
    decide_many,
    end_terms,
    note_removal_ground,
    refuse_removal,
    remove_sanction,
)
from cases.services.rests import call_ended_stays, resume, stay, suspend
from cases.services.revivals import revival_objections, revive
from cases.services.sanctionrequests import request_correction, request_listing
from cases.services.sanctions import (
    approve_sanction,
    begin_detention,
    name_document,
    propose_sanction,
    refuse_sanction,
    withdraw_sanction,
)
from cases.services.settlements import break_settlement, may_note_instalment, note_instalment, settle
from cases.services.stages import (
    Move,
    advance,
    allocate,
    moves_for,
    refuse_put_away,
    stage_objections,
    start,
    take_back,
)
from cases.services.workbatches import (
    Batch,
    OnsiteAnswer,
    accept_many,
    answer_onsite,
    confirm_many,
    finish_many,
    hold_many,
    request_many,
    reveal_for_trip,
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
    "add_agent",
    "add_note",
    "advance",
    "allocate",
    "answer_ask",
    "answer_onsite",
    "answer_request",
    "approve_removal",
    "approve_sanction",
    "archive",
    "ask_longer_limit",
    "ask_query_again",
    "backfill_deadlines",
    "begin_detention",
    "book_visit",
    "break_settlement",
    "call_ended_stays",
    "change_handler",
    "change_judge",
    "change_stream",
    "clear_wrong_person",
    "close_feed",
    "complain",
    "confirm_correction",
    "confirm_many",
    "confirm_party_change",
    "confirm_performance",
    "confirm_work",
    "coordinate",
    "decide_extension",
    "decide_longer_limit",
    "decide_many",
    "decide_related",
    "end_hold",
    "end_period",
    "end_terms",
    "enter_number",
    "exchange_queries",
    "exclude_period",
    "find_forgotten",
    "finish_many",
    "finish_work",
    "forget_filter",
    "give_clue",
    "hand_over",
    "hold",
    "hold_many",
    "holder_of",
    "is_ended_by_hand",
    "launch_many",
    "launch_query",
    "log_contact",
    "may_answer",
    "may_exclude",
    "may_lengthen",
    "may_note_done",
    "may_note_instalment",
    "may_query",
    "may_relate",
    "may_requery",
    "may_request",
    "may_withdraw_period",
    "moves_for",
    "name_document",
    "note_done",
    "note_instalment",
    "note_query_answered",
    "note_removal_ground",
    "open_feed",
    "pass_stage",
    "pass_work",
    "propose_closing",
    "propose_correction",
    "propose_extension",
    "propose_party_change",
    "propose_sanction",
    "record_performance",
    "record_requery",
    "recusals",
    "redo_query",
    "refuse_correction",
    "refuse_party_change",
    "refuse_performance",
    "refuse_put_away",
    "refuse_removal",
    "refuse_sanction",
    "register",
    "register_related",
    "remove_sanction",
    "requery_objections",
    "request_correction",
    "request_listing",
    "request_many",
    "request_work",
    "resume",
    "return_closing",
    "return_work",
    "reveal_for_trip",
    "reverse_performance",
    "revival_objections",
    "revive",
    "revoke_agent",
    "save_filter",
    "send_back",
    "settle",
    "settle_promise",
    "sign_closing",
    "stage_objections",
    "start",
    "stay",
    "strike_related",
    "suspend",
    "take_back",
    "take_in",
    "take_up",
    "watch",
    "withdraw_correction",
    "withdraw_period",
    "withdraw_sanction",
    "withdraw_work",
    "withdrawal_objections",
]
