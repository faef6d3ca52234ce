"""Takes in the bank's report on a file of payment orders: whole or not at all, the same one once.

What is rejected bounces, what is settled is paid, what is accepted bears the time from which the bank has it.
"""

import datetime as dt
import hashlib
from collections import Counter, defaultdict

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import bank
from accounts.models import LineRefund, PaymentFile, Payout, StatusReport
from accounts.painreports import ACCEPTED, PARTLY, REJECTED, SETTLED, Report, Said, read
from accounts.services.answers import BOOKED, take_answer, take_refund_answer
from accounts.services.ledger import hold_cases
from accounts.services.sending import book_rows
from bureau.errors import Refused
from bureau.models import User
from bureau.record import record

FAULTS_MAX = 10
ANSWERED = "ANSWERED"
Paid = Payout | LineRefund


@transaction.atomic
def take_status_report(*, content: bytes, at: dt.datetime, actor: User) -> StatusReport:
    """Book what the report says of each payment of its file; the same report again gives the first answer."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    report, sha256 = read(content), hashlib.sha256(content).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('wuhai_exec status reports'))")
    if first := StatusReport.objects.filter(message_id=report.message_id).first():
        if first.sha256 != sha256:
            raise Refused(_("银行报文号 %(id)s 已用于另一份回执，内容不同") % {"id": report.message_id})
        return first
    file = PaymentFile.objects.defer("content").filter(message_id=report.original_id).first()
    if file is None:
        raise Refused(_("回执所称的付款文件 %(id)s 不是本院生成的") % {"id": report.original_id})
    # What of it is answered already is known under the locks by which answers are booked.
    hold_cases(Payout.objects.filter(file_row__file=file).values_list("case_id", flat=True))
    rows = _payments(file)
    if faults := _objections(report, rows):
        raise Refused(faults)
    said = {reference: report.rows.get(reference) or _rest(report) for reference in rows}
    done = _book(report.message_id, rows, said, at=at, actor=actor)
    taken = StatusReport.objects.create(
        message_id=report.message_id,
        sha256=sha256,
        file=file,
        accepted_count=done[ACCEPTED],
        paid_count=done[SETTLED],
        rejected_count=done[REJECTED],
        answered_count=done[ANSWERED],
        received_at=at,
        received_by=actor,
    )
    record(
        taken,
        "take_status_report",
        at=at,
        actor=actor,
        message_id=taken.message_id,
        file=file.message_id,
        file_sha256=sha256,
        accepted=done[ACCEPTED],
        paid=done[SETTLED],
        rejected=done[REJECTED],
        answered=done[ANSWERED],
    )
    return taken


def _payments(file: PaymentFile) -> dict[str, Paid]:
    rows = file.rows.select_related("payout__batch_row", "refund")
    return {one.reference: one for row in rows if (one := row.payout or row.refund)}


def _rest(report: Report) -> Said | None:
    """Return what is said of the payments that the report does not name; of a file in part only those named count."""
    return None if report.whole is None or report.whole.status == PARTLY else report.whole


def _objections(report: Report, rows: dict[str, Paid]) -> list[str]:
    faults = []
    for reference, said in report.rows.items():
        if reference not in rows:
            faults.append(_("回执中的付款 %(reference)s 不在该付款文件中") % {"reference": reference})
        elif said.amount is not None and said.amount != rows[reference].amount:
            faults.append(_("回执中付款 %(reference)s 的金额与付款文件不符") % {"reference": reference})
    return faults[:FAULTS_MAX]


def _book(
    message_id: str, rows: dict[str, Paid], said: dict[str, Said | None], *, at: dt.datetime, actor: User
) -> Counter[str]:
    done: Counter[str] = Counter()
    of_batches: dict[int, dict[int, bank.Answer]] = defaultdict(dict)
    accepted: list[Paid] = []
    for reference, row in rows.items():
        word = said[reference]
        answer = _answer(word, reference, message_id) if word else None
        if word and answer is None:
            accepted.append(row)
        elif word and answer:
            if isinstance(row, Payout) and row.batch_row and row.state == Payout.State.SENT:
                of_batches[row.batch_row.batch_id][row.pk] = answer
                done[word.status] += 1
            else:
                done[word.status if _take(row, answer, at=at, actor=actor) == BOOKED else ANSWERED] += 1
    _book_batches(rows, of_batches, at=at, actor=actor)
    done[ACCEPTED] += _accept(accepted, at=at)
    done[ANSWERED] += len(accepted) - done[ACCEPTED]
    return done


def _answer(said: Said, reference: str, message_id: str) -> bank.Answer | None:
    """Return a final answer, or none: the bank has it, or says that it is paid but not on which day."""
    serial = f"{message_id}/{reference}"
    if said.status == REJECTED:
        return bank.Answer(bank.BOUNCED, reason=said.reason or _("银行拒绝"), reference=reference, serial=serial)
    if said.status == SETTLED and said.value_on:
        return bank.Answer(bank.PAID, said.value_on, reference=reference, serial=serial)
    return None


def _take(row: Paid, answer: bank.Answer, *, at: dt.datetime, actor: User) -> str:
    if isinstance(row, LineRefund):
        return take_refund_answer(row, answer, is_asked=False, at=at, actor=actor)
    return take_answer(row, answer, is_asked=False, at=at, actor=actor)


def _book_batches(
    rows: dict[str, Paid], of_batches: dict[int, dict[int, bank.Answer]], *, at: dt.datetime, actor: User
) -> None:
    batches = {row.batch_row.batch_id: row for row in rows.values() if isinstance(row, Payout) and row.batch_row}
    for pk, answers in sorted(of_batches.items()):
        one = batches[pk].batch_row
        assert one is not None
        book_rows(one.batch, answers, at=at, actor=actor)


def _accept(rows: list[Paid], *, at: dt.datetime) -> int:
    """Keep since when the bank has those that still wait; the first time counts."""
    ids = [row.pk for row in rows if isinstance(row, Payout)]
    waiting = Payout.objects.filter(pk__in=ids, state=Payout.State.SENT)
    waiting.filter(accepted_at__isnull=True).update(accepted_at=at)
    back = LineRefund.objects.filter(pk__in=[row.pk for row in rows if isinstance(row, LineRefund)])
    return waiting.count() + back.filter(state=LineRefund.State.SENT).count()
