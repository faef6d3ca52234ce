"""Projects what each case owes, for the debtor's QR; runs in the staff system's worker (see `services.py`).

The public process knows no other room: it gets the sums of the next days ready, and the arithmetic of the day on which
they were reckoned, in both languages. A page is reckoned anew each day and whenever something was done on its case.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone, translation

from accounts.debts import Debt, debts_of
from accounts.models import Account, DebtCode, Payout
from bureau.models import Chain
from cases.models import Case
from portal import keys
from portal.models import DebtPage

VERSION = 2
BATCH = 100
CLOSED_ON = dt.date(9999, 12, 31)  # nothing is reckoned any more until something is done on the case
DAYS = 8  # today and a week, should the worker rest
PARTS = ("principal", "interest", "doubled", "cost", "fee", "total", "tomorrow", "surplus")


def project(*, at: dt.datetime) -> int:
    """Bring the pages of all live codes up to the day and to their records; return how many were written."""
    live = DebtCode.objects.live()
    DebtPage.objects.exclude(case_id__in=live.values("case_id")).delete()
    count = 0
    while written := _project_batch(at=at):
        count += written
    return count


def waiting(today: dt.date) -> QuerySet[DebtCode]:
    """Return live codes whose page is missing, another code's, of another day or form, or older than its case."""
    chain = Chain.objects.filter(name=Concat(Value("case:"), Cast(OuterRef("case_id"), CharField())))
    page = DebtPage.objects.filter(case_id=OuterRef("case_id"))
    rows = DebtCode.objects.live().annotate(
        chain_seq=Subquery(chain.values("seq")[:1]),
        page_seq=Subquery(page.values("event_seq")[:1]),
        page_on=Subquery(page.values("computed_on")[:1]),
        page_version=Subquery(page.values("version")[:1]),
        page_code=Subquery(page.values("code_id")[:1]),
    )
    stale = Q(page_seq__isnull=True) | Q(page_seq__lt=F("chain_seq")) | Q(page_on__lt=today)
    return rows.filter(stale | ~Q(page_version=VERSION) | ~Q(page_code=F("pk"))).order_by("case_id")


@transaction.atomic
def _project_batch(*, at: dt.datetime) -> int:
    today = timezone.localdate(at)
    rows = waiting(today).select_for_update(of=("self",), skip_locked=True, no_key=True)
    codes = list(rows[:BATCH])
    cases = {case.pk: case for case in _cases([code.case_id for code in codes])}
    debts = debts_of(list(cases.values()))
    used: dict[int, dict[str, str]] = {}
    paid = Payout.objects.filter(case__in=cases, state=Payout.State.PAID).order_by()
    for pk, purpose, total in paid.values_list("case", "purpose").annotate(total=Sum("amount")):
        used.setdefault(pk, {})[purpose] = str(total)
    numbers = dict(Account.objects.filter(case__in=cases).values_list("case_id", "number"))
    DebtPage.objects.bulk_create(
        [
            DebtPage(
                case_id=code.case_id,
                code_id=code.pk,
                version=VERSION,
                token_hmac=keys.token_hmac(code.token),
                payload={
                    "used": used.get(code.case_id, {}),
                    **payload_of(cases[code.case_id], debts[code.case_id], numbers.get(code.case_id, ""), today),
                },
                event_seq=vars(code)["chain_seq"] or 0,
                computed_on=today if _is_live(cases[code.case_id]) else CLOSED_ON,
                projected_at=at,
            )
            for code in codes
        ],
        update_conflicts=True,
        unique_fields=["case_id"],
        update_fields=["code_id", "version", "token_hmac", "payload", "event_seq", "computed_on", "projected_at"],
    )
    return len(codes)


def _is_live(case: Case) -> bool:
    return case.is_open or case.lives_on


def _cases(ids: Sequence[int]) -> QuerySet[Case]:
    return Case.objects.filter(pk__in=ids).select_related("number_court", "team", "stream_team")


def payload_of(case: Case, debt: Debt, account: str, today: dt.date) -> dict[str, Any]:
    """Return the page's content as JSON; amounts are yuan as text, days ISO."""
    team = case.stream_team or case.team
    page: dict[str, Any] = {
        "number": case.display_number,
        "court": case.number_court.name,
        "is_open": _is_live(case),
        "is_open_ended": debt.is_open_ended,
        "has_acts": not debt.claims,
        "account": {"number": account, "holder": settings.ESCROW_HOLDER, "bank": settings.ESCROW_BANK},
        "paid": [{"on": row.on.isoformat(), "amount": str(row.amount)} for row in debt.payments if row.on <= today],
        "phone": team.phone if team else "",
    }
    return page | (_sums(debt, today) if debt.claims and _is_live(case) else {"days": {}, "steps": {}})


def _sums(debt: Debt, today: dt.date) -> dict[str, Any]:
    days, steps = {}, {}
    try:
        for number in range(DAYS):
            day = today + dt.timedelta(days=number)
            due = debt.due(day)
            days[day.isoformat()] = {name: str(getattr(due, name)) for name in PARTS}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                steps[language] = debt.due(today).steps
    except ValueError:
        # A rate that is not published yet, or years under an older rule: the sum is the court's to tell.
        return {"days": {}, "steps": {}}
    return {"days": days, "steps": steps, "steps_on": today.isoformat()}
