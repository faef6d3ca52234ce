"""Which papers a case still issues once it has ended, by template: what undoes, pays, tells and closes; data.

After 终本 the file lives on (法〔2016〕373号 9): controls are renewed, sanctions ordered, clues asked for. What carries
the enforcement further is issued in the 执恢 case.
"""

_UNDOES = (
    "RELEASE",
    "CONSUMPTION_LIFTED",
    "DISHONEST_REMOVED",
    "ASSIST_BANK",
    "ASSIST_ESTATE",
    "ASSIST",
    "EXIT_ASSIST",
)
_PAYS = ("COLLECT_NOTICE", "COLLECTED", "DISTRIBUTION")
_CLOSES = ("FULFILMENT", "REMOVED", "TERMINATION", "REFUSED_AWARD", "REFUSED_LATE", "DISMISSAL", "ENDED", "ENDING_TALK")
_LIVES_ON = (
    *("FREEZE", "SEAL_ESTATE", "SEAL_MOVABLE", "SEAL_RIGHT", "SEAL_NOTICE", "SEAL_STRIP", "SEAL_LIST", "TERM_NOTICE"),
    *("CONSUMPTION", "DISHONEST", "RISK_NOTICE", "EXIT_BAN", "CLUES_NOTICE", "REWARD", "INVESTIGATION", "POLICE"),
)
AFTER_END = frozenset((*_UNDOES, *_PAYS, *_CLOSES))
AFTER_PROCEDURAL = AFTER_END | frozenset(_LIVES_ON)
