"""The whole file of a case in one archive, with a manifest of hashes; taking it out is on record."""

import datetime as dt
import hashlib
import json
import tempfile
import zipfile
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from cases.record import record
from documents.index import Entry, index
from documents.models import Document, Material
from documents.services.content import content_path

INDEX_NAME = "目录.html"
SPOOL_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive ready to be sent, and the hash of its manifest."""

    content: IO[bytes]
    manifest_sha256: str
    file_count: int


def index_of(case: Case, user: User) -> list[Entry]:
    """Return the index of the case as this user sees it."""
    materials = list(Material.objects.filter(case=case).for_list())
    documents = list(Document.objects.filter(case=case).for_list())
    # Only where something is restricted does it matter who asks.
    papers: list[Material | Document] = [*materials, *documents]
    if any(paper.is_restricted for paper in papers):
        seen = {
            ("material", pk) for pk in Material.objects.visible_to(user).filter(case=case).values_list("pk", flat=True)
        }
        seen |= {
            ("document", pk) for pk in Document.objects.visible_to(user).filter(case=case).values_list("pk", flat=True)
        }
    else:
        seen = {(paper._meta.model_name or "", paper.pk) for paper in papers}
    return index(materials, documents, seen=seen)


@transaction.atomic
def export_efile(case: Case, *, at: dt.datetime, actor: User) -> Archive:
    """Pack every paper that the user may see, in the order of the index; record that it left.

    manifest.json names them with their hashes for programs, an index page for people.

    Papers that he may not see, and those whose PDF could not be made, are named in the manifest without content.
    """
    case = Case.objects.held().get(pk=case.pk)
    if not actor.has_perm("documents.export_efile") or not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise PermissionDenied
    entries = index_of(case, actor)
    if any(entry.state == Document.PdfState.WAITING for entry in entries):
        raise Refused(_("尚有文书正在制作PDF，请稍后再导出"))
    lines = [_line(entry) for entry in entries]
    manifest = {
        "case_number": case.display_number,
        "exported_at": timezone.localtime(at).isoformat(),
        "exported_by": actor.name,
        "papers": lines,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    archive = Archive(
        _pack(entries, lines, text, _index_page(manifest)),
        hashlib.sha256(text).hexdigest(),
        sum(line["is_included"] for line in lines),
    )
    record(
        case, "export_efile", at=at, case=case, actor=actor, count=archive.file_count, sha256=archive.manifest_sha256
    )
    return archive


def _index_page(manifest: dict[str, Any]) -> str:
    return render_to_string("documents/efile_index.html", manifest)


def _line(entry: Entry) -> dict[str, Any]:
    is_included = not entry.is_hidden and bool(entry.sha256)
    line: dict[str, Any] = {
        "order": entry.order,
        "pages": [entry.first_page, entry.last_page],
        "is_included": is_included,
        "is_restricted": entry.is_restricted,
    }
    if entry.is_hidden:
        return line
    return line | {
        "file": entry.file_name if is_included else "",
        "title": entry.title,
        "number": entry.number,
        "source": "ISSUED" if entry.is_issued else "RECEIVED",
        "at": timezone.localtime(entry.at).isoformat(),
        "sha256": entry.sha256,
        "byte_count": entry.byte_count,
        "content_type": entry.content_type,
        "is_void": entry.is_void,
    }


def _pack(entries: list[Entry], lines: list[dict[str, Any]], manifest: bytes, index_page: str) -> IO[bytes]:
    content = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - the answer closes it
    # Scans and PDF are compressed already.
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as pack:
        for entry, line in zip(entries, lines, strict=True):
            if line["is_included"]:
                day = timezone.localtime(entry.at)
                info = zipfile.ZipInfo(line["file"], (day.year, day.month, day.day, day.hour, day.minute, 0))
                pack.writestr(info, content_path(entry.sha256).read_bytes())
        pack.writestr("manifest.json", manifest)
        pack.writestr(INDEX_NAME, index_page)
    content.seek(0)
    return content
