"""Two people edit one thing: who sends second is shown both versions instead of overwriting the first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

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
    """What was edited has changed meanwhile; `theirs` is what stands now, by field, `by` who wrote it.

    `is_pending`: theirs is only proposed and not in force.
    """

    def __init__(self, reason: str, *, theirs: Mapping[str, str], by: str = "", is_pending: bool = False) -> None:
        super().__init__(reason)
        self.theirs = dict(theirs)
        self.by = by
        self.is_pending = is_pending

    @property
    def label(self) -> str:
        """Return what their version is called."""
        return _("待确认的内容（尚未生效）") if self.is_pending else _("现在的内容")


def refuse_stale(now: Mapping[str, str], seen: str, *, by: str = "") -> None:
    """Raise Stale where what stands is no longer what the form was opened with; a caller that saw none may go on."""
    if seen and seen != mark(now):
        raise Stale(_("您填写期间，他人已改动这一内容，请对照后重新提交"), theirs=now, by=by)


def mark(values: Mapping[str, str]) -> str:
    """Return a keyed mark of what a form was opened with; it goes into the page and tells nothing of the values."""
    return digest(json.dumps(dict(values), sort_keys=True, ensure_ascii=False, separators=(",", ":")))
