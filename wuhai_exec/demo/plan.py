"""The book of 2021 as a plan: every case with its steps, drawn from one seed; pure, no database.

Given by the bureau's report: 787 accepted from 2021-08-16 to 2021-12-27, 729 closed. Assumed: how filings spread over
courts, windows and weeks (busy opening fortnight, fewer filings towards the closing of the year's book), where the
58 open cases stand, and how many filings the centre decides a day (`capacity.py`). Of the 58, those that wait for
triage and assignment on the last day are shown on purpose: by then the queue had run empty.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from accounts.payees import PayeeData
from assets.taking import PreservedData
from cases.filing import FilingData
from wuhai_exec.demo.capacity import decided_on
from wuhai_exec.demo.causes import Matter, Matters
from wuhai_exec.demo.controls import Controls, controls_of
from wuhai_exec.demo.journeys import Journey
from wuhai_exec.demo.organisation import COURTS, WINDOWS
from wuhai_exec.demo.people import People
from wuhai_exec.demo.propertyless import emptied
from wuhai_exec.demo.queues import paired
from wuhai_exec.demo.walk import CLOSES, DAY, WORKDAYS, Step, TooLate, Walk, arrival, moment

SEED = 20_210_816
ACCEPTED, CLOSED = 787, 729
OPENS_ON, ENDS_ON = dt.date(2021, 8, 16), dt.date(2021, 12, 27)
ENDS_AT = moment(ENDS_ON, CLOSES)
LAST_CLOSED_FILING_ON = dt.date(2021, 12, 13)
COURT_SHARES = {"内03": 8, "内0302": 48, "内0303": 18, "内0304": 26}
# Most file at the window of the court, some at the bureau's, the rest anywhere in the city.
HOME_WINDOW, BUREAU_WINDOW = 0.78, 0.91
WITHDRAWN, ACTS = 0.09, 0.02
# Assumed, for the bureau's report does not split its closings: so many of the cases old enough end as 终本.
PROCEDURAL, PROCEDURAL_FILED_UNTIL = 0.30, dt.date(2021, 9, 13)
CLUES = (
    "被执行人名下有银行存款",
    "被执行人有工资收入",
    "被执行人名下有机动车",
    "被执行人有到期债权",
    "",
)


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One case to be: its filing, its payees by applicant position, the debtor's account, and its steps in time.

    `renewed` are the accounts that take the place of those the bank bounces.
    """

    index: int
    filing: FilingData
    payees: Mapping[int, PayeeData]
    renewed: Mapping[int, PayeeData]
    payer: PayeeData
    preserved: tuple[PreservedData, ...]
    journey: str
    steps: tuple[Step, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an open case stands at the end: days since filing (from, to), last four of its payee, and its way."""

    name: str
    count: int
    filed_ago: tuple[int, ...]
    walk: Callable[[Journey], None]
    ending: str = ""
    is_act: bool = False

    @property
    def is_untriaged(self) -> bool:
        """Return whether the case only waits."""
        return self.walk is Journey.wait_there


def _money(journey: Journey, *, days_ago: tuple[int, int], share: str = "1") -> None:
    journey.enter_stream()
    journey.arrive_ago(ENDS_ON, days_ago, share)


def _in_flight(*verbs: str) -> Callable[[Journey], None]:
    def walk(journey: Journey) -> None:
        _money(journey, days_ago=(7, 12))
        journey.ask()
        journey.sign(1, *verbs)

    return walk


def _sent_back(journey: Journey) -> None:
    journey.hand_over()
    journey.send_back()


def _part_paid(journey: Journey) -> None:
    _money(journey, days_ago=(24, 30), share="0.4")
    journey.pay_out(journey.arrived)


def _in_review(journey: Journey) -> None:
    journey.enter_stream()
    journey.work()
    journey.close("TERMINATED", "申请执行人撤回执行申请书", "JUDGE")


def _settled(journey: Journey) -> None:
    journey.enter_stream()
    journey.work()
    journey.settle()


def _stayed(journey: Journey) -> None:
    journey.enter_stream()
    journey.work()
    journey.stay(60)


def _suspended(journey: Journey) -> None:
    journey.enter_stream()
    journey.work()
    journey.suspend("OUTSIDER")


def _suspended_with_money(journey: Journey) -> None:
    _money(journey, days_ago=(18, 19))
    journey.walk.wait(2)
    journey.suspend("DEATH")
    journey.delay("DL4", "中止执行裁定书", days=28, is_decided=True)


def _rejected(journey: Journey) -> None:
    _money(journey, days_ago=(5, 7))
    journey.ask()
    journey.reject(1)


def _bounced(journey: Journey) -> None:
    _in_flight("check", "approve", "pay")(journey)
    journey.bounce(1)


def _overdue_in_check(journey: Journey) -> None:
    _money(journey, days_ago=(19, 27))
    journey.ask()


def _delay_asked(journey: Journey) -> None:
    _money(journey, days_ago=(13, 14))
    journey.walk.wait(2)
    journey.delay("DL3", "两次电话通知记录", days=20, is_decided=False)


STANDINGS = (
    Standing("untriaged", 9, (10, 7, 6, 6, 5, 4, 3, 0, 0), Journey.wait_there),
    Standing("triaged", 3, (9, 11), Journey.triage),
    Standing("allocated", 4, (10, 12), Journey.allocate),
    Standing("starting", 5, (11, 14), Journey.start),
    Standing("handed_over", 3, (14, 15), Journey.hand_over),
    Standing("sent_back", 2, (17, 19), _sent_back),
    Standing("working", 3, (25, 90), Journey.enter_stream),
    Standing("in_review", 1, (35, 60), _in_review),
    Standing("settled", 1, (50, 80), _settled),
    Standing("stayed", 1, (50, 80), _stayed),
    Standing("act", 2, (30, 60), Journey.enter_stream, is_act=True),
    Standing("part_paid", 2, (60, 80), _part_paid),
    Standing("suspended", 2, (60, 90), _suspended),
    Standing("suspended_with_money", 1, (50, 60), _suspended_with_money),
    Standing("fresh_money", 3, (24, 40), lambda journey: _money(journey, days_ago=(0, 5))),
    Standing("near_due", 3, (36, 50), lambda journey: _money(journey, days_ago=(12, 14))),
    Standing("requested", 1, (34, 45), _in_flight()),
    Standing("checked", 2, (34, 45), _in_flight("check")),
    Standing("approved", 2, (34, 45), _in_flight("check", "approve")),
    Standing("sent", 2, (34, 45), _in_flight("check", "approve", "pay"), ending="9999"),
    Standing("bounced", 1, (34, 45), _bounced),
    Standing("rejected", 1, (30, 40), _rejected),
    Standing("overdue", 2, (45, 70), lambda journey: _money(journey, days_ago=(18, 30))),
    Standing("overdue_in_check", 1, (45, 70), _overdue_in_check),
    Standing("delay_asked", 1, (40, 50), _delay_asked),
)


def plan(seed: int = SEED, *, count: int = ACCEPTED, open_count: int | None = None) -> list[CasePlan]:
    """Return the book: `count` cases of which `open_count` stay open, in order of filing; same seed, same book."""
    if open_count is None:
        open_count = round(count * (ACCEPTED - CLOSED) / ACCEPTED)
    return _Planner(seed).book(count - open_count, open_count)


class _Planner:
    """Draws the book case by case."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rng = Random(seed)
        self._people = People(self._rng)
        self._matters = Matters(self._rng, self._people)
        self._index = 0
        self._arrivals: dict[int, dt.datetime] = {}
        self._decided: dict[int, dt.date] = {}

    def book(self, closed_count: int, open_count: int) -> list[CasePlan]:
        """Return all cases in order of filing."""
        days, standings = self._filing_days(closed_count), self._standing_days(open_count)
        self._line_up(days, standings)
        made = [self._closed(day) for day in days]
        made += [self._open(standing, day) for standing, day in standings]
        return emptied(paired(sorted(made, key=lambda case: (case.steps[0].at, case.index))))

    def _line_up(self, days: list[dt.date], standings: list[tuple[Standing, dt.date]]) -> None:
        """Give every case, by the number under which it will be made, its arrival and its day of triage."""
        rows = dict(enumerate([*((None, day) for day in days), *standings], start=1))
        self._arrivals = {
            index: arrival(Random(f"{self._seed}:{index}:arrival"), day) for index, (_standing, day) in rows.items()
        }
        # What is never triaged takes nobody's turn.
        queue = [index for index, (standing, _day) in rows.items() if standing is None or not standing.is_untriaged]
        decided = decided_on([self._arrivals[index] for index in queue])
        self._decided = dict(zip(queue, decided, strict=True))

    def _filing_days(self, count: int) -> list[dt.date]:
        days = []
        day = OPENS_ON
        while day <= LAST_CLOSED_FILING_ON:
            if WORKDAYS.is_workday(day):
                days.append(day)
            day += DAY
        return sorted(self._rng.choices(days, weights=[_busyness(day) for day in days], k=count))

    def _standing_days(self, count: int) -> list[tuple[Standing, dt.date]]:
        """One of each standing first, so that a small book shows them all."""
        turns = [(number, standing) for standing in STANDINGS for number in range(standing.count)]
        turns.sort(key=lambda turn: turn[0])
        # Of its own source, so that the closed cases are the same however many stay open.
        rng, days = Random(f"{self._seed}:standings"), []
        for number, standing in turns[:count]:
            ago = standing.filed_ago
            drawn = rng.randint(*ago) if len(ago) == 2 else ago[number % len(ago)]
            days.append((standing, ENDS_ON - drawn * DAY))
        return days

    def _closed(self, day: dt.date) -> CasePlan:
        is_act = self._rng.random() < ACTS
        is_withdrawn = is_act or self._rng.random() < WITHDRAWN
        court, window = self._place()
        matter = self._matter(court, day, is_act=is_act)
        name, walk = ("withdrawn", Journey.withdraw) if is_withdrawn else ("fulfilled", Journey.fulfil)
        if not is_withdrawn and day <= PROCEDURAL_FILED_UNTIL and self._rng.random() < PROCEDURAL:
            name, walk = "procedural", Journey.procedural
        return self._case(
            name,
            matter,
            court,
            window,
            walk,
        )

    def _open(self, standing: Standing, day: dt.date) -> CasePlan:
        court, window = self._place()
        matter = self._matter(court, day, is_act=standing.is_act)
        return self._case(
            standing.name,
            matter,
            court,
            window,
            standing.walk,
            ending=standing.ending,
        )

    def _matter(self, court: str, day: dt.date, *, is_act: bool) -> Matter:
        name = next(name for code, name, _short, _level in COURTS if code == court)
        return self._matters.draw(court_code=court, court_name=name, on=day, is_act=is_act)

    def _place(self) -> tuple[str, str]:
        court = self._rng.choices(list(COURT_SHARES), weights=list(COURT_SHARES.values()))[0]
        where = self._rng.random()
        if where < HOME_WINDOW:
            return court, WINDOWS[list(COURT_SHARES).index(court)]
        return court, WINDOWS[-1] if where < BUREAU_WINDOW else self._rng.choice(WINDOWS[:-1])

    def _case(
        self,
        name: str,
        matter: Matter,
        court: str,
        window: str,
        walk: Callable[[Journey], None],
        *,
        ending: str = "",
    ) -> CasePlan:
        self._index += 1
        steps = self._steps(matter, walk)
        bounced = {step.details["bounced"] for step in steps if "bounced" in step.details}
        controls = Controls((), steps)
        if matter.amount:
            # Of its own source, so that the book is the same with and without what is controlled.
            rng = Random(f"{self._seed}:{self._index}:controls")
            controls = controls_of(steps, rng, court=court, until=ENDS_AT)
        people = self._people
        applicants = dict(enumerate(matter.applicants, start=1)) if matter.amount else {}
        return CasePlan(
            index=self._index,
            filing=matter.filing(court_code=court, window_code=window, clues=self._rng.choice(CLUES)),
            payees={
                position: people.account(party, ending="0000" if position in bounced else ending)
                for position, party in applicants.items()
            },
            renewed={position: people.account(applicants[position]) for position in sorted(bounced)},
            payer=people.account(next(party for party in matter.parties if party.side == "DEBTOR")),
            preserved=controls.preserved,
            journey=name,
            steps=controls.steps,
            is_closed=name in ("fulfilled", "withdrawn", "procedural"),
        )

    def _steps(self, matter: Matter, walk: Callable[[Journey], None]) -> tuple[Step, ...]:
        """Try until the walk fits into the book, each time in more haste."""
        haste, start_at = 1.0, self._arrivals[self._index]
        decided = self._decided.get(self._index, start_at.date())
        for attempt in range(60):
            rng = Random(f"{self._seed}:{self._index}:{attempt}")
            steps = Walk(rng, start_at=start_at, until=ENDS_AT)
            journey = Journey(steps, rng, matter, decided_on=decided, haste=haste)
            try:
                journey.file()
                walk(journey)
            except TooLate:
                haste *= 0.85
            else:
                return tuple(steps.steps)
        raise TooLate(f"case {self._index}, filed {start_at}")


def _busyness(day: dt.date) -> float:
    if day < dt.date(2021, 8, 28):
        return 1.3
    if day < dt.date(2021, 11, 22):
        return 1.0
    return max(0.25, 1.0 - 0.035 * (day - dt.date(2021, 11, 22)).days)
