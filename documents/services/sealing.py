"""A finished file is sealed: the use is written once, and on the record of the case."""

import datetime as dt

from bureau.models import User
from cases.record import record
from documents import seal
from documents.library.declared import Sign
from documents.models import Document, Draft, SealUse


def is_sealed_kind(document: Document) -> bool:
    """Return whether such a paper bears the court's seal; what only the parties sign does not."""
    return document.template.sign != Sign.PARTIES


def seal_document(document: Document, pdf_sha256: str, *, at: dt.datetime, actor: User) -> SealUse:
    """Let the court's seal sign content and file; raises CannotSeal, in which case nothing is kept.

    What the law wants proposed by one and approved by another is refused by the database if both are one person.
    """
    order = order_of(document, pdf_sha256)
    stamp = seal.current().stamp(order)
    drafted_by = Draft.objects.filter(document=document).values_list("proposed_by", flat=True).first()
    use = SealUse.objects.create(
        document=document,
        seal_id=stamp.seal_id,
        keeper=stamp.keeper,
        pdf_sha256=pdf_sha256,
        algorithm=stamp.algorithm,
        signature=stamp.signature,
        sealed_at=at,
        drafted_by_id=drafted_by,
        signed_by=document.issued_by,
        is_two_person=document.template.spec.is_two_person,
    )
    details = {"number": document.number, "title": document.title, "seal": stamp.seal_id, "seal_keeper": stamp.keeper}
    record(document, "seal_document", at=at, case=document.case, actor=actor, sha256=pdf_sha256, **details)
    return use


def order_of(document: Document, pdf_sha256: str) -> seal.Order:
    """Return the paper as the seal sees it."""
    return seal.Order(
        reference=document.token,
        court_code=document.case.number_court.code,
        number=document.number,
        title=document.title,
        issued_on=document.issued_on,
        content_sha256=document.content_sha256,
        pdf_sha256=pdf_sha256,
    )


def is_genuine(use: SealUse) -> bool:
    """Return whether the kept signature is the seal's on this paper, file and content as they are kept now."""
    stamp = seal.Stamp(use.seal_id, use.keeper, use.algorithm, use.signature)
    same_file = use.pdf_sha256 == use.document.pdf_sha256
    return same_file and seal.current().is_genuine(order_of(use.document, use.pdf_sha256), stamp)
