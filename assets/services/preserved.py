"""Property controlled before the case came here: what was preserved before enforcement, or by the court of an old case.

At filing it becomes a control by itself, its old last day is the live one.
"""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assets import kinds
from assets.models import Control
from assets.services.controls import create
from assets.taking import ControlData, PreservedData
from bureau.errors import Refused, of_field
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


@transaction.atomic
def take_over_old(case: Case, debtor: Party, data: ControlData, *, at: dt.datetime, actor: User) -> Control:
    """Record what a court controls in a case of its old book: by its own ruling, to the last day that this names.

    From then on it is renewed and released like any other (民诉法解释 485). Raises Refused with every objection.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    is_own = case.is_of_court and case.taken_in_on is not None and case.team_id == actor.team_id
    if not actor.has_perm("cases.import_old_book") or not is_own:
        raise PermissionDenied
    reasons = _dateless(data, _("请填写裁定载明的届满日，续行过的填最近一次的"))
    return create(case, debtor, data, Control.Origin.TAKEN_IN, reasons=reasons, at=at, actor=actor)


def _dateless(data: ControlData, words: str) -> list[str]:
    """Return that the last day is missing: the old one is the live one, it is asked for and never counted anew."""
    kind = kinds.BY_CODE.get(data.kind)
    has_term = kind is not None and kind.years_max is not None and data.rank == 1
    return [of_field("to_on", words)] if has_term and data.to_on is None else []


def _take_over(case: Case, debtor: Party | None, row: PreservedData, *, at: dt.datetime, actor: User) -> Control:
    if debtor is None:
        raise Refused(_("没有这名被执行人"))
    reasons = _dateless(row.data, _("请填写保全裁定载明的届满日"))
    return create(case, debtor, row.data, Control.Origin.PRESERVATION, reasons=reasons, at=at, actor=actor)
