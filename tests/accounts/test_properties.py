"""Whatever the bureau does with money, and in whatever order, the books stay true."""

import contextlib
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import services
from accounts.bank import BankLineData
from accounts.models import Account, BankLine, PayeeAccount, Payout, PayoutPart, Receipt, Transfer
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from tests import factories
from tests.factories import moment

AT = moment(2021, 9, 20)
cents = st.integers(1, 3_000_000).map(lambda number: Decimal(number) / 100)
serials = st.sampled_from([f"S{number}" for number in range(6)])
which = st.integers(0, 3)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("arrive"), serials, cents, st.booleans()),
        st.tuples(st.just("identify"), which),
        st.tuples(st.just("unidentify"), which),
        st.tuples(st.just("request"), which, cents),
        st.tuples(st.sampled_from(["check", "approve", "pay", "confirm", "bounce", "reject"]), which),
    ),
    max_size=24,
)


class LedgerProperties(TestCase):
    """One case, any sequence of acts, repeats included."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.house = factories.House.build()
        filed = factories.file_case(cls.house, amount=Decimal("60000.00"))
        cls.case = Case.objects.get(pk=factories.into_stream(cls.house, filed.case).pk)
        cls.payee = PayeeAccount.objects.get(party__case=cls.case)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(moves)
    def test_books_balance_and_escrow_is_never_overdrawn(self, moves) -> None:
        for name, *words in moves:
            special = getattr(self, f"_{name}", None)
            with contextlib.suppress(Refused, PermissionDenied):
                if special:
                    special(*words)
                else:
                    self._step(name, *words)
            self._books_are_true()

    def _arrive(self, serial: str, amount: Decimal, is_matched: bool) -> None:
        number = self.case.escrow.number if is_matched else ""
        line = BankLineData(serial, AT.date(), amount, "某公司", virtual_number=number)
        services.arrive(line, at=AT, entered_by=self.house.finance2, actor=self.house.finance)

    def _identify(self, index: int) -> None:
        line = BankLine.objects.order_by("id")[index : index + 1].first()
        if line:
            factories.identify(line, self.case, at=AT, by=self.case.judge, checker=self.house.finance)

    def _unidentify(self, index: int) -> None:
        receipt = Receipt.objects.live().order_by("id")[index : index + 1].first()
        if receipt:
            services.unidentify(receipt, reason="错", at=AT, actor=self.house.finance2)

    def _request(self, index: int, amount: Decimal) -> None:
        services.request_payout(
            self.case,
            payee=self.payee,
            amount=amount,
            calculation="本金",
            reference=f"P{index}",
            at=AT,
            actor=self.case.owner,
        )

    def _step(self, name: str, index: int) -> None:
        row = Payout.objects.filter(reference=f"P{index}").first()
        if row is None:
            return
        people = {"check": self.case.judge, "approve": self.house.chief, "pay": self.house.finance}
        details = {"confirm": {"paid_on": AT.date()}, "bounce": {"reason": "退票"}, "reject": {"reason": "有误"}}
        actor = people.get(name, self.case.judge if name == "reject" else User.objects.system())
        act = getattr(services, f"{name}_payout")
        act(row, **details.get(name, {}), at=AT, actor=actor)

    def _books_are_true(self) -> None:
        nothing = Decimal("0.00")
        for account in Account.objects.filter(keeps_balance=True):
            credits = Transfer.objects.filter(credit=account).aggregate(sum=Sum("amount"))["sum"] or nothing
            debits = Transfer.objects.filter(debit=account).aggregate(sum=Sum("amount"))["sum"] or nothing
            assert account.balance == credits - debits >= 0
        escrow = Account.objects.get(case=self.case)
        arrived = Receipt.objects.live().aggregate(sum=Sum("amount"))["sum"] or nothing
        gone = Payout.objects.filter(state__in=["SENT", "PAID"]).aggregate(sum=Sum("amount"))["sum"] or nothing
        assert arrived == gone + escrow.balance
        for receipt in Receipt.objects.all():
            live = PayoutPart.objects.filter(receipt=receipt).exclude(payout__state__in=["REJECTED", "BOUNCED"])
            assert (live.aggregate(sum=Sum("amount"))["sum"] or nothing) <= receipt.amount
