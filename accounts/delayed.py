"""What an approved delay holds back: while its reason stands nothing of its money goes out (法发〔2017〕6号 10)."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import Delay, Payout, Receipt
from accounts.models.receipts import ZERO
from bureau.money import yuan
from cases.models import Case

NOTHING = Decimal("0.00")
# What waits until the delay is ended: money to the applicant, and back to the debtor. What a delay itself leads to goes
# on: another court's freeze is paid there, who does not collect has it deposited, an approved plan is carried out.
HELD = (Payout.Purpose.CLAIM, Payout.Purpose.REFUND)


def standing(*, on: dt.date) -> QuerySet[Delay]:
    """Return the delays whose reason stands that day: approved, not ended, and not past their review."""
    runs = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return Delay.objects.filter(runs, state=Delay.State.APPROVED, from_on__lte=on, until_on__gte=on)


def held_receipts(case: Case, *, on: dt.date) -> QuerySet[Receipt]:
    """Return the receipts of a case that a delay holds back that day."""
    return Receipt.objects.live().filter(case=case, pk__in=standing(on=on).values("receipt"))


def held_back(case: Case, *, on: dt.date) -> Decimal:
    """Return the yuan of a case that are held back and not asked for yet; one query."""
    live = ~Q(parts__payout__state__in=Payout.ENDED)
    rows = held_receipts(case, on=on).annotate(left=F("amount") - Coalesce(Sum("parts__amount", filter=live), ZERO))
    return sum((row.left for row in rows), NOTHING)


def words(case: Case, *, on: dt.date) -> str:
    """Return what is held back, why and until which review, in one sentence."""
    rows = standing(on=on).filter(receipt__case=case, receipt__voided_at__isnull=True).select_related("receipt")
    told = [
        _("%(arrived)s 到账 %(amount)s 元：%(reason)s，复核日 %(until)s")
        % {
            "arrived": row.receipt.arrived_on,
            "amount": yuan(row.receipt.amount),
            "reason": f"{row.reason} {row.get_reason_display()}",
            "until": row.until_on,
        }
        for row in rows.order_by("receipt__arrived_on", "id")
    ]
    return _("延期发放期间不能发放，理由消除的先结束延期：%(rows)s") % {"rows": _("；").join(told)}


def of_payouts(payouts: Iterable[Payout], *, on: dt.date) -> dict[int, list[str]]:
    """Return by payout which standing delays its money is under; one query however many."""
    asked = {row.pk for row in payouts if row.purpose in HELD and not row.share_id}
    found: dict[int, list[str]] = {}
    rows = standing(on=on).filter(receipt__parts__payout__in=asked).order_by("id")
    for pk, reason, until_on in rows.values_list("receipt__parts__payout", "reason", "until_on").distinct():
        if pk in asked:
            told = {"reason": f"{reason} {Delay.Reason(reason).label}", "until": until_on}
            found.setdefault(pk, []).append(_("所用到账款处于延期发放：%(reason)s，复核日 %(until)s") % told)
    return found


def objections(payout: Payout, *, on: dt.date) -> list[str]:
    """Return that a payment uses money of a delay that stands that day."""
    if payout.purpose not in HELD or payout.share_id:
        return []
    if not payout.parts.filter(receipt__in=standing(on=on).values("receipt")).exists():
        return []
    return [words(payout.case, on=on)]
