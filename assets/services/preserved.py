"""Property preserved before enforcement: at filing it becomes a control by itself, its old last day is the live one."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from assets import kinds
from assets.models import Control
from assets.services.controls import create
from assets.taking import PreservedData
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case, Party


@transaction.atomic
def take_over_preserved(case: Case, rows: Iterable[PreservedData], *, at: dt.datetime, actor: User) -> list[Control]:
    """Record what was preserved as controls of the case: no new ruling, the term runs on (法释〔2016〕22号 17).

    民诉法解释 168. Permission is the caller's (the window's, in intake). Raises Refused with every objection, named by
    its line.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    debtors = {party.position: party for party in case.parties.all() if party.side == Party.Side.DEBTOR}
    made, reasons = [], []
    for number, row in enumerate(rows, start=1):
        try:
            made.append(_take_over(case, debtors.get(row.debtor), row, at=at, actor=actor))
        except Refused as refusal:
            words = ({"number": number, "reason": reason} for reason in refusal.reasons)
            reasons += [_("第 %(number)d 项保全财产：%(reason)s") % said for said in words]
    if reasons:
        raise Refused(reasons)
    return made


def _take_over(case: Case, debtor: Party | None, row: PreservedData, *, at: dt.datetime, actor: User) -> Control:
    if debtor is None:
        raise Refused(_("没有这名被执行人"))
    kind = kinds.BY_CODE.get(row.data.kind)
    has_term = kind is not None and kind.years_max is not None and row.data.rank == 1
    # The old last day is the live one: it is asked for, never counted anew.
    reasons = [_("请填写保全裁定载明的届满日")] if has_term and row.data.to_on is None else []
    return create(case, debtor, row.data, Control.Origin.PRESERVATION, reasons=reasons, at=at, actor=actor)
