"""The nightly comparison of each court's book with its file: only here, only there, different; and why that may be."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import services as bureau
from bureau.calendar import DAY, WorkCalendar
from bureau.errors import Refused, of_field
from bureau.models import Court, Holiday, Job, User
from bureau.record import record
from cases.models import Case
from supervision.models import (
    NationalComparison,
    NationalDifference,
    NationalExplanation,
    NationalFile,
    NationalMapping,
)
from supervision.national import values
from supervision.national.fields import COMPARED, comparable
from supervision.national.sight import KEEP, courts_of

KIND = "compare_national"
BATCH = 1000
Kind = NationalDifference.Kind


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that differs, before it is kept."""

    kind: str
    number: str = ""
    case: Case | None = None
    field: str = ""
    ours: str = ""
    theirs: str = ""

    def key(self, court: str) -> str:
        """Return what stays the same as long as the same two values stand against each other."""
        said = [court, self.kind, self.number, self.field, self.ours, self.theirs]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def differences(file: NationalFile) -> tuple[int, list[Found]]:
    """Return how many cases of ours the file should hold, and everything that differs now."""
    codes = [field.code for field in COMPARED if file.mapping.columns.get(field.code)]
    cases = Case.objects.filter(number_court=file.court_id, filed_on__lte=file.day)
    if file.mapping.covers_from:
        cases = cases.filter(filed_on__gte=file.mapping.covers_from)
    theirs: dict[str, dict[str, str]] = dict(file.rows.values_list("number", "values"))
    known = set()
    found: list[Found] = []
    # What stands there is compared wherever it stands here, also where the file should not hold it.
    ours = cases | Case.objects.filter(number_court=file.court_id, number__in=theirs)
    rows = list(values.load_compared(ours.order_by("filed_on", "id"), with_money="received" in codes))
    for case in rows:
        number = case.display_number
        if number not in theirs:
            found.append(Found(Kind.ONLY_HERE, number, case))
            continue
        known.add(number)
        found += _different(case, theirs[number], codes)
    found += [Found(Kind.ONLY_THERE, number) for number in theirs if number not in known]
    return len(rows), found


def _different(case: Case, theirs: dict[str, str], codes: list[str]) -> Iterator[Found]:
    ours = values.compared(case, codes)
    for code in codes:
        there = theirs.get(code, "")
        if comparable(code, ours[code]) != comparable(code, there):
            yield Found(Kind.DIFFERENT, case.display_number, case, code, ours[code], there)


@transaction.atomic
def compare(court: Court, *, day: dt.date, at: dt.datetime, actor: User) -> NationalComparison:
    """Compare a court's book, as it stands at this moment, with the standing file of the day, and keep what differs.

    Without a file the day's lack is kept. Raises Refused where a later day's file is there: our book of that day is
    gone by.
    """
    Court.objects.select_for_update(no_key=True).get(pk=court.pk)
    file = NationalFile.objects.standing().select_related("mapping").filter(court=court, day=day).first()
    if NationalFile.objects.filter(court=court, day__gt=day).exists():
        raise Refused(_("已有更晚业务日的文件，本系统的数据已不是当日的，不能再核对这一天"))
    count, found = differences(file) if file else (0, [Found(Kind.NO_FILE, theirs=day.isoformat())])
    return _keep(court, file, found, day=day, ours_count=count, at=at, actor=actor)


def _keep(
    court: Court,
    file: NationalFile | None,
    found: list[Found],
    *,
    day: dt.date,
    ours_count: int,
    at: dt.datetime,
    actor: User,
) -> NationalComparison:
    counts = {kind: sum(row.kind == kind for row in found) for kind in Kind}
    told = {
        "only_here_count": counts[Kind.ONLY_HERE],
        "only_there_count": counts[Kind.ONLY_THERE],
        "different_count": counts[Kind.DIFFERENT],
    }
    before = _since(court, is_lack=file is None, day=day)
    made = NationalComparison.objects.create(
        court=court,
        day=day,
        file=file,
        run_at=at,
        run_by=actor,
        ours_count=ours_count,
        theirs_count=file.row_count if file else 0,
        **told,
    )
    keyed = ((row, row.key(court.code)) for row in found)
    NationalDifference.objects.bulk_create(
        [
            NationalDifference(
                comparison=made,
                kind=row.kind,
                number=row.number,
                case=row.case,
                field=row.field,
                ours=row.ours,
                theirs=row.theirs,
                key=key,
                since_at=before.get(key, at),
            )
            for row, key in keyed
        ],
        batch_size=BATCH,
    )
    version, counted = file.version if file else None, list(told.values())
    record(made, "compare_national", at=at, actor=actor, court=court.code, day=day, version=version, counts=counted)
    return made


def _since(court: Court, *, is_lack: bool, day: dt.date) -> dict[str, dt.datetime]:
    """Return since when each difference of the comparison before this one stands, by key."""
    earlier = NationalComparison.objects.filter(court=court, file__isnull=is_lack)
    last = (earlier.filter(day=day) if is_lack else earlier).order_by("-id").first()
    return dict(last.differences.values_list("key", "since_at")) if last else {}


def run_night(*, at: dt.datetime, actor: User) -> int:
    """Compare every court that has a mapping in use for the day before; return how many comparisons were made.

    A working day without a file is kept as such; a file that came late is compared once it is there. What was compared
    already is not compared again, so that it is safe to repeat.
    """
    day = timezone.localdate(at) - DAY
    days, count = Holiday.objects.calendar(), 0
    courts = NationalMapping.objects.in_use().filter(saved_at__date__lte=day).values("court")
    for court in Court.objects.filter(pk__in=courts).order_by("code"):
        wanted = _wanted(court, day=day, days=days)
        if wanted:
            compare(court, day=wanted, at=at, actor=actor)
            count += 1
    return count


def _wanted(court: Court, *, day: dt.date, days: WorkCalendar) -> dt.date | None:
    made = NationalComparison.objects.filter(court=court)
    newest = NationalFile.objects.standing().filter(court=court).order_by("-day").first()
    if newest and newest.day >= day:
        return None if made.filter(file=newest).exists() else newest.day
    if days.is_workday(day) and not made.filter(day=day).exists():
        return day
    late = newest is not None and not made.filter(file=newest).exists() and not made.filter(day__gt=newest.day).exists()
    return newest.day if newest and late else None


def newest_day(court: Court) -> dt.date | None:
    """Return the day of the court's newest file."""
    return NationalFile.objects.filter(court=court).order_by("-day").values_list("day", flat=True).first()


def ask_compare(court: Court, *, at: dt.datetime, actor: User) -> Job:
    """Ask for the court's newest file to be compared with its book now."""
    if not actor.has_perm(KEEP) or court not in courts_of(actor):
        raise PermissionDenied
    if newest_day(court) is None:
        raise Refused(_("该法院还没有导入全国系统文件"))
    return bureau.ask_job(KIND, at=at, actor=actor, court=court.code)


def work(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do the job: compare the newest file of the court."""
    court = Court.objects.get(code=job.arguments["court"])
    day = newest_day(court)
    assert day is not None
    made = compare(court, day=day, at=at, actor=User.objects.get(pk=job.owner_id))
    return {"comparison": made.pk}


@transaction.atomic
def explain(difference: NationalDifference, *, reason: str, at: dt.datetime, actor: User) -> NationalExplanation:
    """Say why two values may differ; it holds until one of them changes, and nothing is ever deleted."""
    court = difference.comparison.court
    seen = NationalDifference.objects.visible_to(actor).filter(pk=difference.pk)
    if not actor.has_perm(KEEP) or not seen.exists():
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写原因")))
    later = NationalComparison.objects.filter(court=court, pk__gt=difference.comparison_id)
    is_lack = difference.kind == Kind.NO_FILE
    gone = not NationalDifference.objects.filter(comparison__in=later, key=difference.key).exists()
    if not is_lack and later.filter(file__isnull=False).exists() and gone:
        raise Refused(_("以后的核对中已没有这处差异，不必再说明"))
    row = NationalExplanation.objects.create(
        difference=difference, key=difference.key, reason=reason.strip(), explained_by=actor, explained_at=at
    )
    number, kind, field = difference.number, difference.kind, difference.field
    record(row, "explain_national", at=at, actor=actor, court=court.code, number=number, kind=kind, field=field)
    return row
