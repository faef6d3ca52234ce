"""Copies of papers served on an applicant, put where the public process can read them; runs in the worker."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from cases.models import Party
from documents.models import Delivery, Document
from documents.services import content_path
from portal.models import ReleasedCopy, StatusPage

BATCH = 20
BYTES_MAX = 5 * 1024 * 1024  # a paper is some ten kilobytes; what is larger is fetched at a window


def waiting() -> QuerySet[Delivery]:
    """Return what has been served on applicants, is printed and not restricted, and has no copy yet."""
    copies = ReleasedCopy.objects.filter(document_id=OuterRef("document_id"), party_id=OuterRef("party_id"))
    pages = StatusPage.objects.filter(case_id=OuterRef("case_id"))
    served = Delivery.objects.filter(Exists(pages), ~Exists(copies), state=Delivery.State.DELIVERED)
    own = served.filter(party__side=Party.Side.APPLICANT, document__is_restricted=False)
    printed = own.exclude(document__pdf_sha256="").filter(document__voided_by__isnull=True)
    return printed.filter(document__pdf_byte_count__lte=BYTES_MAX).order_by("id")


def release(*, at: dt.datetime) -> int:
    """Put out a copy of everything served, and take back those of papers that were replaced; return how many."""
    _take_back()
    count = 0
    while released := _release_batch(at=at):
        count += released
    return count


@transaction.atomic
def _release_batch(*, at: dt.datetime) -> int:
    rows = waiting().select_related("document").defer("document__body", "document__values")
    copies = [
        copy for row in rows.select_for_update(of=("self",), skip_locked=True)[:BATCH] if (copy := _copy(row, at))
    ]
    # A paper served twice on one addressee is one copy.
    ReleasedCopy.objects.bulk_create(copies, ignore_conflicts=True)
    _write_anew(copy.case_id for copy in copies)
    return len(copies)


def _write_anew(case_ids: Iterable[int]) -> None:
    # The page lists the papers.
    StatusPage.objects.filter(case_id__in=set(case_ids)).update(event_seq=-1)


def _copy(row: Delivery, at: dt.datetime) -> ReleasedCopy | None:
    path = content_path(row.document.pdf_sha256)
    if row.deemed_on is None or not path.exists():
        return None
    content = path.read_bytes()
    return ReleasedCopy(
        case_id=row.case_id,
        document_id=row.document_id,
        party_id=row.party_id or 0,
        title=row.document.title,
        number=row.document.number,
        served_on=row.deemed_on,
        content=content,
        byte_count=len(content),
        released_at=at,
    )


def _take_back() -> None:
    void = Document.objects.filter(voided_by__isnull=False, pk=OuterRef("document_id"))
    gone = ReleasedCopy.objects.filter(Exists(void))
    _write_anew(gone.values_list("case_id", flat=True))
    gone.delete()
    ReleasedCopy.objects.exclude(case_id__in=StatusPage.objects.values("case_id")).delete()
