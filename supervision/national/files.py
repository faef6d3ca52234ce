"""Takes in a court's daily file of the national system: the whole file or nothing, each day's versions kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import services as bureau
from bureau.errors import Refused, of_field
from bureau.models import Court, Job, User
from bureau.record import record
from documents import services as documents
from documents.models import Staged
from supervision.models import NationalFile, NationalMapping, NationalRow
from supervision.national.mappings import layout_of
from supervision.national.sheet import Sheet, inspect
from supervision.national.sight import KEEP, courts_of

KIND = "import_national"
BACK_MAX = dt.timedelta(days=366)
BATCH = 1000


def _refuse(mapping: NationalMapping, *, day: dt.date, at: dt.datetime, actor: User) -> None:
    if not actor.has_perm(KEEP) or mapping.court not in courts_of(actor):
        raise PermissionDenied
    today = timezone.localdate(at)
    if not today - BACK_MAX <= day <= today:
        raise Refused(of_field("day", _("业务日应为今天或以前一年内的日期")))


def ask_import(mapping: NationalMapping, *, table: Staged, day: dt.date, at: dt.datetime, actor: User) -> Job:
    """Ask for a day's file to be checked and, where nothing is wrong, taken in; the job says what came of it."""
    _refuse(mapping, day=day, at=at, actor=actor)
    told = {"mapping": mapping.pk, "day": day.isoformat(), "table": table.token, "name": table.name}
    return bureau.ask_job(KIND, at=at, actor=actor, **told)


def work(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do the job: one fault and nothing is taken in; a file that was taken in before gives the first answer."""
    told, actor = job.arguments, User.objects.get(pk=job.owner_id)
    table = Staged.objects.filter(staged_by=actor, token=told["table"]).first()
    if table is None:
        raise Refused(_("上传的文件已过期，请重新上传"))
    mapping = NationalMapping.objects.select_related("court").get(pk=told["mapping"])
    sheet = inspect(documents.table_bytes(table), layout_of(mapping), court=mapping.court.code, progress=progress)
    made = None
    if not sheet.fault_count:
        day = dt.date.fromisoformat(told["day"])
        made = take_in(sheet, mapping=mapping, day=day, name=told["name"], at=at, actor=actor)
        documents.discard_table(table)
    # No name of a person leaves the file: the job's row says places only.
    return {
        "rows": len(sheet.lines),
        "skipped": sheet.skipped_count,
        "fault_count": sheet.fault_count,
        "faults": [(fault.position, fault.column, fault.reason) for fault in sheet.faults],
        "file": made.pk if made else None,
        "version": made.version if made else None,
        "is_repeat": bool(made and made.imported_at != at),
        "is_replaced": bool(made and _last(made.court, made.day) != made),
    }


def _last(court: Court, day: dt.date) -> NationalFile | None:
    return NationalFile.objects.filter(court=court, day=day).order_by("-version").first()


@transaction.atomic
def take_in(
    sheet: Sheet, *, mapping: NationalMapping, day: dt.date, name: str, at: dt.datetime, actor: User
) -> NationalFile:
    """Keep a day's rows as they stand in the file, as the next version of the day.

    The same content read by the same version of the mapping changes nothing and gives the first answer, also where a
    later file has replaced it since: a late repeat must not bring old rows back.
    """
    _refuse(mapping, day=day, at=at, actor=actor)
    if sheet.fault_count:
        raise Refused([fault.reason for fault in sheet.faults])
    court = Court.objects.select_for_update(no_key=True).get(pk=mapping.court_id)
    of_day = NationalFile.objects.filter(court=court, day=day)
    if first := of_day.filter(sha256=sheet.sha256, mapping=mapping).first():
        return first
    last = _last(court, day)
    made = NationalFile.objects.create(
        court=court,
        day=day,
        version=last.version + 1 if last else 1,
        mapping=mapping,
        name=name[:200],
        sha256=sheet.sha256,
        row_count=len(sheet.lines),
        skipped_count=sheet.skipped_count,
        imported_by=actor,
        imported_at=at,
    )
    rows = [
        NationalRow(file=made, position=line.position, number=line.number, values=line.values)
        for line in sheet.lines.values()
    ]
    NationalRow.objects.bulk_create(rows, batch_size=BATCH)
    version, file, count = made.version, made.sha256, made.row_count
    record(
        made, "import_national", at=at, actor=actor, court=court.code, day=day, version=version, file=file, count=count
    )
    return made
