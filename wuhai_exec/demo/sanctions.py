"""Sanctions in the demo book: every 终本 case has its 限制消费, a third of them 失信 too; a few wait for the president.

Stated assumptions: proposed about three weeks after the stream team took the case, decided on the next working day.
Nothing is drawn at random here, so that the rest of the book stays as it is.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from bureau.models import User
from cases import services
from cases.evidence import COURT_PAPER
from cases.models import Case, Party, Sanction
from wuhai_exec.demo import proofs
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.plan import ENDS_AT, ENDS_ON
from wuhai_exec.demo.walk import DAY, WORKDAYS, Step, moment

if TYPE_CHECKING:
    from wuhai_exec.demo.replay import Running

Row = tuple[dt.datetime, int, Callable[[], object]]
FACTS = {
    "UNPERFORMED": "执行通知书、报告财产令已送达，指定期间届满未履行，送达回证在卷",
    "NO_REPORT": "报告财产令送达后逾期未报告财产，经约谈仍不报告，笔录在卷",
}
WAIT = 21 * DAY
# Cases that closed in the last days with a limit still in force: its removal is running.
FRESH, FRESH_MAX = 3 * DAY, 3
OPEN_JOURNEYS = ("working", "act", "part_paid", "overdue")


def acts(cases: Iterable["Running"], staff: Staff) -> Iterator[Row]:
    """Yield what is to be done: moment, order within the moment, act."""
    fresh = 0
    for running in cases:
        accepted = next((step for step in reversed(running.plan.steps) if step.verb == "accept"), None)
        closing = next((step for step in running.plan.steps if step.verb == "propose_closing"), None)
        if accepted is None:
            continue
        wait = WAIT
        grounds = ["UNPERFORMED", "NO_REPORT"] if running.plan.index % 3 == 0 else ["UNPERFORMED"]
        if running.plan.journey == "fulfilled" and _is_fresh(running) and fresh < FRESH_MAX:
            wait, grounds = DAY, ["UNPERFORMED"]
        elif running.plan.journey != "procedural" and running.plan.journey not in OPEN_JOURNEYS:
            continue
        rows = list(_course(running, accepted, closing, grounds, wait, staff))
        if closing is None and running.plan.index % 2:
            rows = list(_waiting(running, accepted, grounds))
        fresh += bool(rows) and running.plan.journey == "fulfilled"
        yield from rows


def _is_fresh(running: "Running") -> bool:
    signed = [step.at.date() for step in running.plan.steps if step.verb == "sign_closing"]
    return bool(signed) and signed[-1] >= ENDS_ON - FRESH


def _course(
    running: "Running", accepted: Step, closing: Step | None, grounds: list[str], wait: dt.timedelta, staff: Staff
) -> Iterator[Row]:
    day = WORKDAYS.next_workday(accepted.at.date() + wait)
    proposed, decided = moment(day, 600), moment(WORKDAYS.next_workday(day + DAY), 560)
    if closing is not None and decided >= closing.at:
        return
    for ground in grounds:
        made: list[Sanction] = []
        if proposed <= ENDS_AT:
            yield proposed, running.plan.index, _propose(running, ground, proposed, made)
        if decided <= ENDS_AT:
            yield decided, running.plan.index, _approve(made, decided, staff["president"])


def _waiting(running: "Running", accepted: Step, grounds: list[str]) -> Iterator[Row]:
    # Proposed on the last day of the book: the president has not seen it yet.
    at = moment(ENDS_ON, 900)
    if accepted.at < at:
        yield at, running.plan.index, _propose(running, grounds[-1], at, [])


def _propose(running: "Running", ground: str, at: dt.datetime, made: list[Sanction]) -> Callable[[], None]:
    def run() -> None:
        case = Case.objects.select_related("owner").get(pk=running.filed.pk)
        # Whose consumption is limited: every debtor. Who is listed: whoever did not report, the first.
        debtors = list(case.parties.filter(side=Party.Side.DEBTOR).order_by("position"))
        assert case.owner is not None
        for party in debtors if ground == "UNPERFORMED" else debtors[:1]:
            is_unit = ground == "UNPERFORMED" and party.legal_representative
            persons = [party.legal_representative] if is_unit else []
            row = services.propose_sanction(
                case, party=party, ground=ground, facts=FACTS[ground], persons=persons, at=at, actor=case.owner
            )
            made.append(row)

    return run


def _approve(made: list[Sanction], at: dt.datetime, president: User) -> Callable[[], None]:
    def run() -> None:
        # Made on paper and sent out on the day.
        for row in made:
            words = f"{row.case.display_number} {row.get_kind_display()}"
            proofs.scan(row.case, words, kind=COURT_PAPER, at=at, actor=row.proposed_by)
            services.approve_sanction(row, document=words, at=at, actor=president)

    return run
