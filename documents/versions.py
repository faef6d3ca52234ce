"""What the pages of template versions show: history, comparison with the version in force, preview."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from bureau.models import User
from cases.casenumber import plain
from cases.models import Case
from documents import comparing, filling, revising
from documents.facts import facts_of
from documents.library.declared import Spec
from documents.models import Revision, Template

UNNUMBERED = "（签发时编号）"


@dataclass(frozen=True, slots=True)
class Version:
    """One version with the last day on which it was in force, and what it changed."""

    template: Template
    until_on: dt.date | None
    is_never: bool  # replaced before its day came
    is_in_force: bool
    changes: list[comparing.Change]


def query_of_code(code: str) -> QuerySet[Template]:
    """Return every version of a template with who edited and approved it, newest first."""
    return Template.objects.filter(code=code).select_related("edited_by", "approved_by").order_by("-version")


def of_code(code: str) -> list[Template]:
    """Return the same as a list."""
    return list(query_of_code(code))


def current(rows: Sequence[Template], *, on: dt.date) -> Template | None:
    """Return the version of these that is in force on that day."""
    known = [row for row in rows if row.effective_on <= on]
    return max(known, key=lambda row: (row.effective_on, row.version), default=None)


def history(rows: Sequence[Template], *, today: dt.date) -> list[Version]:
    """Return the versions, newest first, each compared with the one before; constant queries."""
    now = current(rows, on=today)
    versions = []
    for place, row in enumerate(rows):
        earlier = rows[place + 1] if place + 1 < len(rows) else None
        later = min((newer.effective_on for newer in rows[:place]), default=None)
        until = later - dt.timedelta(days=1) if later else None
        changes = comparing.specs(earlier.spec, row.spec) if earlier else []
        is_never = until is not None and until < row.effective_on
        versions.append(Version(row, until, is_never, row is now, changes))
    return versions


def preview(spec: Spec, *, case: Case | None, today: dt.date) -> filling.Filled:
    """Return the paper as this text would print it, from a case or from made-up facts."""
    known = facts_of(case, on=today) if case else revising.sample_facts(today)
    return filling.fill(spec, revising.sample_values(spec, known), known, number=UNNUMBERED, on=today)


def case_named(number: str, user: User) -> Case | None:
    """Return the visible case of that number, for a preview."""
    if not number.strip():
        return None
    cases = Case.objects.visible_to(user).select_related("number_court", "judge", "team")
    return cases.prefetch_related("parties", "claims").filter(number=plain(number)).first()


def compared(revision: Revision, *, today: dt.date) -> dict[str, Any]:
    """Return a proposed text beside the version in force."""
    rows = of_code(revision.code)
    now = current(rows, on=today) or revision.base
    filled = preview(revision.spec, case=None, today=today)
    return {
        "in_force": now,
        "changes": comparing.specs(now.spec, revision.spec),
        "blocks": filled.blocks,
        "is_stale": rows[0].pk != revision.base_id,
    }
