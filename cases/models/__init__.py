"""Every table of the room; import from here."""

from cases.models.case import Case, CaseNumberSequence, Holder
from cases.models.closing import Closing, ClosingEvidence, ClosingSignature
from cases.models.contact import Contact, Hold, Note
from cases.models.deadline import Deadline, DeadlineQuerySet, FeedToken, Pause
from cases.models.handover import Handover
from cases.models.party import Claim, Party
from cases.models.queries import CaseQuerySet, is_of_affairs
from cases.models.requery import Requery
from cases.models.rests import Instalment, Settlement, Stay, Suspension
from cases.models.work import WorkOrder, WorkOrderQuerySet

__all__ = [
    "Case",
    "CaseNumberSequence",
    "CaseQuerySet",
    "Claim",
    "Closing",
    "ClosingEvidence",
    "ClosingSignature",
    "Contact",
    "Deadline",
    "DeadlineQuerySet",
    "FeedToken",
    "Handover",
    "Hold",
    "Holder",
    "Instalment",
    "Note",
    "Party",
    "Pause",
    "Requery",
    "Settlement",
    "Stay",
    "Suspension",
    "WorkOrder",
    "WorkOrderQuerySet",
    "is_of_affairs",
]
