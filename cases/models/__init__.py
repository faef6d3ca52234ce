"""Every table of the room; import from here."""

from cases.models.case import Case, CaseNumberSequence, CaseQuerySet, Holder
from cases.models.contact import Contact, Hold, Note
from cases.models.handover import Handover, Suspension
from cases.models.party import Claim, Party
from cases.models.work import WorkOrder, WorkOrderQuerySet

__all__ = [
    "Case",
    "CaseNumberSequence",
    "CaseQuerySet",
    "Claim",
    "Contact",
    "Handover",
    "Hold",
    "Holder",
    "Note",
    "Party",
    "Suspension",
    "WorkOrder",
    "WorkOrderQuerySet",
]
