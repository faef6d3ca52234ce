"""A published draw as its file and as the lines of its page, by number; the same file as inside (decision 0036)."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.models import PublicDraw, PublicPlacing

MODES: dict[str, str | Promise] = {"DRAW": _("随机抽签"), "LEAST": _("负荷最低者，不抽签")}
JUDGE, STARTER = "JUDGE", "STARTER"


def published(draw: PublicDraw) -> dict[str, Any]:
    """Return what `redraw.py` reads: inputs, commitment, tip and seed with their moments, and who got what."""
    placed = list(PublicPlacing.objects.filter(draw_id=draw.id).order_by("case_id"))
    return {
        "id": draw.id,
        "inputs": draw.inputs,
        "commitment": draw.commitment,
        "committed_at": _moment(draw.committed_at),
        "tip": draw.tip,
        "tip_published_at": _moment(draw.tip_published_at),
        "number": draw.number,
        "seed": draw.seed,
        "opened_at": _moment(draw.opened_at),
        "result": _result(json.loads(draw.inputs), placed),
    }


def _result(text: dict[str, Any], placed: Iterable[PublicPlacing]) -> list[dict[str, Any]]:
    seats = {pool["seat"] for pool in text["pools"]}
    return [
        {"seat": seat, "case": row.case_id, "person": person}
        for row in placed
        for seat, person in ((JUDGE, row.judge_id), (STARTER, row.starter_id))
        if seat in seats
    ]


def lines(draws: list[PublicDraw]) -> list[dict[str, Any]]:
    """Return each draw with its cases and the numbers of those who got them; one query for all."""
    placed: dict[int, list[PublicPlacing]] = {}
    for row in PublicPlacing.objects.filter(draw_id__in=[draw.id for draw in draws]).order_by("case_id"):
        placed.setdefault(row.draw_id, []).append(row)
    return [{"draw": draw, "mode": MODES[draw.mode], "cases": _cases(draw, placed.get(draw.id, []))} for draw in draws]


def _cases(draw: PublicDraw, placed: list[PublicPlacing]) -> list[dict[str, Any]]:
    text = json.loads(draw.inputs)
    numbers = {case["id"]: case["number"] for pool in text["pools"] for row in pool["blocks"] for case in row["cases"]}
    seats = {pool["seat"] for pool in text["pools"]}
    return [
        {
            "number": numbers.get(row.case_id, ""),
            "judge": row.judge_id if JUDGE in seats else None,
            "starter": row.starter_id if STARTER in seats else None,
        }
        for row in placed
    ]


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None
