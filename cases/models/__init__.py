"""Every table of the room; import from here."""

from cases.models.agent import Agent, AgentQuerySet
from cases.models.ask import PartyAsk, PartyAskQuerySet
from cases.models.case import Case
from cases.models.closing import Closing, ClosingEvidence, ClosingSignature
from cases.models.contact import Contact, Hold, HoldQuerySet, Note
from cases.models.correction import Correction, CorrectionQuerySet
from cases.models.deadline import Deadline, DeadlineQuerySet, FeedToken, Pause
from cases.models.duties import Holder
from cases.models.extension import SanctionExtension, SanctionExtensionQuerySet
from cases.models.handover import Handover
from cases.models.limit import LimitExtension, LimitExtensionQuerySet
from cases.models.networkquery import Lead, NetworkQuery, NetworkQueryQuerySet, QueryAnswer
from cases.models.numbers import CaseNumberSequence
from cases.models.party import Claim, Party
from cases.models.partychange import PartyChange, PartyChangeProposal
from cases.models.performance import Performance, PerformanceQuerySet
from cases.models.queries import CaseQuerySet, is_of_affairs, put_away_by, puts_away
from cases.models.related import RelatedCase, RelatedCaseQuerySet
from cases.models.requery import Requery
from cases.models.rests import Cover, Instalment, Settlement, Stay, Suspension
from cases.models.sanction import Sanction, SanctionQuerySet, SanctionRequest
from cases.models.saved import SavedFilter
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
    "Cover",
    "Deadline",
    "DeadlineQuerySet",
    "FeedToken",
    "Handover",
    "Hold",
    "HoldQuerySet",
    "Holder",
    "Instalment",
    "Lead",
    "LimitExtension",
    "LimitExtensionQuerySet",
    "NetworkQuery",
    "NetworkQueryQuerySet",
    "Note",
    "Party",
    "PartyAsk",
    "PartyAskQuerySet",
    "PartyChange",
    "PartyChangeProposal",
    "Pause",
    "Performance",
    "PerformanceQuerySet",
    "QueryAnswer",
    "RelatedCase",
    "RelatedCaseQuerySet",
    "Requery",
    "Sanction",
    "SanctionExtension",
    "SanctionExtensionQuerySet",
    "SanctionQuerySet",
    "SanctionRequest",
    "SavedFilter",
    "Settlement",
    "Stay",
    "Suspension",
    "WorkOrder",
    "WorkOrderQuerySet",
    "is_of_affairs",
    "put_away_by",
    "puts_away",
]
