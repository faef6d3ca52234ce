"""A filing goes back to its window once, with everything that is wrong; the window answers or the sender recalls it."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Event, Holiday, User
from cases import nodes
from cases.models import Case
from cases.record import record
from dispatch.models import SendBack

NOTE_MAX = 500
# What the record shows when a window puts a filing right: papers, data, address, account, number.
MENDING = (
    *("receive_material", "propose_correction", "confirm_correction", "confirm_address", "enter_number"),
    *("confirm_payee", "request_payee", "request_payee_change"),
)


@transaction.atomic
def send_back_filing(case: Case, *, defects: Sequence[str], note: str = "", at: dt.datetime, actor: User) -> SendBack:
    """Send a filing back to its window with every defect at once (一次性告知); the limit of triage runs on.

    The window has the working days of any hand-over to answer (domain handbook §6.2).
    """
    if not actor.has_perm("dispatch.verify_case"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=case.pk)
    known = [code for code in SendBack.Defect.values if code in defects]
    reasons = [] if known else [of_field("defects", _("请至少选择一项退回原因"))]
    if SendBack.Defect.OTHER in known and not note.strip():
        reasons.append(of_field("note", _("选择“其他”时请写明原因")))
    if case.stage != Case.Stage.FILED:
        reasons.append(_("只有待分流、待分案的案件可以退回窗口"))
    if SendBack.objects.open().filter(case=case).exists():
        reasons.append(_("本案已退回窗口，等待补正"))
    if reasons:
        raise Refused(reasons)
    answer = nodes.BY_CODE["HANDOVER_ANSWER"]
    row = SendBack.objects.create(
        case=case,
        window_id=case.filing_window_id,
        defects=known,
        note=note.strip()[:NOTE_MAX],
        sent_by=actor,
        sent_at=at,
        due_on=nodes.counted(answer, timezone.localdate(at), days=Holiday.objects.calendar()).due_on,
    )
    record(row, "send_back_filing", at=at, case=case, actor=actor, defects=known, note=row.note, due_on=row.due_on)
    return row


@transaction.atomic
def answer_send_back(row: SendBack, *, note: str, is_unchanged: bool = False, at: dt.datetime, actor: User) -> SendBack:
    """The window has put it right and hands the filing over again, saying what was done.

    The record shows that something was: a filing on which nothing changed comes back only with that said and why.
    """
    row = _open(row)
    if not actor.has_perm("dispatch.answer_send_back") or actor.window_id != row.window_id:
        raise PermissionDenied
    if not note.strip():
        raise Refused(of_field("note", _("请写明补正了什么")))
    if not (is_unchanged or is_mended(row)):
        words = _("退回后没有更正信息，也没有补交材料；确实无须改动的，请勾选并在补正说明中写明理由")
        raise Refused(of_field("is_unchanged", words))
    return _close(row, SendBack.State.ANSWERED, "answer_send_back", note=note, at=at, actor=actor)


def is_mended(row: SendBack) -> bool:
    """Return whether data or papers of the filing have changed since it was sent back."""
    since = Event.objects.of_chain(f"case:{row.case_id}").filter(at__gte=row.sent_at, verb__in=MENDING)
    return since.exists()


@transaction.atomic
def withdraw_send_back(row: SendBack, *, note: str = "", at: dt.datetime, actor: User) -> SendBack:
    """The command centre takes a send-back of its own back; it does not count against the window."""
    row = _open(row)
    if not actor.has_perm("dispatch.verify_case"):
        raise PermissionDenied
    return _close(row, SendBack.State.WITHDRAWN, "withdraw_send_back", note=note, at=at, actor=actor)


def _open(row: SendBack) -> SendBack:
    # The case row is the lock of everything on a case.
    Case.objects.held().get(pk=row.case_id)
    row = SendBack.objects.select_related("case").get(pk=row.pk)
    if row.state != SendBack.State.OPEN:
        raise Refused(_("该退回已处理"))
    return row


def _close(row: SendBack, state: str, verb: str, *, note: str, at: dt.datetime, actor: User) -> SendBack:
    row.state, row.answer_note = state, note.strip()[:NOTE_MAX]
    row.answered_by, row.answered_at = actor, at
    row.save(update_fields=["state", "answer_note", "answered_by", "answered_at"])
    record(row, verb, at=at, case=row.case, actor=actor, note=row.answer_note)
    return row


def answers_for(user: User) -> QuerySet[SendBack]:
    """Return what the user's window has to answer."""
    return SendBack.objects.open().filter(window_id=user.window_id or 0)
