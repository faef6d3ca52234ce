"""Two creditors of one debtor who seal the same thing, the second behind the first (轮候). Pure.

The walks are drawn case by case and know nothing of one another; here a few later cases with a queued control get the
debtor and the thing of an earlier one that sealed first and had not released by then.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from assets.taking import ControlData
from cases.filing import PartyData
from wuhai_exec.demo.walk import Step

if TYPE_CHECKING:
    from wuhai_exec.demo.plan import CasePlan

PAIRS_MAX = 8


def paired(plans: Iterable["CasePlan"]) -> list["CasePlan"]:
    """Return the book with up to PAIRS_MAX queued controls standing behind one that the book knows."""
    rows = list(plans)
    used: set[int] = set()
    for place, behind in enumerate(rows):
        step = _take(behind, is_queued=True)
        if step is None or len(used) >= PAIRS_MAX:
            continue
        ahead = next((row for row in rows if row.index not in used and _stands_ahead(row, behind, step)), None)
        if ahead is not None:
            used.add(ahead.index)
            rows[place] = _behind(behind, ahead, step)
    return rows


def _take(plan: "CasePlan", *, is_queued: bool) -> Step | None:
    steps = (step for step in plan.steps if step.verb == "take_control")
    return next((step for step in steps if (step.details["data"].rank > 1) == is_queued), None)


def _stands_ahead(ahead: "CasePlan", behind: "CasePlan", queued: Step) -> bool:
    """Return whether the one sealed a thing of the same kind before the other queued, and still held it then."""
    first = _take(ahead, is_queued=False)
    if ahead is behind or first is None or first.at >= queued.at:
        return False
    released_at = next((step.at for step in ahead.steps if step.verb == "release_controls"), None)
    mine, theirs = _data(first), _data(queued)
    return (
        mine.kind == theirs.kind
        and _debtor(ahead).kind == _debtor(behind).kind
        and (released_at is None or released_at > queued.at)
    )


def _behind(plan: "CasePlan", ahead: "CasePlan", queued: Step) -> "CasePlan":
    first = _take(ahead, is_queued=False)
    assert first is not None
    data = replace(_data(queued), thing=_data(first).thing, unit=_data(first).unit)
    old = _debtor(plan)
    parties = tuple(_debtor(ahead) if party is old else party for party in plan.filing.parties)
    steps = tuple(replace(step, details={"data": data}) if step is queued else step for step in plan.steps)
    return replace(plan, filing=replace(plan.filing, parties=parties), payer=ahead.payer, steps=steps)


def _debtor(plan: "CasePlan") -> PartyData:
    return next(party for party in plan.filing.parties if party.side == "DEBTOR")


def _data(step: Step) -> ControlData:
    data: ControlData = step.details["data"]
    return data
