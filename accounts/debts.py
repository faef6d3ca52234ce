"""What a case owes on a day, from its rows: claims, terms, payments; the arithmetic is that of `owed.py`."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, Sum

from accounts.general_interest import Terms
from accounts.interest import Span
from accounts.models import InterestPause, InterestTerm, PaidBefore, Payout, PayoutPart, Receipt
from accounts.owed import Claim as Owed
from accounts.owed import Due, Payment, due_today
from cases.models import Case, Claim, Performance

NOTHING = Decimal("0.00")
RUNNING = (Claim.Kind.INTEREST, Claim.Kind.PENALTY)
# Money that went to another creditor pays nothing of this debt, wherever it is kept for him.
TO_OTHERS = Q(payout__purpose__in=(Payout.Purpose.MOVE, Payout.Purpose.COURT)) | Q(
    payout__purpose=Payout.Purpose.ABSENT, payout__absent__isnull=True
)
SPENT = (Payout.Purpose.FEE, Payout.Purpose.COST, Payout.Purpose.REFUND)


@dataclass(slots=True)
class Debt:
    """Everything that the sum due on a day depends on; `is_open_ended` when interest is claimed without its terms."""

    claims: list[Owed] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    excluded: list[Span] = field(default_factory=list)
    fee_paid: Decimal = NOTHING
    is_open_ended: bool = False

    def due(self, on: dt.date) -> Due:
        """Return the sum of a day with its arithmetic; raises ValueError where a rate is not known."""
        return due_today(self.claims, self.payments, on, excluded=self.excluded, fee_paid=self.fee_paid)


def debt_of(case: Case) -> Debt:
    """Return the debt of one case."""
    return debts_of([case])[case.pk]


def dues_of(cases: Sequence[Case], *, on: dt.date) -> dict[int, Due]:
    """Return by case what is owed that day with its arithmetic; a case without a money claim or a rate is left out."""
    found = {}
    for pk, debt in debts_of(cases).items():
        if debt.claims:
            with contextlib.suppress(ValueError):
                found[pk] = debt.due(on)
    return found


def debts_of(cases: Sequence[Case]) -> dict[int, Debt]:
    """Return the debts of these cases; nine queries however many."""
    found = {case.pk: Debt() for case in cases}
    ended_on = {case.pk: case.performance_due_on or case.basis_effective_on for case in cases}
    filed_on = {case.pk: case.filed_on for case in cases}
    terms = {row.claim_id: row for row in InterestTerm.objects.in_force().filter(claim__case__in=found)}
    claims: dict[int, list[Claim]] = {pk: [] for pk in found}
    for claim in Claim.objects.filter(case__in=found).order_by("case", "position"):
        claims[claim.case_id].append(claim)
        _add_claim(found[claim.case_id], claim, terms.get(claim.pk), ended_on[claim.case_id])
    for pk, rows in claims.items():
        found[pk].is_open_ended = bool(open_ended(rows, set(terms)))
    for pause in InterestPause.objects.filter(case__in=found, withdrawn_at__isnull=True):
        found[pause.case_id].excluded.append(Span(pause.from_on, pause.until_on))
    _add_receipts(found)
    done = Performance.objects.filter(case__in=found, reverses__isnull=True, amount__gt=0).confirmed()
    for row in done.exclude(reversals__state=Performance.State.CONFIRMED).order_by("performed_on", "id"):
        is_executed = row.performed_on >= filed_on[row.case_id]
        found[row.case_id].payments.append(Payment(row.performed_on, row.amount, is_executed))
    for paid in PaidBefore.objects.filter(case__in=found).order_by("arrived_on", "id"):
        found[paid.case_id].payments.append(Payment(paid.arrived_on, paid.amount))
    return found


def _add_claim(debt: Debt, claim: Claim, term: InterestTerm | None, ended_on: dt.date | None) -> None:
    if claim.amount is None:
        return
    kind = "cost" if claim.kind in Claim.FEES else "interest" if claim.kind == Claim.Kind.INTEREST else "principal"
    terms, filed = (terms_of(term), term.filed) if term else (None, NOTHING)
    debt.claims.append(Owed(kind, claim.amount, ended_on, claim.is_doubled, terms, filed))


def open_ended(claims: Iterable[Claim], settled: set[int]) -> list[Claim]:
    """Return the items of one case that name interest of which nobody has said yet how it runs.

    Interest or a penalty "at so much from that day until paid" is ordered on the principal: it is said there, also
    where a sum up to the filing is claimed; any other item with a rate is said for itself.
    """
    rows = list(claims)
    is_said = any(row.pk in settled for row in rows)
    return [row for row in rows if _names_interest(row) and not (is_said if row.kind in RUNNING else row.pk in settled)]


def _names_interest(claim: Claim) -> bool:
    return bool(claim.rate) or (claim.amount is None and claim.kind in RUNNING)


def terms_of(term: InterestTerm) -> Terms | None:
    """Return the terms as the arithmetic takes them; none where no interest is ordered."""
    if term.from_on is None:
        return None
    return Terms(
        from_on=term.from_on,
        rate=term.rate,
        unit=term.unit,
        day_basis=term.day_basis,
        lpr=term.lpr,
        multiple=term.multiple,
        lpr_on=term.lpr_on,
        until_on=term.until_on,
    )


def _add_receipts(found: dict[int, Debt]) -> None:
    """Credit what reached the court's account on the day it did, but for what in fact went to somebody else.

    Asking for a movement takes nothing away. What went to another creditor takes from the very money that went; what
    the house spent on the debtor's behalf (fee, costs) or gave back to him takes from the latest money of its day, so
    that it undoes no earlier payment.
    """
    gone = PayoutPart.objects.filter(TO_OTHERS, payout__state=Payout.State.PAID, receipt__case__in=found)
    sums = gone.order_by().values("receipt").annotate(total=Sum("amount"))
    taken = {row["receipt"]: row["total"] for row in sums}
    left: dict[int, list[tuple[dt.date, Decimal]]] = {pk: [] for pk in found}
    rows: Iterable[Receipt] = Receipt.objects.live().filter(case__in=found).order_by("arrived_on", "id")
    for row in rows:
        left[row.case_id].append((row.arrived_on, row.amount - taken.get(row.pk, NOTHING)))
    spent = Payout.objects.filter(case__in=found, state=Payout.State.PAID, purpose__in=SPENT).order_by("paid_on", "id")
    for pk, purpose, on, amount in spent.values_list("case", "purpose", "paid_on", "amount"):
        assert on is not None
        left[pk] = _less(left[pk], amount, on)
        found[pk].fee_paid += amount if purpose == Payout.Purpose.FEE else NOTHING
    for pk, sums_left in left.items():
        found[pk].payments += [Payment(on, amount) for on, amount in sums_left if amount > 0]


def _less(rows: list[tuple[dt.date, Decimal]], amount: Decimal, on: dt.date) -> list[tuple[dt.date, Decimal]]:
    """Take an amount from the latest sums that had arrived by a day."""
    kept = []
    for arrived_on, was in reversed(rows):
        part = min(was, amount) if arrived_on <= on else NOTHING
        amount -= part
        kept.append((arrived_on, was - part))
    return kept[::-1]
