"""Recomputes the event chains in SQL, from rows alone."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from bureau.models import Job

BATCH = 200

_BROKEN = """
WITH ordered AS (
    SELECT event.*, lag(event.hash, 1, ''::bytea) OVER chain AS expected_previous,
           row_number() OVER chain AS expected_seq
    FROM bureau_event AS event WHERE event.chain = ANY(%(chains)s)
    WINDOW chain AS (PARTITION BY event.chain ORDER BY event.seq)
)
SELECT o.chain, o.seq FROM ordered AS o JOIN bureau_event AS e ON e.id = o.id
WHERE o.seq <> o.expected_seq OR o.previous <> o.expected_previous
   OR o.details_hash <> sha256(convert_to(o.details, 'UTF8'))
   OR o.hash <> sha256(o.previous || convert_to(bureau_event_header(e), 'UTF8') || o.details_hash)
UNION ALL
SELECT c.name, c.seq FROM bureau_chain AS c
WHERE c.name = ANY(%(chains)s)
  AND NOT EXISTS (SELECT 1 FROM bureau_event AS e WHERE e.chain = c.name AND e.seq = c.seq AND e.hash = c.hash)
UNION ALL
SELECT o.chain, max(o.seq) FROM ordered AS o
WHERE NOT EXISTS (SELECT 1 FROM bureau_chain AS c WHERE c.name = o.chain) GROUP BY o.chain
ORDER BY 1, 2
"""
_NAMES = "SELECT name FROM bureau_chain UNION SELECT chain FROM bureau_event ORDER BY 1"


def broken_events(progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Return `chain#seq` of every event that does not fit its chain, and of every head or last event alone."""
    broken: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        names = [name for (name,) in cursor.fetchall()]
        for start in range(0, len(names), BATCH):
            cursor.execute(_BROKEN, {"chains": names[start : start + BATCH]})
            broken += [f"{chain}#{seq}" for chain, seq in cursor.fetchall()]
            if progress:
                progress(min(start + BATCH, len(names)), len(names))
    return broken


def verify(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `verify_events`: the first hundred broken places, and how many there are."""
    broken = broken_events(progress)
    return {"broken": broken[:100], "broken_count": len(broken)}
