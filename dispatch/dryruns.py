"""Replays a table on every case decided so far and says who would move; reads only, in batches, with progress."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dispatch import triage
from dispatch.facts import Values, from_json
from dispatch.factsources import BATCH, gather
from dispatch.models import RuleTable, Verdict


@dataclass(frozen=True, slots=True)
class Tried:
    """How many cases were tried, the counts by change, and each case that would move."""

    case_count: int
    counts: dict[str, int]
    moves: list[dict[str, Any]]


def moves_of(table: RuleTable, progress: Callable[[int, int], None]) -> Tried:
    """Judge each verdict's own facts by the table, as of the day it was given."""
    total = Verdict.objects.count()
    rules, counts, moves = table.ordered, Counter[str](), []
    done = 0
    progress(0, total)
    for verdict, values in _decided(total):
        on = max(verdict.decided_on, table.from_on or verdict.decided_on)
        said = triage.judge(values, rules, fast_weight_min=table.fast_weight_min, on=on)
        counts[f"{verdict.proposed}>{said.stream}"] += 1
        if verdict.override_reason:
            counts["overridden"] += 1
            counts["overridden_agreed"] += verdict.decided == said.stream
        if said.stream != verdict.proposed:
            moves.append(
                {
                    "case": verdict.case_id,
                    "before": verdict.proposed,
                    "after": said.stream,
                    "decided": verdict.decided,
                    "hits_before": verdict.hits,
                    "hits_after": said.hits,
                }
            )
        done += 1
        if done % BATCH == 0:
            progress(done, total)
    progress(done, total)
    return Tried(done, dict(counts), moves)


def _decided(total: int) -> Iterator[tuple[Verdict, Values]]:
    fields = ("case_id", "proposed", "decided", "decided_on", "facts", "hits", "override_reason")
    last = 0
    for _start in range(0, total + BATCH, BATCH):
        part = list(Verdict.objects.filter(pk__gt=last).only(*fields).order_by("pk")[:BATCH])
        if not part:
            return
        last = part[-1].pk
        # A verdict from before facts were kept is judged by what the record says now.
        bare = list(Verdict.objects.filter(pk__in=[row.pk for row in part if not row.facts]).select_related("case"))
        known = gather([row.case for row in bare]) if bare else {}
        for row in part:
            yield row, from_json(row.facts) if row.facts else known[row.case_id].values
