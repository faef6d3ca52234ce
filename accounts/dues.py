"""The 15 days of money received, for the calendar of deadlines: node 37, counted in this room (房管规定 10)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.legs import PARTS, WHERE, batched, holds
from accounts.models import Payout, Receipt
from accounts.services.payouts import acts_for
from accounts.services.requests import may_ask
from accounts.terms import term
from accounts.tiers import tier_of
from bureau.models import Holiday, User
from bureau.money import yuan
from bureau.roles import BY_CODE, has_role
from cases.dues import CaseDue, Due, level_of
from cases.models import Case

NODE = "PAYOUT"
ROWS_MAX = 500


def due(user: User, first: dt.date, last: dt.date, *, today: dt.date, is_own: bool) -> Iterator[Due]:
    """Yield what is unpaid and not lawfully delayed, by its last day; finance owes what every case waits for."""
    rows = Receipt.objects.visible_to(user).unpaid(today=today).with_delay(on=today)
    rows = rows.filter(Q(is_delayed=False), due_on__range=(first, last))
    if is_own and not has_role(user, "FINANCE"):
        rows = rows.filter(Q(case__owner=user) | Q(case__judge=user))
    for row in rows.select_related("case").order_by("due_on", "id")[:ROWS_MAX]:
        label = _("案款发放期限，未发放 %(amount)s 元") % {"amount": yuan(row.unpaid)}  # type: ignore[attr-defined]
        url = reverse("accounts:case_money", args=[row.case_id])
        yield Due(row.due_on, row.case, NODE, row.pk, label, url, level_of(NODE, row.due_on, today=today))


def of_case(case: Case, user: User, *, today: dt.date) -> Iterator[CaseDue]:
    """Yield the first money of the case that is unpaid and not lawfully delayed, and what it waits for from whom."""
    rows = Receipt.objects.filter(case=case).unpaid(today=today).with_delay(on=today).filter(Q(is_delayed=False))
    row = rows.prefetch_related(PARTS).order_by("due_on", "id").first()
    if row is None:
        return
    hold = holds(row, days=Holiday.objects.calendar(), waiting=batched())[0]
    label = _("案款发放期限")
    if user.has_perm("accounts.view_money"):
        label = _("案款发放期限，未发放 %(amount)s 元") % {"amount": yuan(row.unpaid)}  # type: ignore[attr-defined]
    act, who, url = _next_act(case, row, hold.where, user, today=today)
    yield CaseDue(
        on=row.due_on,
        node=NODE,
        label=label,
        basis=term("PAYOUT", on=row.arrived_on).basis,
        steps=row.due_steps,
        act=act,
        who=who,
        url=url,
    )


def _next_act(case: Case, row: Receipt, where: str, user: User, *, today: dt.date) -> tuple[str, str, str]:
    """Return the act in words, who must do it, and its address where that is the user."""
    if where == "OWNER":
        url = reverse("accounts:request_payout", args=[case.pk]) if may_ask(case, user) else ""
        return _("申请发放案款"), case.owner.name if case.owner else _("承办人"), url
    waiting = [part.payout for part in row.parts.all() if WHERE.get(Payout.State(part.payout.state)) == where]
    payout = waiting[0] if waiting else None
    does = payout is not None and bool(acts_for(payout, user, on=today))
    url = reverse("accounts:payout", args=[payout.pk]) if payout and does else ""
    role = tier_of(payout.amount, on=today).role if payout else "CHIEF"
    checker = case.judge.name if case.judge and payout and payout.requested_by_id != case.judge_id else _("其他法官")
    return {
        "JUDGE": (_("审核案款发放"), checker, url),
        "APPROVER": (_("审批案款发放"), str(BY_CODE[role].label), url),
        "FINANCE": (_("案款付款"), _("案款管理人员"), url),
        "BANK": (_("登记银行付款结果"), _("案款管理人员"), ""),
    }[where]
