"""Kinds of event in a case's record that may prove a condition of its closing; no ORM."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Proof:
    """One kind of event: its verb, what a detail must hold (`says`), to what a list must keep (`only`)."""

    verb: str
    says: tuple[tuple[str, tuple[str, ...]], ...] = ()
    only: tuple[str, tuple[str, ...]] | None = None
    needs_note: bool = False
    unless: tuple[str, str] | None = None  # a detail, and a key it must not hold
    none: tuple[str, ...] = ()  # counts that must be nought

    def fits(self, verb: str, details: Mapping[str, Any]) -> bool:
        """Return whether an event with these details is of this kind."""
        if verb != self.verb or not all(set(_listed(details.get(name))) & set(wanted) for name, wanted in self.says):
            return False
        if self.unless and self.unless[1] in (details.get(self.unless[0]) or ()):
            return False
        if any(details.get(name) for name in self.none):
            return False
        return self.only is None or set(_listed(details.get(self.only[0]))) <= set(self.only[1])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def issued(*templates: str) -> Proof:
    """Return the proof by a document of one of these templates."""
    return Proof("issue_document", (("template", templates),))


def work(*kinds: str) -> Proof:
    """Return the proof by a confirmed work order of one of these kinds."""
    return Proof("confirm_work", (("work_kind", kinds),))


def paper(*kinds: str) -> Proof:
    """Return the proof by what came into the file as material of these kinds alone."""
    return Proof("receive_material", only=("kinds", kinds), needs_note=True)
