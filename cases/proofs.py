"""What in the record of a case may prove a condition of its closing, in words that tell one event from another."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from bureau.models import Event
from cases import timeline
from cases.closing import Condition, Way
from cases.closinggrounds import Ground
from cases.evidence import Paper, papers_of, spent
from cases.models import Case

EVENTS_MAX = 300  # newest; a longer record is proved by its end
FACTS_MAX, FACT_CHARS = 3, 40
# Where what an event is about may be looked at: its own page, or the case's tab.
PLACES = {
    "workorder": "cases:work",
    "contact": "cases:contacts",
    "networkquery": "cases:detail",
    "payout": "accounts:case_money",
    "relatedcase": "cases:related",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One event of the record with the papers that it is about."""

    event: Event
    details: Mapping[str, Any]
    papers: tuple[Paper, ...]
    line: timeline.Line

    @property
    def label(self) -> str:
        """Return day, what was done, and title, number or result."""
        facts = [value[:FACT_CHARS] for _label, value in self.line.facts[:FACTS_MAX]]
        words = [paper.words for paper in self.papers] or facts
        return " ".join([f"{timezone.localdate(self.event.at)}", self.line.sentence, "、".join(words)]).strip()

    @property
    def links(self) -> list[tuple[str, str]]:
        """Return words and address of what the event is about."""
        if self.papers:
            return [(paper.words, paper.url) for paper in self.papers]
        place = PLACES.get(self.event.subject.partition(":")[0])
        case = self.event.chain.partition(":")[2]
        return [(self.line.sentence, reverse(place, args=[case]))] if place else []


def shown_of(case: Case, verbs: Collection[str]) -> list[Shown]:
    """Return the events of these verbs in the case's record, newest first; those of voided papers prove nothing."""
    events = Event.objects.of_chain(f"case:{case.pk}").filter(verb__in=verbs).select_related("actor").order_by("-seq")
    return shown(case, events[:EVENTS_MAX])


def shown(case: Case, events: Iterable[Event]) -> list[Shown]:
    """Return the events with their papers; those of voided or unreadable papers are left out."""
    rows = list(events)
    papers = papers_of(case)
    made = []
    for event, line in zip(rows, timeline.lines(rows), strict=True):
        details = json.loads(event.details)
        refs = _refs(event, details)
        own = tuple(papers[ref] for ref in refs if ref in papers and not papers[ref].is_void)
        if own or not refs:
            made.append(Shown(event, details, own, line))
    return made


def _refs(event: Event, details: Mapping[str, Any]) -> list[str]:
    if event.verb == "issue_document":
        return [event.subject]
    if event.verb == "receive_material":
        return [f"material:{pk}" for pk in details.get("materials", ())]
    return []


def for_way(case: Case, way: Way) -> dict[str, list[Shown]]:
    """Return for each condition of the way the events that may prove it, newest first."""
    return for_ways(case, [way])[way.mode]


def for_ways(case: Case, ways: Collection[Way]) -> dict[str, dict[str, list[Shown]]]:
    """Return for each way by mode, and for each of its conditions, the events that may prove it, newest first."""
    rows = shown_of(case, {proof.verb for way in ways for condition in way.conditions for proof in condition.proofs})
    taken = spent(case)
    return {
        way.mode: {
            condition.code: [
                row
                for row in rows
                if condition.proof_for(row.event.verb, row.details) and not _is_spoken_for(row, condition, taken)
            ]
            for condition in way.conditions
        }
        for way in ways
    }


def _is_spoken_for(row: Shown, condition: Condition, taken: Mapping[str, frozenset[str]]) -> bool:
    """Return whether every paper of the event has served another act: the scan of a notice shows no sanction."""
    is_scan = row.event.verb == "receive_material"
    return is_scan and all(condition.code not in taken.get(paper.ref, {condition.code}) for paper in row.papers)


def shows(ground: Ground, row: Shown) -> bool:
    """Return whether this event may show this ground, among those of its mode."""
    return not ground.proofs or any(proof.fits(row.event.verb, row.details) for proof in ground.proofs)


def needs_note(condition: Condition, row: Shown) -> bool:
    """Return whether this event proves the condition only with words on what it shows."""
    proof = condition.proof_for(row.event.verb, row.details)
    return proof is not None and proof.needs_note
