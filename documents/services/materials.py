"""Every change to papers received: staged uploads and materials."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import User
from cases.models import Case, Party
from cases.record import record
from documents.models import Material, Staged
from documents.services.content import BYTES_MAX, page_count, sniff, store

TITLE_MAX = 200
STAGED_HOURS = 24


@transaction.atomic
def stage_upload(upload: "UploadedFile[bytes]", *, at: dt.datetime, actor: User) -> Staged:
    """Keep an upload while its form is corrected; yesterday's forgotten ones go."""
    if upload.size and upload.size > BYTES_MAX:
        raise Refused(_("文件超过20 MB"))
    content = upload.read()
    content_type = sniff(content)
    Staged.objects.filter(staged_at__lt=at - dt.timedelta(hours=STAGED_HOURS)).delete()
    return Staged.objects.create(
        token=secrets.token_urlsafe(32),
        name=Path(upload.name or "").name[:TITLE_MAX],
        sha256=store(content),
        byte_count=len(content),
        content_type=content_type,
        staged_by=actor,
        staged_at=at,
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper handed in; `party` is whose it is, none for the case's."""

    kind: str
    title: str
    content: bytes | Staged
    party: Party | None = None


@transaction.atomic
def receive(case: Case, papers: Sequence[Paper], *, at: dt.datetime, actor: User) -> list[Material]:
    """Add papers to the case in one act; a payee confirmation is restricted because it shows an account number."""
    if not actor.has_perm("documents.add_material"):
        raise PermissionDenied
    if not papers:
        return []
    materials = Material.objects.bulk_create(_material(case, paper, at=at, actor=actor) for paper in papers)
    record(
        case,
        "receive_material",
        at=at,
        case=case,
        actor=actor,
        count=len(materials),
        kinds=[material.kind for material in materials],
        sha256=[material.sha256 for material in materials],
    )
    return materials


def _material(case: Case, paper: Paper, *, at: dt.datetime, actor: User) -> Material:
    content = paper.content
    if isinstance(content, Staged):
        sha256, byte_count, content_type = content.sha256, content.byte_count, content.content_type
    else:
        content_type = sniff(content)
        sha256, byte_count = store(content), len(content)
    return Material(
        case=case,
        party=paper.party,
        kind=paper.kind,
        title=paper.title.strip()[:TITLE_MAX] or str(Material.Kind(paper.kind).label),
        sha256=sha256,
        byte_count=byte_count,
        content_type=content_type,
        page_count=page_count(sha256, content_type),
        is_restricted=paper.kind == Material.Kind.PAYEE,
        received_at=at,
        received_by=actor,
    )
