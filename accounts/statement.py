"""The money of one case on one line: what is claimed, arrived, on its way, paid, and still owed. Amounts in yuan."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from accounts.models import Account, PayeeAccount, Payout, Receipt
from cases.models import Case, Performance

NOTHING = Decimal("0.00")
ASKED = (Payout.State.REQUESTED, Payout.State.CHECKED, Payout.State.APPROVED)
IN_FLIGHT = (*ASKED, Payout.State.SENT)


@dataclass(frozen=True, slots=True)
class Statement:
    """Sums of one case; `owed` is what the applicant still has to get of the claimed sum."""

    claimed: Decimal
    arrived: Decimal
    balance: Decimal
    asked: Decimal  # requested, checked or approved, still in escrow
    sent: Decimal  # with the bank
    paid_to_applicants: Decimal
    refunded: Decimal
    in_flight_to_applicants: Decimal
    performed: Decimal = NOTHING  # by the debtor directly, outside escrow

    @property
    def available(self) -> Decimal:
        """Return what may still be asked for."""
        return self.balance - self.asked

    @property
    def owed(self) -> Decimal:
        """Return what the applicant has neither been paid nor got directly of the claimed sum."""
        return max(NOTHING, self.claimed - self.performed - self.paid_to_applicants)

    @property
    def surplus(self) -> Decimal:
        """Return what is available beyond everything owed."""
        return max(NOTHING, self.available - (self.owed - self.in_flight_to_applicants))


def statement_of(case: Case) -> Statement:
    """Return the sums of a case; four queries."""
    applicant = Q(payee__kind=PayeeAccount.Kind.APPLICANT)
    paid = Q(state=Payout.State.PAID)
    sums = Payout.objects.filter(case=case).aggregate(
        asked=Sum("amount", filter=Q(state__in=ASKED)),
        sent=Sum("amount", filter=Q(state=Payout.State.SENT)),
        paid=Sum("amount", filter=paid & applicant),
        refunded=Sum("amount", filter=paid & Q(payee__kind=PayeeAccount.Kind.DEBTOR)),
        flight=Sum("amount", filter=Q(state__in=IN_FLIGHT) & applicant),
    )
    arrived = Receipt.objects.live().filter(case=case).aggregate(total=Sum("amount"))["total"]
    balance = Account.objects.filter(case=case).values_list("balance", flat=True).first()
    return Statement(
        claimed=case.amount_claimed,
        arrived=arrived or NOTHING,
        balance=balance or NOTHING,
        asked=sums["asked"] or NOTHING,
        sent=sums["sent"] or NOTHING,
        paid_to_applicants=sums["paid"] or NOTHING,
        refunded=sums["refunded"] or NOTHING,
        in_flight_to_applicants=sums["flight"] or NOTHING,
        performed=Performance.objects.filter(case=case).total(),
    )
