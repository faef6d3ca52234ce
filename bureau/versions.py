"""Two people edit one thing: who sends second is shown both versions instead of overwriting the first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bureau.crypto import digest
from bureau.errors import Refused


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of the page that shows both versions."""

    label: str
    theirs: str
    mine: str

    @property
    def is_different(self) -> bool:
        """Return whether the two versions differ here."""
        return self.theirs != self.mine


class Stale(Refused):
    """What was edited has changed meanwhile; `theirs` is what stands now, by field, `by` who wrote it."""

    def __init__(self, reason: str, *, theirs: Mapping[str, str], by: str = "") -> None:
        super().__init__(reason)
        self.theirs = dict(theirs)
        self.by = by


def mark(values: Mapping[str, str]) -> str:
    """Return a keyed mark of what a form was opened with; it goes into the page and tells nothing of the values."""
    return digest(json.dumps(dict(values), sort_keys=True, ensure_ascii=False, separators=(",", ":")))
