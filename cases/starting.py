"""Whether the record bears out each item of the start's pack, with the papers that show it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cases import evidence, packs
from cases.evidence import Paper
from cases.models import Case
from cases.packs import PackItem


@dataclass(frozen=True, slots=True)
class Standing:
    """One item: met by itself or not, the papers that show it, and the debtors for whom it is lacking."""

    item: PackItem
    is_met: bool
    papers: list[Paper]
    lacking: list[str]


def standings(case: Case) -> list[Standing]:
    """Return how each item of the pack stands; at most five queries."""
    papers, debtors = evidence.papers_of(case), evidence.debtors_of(case)
    queries = list(case.network_queries.all())
    launched = {query.party_id for query in queries}
    answered = launched - {query.party_id for query in queries if query.answered_on is None}
    by_code = {"QUERY_LAUNCHED": launched, "QUERY_ANSWERED": answered}
    return [_standing(item, papers, debtors, by_code.get(item.code)) for item in packs.STARTING]


def _standing(
    item: PackItem, papers: Mapping[str, Paper], debtors: Mapping[int, str], queried: Collection[int] | None
) -> Standing:
    own = [] if queried is not None else evidence.issued(papers, item.templates)
    if queried is not None:
        done = set(queried)
    elif item.code == "SERVICE_PROOF":
        own = [paper for paper in own if paper.is_served]
        done = set.intersection(*(evidence.reached(papers, code, debtors, served=True) for code in item.templates))
    elif item.code == "CLUES_ASKED":
        # Asked of the applicant: one notice is enough.
        return Standing(item, bool(own), own, [])
    else:
        done = set.intersection(*(evidence.reached(papers, code, debtors) for code in item.templates))
    lacking = [name for pk, name in debtors.items() if pk not in done]
    return Standing(item, bool(debtors) and not lacking, own, lacking)
