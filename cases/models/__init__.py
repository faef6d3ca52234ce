"""Every table of the room; import from here."""

from cases.models.case import Case, CaseNumberSequence, Holder
from cases.models.closing import Closing, ClosingEvidence, ClosingSignature
from cases.models.contact import Contact, Hold, HoldQuerySet, Note
from cases.models.deadline import Deadline, DeadlineQuerySet, FeedToken, Pause
from cases.models.handover import Handover
from cases.models.networkquery import NetworkQuery, NetworkQueryQuerySet
from cases.models.party import Claim, Party
from cases.models.queries import CaseQuerySet
from cases.models.related import RelatedCase, RelatedCaseQuerySet
from cases.models.rests import Instalment, Settlement, Stay, Suspension
from cases.models.sanction import Sanction, SanctionQuerySet, SanctionRequest
from cases.models.saved import SavedFilter
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
    "HoldQuerySet",
    "Holder",
    "Instalment",
    "NetworkQuery",
    "NetworkQueryQuerySet",
    "Note",
    "Party",
    "Pause",
    "RelatedCase",
    "RelatedCaseQuerySet",
    "Sanction",
    "SanctionQuerySet",
    "SanctionRequest",
    "SavedFilter",
    "Settlement",
    "Stay",
    "Suspension",
    "WorkOrder",
    "WorkOrderQuerySet",
]
