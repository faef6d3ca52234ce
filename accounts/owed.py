"""The exact sum due on a day, part by part, and what the next day adds; pure, no ORM.

Every payment is credited on its day in the lawful order (`settle.py`): costs, interest, principal, the doubled part
last. What it pays of the principal bears nothing any more from then on, unpaid interest bears nothing ever, and the
doubled part accrued so far stays owed. Interest is reckoned exactly from the beginning and rounded half-up as a
running total, so that no cent is lost or made by the number of payments.

The application fee is reckoned on the sum executed: what was paid in the course of execution and what is due now,
less the fee already paid (诉讼费用交纳办法 14, 38). What was paid beyond the claims covers the fee before anything
of it is too much. Payments here are those credited to the applicant; the fee is paid beside them.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from accounts.fee import application_fee
from accounts.general_interest import Terms, factor, piece_line, pieces
from accounts.interest import DAILY, DAY, RATE, Counting, Debt, Span
from accounts.settle import KINDS, LAWFUL_ORDER, Item, settle
from bureau.money import CENT, exactly, percent, to_cent, yuan

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Claim:
    """One item of the document: `cost`, `principal` (also penalties and damages), or `interest` as a fixed sum.

    `terms` order general interest on it. Without a last day of performance, or not doubled, it bears no doubled part;
    fixed interest never does (法释〔2014〕8号 1). `filed` yuan of the interest that the terms order are claimed as a
    sum of their own and are taken off it.
    """

    kind: str
    amount: Decimal
    period_ended_on: dt.date | None = None
    is_doubled: bool = True
    terms: Terms | None = None
    filed: Decimal = ZERO

    def bearing(self, counting: Counting, until: dt.date) -> int:
        """Return the days that it bears the doubled part up to a day."""
        if self.period_ended_on is None or not self.is_doubled or self.kind == "interest":
            return 0
        return counting.bearing(Debt(self.amount, self.period_ended_on), until)


@dataclass(frozen=True, slots=True)
class Payment:
    """What was credited to the claims on a day; a payment before the case was filed is not executed."""

    on: dt.date
    amount: Decimal
    is_executed: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """What the debtor owes on a day in yuan, what the next day adds, what was paid too much, and the arithmetic.

    `met` is by kind what payments met so far; `fee_held` what of them covers the fee and is not paid over yet;
    `claim_steps` are those of the steps that come to `open`, without the fee.
    """

    cost: Decimal
    interest: Decimal
    principal: Decimal
    doubled: Decimal
    fee: Decimal
    tomorrow: Decimal
    met: dict[str, Decimal]
    fee_held: Decimal
    surplus: Decimal
    steps: list[str]
    claim_steps: list[str]

    @property
    def total(self) -> Decimal:
        """Return everything, the fee included."""
        return self.open + self.fee

    @property
    def open(self) -> Decimal:
        """Return what is still to be paid on the claims."""
        return self.cost + self.interest + self.principal + self.doubled

    @property
    def obligation(self) -> Decimal:
        """Return all that the applicant is due up to the day, whether it was paid already or not."""
        return sum(self.met.values(), self.open)

    def items(self) -> list[Item]:
        """Return the same by kind, in the lawful order."""
        return [Item(kind, self.met[kind] + getattr(self, kind)) for kind in LAWFUL_ORDER]


def due_today(
    claims: Sequence[Claim],
    payments: Sequence[Payment],
    on: dt.date,
    *,
    excluded: Iterable[Span] = (),
    fee_paid: Decimal = ZERO,
) -> Due:
    """Return what is owed at the end of a day, payments of that day credited; later ones are left out.

    Raises ValueError with a sentence where a rate is not known, or days before 2014-08-01 would bear the doubled part.
    """
    counting = Counting(excluded)
    today = _due(claims, payments, on, counting, fee_paid)
    until_now = [payment for payment in payments if payment.on <= on]
    next_day = _due(claims, until_now, on + DAY, counting, fee_paid)
    added = next_day.total - today.total
    more = _("%(day)s 应付合计 %(total)s，次日增加 %(added)s") % {
        "day": on,
        "total": yuan(today.total),
        "added": yuan(added),
    }
    return replace(today, tomorrow=added, steps=[*today.steps, more])


def _due(
    claims: Sequence[Claim], payments: Sequence[Payment], on: dt.date, counting: Counting, fee_paid: Decimal
) -> Due:
    book = _Book(claims, counting)
    executed, surplus = ZERO, ZERO
    for payment in sorted(payments, key=lambda payment: payment.on):
        if payment.on > on:
            break
        book.run(payment.on)
        surplus += book.credit(payment)
        executed += payment.amount if payment.is_executed else ZERO
    book.run(on)
    sums = book.sums()
    base = executed - surplus + sum(sums.values())
    fee = application_fee(base).amount if base > 0 else ZERO
    fee_left = max(ZERO, fee - fee_paid)
    fee_held = min(surplus, fee_left)
    claim_steps = book.steps + [f"{KINDS[kind]}{_('：')}{yuan(sums[kind])}" for kind in LAWFUL_ORDER]
    steps = list(claim_steps)
    told = {"base": yuan(base), "fee": yuan(fee), "paid": yuan(fee_paid)}
    steps.append(_("执行申请费：按执行金额 %(base)s 计 %(fee)s，已交 %(paid)s") % told)
    if surplus:
        told = {"surplus": yuan(surplus), "fee": yuan(fee_held), "rest": yuan(surplus - fee_held)}
        steps.append(_("已付款超出上列各项 %(surplus)s，其中抵执行申请费 %(fee)s，多付 %(rest)s") % told)
    return Due(
        **sums,
        fee=fee_left - fee_held,
        tomorrow=ZERO,
        met=dict(book.met),
        fee_held=fee_held.quantize(CENT),
        surplus=(surplus - fee_held).quantize(CENT),
        steps=steps,
        claim_steps=claim_steps,
    )


class _Book:
    """Runs from payment to payment: open sums by claim, and two running totals."""

    def __init__(self, claims: Sequence[Claim], counting: Counting) -> None:
        self.claims = sorted(claims, key=lambda claim: claim.period_ended_on or dt.date.min)
        self.open = [claim.amount for claim in self.claims]
        self.counting, self.day = counting, dt.date.min
        filed = sum((claim.filed for claim in self.claims), ZERO)
        self.accrued = {"interest": -Fraction(filed), "doubled": Fraction(0)}
        self.credited = {"interest": ZERO, "doubled": ZERO}
        self.met = dict.fromkeys(LAWFUL_ORDER, ZERO)
        self.steps = [_("一般债务利息先扣除已按金额申请的利息 %(filed)s") % {"filed": yuan(filed)}] if filed else []

    def run(self, to: dt.date) -> None:
        """Let interest accrue up to a day on what is open."""
        for claim, amount in zip(self.claims, self.open, strict=True):
            if amount:
                self._general(claim, amount, to)
                self._doubled(claim, amount, to)
        self.day = to

    def _general(self, claim: Claim, amount: Decimal, to: dt.date) -> None:
        if claim.terms is None:
            return
        share = factor(claim.terms, to) - factor(claim.terms, self.day)
        self.accrued["interest"] += Fraction(amount) * share
        if claim.terms.unit == "month" and not claim.terms.lpr:
            # Whole months are counted from the first day of interest; a stretch between payments has none of its own.
            if share:
                told = {"until": to, "amount": yuan(amount)}
                words = _("一般债务利息：%(amount)s 按月利率计至 %(until)s") % told
                self.steps.append(f"{words} {exactly(Fraction(amount) * share)}")
            return
        terms = replace(claim.terms, from_on=max(claim.terms.from_on, self.day))
        self.steps += [f"{_('一般债务利息')}{_('：')}{piece_line(amount, piece)}" for piece in pieces(terms, to)]

    def _doubled(self, claim: Claim, amount: Decimal, to: dt.date) -> None:
        days = claim.bearing(self.counting, to) - claim.bearing(self.counting, self.day)
        part = Fraction(amount) * DAILY * days
        self.accrued["doubled"] += part
        if days:
            words = _("加倍部分债务利息：计至 %(until)s，%(days)d 日") % {"until": to, "days": days}
            self.steps.append(f"{words}{_('；')}{yuan(amount)} × {percent(RATE)} × {days} {exactly(part)}")

    def credit(self, payment: Payment) -> Decimal:
        """Credit a payment of the day in the lawful order; returns what it exceeds everything owed by."""
        sums = self.sums()
        settled = settle(payment.amount, [Item(kind, sums[kind]) for kind in LAWFUL_ORDER], on=payment.on)
        for kind, paid in settled.paid.items():
            self.met[kind] += paid
            rest = paid
            for index, claim in enumerate(self.claims):
                if claim.kind == kind:
                    taken = min(rest, self.open[index])
                    self.open[index] -= taken
                    rest -= taken
            if rest:
                self.credited[kind] += rest
        words = _("；").join(f"{KINDS[kind]} {yuan(paid)}" for kind, paid in settled.paid.items() if paid)
        told = {"day": payment.on, "amount": yuan(payment.amount), "words": words or "—"}
        self.steps.append(_("%(day)s 付款 %(amount)s，冲抵：%(words)s") % told)
        return settled.surplus

    def sums(self) -> dict[str, Decimal]:
        """Return what is owed now by kind."""
        sums = dict.fromkeys(LAWFUL_ORDER, ZERO)
        for claim, amount in zip(self.claims, self.open, strict=True):
            sums[claim.kind] += amount
        for kind, accrued in self.accrued.items():
            sums[kind] += max(ZERO, to_cent(accrued)) - self.credited[kind]
        return sums
