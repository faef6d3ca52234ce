"""The money of one case on one line: what is claimed, arrived, on its way, paid, and still owed. Amounts in yuan."""

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery, Sum

from accounts.debts import Debt, debt_of
from accounts.delayed import held_back
from accounts.models import Account, Batch, BatchCase, PaidBefore, Payout, Receipt
from accounts.owed import Due
from accounts.purposes import SETTLES
from cases.models import Case, Performance

NOTHING = Decimal("0.00")
ASKED = (Payout.State.REQUESTED, Payout.State.CHECKED, Payout.State.APPROVED)
IN_FLIGHT = (*ASKED, Payout.State.SENT)
Purpose = Payout.Purpose
FOR_OTHERS = Q(purpose=Purpose.ABSENT, absent__isnull=True)


@dataclass(frozen=True, slots=True)
class Statement:
    """Sums of one case, as its rows say; what is owed on a day is reckoned from them (`reckoned`).

    At all times arrived + moved_in = paid + courts + fees + costs + refunded + moved_out + deposited + sent + balance.
    """

    claimed: Decimal
    arrived: Decimal
    moved_in: Decimal
    balance: Decimal
    asked: Decimal  # requested, checked or approved, still in escrow
    sent: Decimal  # with the bank
    paid_to_applicants: Decimal
    courts: Decimal
    fees: Decimal
    costs: Decimal
    refunded: Decimal
    moved_out: Decimal
    deposited: Decimal
    deposited_for_others: Decimal  # of that, disputed shares of other creditors
    released: Decimal  # of what was deposited, or on its way
    in_flight_to_applicants: Decimal
    in_flight_fees: Decimal
    performed: Decimal = NOTHING  # by the debtor directly, outside escrow
    paid_before: Decimal = NOTHING  # by its court, before a case of the old book came in

    @property
    def available(self) -> Decimal:
        """Return what may still be asked for."""
        return self.balance - self.asked

    @property
    def given(self) -> Decimal:
        """Return what the applicant got, from either court or directly, or is deposited for him."""
        return self.performed + self.paid_before + self.paid_to_applicants + self.deposited - self.deposited_for_others

    @property
    def claimed_left(self) -> Decimal:
        """Return what the applicant has not got of the sum as filed, no running interest with it."""
        return max(NOTHING, self.claimed - self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned(Statement):
    """The same sums with what is owed on a day: running interest, doubled part and fee with it (`debts.py`).

    `due` is missing where a rate of the day is not known: then only the sum as filed can be asked for. Nothing is a
    surplus before every interest of the document can be reckoned.
    """

    on: dt.date
    due: Due | None
    is_open_ended: bool = False
    held: Decimal = NOTHING  # back by a delay whose reason stands (`delayed.py`)

    @property
    def payable(self) -> Decimal:
        """Return what of the available money no delay holds back."""
        return max(NOTHING, self.available - self.held)

    @property
    def obligation(self) -> Decimal:
        """Return all that the applicant is due up to the day, what he got already with it."""
        return self.due.obligation if self.due else self.claimed

    @property
    def owed(self) -> Decimal:
        """Return what the applicant still has to get, whether it lies on the account already or not."""
        return max(NOTHING, self.obligation - self.given)

    @property
    def to_ask(self) -> Decimal:
        """Return what may still be asked for towards the claim."""
        return max(NOTHING, self.owed - self.in_flight_to_applicants)

    @property
    def fee_left(self) -> Decimal:
        """Return what of the application fee is neither paid to the treasury nor asked for."""
        return max(NOTHING, self.due.fee + self.due.fee_held - self.in_flight_fees) if self.due else NOTHING

    @property
    def is_certain(self) -> bool:
        """Return whether everything that the document orders can be reckoned on the day."""
        return self.due is not None and not self.is_open_ended

    @property
    def surplus(self) -> Decimal:
        """Return what is available beyond everything owed to the applicant and the fee."""
        return max(NOTHING, self.available - self.to_ask - self.fee_left) if self.is_certain else NOTHING


def reckoned(case: Case, *, on: dt.date, debt: Debt | None = None) -> Reckoned:
    """Return the sums of a case with what is owed on a day; thirteen queries, fewer where its debt is at hand."""
    statement, debt = statement_of(case), debt or debt_of(case)
    try:
        due = debt.due(on)
    except ValueError:
        due = None
    sums = {field.name: getattr(statement, field.name) for field in fields(Statement)}
    return Reckoned(**sums, on=on, due=due, is_open_ended=debt.is_open_ended, held=held_back(case, on=on))


def _waiting() -> Subquery:
    rows = BatchCase.objects.filter(case=OuterRef("case"), batch__state__in=Batch.RESERVING).order_by()
    return Subquery(rows.values("case").annotate(left=Sum(F("total") - F("sent"))).values("left"))


def _before() -> Subquery:
    rows = PaidBefore.objects.filter(case=OuterRef("case")).order_by()
    return Subquery(rows.values("case").annotate(total=Sum("amount")).values("total"))


def statement_of(case: Case) -> Statement:
    """Return the sums of a case; four queries."""
    paid, escrow = Q(state=Payout.State.PAID), ~Q(purpose=Purpose.RELEASE)
    given = {
        "paid_to_applicants": Purpose.CLAIM,
        "courts": Purpose.COURT,
        "fees": Purpose.FEE,
        "costs": Purpose.COST,
        "refunded": Purpose.REFUND,
        "moved_out": Purpose.MOVE,
        "deposited": Purpose.ABSENT,
    }
    sums = Payout.objects.filter(case=case).aggregate(
        asked=Sum("amount", filter=escrow & Q(state__in=ASKED)),
        sent=Sum("amount", filter=escrow & Q(state=Payout.State.SENT)),
        released=Sum("amount", filter=Q(purpose=Purpose.RELEASE) & ~Q(state__in=Payout.ENDED)),
        in_flight_to_applicants=Sum("amount", filter=Q(state__in=IN_FLIGHT, purpose__in=SETTLES) & ~FOR_OTHERS),
        in_flight_fees=Sum("amount", filter=Q(state__in=IN_FLIGHT, purpose=Purpose.FEE)),
        deposited_for_others=Sum("amount", filter=paid & FOR_OTHERS),
        **{name: Sum("amount", filter=paid & Q(purpose=purpose)) for name, purpose in given.items()},
    )
    sums |= (
        Receipt.objects.live()
        .filter(case=case)
        .aggregate(
            arrived=Sum("amount", filter=Q(bank_line__isnull=False)),
            moved_in=Sum("amount", filter=Q(bank_line__isnull=True)),
        )
    )
    accounts = Account.objects.filter(case=case).annotate(waiting=_waiting(), before=_before())
    balance, waiting, before = accounts.values_list("balance", "waiting", "before").first() or (NOTHING, None, None)
    # What batches have asked for and not sent yet is asked for the applicants, like single requests.
    for name in ("asked", "in_flight_to_applicants"):
        sums[name] = (sums[name] or NOTHING) + (waiting or NOTHING)
    return Statement(
        claimed=case.amount_claimed,
        balance=balance,
        performed=Performance.objects.filter(case=case).total(),
        paid_before=before or NOTHING,
        **{name: amount or NOTHING for name, amount in sums.items()},
    )
