"""What the pages and sheets of the bridge print."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from bureau import excel
from bureau.calendar import end_of
from bureau.models import Court, Job, User
from cases import casenumber
from cases.models import Case
from supervision.models import (
    NationalComparison,
    NationalDifference,
    NationalEntry,
    NationalExplanation,
    NationalFile,
    NationalMapping,
)
from supervision.models.national import NationalDifferenceQuerySet, NationalEntryQuerySet
from supervision.national import values
from supervision.national.fields import BY_CODE, FIELDS, Field, printed
from supervision.national.sight import KEEP, cases_of, courts_of, own

CASES_MAX = 500  # of one sheet of what must be typed


class CourtRow(NamedTuple):
    """One court on the first page: its newest file and the last comparison, as of a day."""

    court: Court
    has_mapping: bool
    last_day: dt.date | None
    comparison: NationalComparison | None
    open_count: int
    is_lacking: bool


def overview(user: User, *, as_of: dt.date) -> list[CourtRow]:
    """Return every court that the user reads as it stood at the end of that day; five queries."""
    courts, before = courts_of(user), end_of(as_of)
    mapped = set(NationalMapping.objects.in_use().values_list("court", flat=True))
    files = NationalFile.objects.filter(imported_at__lt=before).values("court").annotate(last=Max("day"))
    last_days = dict(files.values_list("court", "last"))
    made = {row.court_id: row for row in NationalComparison.objects.standing(before=before).filter(court__in=courts)}
    unsaid = NationalDifference.objects.filter(comparison__in=[row.pk for row in made.values()])
    open_counts = dict(
        unsaid.unexplained(before=before)
        .values_list("comparison")
        .annotate(count=Count("pk"))
        .values_list("comparison", "count")
    )
    rows = []
    for court in courts:
        last, day = made.get(court.pk), last_days.get(court.pk)
        # A lack ends when the file of the day is there, though it is compared only later.
        is_lacking = last is not None and last.file_id is None and (day is None or day < last.day)
        count = open_counts.get(last.pk, 0) if last else 0
        rows.append(CourtRow(court, court.pk in mapped, day, last, count, is_lacking))
    return rows


def entry_counts(user: User) -> dict[str, int]:
    """Return how many groups wait for the user, by state; one query."""
    rows = NationalEntry.objects.visible_to(user).waiting().filter(own(user))
    return rows.aggregate(
        changed=Count("pk", filter=Q(state=NationalEntry.State.CHANGED)),
        to_type=Count("pk", filter=Q(state=NationalEntry.State.TO_TYPE)),
    )


def _of_clerk(clerk: User) -> Q:
    return Q(case__owner=clerk) | Q(case__judge=clerk)


def entries(user: User, chosen: dict[str, Any]) -> NationalEntryQuerySet:
    """Return what must be typed and fits every chosen filter; what waits unless asked otherwise."""
    rows: NationalEntryQuerySet = NationalEntry.objects.visible_to(user)
    state = chosen.get("state", "")
    if not state:
        rows = rows.waiting()
    elif state == "all":
        rows = rows.exclude(state=NationalEntry.State.NOTHING)
    else:
        rows = rows.filter(state=state)
    if group := chosen.get("group"):
        rows = rows.filter(group=group)
    if court := chosen.get("court"):
        rows = rows.filter(case__number_court__code=court)
    if clerk := chosen.get("clerk"):
        rows = rows.filter(_of_clerk(clerk))
    if number := chosen.get("number"):
        rows = rows.filter(case__in=Case.objects.numbered(casenumber.plain(number)))
    return rows.for_list()


class GroupRow(NamedTuple):
    """One group of a case: what is to be typed, by part, and what was ticked."""

    code: str
    label: str
    parts: list[tuple[str, list[tuple[str, values.Value]]]]
    digest: str
    entry: NationalEntry


def case_groups(case: Case, user: User) -> list[GroupRow]:
    """Return the groups of a case that the user may read, as they are now; personal numbers whole for who types them.

    Reckoned anew, for what is shown must not lag behind the case.
    """
    case = values.load(cases_of(user)).get(pk=case.pk)
    kept = {entry.group: entry for entry in case.national_entries.select_related("ticked_by")}
    in_full = user.has_perm(KEEP)
    rows = []
    for place, (code, found) in enumerate(values.groups_of(case).items()):
        if not _may_read(code, user):
            continue
        entry = kept.get(code) or NationalEntry(case=case, group=code)
        entry.digest = values.digest_of(found)
        entry.state = entry.judged()
        shown = found if in_full else [value.masked() for value in found]
        boxes = [(f"value-{place}-{number}", value) for number, value in enumerate(shown)]
        parts = [(part, list(of_part)) for part, of_part in groupby(boxes, key=lambda box: box[1].part)]
        rows.append(GroupRow(code, str(NationalEntry.Group(code).label), parts, entry.digest, entry))
    return rows


def _may_read(group: str, user: User) -> bool:
    permission = NationalEntry.NEEDS.get(NationalEntry.Group(group))
    return permission is None or user.has_perm(permission)


def entry_sheet(rows: NationalEntryQuerySet, user: User) -> tuple[bytes, int]:
    """Return what must be typed as an Excel file, one value a line, and of how many cases, at most CASES_MAX."""
    found = list(rows[: CASES_MAX * len(NationalEntry.Group)])
    pks = list(dict.fromkeys(entry.case_id for entry in found))[:CASES_MAX]
    loaded = {case.pk: case for case in values.load(Case.objects.filter(pk__in=pks))}
    by_case = {pk: values.groups_of(case) for pk, case in loaded.items()}
    in_full = user.has_perm(KEEP)
    lines: list[list[Any]] = []
    for entry in found:
        for value in by_case.get(entry.case_id, {}).get(entry.group, []):
            shown = value if in_full else value.masked()
            ticked = entry.ticked_by.name if entry.ticked_by else ""
            lines.append(
                [
                    entry.case.display_number,
                    entry.case.number_court.short_name,
                    entry.get_group_display(),
                    shown.part,
                    str(shown.label),
                    shown.text,
                    entry.get_state_display(),
                    ticked,
                ]
            )
    titles = [_("案号"), _("法院"), _("字段组"), _("部分"), _("字段"), _("内容"), _("状态"), _("登记人")]
    sheet = excel.workbook((_("待录入"), titles, lines), widths=(26, 14, 14, 30, 18, 40, 16, 12))
    return sheet, len(pks)


def differences(comparison: NationalComparison, chosen: dict[str, Any]) -> NationalDifferenceQuerySet:
    """Return what one comparison found that fits every chosen filter."""
    return _chosen(NationalDifference.objects.filter(comparison=comparison), chosen)


def standing_differences(user: User, chosen: dict[str, Any]) -> NationalDifferenceQuerySet:
    """Return what the last comparison of each court found, of what the user reads, that fits every chosen filter."""
    rows: NationalDifferenceQuerySet = NationalDifference.objects.visible_to(user).standing()
    if court := chosen.get("court"):
        rows = rows.filter(comparison__court__code=court)
    return _chosen(rows, chosen)


def _chosen(rows: NationalDifferenceQuerySet, chosen: dict[str, Any]) -> NationalDifferenceQuerySet:
    for name in ("kind", "field"):
        if value := chosen.get(name):
            rows = rows.filter(**{name: value})
    if clerk := chosen.get("clerk"):
        rows = rows.filter(_of_clerk(clerk))
    if number := chosen.get("number"):
        rows = rows.filter(number__contains=casenumber.plain(number))
    if said := chosen.get("said"):
        rows = rows.unexplained() if said == "NO" else rows.explained()
    return rows.with_explanation().for_list()


def said_of(difference: NationalDifference) -> QuerySet[NationalExplanation]:
    """Return what was said of the same two values, newest first."""
    rows = NationalExplanation.objects.filter(key=difference.key).select_related("explained_by")
    return rows.order_by("-id")[:20]


class DifferenceRow(NamedTuple):
    """One line: what differs, in words."""

    row: NationalDifference
    field: str
    ours: str
    theirs: str
    is_open_to: bool  # whether the user may open the case


def difference_rows(found: Iterable[NationalDifference], user: User) -> list[DifferenceRow]:
    """Return the lines of a page; one query for the cases that the user may open."""
    shown = list(found)
    pks = [row.case_id for row in shown if row.case_id]
    visible = set(Case.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()
    return [_difference_row(row, is_open_to=row.case_id in visible) for row in shown]


def _difference_row(row: NationalDifference, *, is_open_to: bool) -> DifferenceRow:
    label = str(BY_CODE[row.field].label) if row.field in BY_CODE else ""
    return DifferenceRow(row, label, printed(row.field, row.ours), printed(row.field, row.theirs), is_open_to)


def difference_sheet(found: Sequence[DifferenceRow]) -> bytes:
    """Return the lists as an Excel file."""
    titles = [
        _("类别"),
        _("案号"),
        _("承办人"),
        _("字段"),
        _("本系统"),
        _("全国系统"),
        _("起于"),
        _("说明"),
        _("说明人"),
    ]
    lines = [
        [
            line.row.get_kind_display(),
            line.row.number,
            line.row.case.judge.name if line.row.case and line.row.case.judge else "",
            line.field,
            line.ours,
            line.theirs,
            f"{line.row.since_at:%Y-%m-%d}",
            getattr(line.row, "reason", None) or "",
            getattr(line.row, "explained_name", None) or "",
        ]
        for line in found
    ]
    return excel.workbook((_("核对差异"), titles, lines), widths=(14, 26, 12, 14, 36, 36, 12, 36, 12))


def file_rows(file: NationalFile) -> tuple[list[Any], QuerySet[Any]]:
    """Return the fields that a file says, and its rows in its order."""
    fields = [field for field in FIELDS[1:] if file.mapping.columns.get(field.code)]
    return fields, file.rows.order_by("position")


def printed_row(said: Mapping[str, str], fields: Sequence[Field]) -> list[tuple[Field, str]]:
    """Return the cells of a row of a file as a page prints them."""
    return [(field, printed(field.code, said.get(field.code, ""))) for field in fields]


def sample_lines(sample: Mapping[str, Any]) -> list[tuple[int, list[str], list[tuple[str, str]]]]:
    """Return the rows of a sample as they would be read: cells, or what is wrong with them."""
    lines, fields = sample.get("read", {}).get("lines", []), sample.get("fields", [])
    return [
        (position, [cell for _field, cell in printed_row({"number": line.number, **line.values}, fields)], faults)
        if line
        else (position, [], faults)
        for position, line, faults in lines
    ]


def columns_of(mapping: NationalMapping) -> list[tuple[str, str]]:
    """Return what is read from which column, in words."""
    return [(str(field.label), mapping.columns[field.code]) for field in FIELDS if mapping.columns.get(field.code)]


def job_context(job: Job) -> dict[str, Any]:
    """Return what the page of a job prints."""
    result = job.result or {}
    more = max(0, result.get("fault_count", 0) - len(result.get("faults", [])))
    return {"job": job, "result": result, "more": more, "is_import": "mapping" in job.arguments}
