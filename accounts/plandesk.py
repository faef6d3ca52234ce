"""What waits for the judge in distribution: plans to approve, and changes of who gets a disputed sum."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Distribution, PlanObjection
from bureau.desk import DeskItem
from bureau.models import User
from bureau.money import yuan

ROWS_MAX = 100


def items(user: User) -> Iterator[DeskItem]:
    """Yield the lines of one judge."""
    if not user.has_perm("accounts.check_payout"):
        return
    rows = Distribution.objects.filter(state=Distribution.State.PROPOSED, case__judge=user).exclude(proposed_by=user)
    for row in rows.select_related("case").order_by("proposed_at", "id")[:ROWS_MAX]:
        yield DeskItem(
            kind=_("核准分配方案"),
            title=_("可分配 %(pool)s 元") % {"pool": yuan(row.pool)},
            url=reverse("accounts:plan", args=[row.pk]),
            case_number=row.case.display_number,
            since_on=timezone.localdate(row.proposed_at),
        )
    asked = PlanObjection.objects.filter(asked_award__isnull=False, share__distribution__case__judge=user)
    asked = asked.exclude(asked_by=user).select_related("share__distribution__case").order_by("asked_at", "id")
    for objection in asked[:ROWS_MAX]:
        assert objection.asked_at is not None
        yield DeskItem(
            kind=_("核准分配方案异议结果"),
            title=_("%(name)s的异议") % {"name": objection.by_name},
            url=reverse("accounts:plan", args=[objection.share.distribution_id]),
            case_number=objection.share.distribution.case.display_number,
            since_on=timezone.localdate(objection.asked_at),
        )
