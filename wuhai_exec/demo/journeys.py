"""How a demo case travels: what happens between filing and the end of the book, as steps on the calendar. Pure.

Stated assumptions: the day of triage comes from the centre's capacity (`capacity.py`); about one case in eleven is
withdrawn; money arrives about a working week after the stream team took the case and is paid out within the fifteen
days except for LATE; the other shares are guesses of a calm, well-kept office.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from random import Random

from bureau.calendar import same_day
from wuhai_exec.demo.causes import Matter
from wuhai_exec.demo.walk import DAY, Walk

OVERRIDES, SENDS_BACK, STRAYS, REJECTS, BOUNCES, SUSPENDS, LATE = (
    0.04,
    0.06,
    0.05,
    0.025,
    0.015,
    0.025,
    0.02,
)
DEFECTS = (
    "IDENTITY",
    "NO_SERVICE_PROOF",
    "NO_EFFECT_PROOF",
    "WRONG_AMOUNT",
    "NO_ACCOUNT",
)
PACK = ["NOTICE", "REPORT_ORDER", "QUERY_LAUNCHED"]
PACK_MORE = ("SERVICE_PROOF", "QUERY_ANSWERED", "CLUES_ASKED")
REJECTIONS = (
    "计算表遗漏已付部分，请核对",
    "请补附申请执行人确认材料",
    "金额与裁定不一致，请更正",
)
WITHDRAWALS = (
    "申请执行人撤回执行申请书",
    "和解协议履行完毕后撤回执行申请书",
    "被执行人自动履行后撤回执行申请书",
)
INSTALMENTS = {1: 76, 2: 19, 3: 5}


class Journey:
    """Writes one case's walk; `haste` below one shortens every wait."""

    def __init__(self, walk: Walk, rng: Random, matter: Matter, *, decided_on: dt.date, haste: float = 1.0) -> None:
        self.walk = walk
        self._decided_on = decided_on
        self._rng = rng
        self._matter = matter
        self._haste = haste
        self._payout_count = 0
        self._paid_positions: set[int] = set()
        self._line_count = 0

    # Filing to acceptance by the stream team ------------------------------------------------

    def file(self) -> None:
        """The window files the case."""
        self._filed_on = self.walk.day
        self.walk.do("file")

    def wait_there(self) -> None:
        """Nothing more has happened."""

    def triage(self) -> None:
        """The command centre verifies and decides the stream when it is the case's turn."""
        self.walk.wait_until(self._decided_on)
        self.walk.do("triage", facts=self._facts(), is_overridden=self._rng.random() < OVERRIDES)

    def allocate(self) -> None:
        """Triage, then team and judge."""
        self.triage()
        self._pause(0.2)
        self.walk.do("assign")

    def start(self) -> None:
        """The affairs team takes the case up."""
        self.allocate()
        self._pause(0.6)
        self.walk.do("start")

    def hand_over(self) -> None:
        """Notices, made outside the system, are out and the query launched: the pack goes to the stream team."""
        self.start()
        self._wait(1.2, 0.5)
        self._hand()

    def _hand(self) -> None:
        extra = [code for code in PACK_MORE if self._rng.random() < 0.6]
        self.walk.do("hand_over", pack=PACK + extra, note="材料齐备，请接收")

    def send_back(self) -> None:
        """The stream team returns the pack with its defect."""
        self._pause(0.7)
        self.walk.do("send_back", defects=[self._rng.choice(DEFECTS)], note="请补正后重新移交")

    def enter_stream(self) -> None:
        """The stream team holds the case; now and then only at the second hand-over."""
        self.hand_over()
        if self._rng.random() < SENDS_BACK:
            self.send_back()
            self._wait(1, 0.4)
            self._hand()
        self._pause(0.6)
        self.walk.do("accept")

    # Money ----------------------------------------------------------------------------------

    def arrive(self, amount: Decimal, *, is_stray: bool = False) -> None:
        """Money comes in today, on the case's number or without one."""
        self._line_count += 1
        self._arrived_on = self.walk.day
        self.walk.do("arrive", line=self._line_count, amount=amount, is_stray=is_stray)
        if is_stray:
            self._pause(0.8)
            self.walk.do("identify", line=self._line_count)

    def arrive_ago(self, end: dt.date, days: tuple[int, int], share: str) -> None:
        """Money comes in so many days before the end: this share of the claim."""
        self.walk.wait_until(end - self._rng.randint(*days) * DAY)
        self.arrived = (self._matter.amount * Decimal(share)).quantize(Decimal("1.00"))
        if share == "1":
            self.arrived = self._matter.amount
        self.arrive(self.arrived)

    def ask(self) -> None:
        """The handler asks to pay the first applicant his share of what arrived."""
        self._pause(0.5)
        self.request(self.shares(self.arrived)[1], 1)

    def request(self, amount: Decimal, position: int) -> int:
        """The handler asks for a payout to an applicant; return its key."""
        self._payout_count += 1
        self.walk.do("request", payout=self._payout_count, amount=amount, position=position)
        return self._payout_count

    def sign(self, payout: int, *verbs: str) -> None:
        """Take the payout further, one act after the other."""
        for verb in verbs:
            self._pause(0.45)
            self.walk.do(verb, payout=payout)

    def reject(self, payout: int) -> None:
        """The judge sends the request back."""
        self._pause(0.5)
        self.walk.do("reject", payout=payout, reason=self._rng.choice(REJECTIONS))

    def bounce(self, position: int) -> None:
        """The bank returns the money: the account is wrong (see `CasePlan.payees`)."""
        self.walk.wait(1)
        self.walk.do("exchange", bounced=position)

    def pay_out(self, amount: Decimal) -> None:
        """Pay what arrived to the applicants, with the troubles of office life."""
        if self._rng.random() < LATE:
            self.walk.wait_until(self._arrived_on + self._rng.randint(16, 22) * DAY)
        else:
            self._wait(1.6, 0.7, most=4)
        for position, share in self.shares(amount).items():
            payout = self.request(share, position)
            trouble = self._rng.random()
            if trouble < REJECTS:
                self.reject(payout)
                self._pause(0.5)
                payout = self.request(share, position)
            elif trouble < REJECTS + BOUNCES and position not in self._paid_positions:
                self.sign(payout, "check", "approve", "pay")
                self.bounce(position)
                self._wait(1, 0.5)
                self.walk.do("renew_payee", position=position)
                self._pause(0.5)
                payout = self.request(share, position)
            self.sign(payout, "check", "approve", "pay", "exchange")
            self._paid_positions.add(position)

    def shares(self, amount: Decimal) -> Mapping[int, Decimal]:
        """Return what each applicant gets of a sum, by position."""
        count = len(self._matter.applicants)
        each = (amount / count).quantize(Decimal("0.01"))
        shares = dict.fromkeys(range(1, count), each)
        shares[count] = amount - each * (count - 1)
        return shares

    def delay(self, reason: str, document: str, *, days: int, is_decided: bool) -> None:
        """Ask to pay later, and have it approved."""
        self.walk.do("delay", line=self._line_count, reason=reason, document=document, days=days)
        if is_decided:
            self._pause(0.5)
            self.walk.do("decide_delay", line=self._line_count)

    # Suspension and end ---------------------------------------------------------------------

    def suspend(self, ground: str) -> None:
        """The judge suspends by a ruling."""
        self.walk.do("suspend", ground=ground)

    def work(self) -> None:
        """The stream team works; sometimes the case rests for a while."""
        if self._rng.random() < SUSPENDS:
            self._wait(2, 0.4)
            self.suspend("CONSENT")
            self._wait(9, 0.4)
            self.walk.do("resume", note="延期履行的期限已届满，恢复执行")
        self._wait(4.5, 0.9)

    def fulfil(self) -> None:
        """The whole way to 执行完毕: everything arrives and is paid out."""
        self.enter_stream()
        for number, amount in enumerate(self._instalments()):
            if number:
                self._wait(7, 0.5)
            else:
                self.work()
            self.arrive(amount, is_stray=self._rng.random() < STRAYS)
            self.pay_out(amount)
        self._wait(1.2, 0.6)
        self.close("FULFILLED", "案款已全部发放", "JUDGE", "CHIEF")

    def withdraw(self) -> None:
        """The whole way to 终结执行 on the applicant's withdrawal."""
        if self._rng.random() < 0.3:
            self.start()
        else:
            self.enter_stream()
        self.work()
        self.close("TERMINATED", self._rng.choice(WITHDRAWALS), "JUDGE", "CHIEF")

    def procedural(self) -> None:
        """The whole way to 终本: no property, and more than three months gone by."""
        self.enter_stream()
        self.work()
        self.walk.wait_until(same_day(self._filed_on, months=3) + self._rng.randint(2, 9) * DAY)
        self.close("PROCEDURAL", "未发现可供执行的财产", "JUDGE", "CHIEF", "PRESIDENT")

    def close(self, mode: str, facts: str, *steps: str) -> None:
        """The owner proposes, the reviewers sign one after the other."""
        self.walk.do("propose_closing", mode=mode, facts=facts)
        for step in steps:
            self._pause(0.25)
            self.walk.do("sign_closing", step=step)
        if mode != "PROCEDURAL" and "CHIEF" in steps:
            self.walk.do_after(20 + 7 * (len(facts) + self._filed_on.day) % 28, "archive")

    def stay(self, days: int) -> None:
        """A decision stays the case."""
        until_on = self.walk.day + days * DAY
        self.walk.do("stay", ground="SECURITY", until_on=until_on)

    def settle(self) -> None:
        """The parties agree on three instalments."""
        part = (self._matter.amount / 3).quantize(Decimal("1.00"))
        dues = [same_day(self.walk.day, months=number) for number in (1, 2, 3)]
        amounts = (part, part, self._matter.amount - 2 * part)
        self.walk.do("settle", instalments=list(zip(dues, amounts, strict=True)))

    def _instalments(self) -> list[Decimal]:
        count = self._rng.choices(list(INSTALMENTS), weights=list(INSTALMENTS.values()))[0]
        amount = self._matter.amount
        if amount < 3_000 or self._haste < 1:
            count = 1
        parts = []
        for left in range(count, 1, -1):
            part = (amount / left * Decimal(str(round(self._rng.uniform(0.7, 1.3), 2)))).quantize(Decimal("1.00"))
            parts.append(part)
            amount -= part
        return [*parts, amount]

    # Facts and waits ------------------------------------------------------------------------

    def _facts(self) -> dict[str, object]:
        rng, matter = self._rng, self._matter
        is_enough = rng.random() < 0.42
        cash = matter.amount * Decimal(str(round(rng.uniform(1.02, 1.4) if is_enough else rng.uniform(0, 0.6), 2)))
        disposal = ""
        if matter.amount > 150_000 and not is_enough and rng.random() < 0.3:
            disposal = rng.choice(("REAL_ESTATE", "VEHICLE", "REAL_ESTATE", "EQUITY"))
        return {
            "cash_found": cash.quantize(Decimal("0.01")),
            "livelihood": matter.cause.livelihood,
            "disposal": disposal,
            "act": "EVICTION" if not matter.amount else "",
            "note": "已核对立案信息与网络查控反馈",
        }

    def _pause(self, chance: float) -> None:
        self.walk.wait(1 if self._rng.random() < chance * self._haste else 0)

    def _wait(self, median: float, sigma: float, *, most: int = 40) -> None:
        self.walk.wait(min(most, round(self._haste * median * self._rng.lognormvariate(0, sigma))))
