"""Where a filing came from: its signed record or the stated reason; what is still to be asked follows the case."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case
from cases.record import record
from documents import services as documents
from documents.models import Material
from intake.models import FilingSource, LaterQuestion, Reception

WORDS_MAX, ANSWER_MAX = 200, 2000
# What is kept stays Chinese.
TITLE, SCAN_TITLE = "初次接待笔录", "初次接待笔录（纸质签名件）"
Reason = FilingSource.Reason


@dataclass(frozen=True, slots=True)
class Unreceived:
    """Why a filing has no record of a reception: a code and words, as the number of the letter."""

    reason: str  # FilingSource.Reason
    words: str


@transaction.atomic
def note_source(
    case: Case, *, reception: Reception | None, without_reception: Unreceived | None, at: dt.datetime, actor: User
) -> FilingSource:
    """Say in the act of filing where it came from; refused without a signed record and without a reason."""
    if (reception is None) == (without_reception is None):
        raise Refused(of_field("reception", _("请选择已签名的初次接待笔录，或者说明没有笔录的原因，二者择一")))
    if reception is not None:
        row = FilingSource.objects.create(
            case=case, reception=_filed(reception, case, at=at, actor=actor), by=actor, at=at
        )
        record(row, "note_source", at=at, case=case, actor=actor, reception=reception.pk)
        return row
    assert without_reception is not None
    if without_reception.reason not in Reason.values:
        raise Refused(of_field("reason", _("请选择没有笔录的原因")))
    words = without_reception.words.strip()[:WORDS_MAX]
    if not words:
        raise Refused(of_field("words", _("请写明来源，如网上立案编号、邮寄单号、移送函文号")))
    row = FilingSource.objects.create(case=case, reason=without_reception.reason, words=words, by=actor, at=at)
    record(row, "note_source", at=at, case=case, actor=actor, reason=row.reason)
    return row


def _filed(reception: Reception, case: Case, *, at: dt.datetime, actor: User) -> Reception:
    row = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if row.window_id != case.filing_window_id:
        raise PermissionDenied
    if row.state != Reception.State.SIGNED:
        raise Refused(of_field("reception", _("该笔录尚未签名，或者已用于立案、已作废")))
    return _in_file(row, case, at=at, actor=actor)


@transaction.atomic
def join(reception: Reception, case: Case, *, at: dt.datetime, actor: User) -> Reception:
    """Put the signed correction of a filed record into the file of its case."""
    if reception.state != Reception.State.SIGNED or reception.window_id != actor.window_id:
        raise PermissionDenied
    row = _in_file(reception, case, at=at, actor=actor)
    record(row, "join_reception", at=at, case=case, actor=actor, corrects=row.corrects_id, sha256=row.content_sha256)
    return row


def _in_file(row: Reception, case: Case, *, at: dt.datetime, actor: User) -> Reception:
    row.state, row.case, row.filed_at = Reception.State.FILED, case, at
    row.save(update_fields=["state", "case", "filed_at"])
    papers = [documents.Paper(Material.Kind.OTHER, TITLE, documents.content_path(row.pdf_sha256).read_bytes())]
    if row.signature == Reception.Signature.SCAN:
        scan = documents.content_path(row.signature_sha256).read_bytes()
        papers.append(documents.Paper(Material.Kind.OTHER, SCAN_TITLE, scan))
    documents.receive(case, papers, at=at, actor=actor)
    return row


@transaction.atomic
def answer_later(row: LaterQuestion, *, answer: str, at: dt.datetime, actor: User) -> LaterQuestion:
    """Write down what was answered later: by the window that asked, or by whoever has the case and speaks to people."""
    row = LaterQuestion.objects.select_for_update(of=("self",)).select_related("reception__case").get(pk=row.pk)
    case = row.reception.case
    if case is None or not may_answer(actor) or not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise PermissionDenied
    if row.answered_at is not None:
        raise Refused(_("这一问已有答复"))
    text = "".join(mark for mark in answer if mark in "\n\t" or mark >= " ").strip()[:ANSWER_MAX]
    if not text:
        raise Refused(of_field("answer", _("请填写答复")))
    row.answer, row.answered_by, row.answered_at = text, actor, at
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    record(row, "answer_later", at=at, case=case, actor=actor, question=row.key)
    return row


def may_answer(user: User) -> bool:
    """Return whether the user may answer what was left for later, of the cases that he sees."""
    return user.has_perm("intake.record_reception") or user.has_perm("cases.log_contact")


@dataclass(frozen=True, slots=True)
class Source:
    """What the command centre is shown of where a filing came from."""

    label: str
    words: str
    url: str
    signed_on: dt.date | None = None


def of_cases(pks: list[int]) -> dict[int, Source]:
    """Return where each filing came from; the transcript is opened from the file of the case."""
    found = {}
    rows = FilingSource.objects.filter(case__in=pks).select_related("reception").defer("reception__words")
    # By the content that was signed: anybody may give a paper the same title.
    signed_papers = {(row.case_id, row.reception.pdf_sha256) for row in rows if row.reception is not None}
    papers: dict[tuple[int, str], int] = {}
    if signed_papers:
        own = Material.objects.filter(case__in=pks, sha256__in={sha256 for _case, sha256 in signed_papers})
        papers = {(case, sha256): pk for case, sha256, pk in own.order_by("id").values_list("case_id", "sha256", "pk")}
    for row in rows:
        if row.reception is None:
            found[row.case_id] = Source(str(row.get_reason_display()), row.words, "")
            continue
        paper = papers.get((row.case_id, row.reception.pdf_sha256))
        url = reverse("documents:open", args=[paper]) if paper else ""
        signed = row.reception.signed_at
        flag = str(row.reception.get_flag_display()) if row.reception.flag else ""
        found[row.case_id] = Source(_("初次接待笔录"), flag, url, timezone.localdate(signed) if signed else None)
    return found
