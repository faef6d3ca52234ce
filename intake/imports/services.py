"""Takes in a sheet of filings, the whole file or nothing; and files once for a program's key."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.payees import PayeeData
from bureau import services as bureau
from bureau.crypto import digest
from bureau.errors import Refused
from bureau.models import Job, User
from bureau.record import record
from cases.filing import FilingData
from documents import services as documents
from documents.models import Staged
from intake.filingsources import Unreceived
from intake.imports.sheet import Sheet, inspect
from intake.models import FiledOnce, FilingImport, FilingSource, ImportedFiling
from intake.services import Filed, file_case
from intake.warnings import duplicates

KIND = "import_filings"
# What is kept of the source stays Chinese.
INTERFACE = "接口立案"
CODE_KEPT = dt.timedelta(days=1)
WARNINGS_MAX = 100


class OtherContent(Refused):
    """The key stands for another filing."""


def ask_import(*, table: Staged, is_trial: bool = True, at: dt.datetime, actor: User) -> Job:
    """Ask for a sheet to be checked, and, unless it is a trial, taken in; the job says what came of it."""
    if not actor.has_perm("intake.file_case") or actor.window is None:
        raise PermissionDenied
    return bureau.ask_job(KIND, at=at, actor=actor, table=table.token, name=table.name, is_trial=is_trial)


def work(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do the job: a file that was taken in before changes nothing and gives the first answer."""
    told, actor = job.arguments, User.objects.get(pk=job.owner_id)
    table = Staged.objects.filter(staged_by=actor, token=told["table"]).first()
    if table is None or actor.window is None:
        raise Refused(_("上传的文件已过期，请重新上传"))
    court = actor.window.court.code if actor.window.court else ""
    content = documents.table_bytes(table)
    sheet = inspect(content, court=court, today=timezone.localdate(at), progress=progress)
    first = _first(sheet, actor)
    made = first
    if first is None and not sheet.fault_count and not told["is_trial"]:
        made = take_in(sheet, name=told["name"], at=at, actor=actor)
        documents.discard_table(table)
    return _answer(sheet, made, is_repeat=first is not None, actor=actor)


def _first(sheet: Sheet, actor: User) -> FilingImport | None:
    return FilingImport.objects.visible_to(actor).filter(sha256=sheet.sha256).first()


def _answer(sheet: Sheet, made: FilingImport | None, *, is_repeat: bool, actor: User) -> dict[str, Any]:
    # No name and no number of a person leaves the file: the job's row is not encrypted.
    return {
        "rows": sheet.row_count,
        "cases": len(sheet.entries),
        "faults": [[fault.position, fault.column, fault.reason] for fault in sheet.faults],
        "fault_count": sheet.fault_count,
        "warnings": [] if made or sheet.fault_count else _duplicates(sheet, actor),
        "import": made.pk if made else None,
        "is_repeat": is_repeat,
    }


def _duplicates(sheet: Sheet, actor: User) -> list[tuple[int, str]]:
    assert actor.window is not None
    found: list[tuple[int, str]] = []
    for entry in sheet.entries.values():
        found += [(entry.position, row.text) for row in duplicates(entry.draft.filing(actor.window.code))]
    return found[:WARNINGS_MAX]


def take_in(sheet: Sheet, *, name: str, at: dt.datetime, actor: User) -> FilingImport:
    """File every case of the sheet, or none; the same file at the same time gives the first answer."""
    if not actor.has_perm("intake.file_case") or actor.window is None:
        raise PermissionDenied
    if sheet.fault_count:
        raise Refused([fault.reason for fault in sheet.faults])
    try:
        return _write(sheet, name=name, at=at, actor=actor)
    except IntegrityError:
        if first := _first(sheet, actor):
            return first
        raise


@transaction.atomic
def _write(sheet: Sheet, *, name: str, at: dt.datetime, actor: User) -> FilingImport:
    assert actor.window is not None
    made = FilingImport.objects.create(
        window=actor.window,
        name=name[:200],
        sha256=sheet.sha256,
        row_count=sheet.row_count,
        case_count=len(sheet.entries),
        imported_by=actor,
        imported_at=at,
    )
    came = Unreceived(FilingSource.Reason.IMPORT, made.name)
    for entry in sheet.entries.values():
        try:
            draft = entry.draft
            filed = file_case(
                draft.filing(actor.window.code), payees=draft.payees(), without_reception=came, at=at, actor=actor
            )
        except Refused as refusal:
            told = {"row": entry.position, "reason": str(refusal)}
            raise Refused(_("第 %(row)d 行起的案件不能立案：%(reason)s") % told) from None
        ImportedFiling.objects.create(source=made, batch=entry.key, position=entry.position, case=filed.case)
    record(made, "import_filings", at=at, actor=actor, file=made.sha256, count=made.case_count)
    return made


def filed_before(key: str, *, content: str, at: dt.datetime, actor: User) -> Filed | None:
    """Return the first answer to a program's key, its look-up code for a day only; None for a new key.

    Raises OtherContent for the key with another content.
    """
    row = FiledOnce.objects.select_related("case").filter(user=actor, key_digest=digest(key)).first()
    if row is None:
        return None
    if row.content_digest != digest(content):
        raise OtherContent(_("该幂等键已用于内容不同的立案，请换用新键"))
    return Filed(row.case, row.code if row.at >= at - CODE_KEPT else "")


def forget_codes(*, at: dt.datetime) -> int:
    """Blank the look-up codes that were kept for a repeated filing longer than a day; return how many."""
    return FiledOnce.objects.filter(at__lt=at - CODE_KEPT).exclude(code="").update(code="")


@transaction.atomic
def file_once(
    filing: FilingData,
    *,
    key: str,
    content: str,
    payees: Mapping[int, PayeeData],
    at: dt.datetime,
    actor: User,
) -> tuple[Filed, bool]:
    """File a case for a program's key; the key again with the same content gives the first answer, and False.

    Raises OtherContent for the key with another content.
    """
    if not actor.has_perm("intake.file_case"):
        raise PermissionDenied
    # One filing after the other for each user: the second of two at once finds the first.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if first := filed_before(key, content=content, at=at, actor=actor):
        return first, False
    came = Unreceived(FilingSource.Reason.ONLINE, INTERFACE)
    filed = file_case(filing, payees=payees, without_reception=came, at=at, actor=actor)
    FiledOnce.objects.create(
        user=actor,
        key_digest=digest(key),
        content_digest=digest(content),
        case=filed.case,
        code=filed.code,
        at=at,
    )
    return filed, True
