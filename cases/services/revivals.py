"""A closed case comes back as a new 执恢 case that keeps the old one in view (民诉法解释 517, 518)."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import same_day
from bureau.errors import Refused, of_field
from bureau.models import User, Window
from cases.filing import BasisData, ClaimData, FilingData, PartyData
from cases.models import Case, Claim, Settlement
from cases.record import record
from cases.services.filing import register

# 民诉法解释 518: after a withdrawal, within the limitation of enforcement; 466: from the last day of a settlement.
REAPPLY_YEARS = 2
# What a payment is taken for first; everything else comes after.
LAWFUL: dict[str, int] = {Claim.Kind.COURT_FEE: 0, Claim.Kind.PRESERVATION_FEE: 0, Claim.Kind.INTEREST: 1}
# Notes of the record stay Chinese.
REVIVED_AS = "恢复执行：{number}"


def revival_objections(case: Case, *, at: dt.datetime) -> list[str]:
    """Return why a case may not be revived: only 终本, or 终结 within two years; one running revival at a time."""
    if case.is_open:
        return [_("案件未结，不能恢复执行立案")]
    if case.revivals.exclude(stage__in=Case.ENDED).exists():
        return [_("本案已有在办的恢复执行案件")]
    if case.closing_mode == Case.ClosingMode.PROCEDURAL:
        return []
    if case.closing_mode != Case.ClosingMode.TERMINATED or case.closed_on is None:
        return [_("只有终结本次执行程序或终结执行的案件可以恢复")]
    return _term_objections(case, case.closed_on, timezone.localdate(at))


def _term_objections(case: Case, closed_on: dt.date, today: dt.date) -> list[str]:
    agreement = continuing_settlement(case)
    from_on = max(agreement.last_due_on, closed_on) if agreement else closed_on
    last = same_day(from_on, months=12 * REAPPLY_YEARS)
    if today <= last:
        return []
    if agreement:
        return [_("和解协议未履行，申请恢复执行的期限已于 %(day)s 届满") % {"day": last}]
    return [_("撤回申请后再次申请的期限已于 %(day)s 届满") % {"day": last}]


def continuing_settlement(case: Case) -> Settlement | None:
    """Return the agreement that went on after 终结执行; its breach brings the case back (民诉法解释 466)."""
    return case.settlements.filter(outcome=Settlement.Outcome.CONTINUES).order_by("-id").first()


@transaction.atomic
def revive(case: Case, *, window: Window, amount: Decimal, ground: str, at: dt.datetime, actor: User) -> Case:
    """File the 执恢 case of a closed one: same parties, basis and court, the amount still owed; routed by the table.

    Raises Refused with every objection. Permission is the caller's (the window's, in intake).
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    reasons = revival_objections(case, at=at)
    if not ground.strip():
        reasons.append(of_field("ground", _("请写明恢复执行的理由")))
    if amount < 0 or (amount == 0 and case.amount_claimed > 0):
        reasons.append(of_field("amount", _("尚欠金额应大于零")))
    if reasons:
        raise Refused(reasons)
    revived = register(_filing_of(case, window, amount), revives=case, at=at, actor=actor)
    if agreement := continuing_settlement(case):
        end_note = REVIVED_AS.format(number=revived.display_number)
        agreement.outcome, agreement.ended_on = Settlement.Outcome.BROKEN, timezone.localdate(at)
        agreement.end_note = end_note
        agreement.save(update_fields=["outcome", "ended_on", "end_note"])
    record(revived, "revive", at=at, case=case, actor=actor, number=revived.display_number, note=ground.strip()[:300])
    return revived


def _filing_of(case: Case, window: Window, amount: Decimal) -> FilingData:
    basis = BasisData(
        case.basis_kind,
        case.basis_issuer,
        case.basis_number,
        case.basis_made_on,
        case.basis_effective_on,
        case.performance_due_on,
        case.basis_title,
    )
    return FilingData(
        court_code=case.number_court.code,
        window_code=window.code,
        basis=basis,
        parties=tuple(
            PartyData(
                side=party.side,
                kind=party.kind,
                name=party.name,
                id_number=party.id_number,
                id_kind=party.id_kind,
                phone=party.phone,
                address=party.address,
                legal_representative=party.legal_representative,
            )
            for party in case.parties.filter(left_on__isnull=True).order_by("side", "position")
        ),
        claims=claims_left(case.claims.order_by("position"), amount),
        cause=case.cause,
        clues=case.clues,
        is_demo=case.is_demo,
    )


def claims_left(claims: Iterable[Claim], left: Decimal) -> tuple[ClaimData, ...]:
    """Return the items of a closed case as far as `left` yuan of them are still owed; acts and things stay as they are.

    What was paid is taken from costs, then interest, then the rest (民法典 561), each in the order of the document;
    every item keeps its kind, rate and whether it bears the doubled part. What is owed beyond the items bears none.
    """
    rows = list(claims)
    paid = sum((row.amount for row in rows if row.amount is not None), Decimal("0.00")) - left
    amounts: dict[int, Decimal] = {}
    owed = [row for row in rows if row.amount is not None]
    for row in sorted(owed, key=lambda row: LAWFUL.get(row.kind, len(LAWFUL))):
        assert row.amount is not None
        taken = min(max(paid, Decimal("0.00")), row.amount)
        amounts[row.pk], paid = row.amount - taken, paid - taken
    made = [
        ClaimData(
            kind=row.kind,
            amount=amounts.get(row.pk),
            base=row.base,
            rate=row.rate,
            from_on=row.from_on,
            is_doubled=row.is_doubled,
            note=row.note,
        )
        for row in rows
        if row.amount is None or amounts[row.pk] > 0
    ]
    if paid < 0:
        made.append(ClaimData(kind=Claim.Kind.OTHER, amount=-paid, is_doubled=False, note=_("原案尚欠金额")))
    return tuple(made)
