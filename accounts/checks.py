"""What the money says to a move of the case."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Batch, BatchCase, Payout, Receipt
from accounts.statement import statement_of
from bureau.money import yuan
from cases.models import Case
from cases.services.settlements import is_performed

FULFILLED, PROCEDURAL = Case.ClosingMode.FULFILLED, Case.ClosingMode.PROCEDURAL


def case_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why a case may not close in its proposed mode: money owed (执行完毕 only), held, or on its way.

    A settlement that was performed in full is 执行完毕 too, whatever it waived.

    After 终本 the account lives on, so only money that is neither paid nor lawfully delayed stands against it
    (执行工作规定 64; 法〔2016〕373号).
    """
    if move not in ("propose_closing", "close") or not case.closing_mode:
        return []
    statement = statement_of(case)
    reasons = []
    if case.closing_mode == FULFILLED and statement.claimed_left and not is_performed(case):
        reasons.append(_("申请执行标的额尚有 %(owed)s 元未发放") % {"owed": yuan(statement.claimed_left)})
    if statement.balance and not (case.closing_mode == PROCEDURAL and _is_all_delayed(case, timezone.localdate(at))):
        reasons.append(_("案款账户尚有余额 %(balance)s 元") % {"balance": yuan(statement.balance)})
    is_batched = BatchCase.objects.filter(case=case, batch__state__in=Batch.RESERVING).exists()
    if is_batched or Payout.objects.filter(case=case).unfinished().exists():
        reasons.append(_("尚有未办结的案款发放"))
    return reasons


def _is_all_delayed(case: Case, today: dt.date) -> bool:
    unpaid = Receipt.objects.filter(case=case).unpaid(today=today).with_delay(on=today)
    return all(vars(receipt)["is_delayed"] for receipt in unpaid)
