"""Who gets which case: heaviest first, among the least loaded, by a verifiable draw; pure, no ORM (decision 0019).

Weights and loads are whole points. The same inputs and the same seed give the same people, in this module and in
`redraw.py`, which anybody may run away from here. What is committed to names people by number alone, so that everybody
may have it; names, and why somebody was left out, are kept inside under a hash of their own (decision 0036).
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

DRAW, LEAST = "DRAW", "LEAST"
VERSION = 2
# Why somebody cannot be drawn at all, or not for a block.
LEAVE, ACTOR, CONFLICT, PANEL, PRESENT = "LEAVE", "ACTOR", "CONFLICT", "PANEL", "PRESENT"
HIDDEN = "HIDDEN"  # as the public text says it
# Why a block goes to its holder without a draw.
SERIES, COVER, NAMED = "SERIES", "COVER", "NAMED"


@dataclass(frozen=True, slots=True)
class Person:
    """A candidate with the open load he starts with; `off` says why he gets nothing in this draw."""

    id: int
    name: str
    load: int
    cases: int = 0
    off: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One case to be placed."""

    id: int
    number: str
    weight: int


@dataclass(frozen=True, slots=True)
class Block:
    """What goes to one person together: a case or a series; `holder` already has the series, or is named."""

    cases: tuple[Item, ...]
    barred: Mapping[int, str] = field(default_factory=dict)
    holder: int = 0
    why: str = ""

    @property
    def id(self) -> int:
        """Return the number of its first case."""
        return self.cases[0].id

    @property
    def weight(self) -> int:
        """Return what it adds to a load."""
        return sum(case.weight for case in self.cases)


@dataclass(frozen=True, slots=True)
class Pool:
    """One seat to be filled, the people who could fill it, and the blocks."""

    seat: str
    unit: str
    people: tuple[Person, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything on which the outcome depends but the seed; `waiting` is the heaviest case left waiting elsewhere.

    `inside` is the hash of what is kept inside, `text` what it was read from: that is what was hashed.
    """

    mode: str
    at: str
    waiting: int
    pools: tuple[Pool, ...]
    inside: str = ""
    text: str = ""

    def canonical(self) -> str:
        """Return the one text of these inputs, which is hashed before the seed is used; people are numbers in it."""
        if self.text:
            return self.text
        pools = [
            {
                "seat": pool.seat,
                "unit": pool.unit,
                "people": [
                    {"id": row.id, "load": row.load, "cases": row.cases, "off": bool(row.off)} for row in pool.people
                ],
                "blocks": [_block(row) for row in pool.blocks],
            }
            for pool in self.pools
        ]
        whole = {"version": VERSION, "mode": self.mode, "at": self.at, "waiting": self.waiting, "pools": pools}
        return _json(whole | {"inside": self.inside})

    def kept_inside(self, *, salt: str) -> str:
        """Return names by number, and why people were left out of a pool or a block; salted, for names are few."""
        why = [
            {
                "off": {str(row.id): row.off for row in pool.people if row.off},
                "barred": [{str(user): code for user, code in block.barred.items()} for block in pool.blocks],
            }
            for pool in self.pools
        ]
        names = {str(row.id): row.name for pool in self.pools for row in pool.people}
        return _json({"salt": salt, "names": names, "why": why})

    def over(self, inside: str) -> "Inputs":
        """Return the same inputs, committed to what is kept inside as well."""
        return replace(self, inside=commitment(inside))


def _json(whole: Mapping[str, Any]) -> str:
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _block(block: Block) -> dict[str, Any]:
    return {
        "cases": [{"id": case.id, "number": case.number, "weight": case.weight} for case in block.cases],
        "barred": sorted(block.barred),
        "holder": block.holder,
        "why": block.why,
    }


def read(text: str, inside: str = "") -> Inputs:
    """Return the inputs that a canonical text holds, with names and reasons where what is kept inside is given."""
    whole, kept = json.loads(text), json.loads(inside) if inside else {}
    names, whys = kept.get("names", {}), kept.get("why") or [{}] * len(whole["pools"])
    pools = tuple(_pool(pool, names, why) for pool, why in zip(whole["pools"], whys, strict=True))
    return Inputs(whole["mode"], whole["at"], whole["waiting"], pools, whole.get("inside", ""), text)


def _pool(pool: Mapping[str, Any], names: Mapping[str, str], why: Mapping[str, Any]) -> Pool:
    off, barred = why.get("off", {}), why.get("barred") or [{}] * len(pool["blocks"])
    people = []
    for row in pool["people"]:
        # Texts of the first version hold names and reasons themselves.
        left_out = row["off"] if isinstance(row["off"], str) else HIDDEN if row["off"] else ""
        name = row.get("name") or names.get(str(row["id"]), str(row["id"]))
        people.append(Person(row["id"], name, row["load"], row["cases"], off.get(str(row["id"]), left_out)))
    blocks = []
    for row, codes in zip(pool["blocks"], barred, strict=True):
        said = row["barred"] if isinstance(row["barred"], dict) else dict.fromkeys(row["barred"], HIDDEN)
        bars = {int(user): codes.get(str(user), code) for user, code in said.items()}
        blocks.append(Block(tuple(Item(**case) for case in row["cases"]), bars, row["holder"], row["why"]))
    return Pool(pool["seat"], pool["unit"], tuple(people), tuple(blocks))


def commitment(text: str) -> str:
    """Return the hash that is fixed before the seed is used: SHA-256 over the canonical text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    """How one block was placed; `loads` are those before it, in the order of the pool's people.

    `line` is the load that nobody may exceed with the block, `ticket` the hash that chose among the eligible.
    """

    pool: Pool
    block: Block
    loads: tuple[int, ...]
    line: int
    eligible: tuple[int, ...]
    ticket: str
    chosen: int


def ticket(seed: str, committed: str, seat: str, block: int) -> str:
    """Return the hash that decides a block: its number modulo the count of the eligible is the place in their list."""
    return hashlib.sha256(f"{seed}:{committed}:{seat}:{block}".encode()).hexdigest()


def in_order(pool: Pool) -> list[Block]:
    """Return the blocks as they are placed: those with a holder, then the heaviest, then the earliest case."""
    return sorted(pool.blocks, key=lambda block: (not block.holder, -block.weight, block.id))


def available(pool: Pool, block: Block) -> list[Person]:
    """Return who may have the block at all, by number."""
    return sorted((row for row in pool.people if not row.off and row.id not in block.barred), key=attrgetter("id"))


def allocate(
    inputs: Inputs, *, seed: str = "", progress: Callable[[int, int], None] = lambda done, total: None
) -> list[Step]:
    """Place every block of every pool and return the steps in order; raises LookupError where nobody is available.

    Eligible are those whose load with the block does not exceed the least load plus the heaviest block still unplaced.
    With LEAST the smallest resulting load takes it, then the fewest cases, then the lower number.
    """
    committed = commitment(inputs.canonical()) if inputs.mode == DRAW else ""
    total, steps = sum(len(pool.blocks) for pool in inputs.pools), []
    for pool in inputs.pools:
        loads = {row.id: row.load for row in pool.people}
        counts = {row.id: row.cases for row in pool.people}
        free_of_all = [row.id for row in sorted(pool.people, key=attrgetter("id")) if not row.off]
        for block in in_order(pool):
            free = [user for user in free_of_all if user not in block.barred] if block.barred else free_of_all
            if not free:
                raise LookupError(block.id)
            line, eligible = line_of(block, free, loads, inputs.waiting)
            drawn = ""
            if block.holder or inputs.mode == LEAST:
                chosen = min(eligible, key=lambda user: (loads[user], counts[user], user))
            else:
                drawn = ticket(seed, committed, pool.seat, block.id)
                chosen = eligible[int(drawn, 16) % len(eligible)]
            steps.append(Step(pool, block, tuple(loads.values()), line, tuple(eligible), drawn, chosen))
            loads[chosen] += block.weight
            counts[chosen] += len(block.cases)
            progress(len(steps), total)
    return steps


def line_of(block: Block, free: list[int], loads: Mapping[int, int], waiting: int) -> tuple[int, list[int]]:
    """Return the load that nobody may exceed with the block, and who of the free keeps to it.

    Blocks come heaviest first, so the heaviest still unplaced is this one or one that waits elsewhere.
    """
    line = min((loads[user] for user in free), default=0) + max(block.weight, waiting)
    if block.holder:
        return line, [block.holder]
    return line, [user for user in free if loads[user] + block.weight <= line]


def previous(seed: str) -> str:
    """Return what stands before a seed in its chain: the seed used last, or the published tip."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def seed_at(root: str, *, steps: int) -> str:
    """Return the root hashed so many times: the tip after the whole length, the first seed after one step less."""
    value = bytes.fromhex(root)
    for _step in range(steps):
        value = hashlib.sha256(value).digest()
    return value.hex()
