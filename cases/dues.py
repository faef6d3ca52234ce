"""What falls due that another room counts itself: asked of the rooms by settings, shown beside deadlines."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from bureau.models import User
from cases.models import Case
from cases.nodes import BY_CODE, Level, level_on


@dataclass(frozen=True, slots=True)
class Due:
    """One thing of a case with its day; `node` is its row of the node table, `key` tells it from others of the node."""

    on: dt.date
    case: Case
    node: str
    key: int
    label: str
    url: str
    level: Level

    def get_level_display(self) -> str:
        """Return the level in words."""
        return str(self.level.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDue:
    """The most pressing thing of a case that another room counts, with its arithmetic and the act it waits for.

    `url` is where the asking user does that act, empty where somebody else must: `who` says who.
    """

    on: dt.date
    node: str
    label: str
    basis: str
    steps: list[str]
    act: str
    who: str
    url: str = ""


def of_case(case: Case, user: User, *, today: dt.date) -> list[CaseDue]:
    """Return what the other rooms wait for in a case, the earliest first."""
    found: Iterable[CaseDue] = (
        due for path in settings.CASE_CLOCKS for due in import_string(path)(case, user, today=today)
    )
    return sorted(found, key=lambda due: due.on)


def between(user: User, first: dt.date, last: dt.date, *, today: dt.date, is_own: bool = True) -> list[Due]:
    """Return what falls due from `first` to `last`, the earliest first: the user's own, or all that he may see."""
    asked = (import_string(path) for path in settings.CASE_DUES)
    found: Iterable[Due] = (due for ask in asked for due in ask(user, first, last, today=today, is_own=is_own))
    return sorted(found, key=lambda due: (due.on, due.case.pk, due.key))


def level_of(node: str, on: dt.date, *, today: dt.date) -> Level:
    """Return how pressing a day of that node is today."""
    return level_on(BY_CODE[node], on, today)
