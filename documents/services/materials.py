"""Every change to papers received: staged uploads and materials."""

import datetime as dt
import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.crypto import decrypt, encrypt
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case, Party, WorkOrder, puts_away
from cases.record import record
from cases.services import refuse_put_away
from documents.models import Material, MissingNote, Staged
from documents.services.content import BYTES_MAX, TYPES, content_path, page_count, refuse_infected, sniff, store

TITLE_MAX, REASON_MAX = 200, 200
TABLE = "application/x-table"  # never shown or filed as a paper
STAGED_HOURS = 24
PHOTOS_MAX, NAME_SHOWN = 10, 60
# What is kept stays Chinese.
PHOTO_TITLE = "现场照片、回执（第{number}份，共{count}份）"


@transaction.atomic
def stage_upload(upload: "UploadedFile[bytes]", *, at: dt.datetime, actor: User) -> Staged:
    """Keep an upload while its form is corrected; yesterday's forgotten ones go."""
    if upload.size and upload.size > BYTES_MAX:
        raise Refused(of_field("upload", _("文件超过20 MB")))
    content = upload.read()
    content_type = sniff(content)
    refuse_infected(content)
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


@transaction.atomic
def stage_again(*, name: str, sha256: str, at: dt.datetime, actor: User) -> Staged:
    """Keep a file once more that a form was saved with, for whoever opens the form; it is known by its content."""
    path = content_path(sha256)
    if not path.exists():
        raise Refused(of_field("upload", _("文件已过期，请重新选择")))
    content = path.read_bytes()
    return Staged.objects.create(
        token=secrets.token_urlsafe(32),
        name=name[:TITLE_MAX],
        sha256=sha256,
        byte_count=len(content),
        content_type=sniff(content),
        staged_by=actor,
        staged_at=at,
    )


@transaction.atomic
def stage_table(upload: "UploadedFile[bytes]", *, at: dt.datetime, actor: User) -> Staged:
    """Keep a table of people and accounts for the job that reads it, encrypted; its kind is seen when it is read."""
    if upload.size and upload.size > BYTES_MAX:
        raise Refused(of_field("table", _("文件超过20 MB")))
    content = upload.read()
    if not content:
        raise Refused(of_field("table", _("文件是空的")))
    refuse_infected(content)
    return Staged.objects.create(
        token=secrets.token_urlsafe(32),
        name=Path(upload.name or "").name[:TITLE_MAX],
        sha256=store(encrypt(b64encode(content).decode()).encode()),
        byte_count=len(content),
        content_type=TABLE,
        staged_by=actor,
        staged_at=at,
    )


def table_bytes(staged: Staged) -> bytes:
    """Return the table as it was uploaded; raises Refused for an upload of another kind."""
    if staged.content_type != TABLE:
        raise Refused(_("上传的文件已过期，请重新上传"))
    return b64decode(decrypt(content_path(staged.sha256).read_bytes().decode()))


def discard_table(staged: Staged) -> None:
    """Remove a table whose contents have been taken in."""
    if staged.content_type == TABLE:
        content_path(staged.sha256).unlink(missing_ok=True)
        staged.delete()


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
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    refuse_put_away(case)
    return _receive(case, papers, at=at, actor=actor)


def _receive(
    case: Case, papers: Sequence[Paper], *, order: WorkOrder | None = None, at: dt.datetime, actor: User
) -> list[Material]:
    made = [_material(case, paper, at=at, actor=actor) for paper in papers]
    for material in made:
        material.work_order = order
    materials = Material.objects.bulk_create(made)
    # What is restricted from now on is no longer kept for its uploader either.
    hidden = [material.sha256 for material in materials if material.is_restricted]
    if hidden:
        Staged.objects.filter(staged_by=actor, sha256__in=hidden).delete()
    record(
        case,
        "receive_material",
        at=at,
        case=case,
        actor=actor,
        count=len(materials),
        kinds=[material.kind for material in materials],
        materials=[material.pk for material in materials],
        sha256=[material.sha256 for material in materials],
    )
    return materials


@transaction.atomic
def receive_photos(
    order: WorkOrder, photos: Sequence["UploadedFile[bytes]"], *, at: dt.datetime, actor: User
) -> list[Material]:
    """Put what came with an answer into the file of its case, told from other papers by the order.

    Who may answer the order may add to it: the caller has asked. Raises Refused with every file that is none.
    """
    if len(photos) > PHOTOS_MAX:
        raise Refused(of_field("photos", _("一次不超过 %(count)d 份照片、回执") % {"count": PHOTOS_MAX}))
    case = Case.objects.select_for_update(of=("self",)).get(pk=order.case_id)
    refuse_put_away(case)
    papers, reasons = [], []
    for number, upload in enumerate(photos, start=1):
        title = PHOTO_TITLE.format(number=number, count=len(photos))
        try:
            papers.append(Paper(Material.Kind.ONSITE, title, _content(upload), order.party))
        except Refused as refusal:
            name = Path(upload.name or "").name[:NAME_SHOWN]
            reasons += [
                of_field("photos", _("%(name)s：%(reason)s") % {"name": name, "reason": reason})
                for reason in refusal.reasons
            ]
    if reasons:
        raise Refused(reasons)
    return _receive(case, papers, order=order, at=at, actor=actor)


@transaction.atomic
def receive_application(
    case: Case, application: "UploadedFile[bytes] | Material", *, title: str, at: dt.datetime, actor: User
) -> Material:
    """Put the written application by which a case is filed into its file: an upload, or a copy of a scan kept already.

    Who may file the case may add it: the caller has asked. Raises Refused for what is no scan.
    """
    if isinstance(application, Material):
        content = content_path(application.sha256).read_bytes()
    else:
        content = _content(application)
    return _receive(case, [Paper(Material.Kind.APPLICATION, title, content)], at=at, actor=actor)[0]


def _content(upload: "UploadedFile[bytes]") -> bytes:
    if upload.size and upload.size > BYTES_MAX:
        raise Refused(of_field("upload", _("文件超过20 MB")))
    content: bytes = upload.read()
    sniff(content)
    refuse_infected(content)
    return content


def _material(case: Case, paper: Paper, *, at: dt.datetime, actor: User) -> Material:
    content = paper.content
    if isinstance(content, Staged):
        sha256, byte_count, content_type = content.sha256, content.byte_count, content.content_type
        if content_type not in TYPES:
            raise Refused(of_field("upload", _("只接受PDF、PNG、JPEG、TIFF文件（按内容识别，不看扩展名）")))
    else:
        content_type = sniff(content)
        refuse_infected(content)
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


@transaction.atomic
def explain_missing(case: Case, *, kind: str, reason: str, at: dt.datetime, actor: User) -> MissingNote:
    """The affairs team says why a required material cannot be had, so that the file may be archived without it.

    For a case of the old book the staff of its court do.
    """
    case = Case.objects.held().get(pk=case.pk)
    if not actor.has_perm("cases.archive_case") or not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise PermissionDenied
    if not puts_away(case, actor):
        raise PermissionDenied
    missing = missing_kinds(case)
    reasons = explain_objections(case, missing)
    if missing and kind not in missing:
        reasons.append(of_field("kind", _("该材料不缺，或已说明")))
    if not reason.strip():
        reasons.append(of_field("reason", _("请写明缺失的原因")))
    if reasons:
        raise Refused(reasons)
    row = MissingNote.objects.create(case=case, kind=kind, reason=reason.strip()[:REASON_MAX], by=actor, at=at)
    record(row, "explain_missing", at=at, case=case, actor=actor, missing=kind, reason=row.reason)
    return row


def explain_objections(case: Case, missing: Collection[str]) -> list[str]:
    """Return why there is nothing to explain now."""
    if case.is_open or case.is_put_away:
        return [_("结案后、归档前才说明所缺材料")]
    return [] if missing else [_("必备材料已齐备，或均已说明")]


def missing_kinds(case: Case) -> list[str]:
    """Return the required materials neither there nor explained; a revival has those of the case that it revives."""
    files = [pk for pk in (case.pk, case.revives_id) if pk]
    there = set(Material.objects.filter(case__in=files).values_list("kind", flat=True))
    there |= set(case.missing_notes.values_list("kind", flat=True))
    return [kind for kind in Material.REQUIRED if kind not in there]
