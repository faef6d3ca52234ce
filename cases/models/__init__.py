"""Every table of the room; import from here."""

from cases.models.case import Case, CaseNumberSequence, CaseQuerySet, Holder
from cases.models.deadline import Deadline, DeadlineQuerySet, FeedToken, Pause
from cases.models.handover import Handover, Suspension
from cases.models.party import Claim, Party

__all__ = [
    "Case",
    "CaseNumberSequence",
    "CaseQuerySet",
    "Claim",
    "Deadline",
    "DeadlineQuerySet",
    "FeedToken",
    "Handover",
    "Holder",
    "Party",
    "Pause",
    "Suspension",
]
