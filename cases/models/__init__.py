"""Every table of the room; import from here."""

from cases.models.agent import Agent, AgentQuerySet
from cases.models.case import Case, CaseNumberSequence, Holder
from cases.models.closing import Closing, ClosingEvidence, ClosingSignature
from cases.models.contact import Contact, Hold, Note
from cases.models.correction import Correction, CorrectionQuerySet
from cases.models.deadline import Deadline, DeadlineQuerySet, FeedToken, Pause
from cases.models.handover import Handover
from cases.models.party import Claim, Party
from cases.models.partychange import PartyChange
from cases.models.performance import Performance, PerformanceQuerySet
from cases.models.queries import CaseQuerySet
from cases.models.rests import Instalment, Settlement, Stay, Suspension
from cases.models.work import WorkOrder, WorkOrderQuerySet

__all__ = [
    "Agent",
    "AgentQuerySet",
    "Case",
    "CaseNumberSequence",
    "CaseQuerySet",
    "Claim",
    "Closing",
    "ClosingEvidence",
    "ClosingSignature",
    "Contact",
    "Correction",
    "CorrectionQuerySet",
    "Deadline",
    "DeadlineQuerySet",
    "FeedToken",
    "Handover",
    "Hold",
    "Holder",
    "Instalment",
    "Note",
    "Party",
    "PartyChange",
    "Pause",
    "Performance",
    "PerformanceQuerySet",
    "Settlement",
    "Stay",
    "Suspension",
    "WorkOrder",
    "WorkOrderQuerySet",
]
