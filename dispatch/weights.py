"""How heavy a case is and how much of it is still a load: points, declared in one dated table (local practice)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case as When_
from django.db.models import IntegerField, Value, When
from django.db.models.expressions import Combinable

from cases.models import Case


@dataclass(frozen=True, slots=True)
class Scale:
    """Points by stream, more by sum claimed; the share of an open case in percent by its age in days."""

    from_on: dt.date
    streams: dict[str, int]
    amounts: tuple[tuple[Decimal, int], ...]  # above this many yuan, so many points more; greatest first
    ages: tuple[tuple[int, int], ...]  # up to this many days since filing, this share
    old_share: int  # older than all of them: about to be late or late
    resting_share: int  # suspended, stayed or settled


# 100 points are a simple case of the usual size. *check*: to be settled with the bureau.
SCALES = (
    Scale(
        from_on=dt.date(2021, 8, 16),
        streams={Case.Stream.FAST: 100, Case.Stream.ORDINARY: 200},
        amounts=((Decimal("5000000.00"), 100), (Decimal("1000000.00"), 50)),
        ages=((30, 100), (90, 80), (180, 60)),
        old_share=100,
        resting_share=20,
    ),
)


def scale_on(day: dt.date) -> Scale:
    """Return the scale in force that day; before the first one, the first."""
    return next((scale for scale in reversed(SCALES) if scale.from_on <= day), SCALES[0])


def weight_of(case: Case, *, on: dt.date, stream: str = "") -> int:
    """Return the points of a case as it is assigned; an undecided one weighs as an ordinary one."""
    scale = scale_on(on)
    base = scale.streams.get(stream or case.stream, max(scale.streams.values()))
    return base + next((more for above, more in scale.amounts if case.amount_claimed > above), 0)


def weight_of_each(on: dt.date) -> Combinable:
    """Return an expression over cases: their full points."""
    scale = scale_on(on)
    streams = [When(stream=stream, then=Value(points)) for stream, points in scale.streams.items()]
    amounts = [When(amount_claimed__gt=above, then=Value(more)) for above, more in scale.amounts]
    base = When_(*streams, default=Value(max(scale.streams.values())), output_field=IntegerField())
    return base + When_(*amounts, default=Value(0), output_field=IntegerField())


def _share(scale: Scale, on: dt.date) -> Combinable:
    ages = [When(filed_on__gte=on - dt.timedelta(days=days), then=Value(share)) for days, share in scale.ages]
    resting = When(stage__in=Case.RESTING, then=Value(scale.resting_share))
    return When_(resting, *ages, default=Value(scale.old_share), output_field=IntegerField())


def load_of_each(on: dt.date) -> Combinable:
    """Return an expression over cases: the points that each of them still is to whoever has it."""
    return weight_of_each(on) * _share(scale_on(on), on) / Value(100)
