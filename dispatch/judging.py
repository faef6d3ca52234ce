"""Brings facts, the table in force and the pure judgement together, for one case or many."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bureau.errors import Refused
from cases.models import Case
from dispatch import triage
from dispatch.factsources import BATCH, Known, gather
from dispatch.models import RuleTable, Verification
from dispatch.triage import Proposal


@dataclass(frozen=True, slots=True)
class Judged:
    """What a table says of a case on the facts as they stand."""

    proposal: Proposal
    known: Known
    table: RuleTable


def table_on(day: dt.date) -> RuleTable:
    """Return the table in force that day."""
    table = RuleTable.objects.in_force(on=day)
    if table is None:
        raise Refused(_("当日没有生效的分流规则表"))
    return table


def judged(case: Case, *, on: dt.date, verification: Verification | None = None) -> Judged:
    """Return what the table of that day says; with a verification not yet kept, on that one."""
    return judged_all([case], on=on, verified={case.pk: verification} if verification else None)[case.pk]


def judged_all(
    cases: Sequence[Case],
    *,
    on: dt.date,
    table: RuleTable | None = None,
    verified: dict[int, Verification] | None = None,
) -> dict[int, Judged]:
    """Return the same for many, by case id; the facts are read in batches."""
    table = table or table_on(on)
    rules = table.ordered
    found = {}
    for start in range(0, len(cases), BATCH):
        part = cases[start : start + BATCH]
        for pk, known in gather(part, verified).items():
            said = triage.judge(known.values, rules, fast_weight_min=table.fast_weight_min, on=on)
            found[pk] = Judged(said, known, table)
    return found
