"""The PDF of an issued document: made and sealed once by a periodic task; a missing glyph or seal is a failure."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from cases.record import record
from documents.models import Document
from documents.seal import CannotSeal, current
from documents.services.content import PDF, page_count, store
from documents.services.issue import may_issue
from documents.services.sealing import is_sealed_kind, seal_document
from documents.typesetting import CannotPrint, paper

ERROR_MAX = 300
LOADED = ("case__number_court", "template", "issued_by")


def print_waiting(*, at: dt.datetime, actor: User) -> int:
    """Make the PDF of every document that waits for one, oldest first; return how many were tried."""
    count = 0
    while print_next(at=at, actor=actor):
        count += 1
    return count


@transaction.atomic
def print_next(*, at: dt.datetime, actor: User) -> bool:
    """Take the oldest waiting document that no other worker holds and make its PDF; return whether there was one."""
    waiting = Document.objects.unprinted().select_for_update(skip_locked=True, of=("self",))
    document = waiting.select_related(*LOADED).first()
    if document is None:
        return False
    _print(document, at=at, actor=actor)
    return True


@transaction.atomic
def print_document(document: Document, *, at: dt.datetime, actor: User) -> Document:
    """Make the PDF of this document now, unless another worker has."""
    document = Document.objects.select_for_update(of=("self",)).select_related(*LOADED).get(pk=document.pk)
    if not document.pdf_sha256 and not document.pdf_error:
        _print(document, at=at, actor=actor)
    return document


def _print(document: Document, *, at: dt.datetime, actor: User) -> None:
    try:
        content = _set(document)
    except CannotPrint as fault:
        _fail(document, str(fault), at=at, actor=actor)
        return
    sha256 = store(content)
    if is_sealed_kind(document):
        try:
            seal_document(document, sha256, at=at, actor=actor)
        except CannotSeal as fault:
            _fail(document, str(fault), at=at, actor=actor)
            return
    document.pdf_sha256, document.pdf_byte_count = sha256, len(content)
    document.page_count = page_count(document.pdf_sha256, PDF)
    document.save(update_fields=Document.PDF_FIELDS)


def _set(document: Document) -> bytes:
    mark = current().mark(document.case.number_court.code) if is_sealed_kind(document) else ""
    return paper(
        document.blocks(),
        title=str(document),
        on=document.issued_on,
        token=document.token,
        sha256=document.content_sha256,
        mark=mark,
    )


def _fail(document: Document, reason: str, *, at: dt.datetime, actor: User) -> None:
    document.pdf_error = reason[:ERROR_MAX]
    document.save(update_fields=Document.PDF_FIELDS)
    record(
        document,
        "fail_printing",
        at=at,
        case=document.case,
        actor=actor,
        number=document.number,
        title=document.title,
    )


@transaction.atomic
def retry_printing(document: Document, *, at: dt.datetime, actor: User) -> Document:
    """Put a document whose PDF failed back into the queue, once the cause is gone (a font was added)."""
    case = Case.objects.select_for_update().get(pk=document.case_id)
    document = Document.objects.light().select_related("template").get(pk=document.pk)
    if not may_issue(case, document.template, actor):
        raise PermissionDenied
    if document.pdf_state != Document.PdfState.FAILED:
        raise Refused(_("该文书不在制作失败状态"))
    document.pdf_error = ""
    document.save(update_fields=["pdf_error"])
    record(document, "retry_printing", at=at, case=case, actor=actor, number=document.number, title=document.title)
    return document
