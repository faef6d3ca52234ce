"""Takes in a court's old book, the whole workbook or nothing: cases, controls and money by each room's own service."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services as accounts
from assets import services as assets
from bureau import services as bureau
from bureau.errors import Refused
from bureau.identity import canonical_name
from bureau.models import Court, Job, User, Window
from bureau.record import record
from cases import services as cases
from cases.models import Case, Party
from cases.services.oldbook import court_of
from documents import services as documents
from documents.models import Staged
from intake.imports.reading import Entry
from intake.models import OldBookImport, TakenIn
from intake.oldbook.checking import ControlRow, MoneyRow, OldDraft
from intake.oldbook.columns import CASES, CONTROLS, MONEY, staff_of
from intake.oldbook.sheet import OldBook, inspect

KIND = "import_old_book"


class _Wrong(Exception):
    """A part of a case is refused; it has been noted by page, row and column."""


def _court(actor: User) -> Court:
    court = court_of(actor)
    if court is None or not actor.has_perm("cases.import_old_book"):
        raise PermissionDenied
    return court


def ask_import(*, table: Staged, is_trial: bool = True, at: dt.datetime, actor: User) -> Job:
    """Ask for a workbook to be checked, and, unless it is a trial, taken in; the job says what came of it."""
    _court(actor)
    return bureau.ask_job(KIND, at=at, actor=actor, table=table.token, name=table.name, is_trial=is_trial)


def work(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do the job: a workbook that was taken in before changes nothing and gives the first answer."""
    told, actor = job.arguments, User.objects.get(pk=job.owner_id)
    court, table = _court(actor), Staged.objects.filter(staged_by=actor, token=told["table"]).first()
    if table is None:
        raise Refused(_("上传的文件已过期，请重新上传"))
    book = read(documents.table_bytes(table), at=at, actor=actor)
    first = OldBookImport.objects.filter(court=court, sha256=book.sha256).first()
    made = first
    if first is None:
        rehearse(book, at=at, actor=actor, progress=progress)
        if not book.fault_count and not told["is_trial"]:
            made = take_in(book, name=told["name"], at=at, actor=actor)
            documents.discard_table(table)
    return _answer(book, made, is_repeat=first is not None)


def _answer(book: OldBook, made: OldBookImport | None, *, is_repeat: bool) -> dict[str, Any]:
    # No name and no number of a person leaves the file: the job's row is not encrypted.
    return {
        "rows": book.row_count,
        "cases": len(book.entries),
        "faults": [[fault.page, fault.position, fault.column, fault.reason] for fault in book.faults],
        "fault_count": book.fault_count,
        "import": made.pk if made else None,
        "is_repeat": is_repeat,
    }


def read(content: bytes, *, at: dt.datetime, actor: User) -> OldBook:
    """Read a workbook for the actor's own court; raises Refused where it cannot be read at all."""
    _court(actor)
    assert actor.team is not None
    return inspect(content, staff=staff_of(actor.team), today=timezone.localdate(at))


def rehearse(
    book: OldBook, *, at: dt.datetime, actor: User, progress: Callable[[int, int], None] | None = None
) -> None:
    """Take every case in by the very services, and undo it at once: what they refuse is noted; nothing is kept.

    Only what is right in every cell is tried; each case in a transaction of its own, so that progress can be seen.
    """
    court, window = _court(actor), _window(actor)
    is_whole = not book.fault_count
    for number, entry in enumerate(book.entries.values(), start=1):
        if is_whole or not any(form.errors for forms in entry.draft.forms.values() for form in forms):
            with transaction.atomic():
                _try(book, entry, court, window, at=at, actor=actor)
                transaction.set_rollback(True)
        if progress:
            progress(number, len(book.entries))


def _try(
    book: OldBook,
    entry: Entry[OldDraft],
    court: Court,
    window: Window,
    *,
    at: dt.datetime,
    actor: User,
    is_demo: bool = False,
) -> Case | None:
    draft = entry.draft
    if not (draft.applicants and draft.debtors and draft.claims):
        return None
    given: dict[str, Any] = {"at": at, "actor": actor}
    try:
        with transaction.atomic():
            with _noted(book, entry, CASES, "case", 0):
                case = cases.take_in(draft.old_case(court=court, window=window.code, is_demo=is_demo), **given)
            accounts.open_escrow(case, **given)
            _take_beside(book, entry, case, at=at, actor=actor)
    except _Wrong:
        return None
    return case


def _take_beside(book: OldBook, entry: Entry[OldDraft], case: Case, *, at: dt.datetime, actor: User) -> None:
    given: dict[str, Any] = {"at": at, "actor": actor}
    debtors = {party.name: party for party in case.parties.filter(side=Party.Side.DEBTOR).order_by("-position")}
    is_right = True
    for index, form in enumerate(entry.draft.forms[CONTROLS, "controls"]):
        assert isinstance(form, ControlRow)
        debtor = debtors.get(canonical_name(form.cleaned_data["debtor"]))
        if debtor is None:
            book.add_at(CONTROLS, entry, "controls", index, "debtor", _("不是该案的被执行人"))
            is_right = False
            continue
        try:
            with _noted(book, entry, CONTROLS, "controls", index):
                assets.take_over_old(case, debtor, form.data_of(), **given)
        except _Wrong:
            is_right = False
    for index, form in enumerate(entry.draft.forms[MONEY, "money"]):
        assert isinstance(form, MoneyRow)
        row = form.row_of(index + 1)
        try:
            with _noted(book, entry, MONEY, "money", index):
                if isinstance(row, accounts.Held):
                    accounts.carry_over(case, row, **given)
                else:
                    accounts.note_paid_before(case, row, **given)
        except _Wrong:
            is_right = False
    if not is_right:
        raise _Wrong


@contextmanager
def _noted(book: OldBook, entry: Entry[OldDraft], page: str, part: str, index: int) -> Iterator[None]:
    """Note a refusal by page, row and column."""
    try:
        yield
    except Refused as refusal:
        for name, reasons in refusal.by_field.items():
            for reason in reasons:
                book.add_at(page, entry, part, index, name, reason)
        for reason in refusal.general:
            book.add_at(page, entry, part, index, "", reason)
        raise _Wrong from None


def _window(actor: User) -> Window:
    """Return the window at which the court's parties ask: that of the court."""
    window = Window.objects.filter(court=court_of(actor), is_active=True).order_by("code").first()
    if window is None:
        raise Refused(_("本院没有启用的立案窗口，请先由系统管理员设置"))
    return window


def take_in(book: OldBook, *, name: str, at: dt.datetime, actor: User, is_demo: bool = False) -> OldBookImport:
    """Take in every case of the workbook, or none; the same file at the same time gives the first answer."""
    court = _court(actor)
    if book.fault_count:
        raise Refused([fault.reason for fault in book.faults])
    try:
        return _write(book, court, name=name, at=at, actor=actor, is_demo=is_demo)
    except IntegrityError:
        if first := OldBookImport.objects.filter(court=court, sha256=book.sha256).first():
            return first
        raise Refused(_("同时有另一份文件导入了相同的案号，请重新检查后再导入")) from None


@transaction.atomic
def _write(book: OldBook, court: Court, *, name: str, at: dt.datetime, actor: User, is_demo: bool) -> OldBookImport:
    made = OldBookImport.objects.create(
        court=court,
        name=name[:200],
        sha256=book.sha256,
        row_count=book.row_count,
        case_count=len(book.entries),
        imported_by=actor,
        imported_at=at,
    )
    window = _window(actor)
    for entry in book.entries.values():
        case = _try(book, entry, court, window, at=at, actor=actor, is_demo=is_demo)
        if case is None:
            fault = book.faults[-1]
            told = {"page": fault.page, "row": fault.position, "reason": fault.reason}
            raise Refused(_("“%(page)s”表第 %(row)d 行：%(reason)s") % told)
        TakenIn.objects.create(source=made, position=entry.position, case=case)
    record(made, "import_old_book", at=at, actor=actor, file=made.sha256, court=court.code, count=made.case_count)
    return made
