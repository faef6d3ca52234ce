"""What the money says to a move of the case."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import Payout
from accounts.statement import statement_of
from bureau.money import yuan
from cases.models import Case


def case_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why a case may not close: money owed (执行完毕 only), held, or on its way (执行工作规定 64)."""
    if move not in ("fulfil", "terminate"):
        return []
    statement = statement_of(case)
    reasons = []
    if move == "fulfil" and statement.owed:
        reasons.append(_("申请执行人尚欠 %(owed)s 元未发放") % {"owed": yuan(statement.owed)})
    if statement.balance:
        reasons.append(_("案款账户尚有余额 %(balance)s 元") % {"balance": yuan(statement.balance)})
    if Payout.objects.filter(case=case).unfinished().exists():
        reasons.append(_("尚有未办结的案款发放"))
    return reasons
