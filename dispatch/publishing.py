"""A draw as it is published: whoever has this and `redraw.py` gets the same people, by number."""

import datetime as dt
import json
from typing import Any

from dispatch import pools
from dispatch.models import Assignment, Draw


def published(draw: Draw, *, with_names: bool) -> dict[str, Any]:
    """Return inputs, commitment, seed with both moments, and who really got what; names only for those who may see."""
    text = json.loads(draw.inputs)
    rows = Assignment.objects.filter(draw=draw).order_by("case_id").values_list("case_id", "judge_id", "starter_id")
    whole = {
        "id": draw.pk,
        "inputs": draw.inputs,
        "commitment": draw.commitment,
        "committed_at": _moment(draw.committed_at),
        "tip": draw.chain.tip if draw.chain else "",
        "tip_published_at": _moment(draw.chain.published_at) if draw.chain else None,
        "number": draw.number,
        "seed": draw.seed,
        "opened_at": _moment(draw.opened_at),
        "result": result(text, rows),
    }
    return whole | {"names": json.loads(draw.inside)["names"]} if with_names and draw.inside else whole


def result(text: dict[str, Any], rows: Any) -> list[dict[str, Any]]:
    """Return who really got each case in each seat that was drawn for; rows are case, judge and starter."""
    seats = {pool["seat"] for pool in text["pools"]}
    return [
        {"seat": seat, "case": case, "person": person}
        for case, judge, starter in rows
        for seat, person in ((pools.JUDGE, judge), (pools.STARTER, starter))
        if seat in seats
    ]


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None
