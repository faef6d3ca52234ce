"""Who did what on every payout of a period, for the inspector (domain handbook §2.4)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Batch, Payout
from bureau.calendar import DAY, end_of
from bureau.models import User

# Field of the person, field of the moment.
STEPS = (
    ("requested", "requested_by", "requested_at"),
    ("checked", "checked_by", "checked_at"),
    ("approved", "approved_by", "approved_at"),
    ("paid", "paid_by", "sent_at"),
    ("sent_back", "sent_back_by", "sent_back_at"),
    ("reversed", "reversed_by", "reversed_at"),
)


def step_labels() -> dict[str, str]:
    """Return what each step is called."""
    return {
        "requested": _("申请"),
        "checked": _("审核"),
        "approved": _("审批"),
        "paid": _("付款"),
        "sent_back": _("财务退回"),
        "reversed": _("冲正"),
    }


@dataclass(slots=True)
class Share:
    """What one person did in the period: how many of each step, and yuan over all steps he paid or approved."""

    name: str
    counts: dict[str, int]
    amounts: dict[str, Decimal]

    @property
    def kinds(self) -> int:
        """Return how many different kinds of step he did; each on other payouts, or the report says so."""
        return sum(bool(count) for count in self.counts.values())


def payouts(user: User, *, from_on: dt.date, until_on: dt.date) -> QuerySet[Payout]:
    """Return every payout on which any step was taken within the days, oldest request first."""
    within = Q(pk__in=[])
    for _step, _who, moment in STEPS:
        within |= _between(moment, from_on, until_on)
    rows = Payout.objects.visible_to(user).single().for_list().select_related("reversed_by", "approved_as__principal")
    return rows.filter(within).order_by("requested_at", "id")


# The same steps on a batch, where the roster has two people of its own besides.
BATCH_STEPS = (
    ("requested", "requested_by", "requested_at"),
    ("checked", "checked_by", "checked_at"),
    ("approved", "approved_by", "approved_at"),
    ("paid", "paid_by", "paid_at"),
)


def batches(user: User, *, from_on: dt.date, until_on: dt.date) -> QuerySet[Batch]:
    """Return every batch on which any step was taken within the days, its roster's too, oldest first."""
    within = _between("entered_at", from_on, until_on) | _between("confirmed_at", from_on, until_on)
    for _step, _who, moment in BATCH_STEPS:
        within |= _between(moment, from_on, until_on)
    return Batch.objects.visible_to(user).for_list().filter(within).order_by("entered_at", "id")


def shares(user: User, *, from_on: dt.date, until_on: dt.date) -> list[Share]:
    """Return what each person did within the days, by name; a batch counts once; one query per step."""
    found: dict[int, Share] = {}
    singles, whole = Payout.objects.visible_to(user).single(), Batch.objects.visible_to(user)
    sources = [(singles, "amount", step) for step in STEPS] + [(whole, "total", step) for step in BATCH_STEPS]
    for source, field, (step, who, moment) in sources:
        rows = source.filter(_between(moment, from_on, until_on)).order_by()
        for pk, name, count, amount in rows.values_list(who, f"{who}__name").annotate(Count("pk"), Sum(field)):
            share = found.setdefault(pk, Share(name, {}, {}))
            share.counts[step] = share.counts.get(step, 0) + count
            share.amounts[step] = share.amounts.get(step, Decimal("0.00")) + amount
    return sorted(found.values(), key=lambda share: share.name)


def _between(field: str, from_on: dt.date, until_on: dt.date) -> Q:
    return Q(**{f"{field}__gte": end_of(from_on - DAY), f"{field}__lt": end_of(until_on)})


def is_separate(row: Payout) -> bool:
    """Return whether nobody took two steps on it."""
    people = [row.requested_by_id, row.checked_by_id, row.approved_by_id, row.paid_by_id, row.sent_back_by_id]
    signed = [pk for pk in people if pk]
    return len(signed) == len(set(signed))


def stamp(name: str, moment: dt.datetime | None) -> str:
    """Return one step in one cell: who and when."""
    return f"{name} {timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
