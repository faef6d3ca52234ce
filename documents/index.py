"""The index of the e-file: every paper received and issued, in order, with its pages."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from documents.models import Document, Material

EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: the paper, its place and pages; `is_hidden` for whoever may not see it, page numbers stay the same."""

    order: int
    paper: Material | Document
    is_issued: bool
    title: str
    kind: str
    number: str
    at: dt.datetime
    sha256: str
    byte_count: int
    content_type: str
    first_page: int
    last_page: int
    is_restricted: bool
    is_hidden: bool
    is_void: bool
    state: str

    @property
    def file_name(self) -> str:
        """Return the name of the paper inside the exported file."""
        title = "".join(mark for mark in self.title if mark.isalnum() or mark in "（）()-")
        return f"{self.order:03d}-{title[:40]}.{EXTENSIONS.get(self.content_type, 'bin')}"


def index(materials: Iterable[Material], documents: Iterable[Document], *, seen: set[tuple[str, int]]) -> list[Entry]:
    """Return all papers by the moment they entered the file; `seen` names those that the reader may open."""
    rows: list[Entry] = []
    page = 0
    papers: list[Material | Document] = [*materials, *documents]
    papers.sort(key=lambda paper: (_at(paper), isinstance(paper, Document), paper.pk))
    for order, paper in enumerate(papers, start=1):
        count = max(1, paper.page_count)
        rows.append(_entry(order, paper, page + 1, page + count, seen))
        page += count
    return rows


def _at(paper: Material | Document) -> dt.datetime:
    return paper.issued_at if isinstance(paper, Document) else paper.received_at


def _entry(order: int, paper: Material | Document, first: int, last: int, seen: set[tuple[str, int]]) -> Entry:
    is_issued = isinstance(paper, Document)
    shared: dict[str, Any] = {
        "order": order,
        "paper": paper,
        "is_issued": is_issued,
        "title": paper.title,
        "kind": paper.get_kind_display(),
        "at": _at(paper),
        "first_page": first,
        "last_page": last,
        "is_restricted": paper.is_restricted,
        "is_hidden": (paper._meta.model_name or "", paper.pk) not in seen,
    }
    if isinstance(paper, Document):
        return Entry(
            **shared,
            number=paper.number,
            sha256=paper.pdf_sha256,
            byte_count=paper.pdf_byte_count,
            content_type="application/pdf",
            is_void=paper.voided_by_id is not None,
            state=paper.pdf_state,
        )
    return Entry(
        **shared,
        number="",
        sha256=paper.sha256,
        byte_count=paper.byte_count,
        content_type=paper.content_type,
        is_void=False,
        state="READY",
    )
