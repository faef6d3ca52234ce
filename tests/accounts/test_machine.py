"""Whatever the bureau does with money, in whatever order and however often, the books prove true after every act."""

import contextlib
from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import TestCase
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts import books, services
from accounts.bank import BankLineData
from accounts.models import Account, BankLine, DaySheet, Delay, PayeeAccount, Payout, Receipt
from accounts.services import days
from accounts.services import rosters as intake
from bureau.calendar import DAY
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from tests import factories, rosters
from tests.factories import moment

AT = moment(2021, 9, 20)
AFTER = moment(2021, 10, 20)
# Some sums fit and some do not; references and rows repeat often.
cents = st.one_of(st.integers(1, 500_000), st.integers(1, 7_000_000)).map(lambda number: Decimal(number) / 100)
few = st.integers(0, 3)
# How far what was asked for goes at once: not at all, or through check, approval, payment and the bank's word.
far = st.sampled_from([0, 0, 1, 2, 3, 4, 4, 4])
WAY = ("check", "approve", "pay", "confirm")
either = st.integers(0, 1)
STEPS = ("check", "approve", "pay", "confirm", "bounce", "reject", "send_back", "reverse")


class Money(RuleBasedStateMachine):
    """Two cases of one bureau, their payees of every kind, and four people for each payment."""

    house: ClassVar[factories.House]
    case_ids: ClassVar[list[int]]
    papers: ClassVar[list[str]]
    reached: ClassVar[set[tuple[str, str]]] = set()
    signed: ClassVar[set[str]] = set()

    @initialize(
        is_closed=st.booleans(),
        paid=st.sets(st.integers(0, 5), max_size=2),
        is_back=st.booleans(),
        is_doubted=st.booleans(),
    )
    def begin(self, is_closed: bool, paid: set[int], is_back: bool, is_doubted: bool) -> None:
        """Begin with money in both cases, with surplus in one; everything done here is rolled back.

        A day may be closed before, some payees paid, the last payment sent back, a match undone: which rules a run may
        draw is drawn too, so that left to the rules alone no run of a derandomised twenty may do one of these.
        """
        self.point = transaction.savepoint()
        if is_closed:
            self.close(3, 0)
        for where in (0, 1):
            self.receive(9, (Decimal("30000.00"), Decimal("90000.00"))[where], where)
        if is_doubted:
            self.receive(8, Decimal("500.00"), 0)
            self._unmatch(Receipt.objects.live().latest("id"), is_confirmed=True, who=1)
        for kind in sorted(paid):
            self.ask(10 + kind, 1, kind, Decimal("100.00"), len(WAY))
        if is_back:
            self.send_back(0, 9, is_whole=True)

    def teardown(self) -> None:
        """Undo the whole run."""
        if hasattr(self, "point"):
            self.signed.update(f"{day}" for day in DaySheet.objects.signed().values_list("day", flat=True))
            self.reached.update(Payout.objects.values_list("purpose", "state"))
            transaction.savepoint_rollback(self.point)

    def _case(self, index: int) -> Case:
        return Case.objects.get(pk=self.case_ids[index])

    @rule(serial=few, amount=cents, where=st.integers(0, 2), ago=few)
    def receive(self, serial: int, amount: Decimal, where: int, ago: int = 0) -> None:
        """Let money come by the number of a case, or by none; the same serial may come again with other content."""
        number = self._case(where).escrow.number if where < 2 else ""
        line = BankLineData(f"S{serial}-{where}", AT.date() - ago * DAY, amount, "某公司", virtual_number=number)
        with contextlib.suppress(Refused):
            services.arrive(line, at=AT, entered_by=self.house.finance2, actor=self.house.finance)

    @rule(line=few, where=either)
    def identify(self, line: int, where: int) -> None:
        """Give stray money to a case."""
        row = BankLine.objects.order_by("id")[line : line + 1].first()
        if row:
            with contextlib.suppress(Refused):
                case = self._case(where)
                factories.identify(row, case, at=AT, by=case.judge, checker=self.house.finance)

    @rule(receipt=few)
    def unidentify(self, receipt: int) -> None:
        """Take it back."""
        row = Receipt.objects.live().order_by("id")[receipt : receipt + 1].first()
        if row:
            with contextlib.suppress(Refused):
                services.unidentify(row, reason="错", at=AT, actor=self.house.finance2)

    @rule(receipt=few, is_confirmed=st.booleans(), who=either)
    def unmatch(self, receipt: int, is_confirmed: bool, who: int) -> None:
        """Doubt that a line belongs to the case to which its number brought it; another checks, or the same tries."""
        row = Receipt.objects.live().order_by("id")[receipt : receipt + 1].first()
        if row:
            self._unmatch(row, is_confirmed=is_confirmed, who=who)

    def _unmatch(self, row: Receipt, *, is_confirmed: bool, who: int) -> None:
        checker = (self.house.finance, self.house.finance2)[who]
        with contextlib.suppress(Refused):
            ask = services.ask_unmatch(row, reason="子账号写错", at=AT, actor=self.house.finance)
            if is_confirmed:
                services.confirm_unmatch(ask, at=AT, actor=checker)
                self.reached.add(("UNMATCH", "DONE"))
            else:
                services.refuse_unmatch(ask, note="子账号正确", at=AT, actor=checker)

    @rule(reference=few, where=either, kind=st.integers(0, 5), amount=cents, steps=far)
    def ask(self, reference: int, where: int, kind: int, amount: Decimal, steps: int) -> None:
        """Ask to pay anybody: applicant, heir, debtor, another court, treasury (the fee), valuer."""
        case = self._case(where)
        payee = PayeeAccount.objects.filter(case=case).order_by("id")[kind]
        self._ask(services.request_payout, case, case, reference, amount, steps, payee=payee)

    @rule(reference=few, where=either, amount=cents, steps=far)
    def move(self, reference: int, where: int, amount: Decimal, steps: int) -> None:
        """Ask to pass money on to the other case, by a plan or a notice: distribution."""
        case = self._case(where)
        self._ask(
            services.request_move,
            case,
            case,
            reference,
            amount,
            steps,
            target=self._case(1 - where),
            paper=self.papers[where],
        )

    @rule(reference=few, where=either, amount=cents, steps=far)
    def deposit(self, reference: int, where: int, amount: Decimal, steps: int) -> None:
        """Ask to deposit for the absent creditor."""
        case = self._case(where)
        told = {"absent": case.parties.get(side="APPLICANT"), "paper": self.papers[where]}
        self._ask(services.deposit_absent, case, case, reference, amount, steps, **told)

    @rule(where=either, amount=cents, contested=cents, steps=far)
    def distribute(self, where: int, amount: Decimal, contested: Decimal, steps: int) -> None:
        """Share money between this case's applicant and the other case by a plan, with an objection to one share."""
        case, half = self._case(where), round(amount / 2, 2)
        with contextlib.suppress(Refused):
            plan = factories.plan(
                case, {"party": str(half), "target": str(half)}, pool=str(amount), target=self._case(1 - where), at=AT
            )
            share = plan.shares.get(position=2)
            with contextlib.suppress(Refused):
                day = {"received_on": AT.date(), "at": AT, "actor": case.owner}
                services.object_to_plan(share, delivery=share.delivery, amount=contested, **day)
                services.deposit_share(share, at=AFTER, actor=case.owner)
            for one in plan.shares.order_by("position"):
                row = services.pay_share(one, at=AFTER, actor=case.owner)
                for name in WAY[:steps]:
                    self._step(row, name, 0)

    @rule(where=either, first=few, count=st.integers(1, 3), amount=cents, steps=st.sampled_from([0, 1, 2, 4, 5, 6, 6]))
    def batch(self, where: int, first: int, count: int, amount: Decimal, steps: int) -> None:
        """Take a roster in and bring its batch as far as `steps`; the same file again is the same batch."""
        case, house = self._case(where), self.house
        rows = rosters.lines(count, f"{amount:.2f}", start=1 + first)
        rows[0][2] = rosters.BOUNCING if first else rows[0][2]
        content = rosters.table(rows)
        with contextlib.suppress(Refused, PermissionDenied):
            found = intake.inspect(content, case, on=AT.date(), actor=house.window_clerk)
            scan = rosters.staged(factories.PDF, house.window_clerk, AT)
            given = {"document": "名册", "scan": scan, "follows": None, "at": AT, "actor": house.window_clerk}
            row = intake.take_in(found, case, **given)
            for act in (
                lambda: services.confirm_batch(row, at=AT, actor=house.finance2),
                lambda: services.request_batch(row, calculation="按名册", at=AT, actor=case.owner),
                lambda: services.check_batch(row, at=AT, actor=case.judge),
                lambda: services.approve_batch(row, at=AT, actor=rosters.approver(house, row)),
                lambda: services.pay_batch(row, at=AT, actor=house.finance),
                lambda: services.send_batches(at=AT, actor=house.finance),
            )[:steps]:
                act()
            # What stops on the way is sent back by its checker or by finance, or refused with its roster.
            if row.row_count > 1:
                back = services.send_back_batch if steps == 4 else services.reject_batch
                back(row, reason="错", at=AT, actor=house.finance if steps == 4 else case.judge)
                services.refuse_batch(row, reason="错", at=AT, actor=house.finance2)

    @precondition(lambda self: Payout.objects.filter(purpose="ABSENT").exists())
    @rule(reference=few, amount=cents, steps=far)
    def release(self, reference: int, amount: Decimal, steps: int) -> None:
        """Ask to pay a deposit out."""
        deposit = Payout.objects.filter(purpose="ABSENT").select_related("case").order_by("-id")[0]
        payee = PayeeAccount.objects.filter(case=deposit.case, kind="APPLICANT").get()
        self._ask(services.release_deposit, deposit, deposit.case, reference, amount, steps, payee=payee)

    def _ask(self, act, thing, case: Case, reference: int, amount: Decimal, steps: int, **details) -> None:
        given = {"amount": amount, "calculation": "x", "reference": f"{act.__name__}{reference}", **details}
        with contextlib.suppress(Refused):
            row = act(thing, **given, at=AT, actor=case.owner)
            for name in WAY[:steps]:
                self._step(row, name, 0)

    @precondition(lambda self: Payout.objects.single().exists())
    @rule(index=few, name=st.sampled_from(STEPS), who=either)
    def step(self, index: int, name: str, who: int) -> None:
        """Take one of the newest payouts a step on, or try to, by one of two people."""
        row = Payout.objects.single().order_by("-id")[index : index + 1].first()
        if row:
            self._step(row, name, who)

    def _step(self, row: Payout, name: str, who: int) -> None:
        row = Payout.objects.select_related("case").get(pk=row.pk)
        clerk = (self.house.finance, self.house.finance2)[who]
        people = {"check": row.case.judge, "approve": self.house.chief}
        people |= dict.fromkeys(("pay", "send_back", "reverse"), clerk)
        details = {
            "confirm": {"paid_on": AT.date()},
            "bounce": {"reason": "退票"},
            "reject": {"reason": "有误"},
            "send_back": {"reason": "有误"},
            "reverse": {"reason": "有误"},
        }
        actor = people.get(name, row.case.judge if name == "reject" else User.objects.system())
        with contextlib.suppress(Refused, PermissionDenied):
            getattr(services, f"{name}_payout")(row, **details.get(name, {}), at=AT, actor=actor)

    @precondition(lambda self: Payout.objects.filter(state__in=["SENT", "PAID"], payee__isnull=False).exists())
    @rule(index=few, serial=few, is_whole=st.booleans())
    def send_back(self, index: int, serial: int, is_whole: bool) -> None:
        """Let the bank send a payment back by a line, single or of a batch, confirmed or not, or with another sum."""
        rows = Payout.objects.filter(payee__isnull=False).order_by("-id")
        if row := rows[index : index + 1].first():
            amount = row.amount if is_whole else row.amount + 1
            line = BankLineData(f"R{serial}", AT.date(), amount, "某银行", remark=f"退票 {row.reference}")
            with contextlib.suppress(Refused):
                services.arrive(line, at=AT, entered_by=self.house.finance2, actor=self.house.finance)
                self.reached.add(("BACK", BankLine.objects.get(serial=line.serial).state))

    @precondition(lambda self: Receipt.objects.live().exists())
    @rule(index=few, is_approved=st.booleans())
    def delay(self, index: int, is_approved: bool) -> None:
        """Ask for a delay, decide it and end it: clocks never move money."""
        receipt = Receipt.objects.live().select_related("case").order_by("id")[index : index + 1].first()
        if receipt is None:
            return
        with contextlib.suppress(Refused, PermissionDenied):
            told = {"reason": Delay.Reason.DL1, "paper": self.papers[self.case_ids.index(receipt.case_id)]}
            row = services.request_delay(receipt, **told, until_on=AT.date() + DAY, at=AT, actor=receipt.case.judge)
            services.decide_delay(row, is_approved=is_approved, at=AT, actor=self.house.chief)
            services.end_delay(row, at=AT, actor=receipt.case.judge)

    @rule(ago=st.integers(1, 3), who=either)
    def close(self, ago: int, who: int) -> None:
        """Make the sheets of the last days and sign one, or try to; what comes for it later is booked after it."""
        day = AT.date() - ago * DAY
        days.make_sheets_of(AT.date() - 3 * DAY, AT.date(), at=AT, actor=User.objects.system())
        clerk = (self.house.finance, self.house.finance2)[who]
        with contextlib.suppress(Refused):
            services.sign_day(DaySheet.objects.get(day=day), at=AT, actor=clerk)

    @invariant()
    def books_prove_true(self) -> None:
        """Every invariant of the proof holds, with every deferred promise of the database kept."""
        connection.check_constraints()
        assert [fault.words for fault in books.faults()] == []
        assert not Account.objects.filter(balance__lt=0).exists()


class MoneyMachine(TestCase):
    """Runs the machine on a bureau that is built once."""

    @classmethod
    def setUpTestData(cls) -> None:
        house = factories.House.build()
        cases = []
        for _number in range(2):
            filed = factories.file_case(house, amount=Decimal("60000.00"))
            case = factories.into_stream(house, filed.case)
            debtor = case.parties.get(side="DEBTOR")
            account = factories.PayeeData(debtor.name, "0200001109200098765", "工行")
            factories.first_payee(house, debtor, account, at=AT)
            for kind in factories.OTHER_PAYEES:
                factories.other_payee(house, case, kind)
            cases.append(case.pk)
        Money.house, Money.case_ids = house, cases
        Money.papers = [factories.paper(case) for case in Case.objects.filter(pk__in=cases).order_by("pk")]

    def test_books_prove_true_after_every_act(self) -> None:
        run_state_machine_as_test(
            Money,
            settings=settings(
                max_examples=20,
                stateful_step_count=30,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
        assert Money.signed
        # Not vacuous: money has gone by many ways, and some came back or was refused.
        assert len({purpose for purpose, state in Money.reached if state == "PAID"}) >= 4
        assert {state for _purpose, state in Money.reached} & {"BOUNCED", "REJECTED", "REVERSED"}
        assert ("BACK", "RETURNED") in Money.reached
        assert ("UNMATCH", "DONE") in Money.reached
