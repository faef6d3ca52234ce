"""What is controlled in the demo book: steps between those of a case's walk, drawn from a source of their own. Pure.

Stated assumptions, all guesses of a calm, well-kept office: two cases in five with a stream team control something,
twice as many where the case ends as 终本, for there the property could not be sold; one filing in ten brings property
preserved before, whose old last day runs on; what would end within the book is renewed some days before, one in eight
is forgotten and lapses. A case that ends as 终本 holds no deposit: money is transferred, not kept. Every mode of
closing but 终本 releases first; 终本 keeps, with a keeper of the affairs team.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from assets.kinds import BY_CODE
from assets.taking import ControlData, PreservedData
from bureau.calendar import same_day
from wuhai_exec.demo.people import BANKS, DISTRICTS, STREETS
from wuhai_exec.demo.walk import DAY, WORKDAYS, Step, moment

TAKES, TAKES_BEFORE_PROCEDURAL, PRESERVES, SECOND, FORGETS = 0.40, 0.80, 0.10, 0.25, 0.12
# Kind, measure, weight.
DRAWN = (("DEPOSIT", "FREEZE", 46), ("REAL_ESTATE", "SEAL", 26), ("VEHICLE", "SEAL", 20), ("EQUITY", "FREEZE", 8))
QUEUES = 0.2  # of what is registered: somebody has sealed it before
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Controls:
    """What a case controls: handed in at filing, and as steps among its others."""

    preserved: tuple[PreservedData, ...]
    steps: tuple[Step, ...]


def controls_of(steps: tuple[Step, ...], rng: Random, *, court: str, until: dt.datetime) -> Controls:
    """Return the controls that fit the walk of a case of a court; none for a case that asks for an act."""
    at = {step.verb: step.at for step in steps}
    proposal = next((step for step in steps if step.verb == "propose_closing"), None)
    is_kept = proposal is not None and proposal.details["mode"] == "PROCEDURAL"
    filed_on = steps[0].at.date()
    preserved = tuple(_preserved(rng, filed_on, court, is_kept=is_kept)) if rng.random() < PRESERVES else ()
    added = list(_taken(rng, at, is_kept=is_kept))
    if preserved or added:
        added += _ends(proposal, is_kept=is_kept)
        added += _renewals(rng, preserved, released_at=proposal.at if proposal and not is_kept else None, until=until)
    # A stable sort: what was there before stays in its order.
    return Controls(preserved, tuple(sorted([*steps, *added], key=lambda step: step.at)))


def _taken(rng: Random, at: dict[str, dt.datetime], *, is_kept: bool) -> Iterable[Step]:
    accepted_at = at.get("accept")
    if accepted_at is None or rng.random() >= (TAKES_BEFORE_PROCEDURAL if is_kept else TAKES):
        return
    for number in range(1 + (rng.random() < SECOND)):
        kind, measure = _kind(rng, is_kept=is_kept)
        is_queued = kind in ("REAL_ESTATE", "VEHICLE") and rng.random() < QUEUES
        data = ControlData(
            kind=kind,
            measure=measure,
            from_on=accepted_at.date(),
            ruling="",  # its case has no number yet
            rank=2 if is_queued else 1,
            **_thing(rng, kind),
        )
        yield Step(accepted_at + (number + 1) * MINUTE, "take_control", {"data": data})


def _ends(proposal: Step | None, *, is_kept: bool) -> list[Step]:
    if proposal is None:
        return []
    if is_kept:
        return [Step(proposal.at - MINUTE, "name_keeper")]
    ground = "PAID" if proposal.details["mode"] == "FULFILLED" else "WITHDRAWN"
    return [Step(proposal.at - MINUTE, "release_controls", {"ground": ground})]


def _renewals(
    rng: Random, preserved: Iterable[PreservedData], *, released_at: dt.datetime | None, until: dt.datetime
) -> Iterable[Step]:
    """Renew what would end within the book and is not released by then."""
    for row in preserved:
        last = row.data.to_on
        assert last is not None
        day = WORKDAYS.next_workday(last - rng.randint(6, 20) * DAY)
        at = moment(day, 540 + rng.randint(0, 120))
        if at < until and (released_at is None or at < released_at) and rng.random() >= FORGETS:
            yield Step(at, "renew_controls", {"last_on": last})


def _preserved(rng: Random, filed_on: dt.date, court: str, *, is_kept: bool) -> Iterable[PreservedData]:
    kind, measure = _kind(rng, is_kept=is_kept)
    years = BY_CODE[kind].years
    assert years is not None
    # A deposit frozen during the suit has run for most of its year.
    ago = rng.randint(200, 345) if years == 1 else rng.randint(120, 500)
    from_on = filed_on - ago * DAY
    data = ControlData(
        kind=kind,
        measure=measure,
        from_on=from_on,
        to_on=same_day(from_on, months=12 * years),
        ruling=f"({from_on.year}){court}财保{rng.randint(10, 300)}号",
        **_thing(rng, kind),
    )
    yield PreservedData(1, data)


def _kind(rng: Random, *, is_kept: bool) -> tuple[str, str]:
    drawn = DRAWN[1:] if is_kept else DRAWN
    kind, measure, _weight = rng.choices(drawn, weights=[row[2] for row in drawn])[0]
    return kind, measure


def _thing(rng: Random, kind: str) -> dict[str, Any]:
    district = rng.choice(list(DISTRICTS.values()))
    if kind == "DEPOSIT":
        bank = rng.choice(BANKS)[0]
        return {"thing": f"{bank}账户，账号尾号{rng.randint(1000, 9999)}", "unit": bank}
    if kind == "REAL_ESTATE":
        return {
            "thing": f"乌海市{district}{rng.choice(STREETS)}{rng.randrange(1, 180)}号房屋（演示）",
            "unit": "乌海市不动产登记中心",
        }
    if kind == "VEHICLE":
        return {"thing": f"小型汽车，号牌蒙C演{rng.randint(1000, 9999)}", "unit": "乌海市公安局交警支队车管所"}
    return {"thing": f"所持公司股权，出资额{rng.randint(5, 90)}万元（演示）", "unit": f"乌海市{district}市场监督管理局"}
