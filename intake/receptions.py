"""Every change to a first reception: begun, saved as typed, read back, signed, voided, corrected (decision 0030)."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record
from documents import services as documents
from documents.typesetting import CannotPrint
from intake import filingsources, plausible, questions, signatures, transcripts
from intake.models import LaterQuestion, Reception, ReceptionTemplate

REASON_MAX, SIGNER_MAX = 300, 100
MAY = "intake.record_reception"
State = Reception.State


@transaction.atomic
def begin(
    *,
    claim_type: str,
    subject: str,
    flag: str = "",
    place: str = Reception.Place.WINDOW,
    recorder: User | None = None,
    at: dt.datetime,
    actor: User,
) -> Reception:
    """Begin a record at one's own window, by the questions in force that day."""
    if not actor.has_perm(MAY) or actor.window is None:
        raise PermissionDenied
    if recorder is not None and recorder.window_id != actor.window_id:
        raise Refused(of_field("recorder", _("记录人应为本窗口人员")))
    template = ReceptionTemplate.objects.in_force(claim_type, on=timezone.localdate(at))
    if template is None:
        raise Refused(of_field("claim_type", _("该类型还没有已生效的问题")))
    row = Reception.objects.create(
        window=actor.window,
        place=place,
        claim_type=claim_type,
        subject=subject,
        flag=flag,
        template=template,
        receptionist=actor,
        recorder=recorder or actor,
        started_at=at,
        saved_at=at,
    )
    record(row, "begin_reception", at=at, actor=actor, claim_type=claim_type, version=template.version)
    return row


@transaction.atomic
def save(
    row: Reception,
    *,
    answers: Mapping[str, str],
    later: Collection[str] = (),
    told: Collection[str] = (),
    seq: int,
    page: str,
    at: dt.datetime,
    actor: User,
) -> Reception:
    """Keep what has been typed so far, however little; the same save twice is one.

    `page` is what the page was opened with (`page_mark`), `seq` its running number. An older save than the one that
    stands, or one of a page that was opened before another page saved, raises Refused and changes nothing. On record
    is the first save of each page: a line per second would bury the rest.
    """
    row = _held(row, actor)
    if not row.is_open:
        raise Refused(_("笔录已签名或者作废，不能再改"))
    known = questions.questions_of(row.template.content)
    kept = questions.cleaned(known, answers)
    optional = {question.key for question in known if not question.is_required}
    left = sorted({key for key in later if key in optional and key not in kept})
    told = [key for key, _text in questions.told_of(row.template.content) if key in told]
    is_same = (kept, left, told) == (row.answers, row.later, row.told)
    is_new_page = page != row.editor
    if is_same and (is_new_page or seq <= row.seq):
        return row
    if (_opened_at(page) != row.seq) if is_new_page else (seq <= row.seq):
        raise Refused(_("这份笔录已在别处继续填写，本页的内容没有保存，请重新打开"))
    row.seq = max(seq, row.seq + 1)
    if is_same:
        # Nothing new was said, but what this page sent before is older.
        row.save(update_fields=["seq"])
        return row
    row.say(kept, left)
    row.told, row.editor, row.saved_at = told, page, at
    # What changes after it was read out has to be read out again.
    row.state, row.read_back_at, row.ended_at = State.DRAFT, None, None
    row.save(
        update_fields=["words", "told", "seq", "editor", "saved_at", "state", "read_back_at", "ended_at"],
    )
    if is_new_page:
        record(row, "save_reception", at=at, actor=actor, seq=row.seq)
    return row


def page_mark(row: Reception, token: str) -> str:
    """Return what a page carries so that a save of it is told from one of another page; at most forty characters."""
    return f"{row.seq}-{token}"[:40]


def _opened_at(page: str) -> int:
    number = page.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1


@transaction.atomic
def read_back(row: Reception, *, at: dt.datetime, actor: User) -> Reception:
    """The record has been read out; refused with every required question that is empty and every wrong answer."""
    row = _held(row, actor)
    if row.state != State.DRAFT:
        raise Refused(_("只有记录中的笔录可以宣读"))
    asked, today = transcripts.asked_of(row), timezone.localdate(at)
    faults = questions.missing(asked, row.answers, today=today)
    said = {question.key: row.answers.get(question.key, "").strip() for question in asked}
    faults = {**plausible.impossible(said, subject=row.subject, today=today), **faults}
    reasons = [of_field(f"q-{key}", text) for key, text in faults.items()]
    if not row.told:
        reasons.append(of_field("told", _("请勾选已经告知的事项")))
    if reasons:
        raise Refused(reasons)
    row.state, row.read_back_at, row.ended_at = State.READ_BACK, at, at
    try:
        transcripts.pdf(row, on=timezone.localdate(at))
    except CannotPrint as fault:
        raise Refused(_("笔录中有不能印刷的字，请改正：%(fault)s") % {"fault": fault}) from None
    row.save(update_fields=["state", "read_back_at", "ended_at"])
    record(row, "read_back_reception", at=at, actor=actor, seq=row.seq, told=row.told)
    return row


@transaction.atomic
def sign(
    row: Reception,
    *,
    signed_by: str,
    drawn: str = "",
    scan: "UploadedFile[bytes] | None" = None,
    at: dt.datetime,
    actor: User,
) -> Reception:
    """Fix the record under its hash, by a signature drawn on the screen or the scan of the signed paper.

    Questions left for later become rows of their own; the correction of a filed record joins its case.
    """
    row = _held(row, actor)
    if row.state != State.READ_BACK:
        raise Refused(_("请先宣读核对，再签名"))
    if not signed_by.strip():
        raise Refused(of_field("signed_by", _("请填写签名人姓名")))
    if bool(drawn) == (scan is not None):
        raise Refused(of_field("drawn", _("请在屏幕上签名，或者上传纸质签名件，二者择一")))
    picture = _signature(row, drawn, scan, at=at, actor=actor)
    row.state, row.signed_by, row.signed_at = State.SIGNED, signed_by.strip()[:SIGNER_MAX], at
    row.content_sha256 = transcripts.hash_of(row)
    try:
        row.pdf_sha256 = documents.store(transcripts.pdf(row, on=timezone.localdate(at), picture=picture))
    except CannotPrint as fault:
        raise Refused(of_field("signed_by", str(fault))) from None
    row.save()
    later, asked = set(row.later), transcripts.asked_of(row)
    LaterQuestion.objects.bulk_create(
        LaterQuestion(reception=row, key=question.key, label=question.label)
        for question in asked
        if question.key in later and not row.answers.get(question.key)
    )
    record(row, "sign_reception", at=at, actor=actor, sha256=row.content_sha256, signature=row.signature)
    if row.corrects is not None and row.corrects.state == State.FILED and row.corrects.case is not None:
        filingsources.join(row, row.corrects.case, at=at, actor=actor)
    return row


def _signature(
    row: Reception, drawn: str, scan: "UploadedFile[bytes] | None", *, at: dt.datetime, actor: User
) -> bytes | None:
    if scan is None:
        picture = signatures.drawn(drawn)
        row.signature, row.signature_type = Reception.Signature.DRAWN, "image/png"
        row.signature_sha256 = documents.store(picture)
        return picture
    try:
        kept = documents.stage_upload(scan, at=at, actor=actor)
    except Refused as refusal:
        raise Refused([of_field("scan", reason) for reason in refusal.reasons]) from None
    row.signature, row.signature_type = Reception.Signature.SCAN, kept.content_type
    row.signature_sha256 = kept.sha256
    return None


@transaction.atomic
def void(row: Reception, *, reason: str, at: dt.datetime, actor: User) -> Reception:
    """Give a record up that is not filed; it stays on record with the reason."""
    row = _held(row, actor)
    if row.state in (State.FILED, State.VOID):
        raise Refused(_("已立案或者已作废的笔录不能作废，有错误的请更正"))
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明理由")))
    return _voided(row, reason, at=at, actor=actor)


@transaction.atomic
def correct(row: Reception, *, reason: str, at: dt.datetime, actor: User) -> Reception:
    """Begin a new record with what the signed one says, which it names; the signed one is never touched.

    One that is not filed is voided by it; a filed one stays in the file beside its correction.
    """
    row = _held(row, actor)
    if not row.is_sealed:
        raise Refused(_("只有已签名的笔录需要更正"))
    if row.state == State.FILED and not actor.has_perm("documents.add_material"):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明理由")))
    if row.corrections.exclude(state=State.VOID).exists():
        raise Refused(_("这份笔录已有更正笔录"))
    same: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("window", "place", "claim_type", "subject", "flag", "template", "recorder", "words", "told")
    }
    made = Reception.objects.create(
        **same,
        receptionist=actor,
        started_at=at,
        saved_at=at,
        corrects=row,
        correction_reason=reason.strip()[:REASON_MAX],
    )
    if row.state == State.SIGNED:
        _voided(row, reason, at=at, actor=actor)
    record(made, "correct_reception", at=at, actor=actor, corrects=row.pk, reason=made.correction_reason)
    return made


def _voided(row: Reception, reason: str, *, at: dt.datetime, actor: User) -> Reception:
    row.state, row.void_reason, row.voided_by, row.voided_at = State.VOID, reason.strip()[:REASON_MAX], actor, at
    row.save(update_fields=["state", "void_reason", "voided_by", "voided_at"])
    record(row, "void_reception", at=at, actor=actor, reason=row.void_reason)
    return row


def _held(row: Reception, actor: User) -> Reception:
    if not actor.has_perm(MAY) or actor.window_id is None:
        raise PermissionDenied
    rows = Reception.objects.select_for_update(of=("self",)).select_related(
        "template", "window", "receptionist", "recorder", "corrects__case"
    )
    row = rows.get(pk=row.pk)
    if row.window_id != actor.window_id:
        raise PermissionDenied
    return row
