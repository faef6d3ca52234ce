"""Interest that a filing names: whose terms the judge still has to say, and what waits for its second person."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.debts import RUNNING, open_ended
from accounts.models import InterestTerm
from bureau.desk import DeskItem
from bureau.models import User
from cases.models import Case, Claim
from cases.models.leadership import led_by

ROWS_MAX = 20


def items(user: User) -> Iterator[DeskItem]:
    """Yield what waits for the user; three queries."""
    if user.has_perm("accounts.check_payout"):
        yield from _unsaid(user)
    yield from _waiting(user)


def _unsaid(user: User) -> Iterator[DeskItem]:
    named = Q(claims__amount__isnull=True, claims__kind__in=RUNNING) | ~Q(claims__rate="")
    cases = Case.objects.open().filter(named, judge=user).distinct()
    said = InterestTerm.objects.filter(state__in=(InterestTerm.State.CONFIRMED, InterestTerm.State.PROPOSED))
    settled = set(said.filter(claim__case__judge=user).values_list("claim_id", flat=True))
    claims: dict[int, list[Claim]] = {}
    for claim in (
        Claim.objects.filter(case__in=cases).select_related("case").order_by("case__filed_on", "case", "position")
    ):
        claims.setdefault(claim.case_id, []).append(claim)
    waiting = [found for rows in claims.values() if (found := open_ended(rows, settled))]
    for found in waiting[:ROWS_MAX]:
        claim = found[0]
        yield DeskItem(
            kind=_("利息计算方法待录入"),
            title=_("%(item)s：%(rate)s；录入前应付金额不含该项利息")
            % {"item": claim.get_kind_display(), "rate": claim.rate or _("未写明利率")},
            url=reverse("accounts:due", args=[claim.case_id]),
            case_number=claim.case.display_number,
            since_on=claim.case.filed_on,
        )


def _waiting(user: User) -> Iterator[DeskItem]:
    rows = InterestTerm.objects.proposed().exclude(set_by=user)
    if led := led_by(user, "CHIEF", "VICE_PRESIDENT", case="claim__case__"):
        # Who leads the case stands in where the owner of the stage is the judge himself.
        alone = Q(claim__case__owner__isnull=True) | Q(claim__case__owner__pk=F("set_by"))
        rows = rows.filter(Q(claim__case__owner=user) | led & alone)
    elif user.has_perm("accounts.request_payout"):
        rows = rows.filter(claim__case__owner=user)
    else:
        return
    for row in rows.select_related("claim__case").order_by("set_at", "id")[:ROWS_MAX]:
        yield DeskItem(
            kind=_("利息计算方法待复核"),
            title=_("请按生效法律文书核对利率、起算日"),
            url=reverse("accounts:due", args=[row.claim.case_id]),
            case_number=row.claim.case.display_number,
            since_on=timezone.localdate(row.set_at),
        )
