"""What the first tab of the case page shows: people, claims, basis, and everything that happened between stages."""

import datetime as dt
from decimal import Decimal
from typing import Any

from bureau.masking import mask_id, mask_phone
from bureau.models import User
from cases import services
from cases.models import Agent, Case, Party
from cases.sentences import VIEW_FOUND
from cases.services.partychanges import may_change_party
from cases.services.queries import STAGES as QUERY_STAGES

CORRECTIONS_SHOWN = 10


def contents(case: Case, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return what `cases/detail.html` prints; a constant number of queries."""
    parties = sorted(case.parties.all(), key=lambda party: (party.side, party.position))
    agents = list(case.agents.live(on=today).order_by("id"))
    performed = case.performances.total()
    handovers = case.handovers.select_related("from_team", "to_team", "handed_by", "answered_by")
    return {
        "parties": [_masked(party, agents) for party in parties],
        "may_change_party": may_change_party(case, user),
        "performed": performed,
        "left": max(Decimal(0), case.amount_claimed - performed),
        "claims": sorted(case.claims.all(), key=lambda claim: claim.position),
        "handovers": handovers.order_by("id"),
        "suspensions": case.suspensions.order_by("id"),
        "stays": case.stays.order_by("id"),
        "settlements": case.settlements.prefetch_related("instalments", "agents").order_by("id"),
        "may_note_instalment": services.may_note_instalment(case, user),
        "queries": case.network_queries.for_list() if user.has_perm(VIEW_FOUND) else [],
        "may_query": services.may_query(case, user) and case.stage in QUERY_STAGES,
        "corrections": case.corrections.for_list()[:CORRECTIONS_SHOWN],
    }


def _masked(party: Party, agents: list[Agent]) -> dict[str, Any]:
    numbers = {"id": mask_id(party.id_number), "phone": mask_phone(party.phone)}
    return {"row": party, "agents": [row for row in agents if row.party_id == party.pk], **numbers}
