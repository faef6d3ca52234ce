"""What the money says to a move of the case."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.debts import debt_of
from accounts.models import Batch, BatchCase, Payout, Receipt
from accounts.owed import Payment
from accounts.statement import statement_of
from bureau.money import yuan
from cases.models import Case, Performance
from cases.services.performances import PERFORM
from cases.services.settlements import is_performed

FULFILLED, PROCEDURAL = Case.ClosingMode.FULFILLED, Case.ClosingMode.PROCEDURAL


def case_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why a case may not close in its proposed mode: money owed (执行完毕 only), held, or on its way.

    Asked about direct performances, return that those confirmed and waiting exceed what was owed on their day.

    A settlement that was performed in full is 执行完毕 too, whatever it waived.

    Nor moves a case of the old book to the bureau while a payout is on its way.

    After 终本 the account lives on, so only money that is neither paid nor lawfully delayed stands against it
    (执行工作规定 64; 法〔2016〕373号).
    """
    if move == "move_over":
        return [_("尚有未办结的案款发放")] if _is_paying(case) else []
    if move == PERFORM:
        return _beyond_owed(case)
    if move not in ("propose_closing", "close") or not case.closing_mode:
        return []
    statement = statement_of(case)
    reasons = []
    if case.closing_mode == FULFILLED and statement.claimed_left and not is_performed(case):
        reasons.append(_("申请执行标的额尚有 %(owed)s 元未发放") % {"owed": yuan(statement.claimed_left)})
    if statement.balance and not (case.closing_mode == PROCEDURAL and _is_all_delayed(case, timezone.localdate(at))):
        reasons.append(_("案款账户尚有余额 %(balance)s 元") % {"balance": yuan(statement.balance)})
    if _is_paying(case):
        reasons.append(_("尚有未办结的案款发放"))
    return reasons


def _is_paying(case: Case) -> bool:
    is_batched = BatchCase.objects.filter(case=case, batch__state__in=Batch.RESERVING).exists()
    return is_batched or Payout.objects.filter(case=case).unfinished().exists()


def _beyond_owed(case: Case) -> list[str]:
    """Return that what waits for its second person exceeds what was owed on its day, by all that had come until then.

    What reaches the court later does not undo a payment that was made: it is a surplus then.
    """
    waiting = Performance.objects.filter(case=case, state=Performance.State.RECORDED, reverses=None, amount__gt=0)
    asked = [Payment(row.performed_on, row.amount) for row in waiting]
    debt = debt_of(case)
    both = replace(debt, payments=[*debt.payments, *asked])
    for day in sorted({row.on for row in asked}):
        total = sum((row.amount for row in asked if row.on <= day), Decimal("0.00"))
        try:
            before, after = debt.due(day), both.due(day)
        except ValueError:
            left, most = case.amount_claimed, case.amount_claimed
        else:
            left, most = before.open, sum(after.met.values(), Decimal(0)) - sum(before.met.values())
        if total > most:
            told = {"day": day, "left": yuan(left), "total": yuan(total)}
            words = _(
                "%(day)s 尚欠申请执行人 %(left)s 元（已扣除当日前到账和已履行的），待确认的自行履行合计 %(total)s 元"
            )
            return [words % told]
    return []


def _is_all_delayed(case: Case, today: dt.date) -> bool:
    unpaid = Receipt.objects.filter(case=case).unpaid(today=today).with_delay(on=today)
    return all(vars(receipt)["is_delayed"] for receipt in unpaid)
