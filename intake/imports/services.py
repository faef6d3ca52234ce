"""Takes in a sheet of filings, the whole file or nothing; and files once for a program's key."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import services as bureau
from bureau.crypto import digest
from bureau.errors import Refused, of_field
from bureau.masking import mask_name
from bureau.models import Job, User
from bureau.record import record
from cases.filing import FilingData
from documents import services as documents
from documents.models import Staged
from intake.applications import Typed, file_at_once
from intake.filingsources import WORDS_MAX, Unreceived
from intake.imports.checking import Draft
from intake.imports.sheet import Sheet, inspect
from intake.models import Condition, FiledOnce, FilingImport, FilingSource, ImportedFiling
from intake.services import Filed
from intake.warnings import filing_warnings

KIND = "import_filings"
# What is kept of the source stays Chinese.
INTERFACE = "接口立案"
CODE_KEPT = dt.timedelta(days=1)
WARNINGS_MAX = 100


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the clerk, or the program of a court, says of filings that come as data: why there is no record, and more.

    `met` are the conditions of acceptance, `seen` the papers handed in that are not scanned; for every filing alike.
    """

    reason: str  # FilingSource.Reason
    words: str
    met: Sequence[str]
    seen: Sequence[str] = ()

    def check(self) -> None:
        """Raise Refused where no filing could be accepted on these words."""
        reasons: list[object] = []
        if self.reason not in FilingSource.CHOSEN:
            reasons.append(of_field("reason", _("请选择没有笔录的原因")))
        if not self.words.strip():
            reasons.append(of_field("words", _("请写明来源，如网上立案编号、邮寄单号、移送函文号")))
        if lacking := [str(condition.label) for condition in Condition if condition not in self.met]:
            reasons.append(of_field("met", _("未确认符合：%(labels)s") % {"labels": "、".join(lacking)}))
        if reasons:
            raise Refused(reasons)


class OtherContent(Refused):
    """The key stands for another filing."""


def ask_import(*, table: Staged, acceptance: Acceptance, is_trial: bool = True, at: dt.datetime, actor: User) -> Job:
    """Ask for a sheet to be checked, and, unless it is a trial, taken in; the job says what came of it."""
    if not actor.has_perm("intake.file_case") or actor.window is None:
        raise PermissionDenied
    acceptance.check()
    given = {"table": table.token, "name": table.name, "acceptance": asdict(acceptance)}
    return bureau.ask_job(KIND, at=at, actor=actor, is_trial=is_trial, **given)


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
        acceptance = Acceptance(**told["acceptance"])
        made = take_in(sheet, name=told["name"], acceptance=acceptance, at=at, actor=actor)
        documents.discard_table(table)
    return _answer(sheet, made, is_repeat=first is not None, on=timezone.localdate(at), actor=actor)


def _first(sheet: Sheet, actor: User) -> FilingImport | None:
    return FilingImport.objects.visible_to(actor).filter(sha256=sheet.sha256).first()


def _answer(sheet: Sheet, made: FilingImport | None, *, is_repeat: bool, on: dt.date, actor: User) -> dict[str, Any]:
    # No name and no number of a person leaves the file: the job's row is not encrypted.
    return {
        "rows": sheet.row_count,
        "cases": len(sheet.entries),
        "faults": [[fault.position, fault.column, fault.reason] for fault in sheet.faults],
        "fault_count": sheet.fault_count,
        "warnings": [] if made or sheet.fault_count else _warnings(sheet, on, actor),
        "import": made.pk if made else None,
        "is_repeat": is_repeat,
    }


def _warnings(sheet: Sheet, on: dt.date, actor: User) -> list[tuple[int, str]]:
    """Return what a clerk would be told of each on the filing page; a party's name stays in the file."""
    assert actor.window is not None
    found: list[tuple[int, str]] = []
    for entry in sheet.entries.values():
        filing, payees = entry.draft.filing(actor.window.code), entry.draft.payees()
        rows = filing_warnings(filing, on=on, has_payees=len(payees) == len(entry.draft.applicants))
        found += [(entry.position, _unnamed(row.text, filing)) for row in rows]
    return found[:WARNINGS_MAX]


def _unnamed(text: str, filing: FilingData) -> str:
    for party in filing.parties:
        text = text.replace(party.name, mask_name(party.name, party.kind))
    return text


def take_in(sheet: Sheet, *, name: str, acceptance: Acceptance, at: dt.datetime, actor: User) -> FilingImport:
    """File every case of the sheet, or none; the same file at the same time gives the first answer."""
    if not actor.has_perm("intake.file_case") or actor.window is None:
        raise PermissionDenied
    if sheet.fault_count:
        raise Refused([fault.reason for fault in sheet.faults])
    try:
        return _write(sheet, name=name, acceptance=acceptance, at=at, actor=actor)
    except IntegrityError:
        if first := _first(sheet, actor):
            return first
        raise


@transaction.atomic
def _write(sheet: Sheet, *, name: str, acceptance: Acceptance, at: dt.datetime, actor: User) -> FilingImport:
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
    # The file is named beside what the clerk said of it.
    words = f"{acceptance.words.strip()}（{made.name}）"[:WORDS_MAX]
    said = replace(acceptance, words=words)
    for entry in sheet.entries.values():
        try:
            filed = _file(entry.draft, said, at=at, actor=actor)
        except Refused as refusal:
            told = {"row": entry.position, "reason": str(refusal)}
            raise Refused(_("第 %(row)d 行起的案件不能立案：%(reason)s") % told) from None
        ImportedFiling.objects.create(source=made, batch=entry.key, position=entry.position, case=filed.case)
    record(made, "import_filings", at=at, actor=actor, file=made.sha256, count=made.case_count)
    return made


def _file(draft: Draft, acceptance: Acceptance, *, at: dt.datetime, actor: User) -> Filed:
    """Accept one filing that came as data, kept as the application that its page would have been."""
    assert actor.window is not None
    came = Unreceived(acceptance.reason, acceptance.words)
    fields = draft.fields() | {"source-reason": [came.reason], "source-words": [came.words]}
    filed: dict[str, Any] = {
        "filing": draft.filing(actor.window.code),
        "payees": draft.payees(),
        "without_reception": came,
    }
    filed["addresses"] = draft.addresses()
    said: dict[str, Any] = {"met": acceptance.met, "seen": acceptance.seen}
    return file_at_once(Typed(fields, {}), filed=filed, **said, at=at, actor=actor)


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
    draft: Draft,
    *,
    key: str,
    content: str,
    acceptance: Acceptance,
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
    filed = _file(draft, acceptance, at=at, actor=actor)
    FiledOnce.objects.create(
        user=actor,
        key_digest=digest(key),
        content_digest=digest(content),
        case=filed.case,
        code=filed.code,
        at=at,
    )
    return filed, True
