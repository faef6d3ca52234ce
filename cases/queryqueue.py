"""What waits to be queried through the network, and of one case what whoever queries needs to know."""

import datetime as dt
from typing import Any

from bureau.masking import mask_id
from bureau.models import User
from cases.models import Case, CaseQuerySet, NetworkQuery, Party
from cases.services.queries import STAGES, may_query
from cases.startforms import QUERY_STATES


def listed(user: User, chosen: dict[str, Any]) -> CaseQuerySet:
    """Return the cases that may be queried under the filters, the oldest first."""
    cases = _mine(user).query_state(chosen["state"])
    if chosen.get("window"):
        cases = cases.filter(filing_window=chosen["window"])
    return cases.select_related("filing_window", "number_court").prefetch_related("parties").order_by("filed_at", "id")


def _mine(user: User) -> CaseQuerySet:
    return Case.objects.to_query(user).filter(stage__in=STAGES)


def counts(user: User) -> list[dict[str, Any]]:
    """Return how many cases are in each state, with the filter that lists them."""
    tones = {"NONE": "near", "LACKING": "overdue"}
    return [
        {"state": state, "label": label, "count": _mine(user).query_state(state).count(), "tone": tones.get(state, "")}
        for state, label in QUERY_STATES
    ]


def usual(*, today: dt.date) -> dict[str, Any]:
    """Return what the form begins with: the judge in whose name was last queried today."""
    last = NetworkQuery.objects.filter(launched_at__date=today, judge__isnull=False).order_by("-pk")
    return {"judge": last.values_list("judge", flat=True).first()}


def page(case: Case, user: User) -> dict[str, Any]:
    """Return what `cases/query.html` prints: no more of the case than the query needs."""
    parties = sorted(case.parties.all(), key=lambda party: party.position)
    debtors = [party for party in parties if party.side == Party.Side.DEBTOR and party.is_current]
    queries = list(case.network_queries.for_list())
    running = {query.party_id for query in queries if query.answered_on is None}
    is_open = case.stage in STAGES and may_query(case, user)
    return {
        "case": case,
        "debtors": [{"row": party, "id": mask_id(party.id_number)} for party in debtors],
        "queries": queries,
        "may_launch": is_open and any(party.pk not in running for party in debtors),
        "may_note": is_open and bool(running),
        "may_query": is_open,
        "may_freeze": case.is_open and user.has_perm("assets.keep_control"),
        "sees_case": Case.objects.visible_to(user).filter(pk=case.pk).exists(),
    }
