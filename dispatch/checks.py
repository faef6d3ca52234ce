"""What the command centre says to a move of the case."""

import datetime as dt

from django.utils.translation import gettext as _

from bureau.models import User
from cases.models import Case
from dispatch.models import Conflict, SendBack, Verdict
from dispatch.oldbook import OLD_BOOK
from dispatch.takeovers import Bars


def case_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why a case may not be assigned yet: it needs a verdict, and to be back from its window."""
    if move != "allocate":
        return []
    if case.executing_unit != Case.ExecutingUnit.BUREAU:
        return [str(OLD_BOOK)]
    reasons = [] if Verdict.objects.filter(case=case).exists() else [_("请先完成繁简分流")]
    if SendBack.objects.open().filter(case=case).exists():
        reasons.append(_("本案已退回窗口补正，窗口答复或撤回退回后再分案"))
    return reasons


def recusals(case: Case, user: User) -> list[str]:
    """Return why the user keeps off the case: a declared relation to one of its parties (民诉法解释 43, 44, 49)."""
    if not Conflict.objects.live().filter(user=user).exists():
        return []
    relation = Bars(user, []).relation_to(case)
    return (
        []
        if relation is None
        else [_("您与本案或者本案当事人有已申报的关系（%(relation)s），应当回避") % {"relation": relation}]
    )
