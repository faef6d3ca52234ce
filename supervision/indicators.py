"""The bureau's figures as of the end of a day, all by queries over days that never change (domain handbook §11)."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncWeek

from accounts.models import ZERO, Delay, Payout, PayoutPart, Receipt, stood
from bureau.calendar import end_of
from cases.models import Case

NOTHING = Decimal("0.00")
# The old book has figures of its own (oldbook.py): a case counts here once it is the bureau's.
OURS = Q(case__executing_unit=Case.ExecutingUnit.BUREAU)
WEEKS = 20
PAY_DAYS = ("≤5", "6–10", "11–15", "16–30", ">30")
PAY_DAYS_MAX = (5, 10, 15, 30)
OPEN_DAYS = ("≤30", "31–90", "91–180", ">180")
OPEN_DAYS_MAX = (30, 90, 180)


@dataclass(frozen=True, slots=True)
class Age:
    """One class of ages in days: how many, and yuan where money ages."""

    label: str
    count: int
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """Cases accepted and closed in the week that starts on this Monday, up to the day asked for."""

    from_on: dt.date
    accepted: int
    closed: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure as of one day; rates are per cent with two places as text, None without a denominator; yuan."""

    as_of: dt.date
    accepted: int
    closed: int
    open: int
    close_rate: str | None
    triage_days_median: float | None
    triaged: int
    triage_days: dict[int, int]
    receipts: int
    amount_arrived: Decimal
    payouts: int
    amount_paid: Decimal
    overdue_unpaid: int
    amount_overdue: Decimal
    due_receipts: int
    paid_in_time_rate: str | None
    paid_in_time_amount_rate: str | None
    closing_days_average: str | None
    by_court: dict[str, dict[str, int]]
    by_window: dict[str, dict[str, int]]
    by_stream: dict[str, dict[str, int]]
    closing_modes: dict[str, int]
    weeks: list[Week]
    unpaid_ages: list[Age]
    open_ages: list[Age]

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data: yuan and days as text."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), cls=DjangoJSONEncoder))
        return plain


def figures(as_of: dt.date) -> Figures:
    """Return all figures as of the end of that day; ten queries whatever the size of the book."""
    groups = _groups(as_of)
    accepted = sum(group["accepted"] for group in groups)
    closed = sum(group["closed"] for group in groups)
    triage_days = _triage_days(as_of)
    closing_days = sum((group["closing_days"] or dt.timedelta()).days for group in groups)
    return Figures(
        as_of=as_of,
        accepted=accepted,
        closed=closed,
        open=accepted - closed,
        close_rate=rate(closed, accepted),
        triage_days_median=median(triage_days),
        triaged=sum(triage_days.values()),
        triage_days=triage_days,
        closing_days_average=_quotient(closing_days, closed, places="0.1"),
        by_court=_split(groups, "number_court__code"),
        by_window=_split(groups, "filing_window__code"),
        by_stream=_by_stream(as_of),
        closing_modes=_closing_modes(as_of),
        weeks=_weeks(as_of),
        open_ages=_open_ages(as_of),
        unpaid_ages=_unpaid_ages(as_of),
        **_money(as_of),
        **_paid_in_time(as_of),
    )


def rate(part: int | Decimal, whole: int | Decimal) -> str | None:
    """Return part ÷ whole in per cent, two places, half-up, such as 92.63; None when the whole is nothing."""
    return _quotient(part * 100, whole, places="0.01")


def _quotient(part: int | Decimal, whole: int | Decimal, *, places: str) -> str | None:
    return str((Decimal(part) / Decimal(whole)).quantize(Decimal(places), ROUND_HALF_UP)) if whole else None


def median(counts: Mapping[int, int]) -> float | None:
    """Return the median of values given with how often each occurs; None without any."""
    total = sum(counts.values())
    if not total:
        return None
    middle = [_at(counts, (total - 1) // 2), _at(counts, total // 2)]
    return sum(middle) / 2


def _at(counts: Mapping[int, int], place: int) -> int:
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return value
    raise IndexError(place)


def _groups(as_of: dt.date) -> list[dict[str, Any]]:
    is_closed = Q(closed_on__lte=as_of)
    rows = Case.objects.of_bureau().accepted_by(as_of).order_by().values("number_court__code", "filing_window__code")
    groups = rows.annotate(
        accepted=Count("pk"),
        closed=Count("pk", filter=is_closed),
        closing_days=Sum(F("closed_on") - F("filed_on"), filter=is_closed),
    )
    return [dict(group) for group in groups]


def _split(groups: Iterable[Mapping[str, Any]], key: str) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for group in sorted(groups, key=lambda group: str(group[key])):
        row = counts.setdefault(group[key], {"accepted": 0, "closed": 0})
        row["accepted"] += group["accepted"]
        row["closed"] += group["closed"]
    return counts


def _by_stream(as_of: dt.date) -> dict[str, dict[str, int]]:
    """Count by the verdict given by that day; a case not yet triaged then stands under the empty stream."""
    rows = Case.objects.of_bureau().accepted_by(as_of).order_by()
    then = rows.annotate(was_triaged=_wrapped(Q(triaged_on__lte=as_of))).values("stream", "was_triaged")
    counts: dict[str, dict[str, int]] = {}
    for group in then.annotate(accepted=Count("pk"), closed=Count("pk", filter=Q(closed_on__lte=as_of))):
        row = counts.setdefault(group["stream"] if group["was_triaged"] else "", {"accepted": 0, "closed": 0})
        row["accepted"] += group["accepted"]
        row["closed"] += group["closed"]
    return counts


def _wrapped(condition: Q) -> Coalesce:
    return Coalesce(ExpressionWrapper(condition, output_field=BooleanField()), False)


def _closing_modes(as_of: dt.date) -> dict[str, int]:
    rows = Case.objects.of_bureau().closed_by(as_of).order_by().values("closing_mode").annotate(count=Count("pk"))
    counts = {row["closing_mode"]: row["count"] for row in rows}
    return {mode: counts.get(mode, 0) for mode in Case.ClosingMode.values}


def _triage_days(as_of: dt.date) -> dict[int, int]:
    """Return how many cases took how many calendar days from filing to triage, of those triaged by the day."""
    rows = Case.objects.of_bureau().filter(triaged_on__lte=as_of).order_by()
    days = rows.annotate(days=F("triaged_on") - F("filed_on")).values("days").annotate(count=Count("pk"))
    return {row["days"].days: row["count"] for row in sorted(days, key=lambda row: row["days"])}


def _weeks(as_of: dt.date) -> list[Week]:
    this_week = as_of - dt.timedelta(days=as_of.weekday())
    mondays = [this_week - dt.timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    counts = [
        dict(
            Case.objects.of_bureau()
            .filter(**{f"{day}__gte": mondays[0], f"{day}__lte": as_of})
            .order_by()
            .annotate(week=TruncWeek(day))
            .values("week")
            .annotate(count=Count("pk"))
            .values_list("week", "count")
        )
        for day in ("filed_on", "closed_on")
    ]
    return [Week(monday, counts[0].get(monday, 0), counts[1].get(monday, 0)) for monday in mondays]


def _open_ages(as_of: dt.date) -> list[Age]:
    counts: Counter[int] = Counter()
    rows = Case.objects.of_bureau().open_on(as_of).order_by().values("filed_on").annotate(count=Count("pk"))
    for row in rows:
        counts[_class((as_of - row["filed_on"]).days, OPEN_DAYS_MAX)] += row["count"]
    return [Age(label, counts[place]) for place, label in enumerate(OPEN_DAYS)]


def _unpaid_ages(as_of: dt.date) -> list[Age]:
    counts: Counter[int] = Counter()
    amounts: dict[int, Decimal] = {}
    for receipt in Receipt.objects.filter(OURS).unpaid(today=as_of):
        arrived_on, unpaid = receipt.arrived_on, vars(receipt)["unpaid"]
        place = _class((as_of - arrived_on).days, PAY_DAYS_MAX)
        counts[place] += 1
        amounts[place] = amounts.get(place, NOTHING) + unpaid
    return [Age(label, counts[place], amounts.get(place, NOTHING)) for place, label in enumerate(PAY_DAYS)]


def _class(days: int, limits: tuple[int, ...]) -> int:
    return sum(days > limit for limit in limits)


def _money(as_of: dt.date) -> dict[str, Any]:
    # What one case passes on to another, or keeps for an absent creditor, neither came to the bureau nor left it.
    arrived = (
        Receipt.objects.filter(OURS).known_by(as_of).from_outside().aggregate(count=Count("pk"), amount=Sum("amount"))
    )
    paid = Payout.objects.filter(OURS).paid_by(as_of).to_somebody().aggregate(count=Count("pk"), amount=Sum("amount"))
    late = Receipt.objects.filter(OURS).overdue(today=as_of).aggregate(count=Count("pk"), amount=Sum("unpaid"))
    return {
        "receipts": arrived["count"],
        "amount_arrived": arrived["amount"] or NOTHING,
        "payouts": paid["count"],
        "amount_paid": paid["amount"] or NOTHING,
        "overdue_unpaid": late["count"],
        "amount_overdue": late["amount"] or NOTHING,
    }


def _paid_in_time(as_of: dt.date) -> dict[str, Any]:
    """Of the receipts due by the day: wholly paid by their day, or under an approved delay on it."""
    in_time = (
        PayoutPart.objects.filter(
            stood(as_of, "payout__"),
            receipt=OuterRef("pk"),
            payout__paid_on__lte=OuterRef("due_on"),
            payout__answered_at__lt=end_of(as_of),
        )
        .order_by()
        .values("receipt")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    running = Delay.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("due_on")),
        receipt=OuterRef("pk"),
        state=Delay.State.APPROVED,
        decided_at__lt=end_of(as_of),
        from_on__lte=OuterRef("due_on"),
        until_on__gte=OuterRef("due_on"),
    )
    due = (
        Receipt.objects.filter(OURS)
        .known_by(as_of)
        .filter(due_on__lte=as_of)
        .annotate(in_time=Coalesce(Subquery(in_time), ZERO), was_delayed=Exists(running))
    )
    kept = Q(was_delayed=True) | Q(in_time__gte=F("amount"))
    sums = due.aggregate(
        count=Count("pk"),
        total=Sum("amount"),
        kept_count=Count("pk", filter=kept),
        kept_total=Sum("amount", filter=kept),
    )
    return {
        "due_receipts": sums["count"],
        "paid_in_time_rate": rate(sums["kept_count"], sums["count"]),
        "paid_in_time_amount_rate": rate(sums["kept_total"] or NOTHING, sums["total"] or NOTHING),
    }
