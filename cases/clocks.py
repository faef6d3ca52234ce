"""The clocks on the pages of a case: what is most pressing leads, money included; what stands still counts no days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import nodes
from cases.deadlines import ORDER, PROJECTIONS
from cases.dues import CaseDue
from cases.models import Case, Deadline
from cases.nodes import Level
from cases.pauses import PauseKind

NEAR_DAYS = 15  # a closing limit this close is amber
TRIAGE_NEAR_DAYS = 2
STAY_NEAR_DAYS = 7
STAY_NODES = ("STAY_ON_SECURITY", "STAY_ABOVE")
STANDSTILL: dict[str, str | Promise] = {
    PauseKind.SUSPENSION: gettext_lazy("中止期间暂停计算"),
    PauseKind.STAY: gettext_lazy("暂缓期间暂停计算"),
    PauseKind.STAY_ABOVE: gettext_lazy("暂缓期间暂停计算"),
}
OTHER_STANDSTILL = gettext_lazy("不计入期限的期间，暂停计算")


@dataclass(frozen=True, slots=True)
class Clock:
    """One time limit with the arithmetic that made it; `tone` is done, near, overdue or empty.

    `rank` is its level in the order of levels, below zero where it stands still or is done.
    """

    label: str
    due_on: dt.date
    tone: str
    word: str
    basis: str
    steps: list[str]
    rank: int = 0
    is_money: bool = False


DONE, STILL = -2, -1  # ranks below that of every clock that runs


def clocks(case: Case, *, today: dt.date, dues: Iterable[CaseDue] = ()) -> list[Clock]:
    """Return the limits of the case, the most pressing first: triage, closing, stay, the next duty, and money."""
    shown = Q(state=Deadline.State.RUNNING) | Q(node__in=PROJECTIONS)
    rows = list(case.deadlines.filter(shown).order_by("due_on", "id"))
    by_field = {PROJECTIONS[row.node]: row for row in rows if row.node in PROJECTIONS}
    triage, closing = by_field.get("triage_due_on"), by_field.get("closing_due_on")
    still = standstills(case)
    made = [
        *_triage(case, triage, today=today),
        _still(
            _clock(_("执行期限"), closing, case.closing_due_on, case.closed_on, today=today, near=NEAR_DAYS),
            closing,
            still,
        ),
        *_stay(case, rows, today=today),
    ]
    others = [
        row for row in rows if row.is_running and row.rule.is_duty and row.node not in (*PROJECTIONS, *STAY_NODES)
    ]
    others = [row for row in others if not row.rule.follows]
    # The worst first: a red duty is not hidden behind an earlier yellow one, and what stands still hides nothing.
    others.sort(key=lambda row: (bool(word_of(row, still)), -ORDER.index(Level(row.level)), row.due_on, row.pk))
    for row in others[:1]:
        clock = _clock(str(row.rule.label), row, row.due_on, None, today=today, near=row.rule.yellow)
        made.append(_still(clock, row, still))
    made += [_money(due, today=today) for due in dues]
    return sorted(made, key=lambda clock: (-clock.rank, clock.due_on))


def standstills(case: Case) -> dict[str, str]:
    """Return the kinds of the periods that run now and do not count, each with its word."""
    kinds = case.pauses.filter(until_on__isnull=True).order_by("id").values_list("kind", flat=True)
    return {kind: str(STANDSTILL.get(kind, OTHER_STANDSTILL)) for kind in kinds}


def word_of(row: Deadline, still: dict[str, str]) -> str:
    """Return the word for a running deadline that stands still; empty for one whose days count."""
    return next((word for kind, word in still.items() if kind in row.rule.pauses), "") if row.is_running else ""


def _still(clock: Clock, row: Deadline | None, still: dict[str, str]) -> Clock:
    word = word_of(row, still) if row else ""
    return replace(clock, tone="near", word=word, rank=STILL) if word else clock


def _stay(case: Case, rows: list[Deadline], *, today: dt.date) -> list[Clock]:
    """Return the day to which the case is stayed, which ends by an act of the judge only."""
    if case.stage != Case.Stage.STAYED:
        return []
    stay = case.stays.filter(ended_on__isnull=True).first()
    if stay is None:
        return []
    row = next((row for row in rows if row.is_running and row.node in STAY_NODES), None)
    clock = _clock(_("暂缓届满"), row, stay.until_on, None, today=today, near=STAY_NEAR_DAYS)
    return [clock if row else replace(clock, basis=stay.document)]


def _money(due: CaseDue, *, today: dt.date) -> Clock:
    clock = _clock(due.label, None, due.on, None, today=today, near=nodes.BY_CODE[due.node].yellow, node=due.node)
    return replace(clock, basis=due.basis, steps=due.steps, is_money=True)


def _triage(case: Case, row: Deadline | None, *, today: dt.date) -> list[Clock]:
    # The old book is not triaged.
    if case.is_of_court:
        return []
    done_on = _triaged_on(case, row)
    return [_clock(_("分流期限"), row, case.triage_due_on, done_on, today=today, near=TRIAGE_NEAR_DAYS)]


def _triaged_on(case: Case, row: Deadline | None) -> dt.date | None:
    # Triage is done when team and judge are named, which is when its term ends.
    return row.ended_on if row else case.triaged_on


def _clock(
    label: str,
    row: Deadline | None,
    due_on: dt.date,
    done_on: dt.date | None,
    *,
    today: dt.date,
    near: int,
    node: str = "CLOSING_LIMIT",
) -> Clock:
    """Return one clock; how urgent it is says its row of the node table: what is worst yellow never leads over red."""
    left = (due_on - (done_on or today)).days
    rank = DONE if done_on else ORDER.index(nodes.level_on(row.rule if row else nodes.BY_CODE[node], due_on, today))
    if done_on:
        word = _("%(day)s 完成") % {"day": done_on}
        if left < 0:
            word = _("%(day)s 完成，逾期 %(count)d 天") % {"day": done_on, "count": -left}
        tone = "done" if left >= 0 else "overdue"
    elif left < 0:
        word, tone = _("逾期 %(count)d 天") % {"count": -left}, "overdue"
    elif left == 0:
        word, tone = _("今天到期"), "near"
    else:
        word, tone = _("剩 %(count)d 天") % {"count": left}, "near" if left <= near else ""
    return Clock(label, due_on, tone, word, row.basis if row else "", row.steps if row else [], rank)
