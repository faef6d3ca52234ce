"""Who is next on duty: the free judge whose last turn lies furthest back. Pure, no ORM."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping


def rotation(
    days: Iterable[dt.date],
    *,
    judges: Iterable[int],
    standing: Mapping[dt.date, int],
    away: Collection[tuple[int, dt.date]],
) -> dict[dt.date, int]:
    """Return a judge for each of the days without one; days on which everybody is away stay open.

    Whoever is next on duty anyway counts as having been: nobody is put beside a turn that he has already.
    """
    crew = sorted(judges)
    made: dict[dt.date, int] = {}
    for day in sorted(days):
        if day in standing:
            continue
        free = [judge for judge in crew if (judge, day) not in away]
        if free:
            turns = {**standing, **made}
            made[day] = min(free, key=lambda judge: (-_distance(judge, day, turns), _last(judge, day, turns), judge))
    return made


def _distance(judge: int, day: dt.date, turns: Mapping[dt.date, int]) -> int:
    """Return the days to the nearest turn, ahead or behind; whoever has none is furthest."""
    gaps = [abs((day - on).days) for on, who in turns.items() if who == judge]
    return min(gaps, default=dt.date.max.toordinal())


def _last(judge: int, day: dt.date, turns: Mapping[dt.date, int]) -> dt.date:
    return max((on for on, who in turns.items() if who == judge and on < day), default=dt.date.min)
