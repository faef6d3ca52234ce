"""The money of one case on one line: what is claimed, arrived, on its way, paid, and still owed. Amounts in yuan."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery, Sum

from accounts.models import Account, Batch, BatchCase, PaidBefore, Payout, Receipt
from accounts.purposes import SETTLES
from cases.models import Case, Performance

NOTHING = Decimal("0.00")
ASKED = (Payout.State.REQUESTED, Payout.State.CHECKED, Payout.State.APPROVED)
IN_FLIGHT = (*ASKED, Payout.State.SENT)
Purpose = Payout.Purpose
FOR_OTHERS = Q(purpose=Purpose.ABSENT, absent__isnull=True)


@dataclass(frozen=True, slots=True)
class Statement:
    """Sums of one case; `owed` is what the applicant still has to get of the claimed sum.

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
    performed: Decimal = NOTHING  # by the debtor directly, outside escrow
    paid_before: Decimal = NOTHING  # by its court, before a case of the old book came in

    @property
    def available(self) -> Decimal:
        """Return what may still be asked for."""
        return self.balance - self.asked

    @property
    def owed(self) -> Decimal:
        """Return what the applicant was neither paid nor got directly of the claimed sum, nor is deposited for him."""
        kept = self.deposited - self.deposited_for_others
        return max(NOTHING, self.claimed - self.performed - self.paid_before - self.paid_to_applicants - kept)

    @property
    def surplus(self) -> Decimal:
        """Return what is available beyond everything owed."""
        return max(NOTHING, self.available - (self.owed - self.in_flight_to_applicants))

    @property
    def to_ask(self) -> Decimal:
        """Return what may still be asked for towards the claim."""
        return max(NOTHING, self.owed - self.in_flight_to_applicants)


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
