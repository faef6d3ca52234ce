"""Series: cases against one debtor go together, to one judge, when they are drawn, named, drawn again or taken back."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from bureau.models import User
from cases.models import Case, CaseQuerySet, Party
from dispatch.models import AssignmentRequest


def kin(of: Iterable[Case], among: CaseQuerySet) -> list[Case]:
    """Return those among which share a debtor with the first, or with one found so, by number; without the first."""
    first = {case.pk for case in of}
    known, debtors = set(first), set[str]()
    while True:
        parties = Party.objects.filter(case__in=known, side=Party.Side.DEBTOR, left_on__isnull=True)
        fresh = set(parties.exclude(id_digest="").values_list("id_digest", flat=True)) - debtors
        shared = Party.objects.filter(side=Party.Side.DEBTOR, left_on__isnull=True, id_digest__in=fresh)
        found = set(among.filter(pk__in=shared.values("case")).values_list("pk", flat=True)) - known if fresh else set()
        if not found:
            return list(Case.objects.filter(pk__in=known - first).order_by("pk"))
        debtors, known = debtors | fresh, known | found


def waiting_with(wanted: Iterable[Case]) -> list[Case]:
    """Return the triaged cases that wait beside these in the same stream and are of their series."""
    by_stream: dict[str, list[Case]] = defaultdict(list)
    for case in wanted:
        by_stream[case.stream].append(case)
    waiting = Case.objects.of_bureau().filter(stage=Case.Stage.FILED, triaged_on__isnull=False)
    known = {case.pk for of in by_stream.values() for case in of}
    rows = [row for stream, of in by_stream.items() if stream for row in kin(of, waiting.filter(stream=stream))]
    return [row for row in rows if row.pk not in known]


def together(wanted: Iterable[Case], kind: str, judge: User | None = None) -> list[Case]:
    """Return the other cases of these cases' series that what is asked for them would leave behind.

    To name a judge concerns all of the stream that he does not have; to draw again, those of the present judge; to take
    back, those of the present judge that nobody has begun.
    """
    kinds, open_ = AssignmentRequest.Kind, Case.objects.open().of_bureau()
    groups: dict[Any, list[Case]] = defaultdict(list)
    for case in wanted:
        groups[case.stream if kind == kinds.NAMED else case.judge_id].append(case)
    found: list[Case] = []
    for key, of in groups.items():
        if kind == kinds.NAMED:
            placed = Q(judge__isnull=False, stream_team__isnull=False)
            among = open_.filter(Q(stage=Case.Stage.FILED, triaged_on__isnull=False) | placed, stream=key)
            among = among.exclude(judge=judge) if judge else among
        elif kind == kinds.REDRAW:
            among = open_.filter(judge=key, stream_team__isnull=False)
        else:
            among = open_.filter(judge=key, stage=Case.Stage.ALLOCATED)
        found += kin(of, among) if key else []
    known = {case.pk for of in groups.values() for case in of}
    return [row for row in found if row.pk not in known]
