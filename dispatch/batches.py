"""The same act on many ticked rows: each in its own transaction, and what was left with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bureau.errors import Refused


@dataclass(slots=True)
class Outcome:
    """What was done, and what was left and why, by case number."""

    done: list[tuple[str, Any]] = field(default_factory=list)
    left: list[tuple[str, list[str]]] = field(default_factory=list)


def each(rows: Iterable[Any], number: Callable[[Any], str], act: Callable[[Any], Any]) -> Outcome:
    """Do the act on each row; a refusal leaves that row and goes on."""
    outcome = Outcome()
    for row in rows:
        try:
            outcome.done.append((number(row), act(row)))
        except Refused as refusal:
            outcome.left.append((number(row), [str(reason) for reason in refusal.reasons]))
    return outcome
