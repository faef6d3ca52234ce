"""An assignment in words: who was eligible, who was not and why, loads, and the arithmetic of the draw."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dispatch import allocation
from dispatch.allocation import Block, Person, Pool, Step
from dispatch.models import Draw
from dispatch.pools import Gathered
from dispatch.whynot import HOLDERS, SEATS, WHY_NOT


@dataclass(frozen=True, slots=True)
class Row:
    """One person as compared."""

    person: Person
    load: int
    after: int
    is_eligible: bool
    is_chosen: bool
    place: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One seat: the people compared for one block, the line of the eligible, and whoever was chosen."""

    seat: str
    block: Block
    rows: list[Row]
    line: int
    least: int
    holder: str
    ticket: str = ""
    remainder: int = 0
    chosen: str = ""

    @property
    def heaviest(self) -> int:
        """Return the weight of the heaviest case still unplaced: what the line leaves above the least load."""
        return self.line - self.least

    @property
    def only(self) -> str:
        """Return who alone could have it without having to: then there was no draw to make."""
        names = [row.person.name for row in self.rows if row.is_eligible]
        return names[0] if len(names) == 1 and not self.holder else ""

    @property
    def eligible_count(self) -> int:
        """Return among how many was drawn."""
        return sum(row.is_eligible for row in self.rows)


def points(value: int) -> str:
    """Return points as cases of the usual size: 100 points are 1.00."""
    return f"{value / 100:.2f}"


def compare(gathered: Gathered, case: int) -> list[Compared]:
    """Return who could be drawn for the block of a case in each pool as things stand; nothing is drawn."""
    return [
        compare_block(pool, block, gathered.inputs.waiting)
        for pool in gathered.inputs.pools
        for block in pool.blocks
        if case in {item.id for item in block.cases}
    ]


def compare_block(pool: Pool, block: Block, waiting: int) -> Compared:
    """Return who could have a block by the loads of before any draw, and who not and why."""
    loads = {row.id: row.load for row in pool.people}
    free = [row.id for row in allocation.available(pool, block)]
    line, eligible = allocation.line_of(block, free, loads, waiting)
    return _compared(pool, block, loads, line, eligible)


def explain(draw: Draw, case: int) -> list[Compared]:
    """Return how each seat of a case was filled by a draw: its steps are run again from inputs and seed."""
    inputs = allocation.read(draw.inputs, draw.inside)
    return [
        explain_step(step)
        for step in allocation.allocate(inputs, seed=draw.seed)
        if any(item.id == case for item in step.block.cases)
    ]


def explain_step(step: Step) -> Compared:
    """Return one step in words."""
    loads = {row.id: load for row, load in zip(step.pool.people, step.loads, strict=True)}
    return _compared(step.pool, step.block, loads, step.line, list(step.eligible), step)


def _compared(
    pool: Pool, block: Block, loads: dict[int, int], line: int, eligible: list[int], step: Step | None = None
) -> Compared:
    chosen = step.chosen if step else 0
    rows = [
        Row(
            person=person,
            load=loads[person.id],
            after=loads[person.id] + block.weight,
            is_eligible=person.id in eligible,
            is_chosen=person.id == chosen,
            place=eligible.index(person.id) if person.id in eligible else None,
            why=_why_not(person, block, loads[person.id], line, eligible),
        )
        for person in pool.people
    ]
    rows.sort(key=lambda row: (not row.is_eligible, row.place or 0, row.load, row.person.id))
    names = {person.id: person.name for person in pool.people}
    free = [loads[person.id] for person in allocation.available(pool, block)]
    return Compared(
        seat=str(SEATS[pool.seat]),
        block=block,
        rows=rows,
        line=line,
        least=min(free, default=0),
        holder=str(HOLDERS[block.why]) if block.holder else "",
        ticket=step.ticket if step else "",
        remainder=int(step.ticket, 16) % len(eligible) if step and step.ticket else 0,
        chosen=names.get(chosen, ""),
    )


def _why_not(person: Person, block: Block, load: int, line: int, eligible: list[int]) -> str:
    if person.id in eligible:
        return ""
    code = person.off or block.barred.get(person.id, "")
    if code:
        return str(WHY_NOT[code])
    if block.holder:
        return _("本案不抽签")
    words = {"after": points(load + block.weight), "line": points(line)}
    return _("加上本案负荷为 %(after)s，超过上限 %(line)s") % words
