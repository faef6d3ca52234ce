"""An automatic match undone: the number on the line was wrong, one of finance says so, another checks.

The money goes from the case's account to the unidentified money by a reversing transfer that names the deposit: it
is with the bank all the same. Its fifteen days still run from arrival.
"""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import BankLine, Batch, BatchCase, Payout, Receipt, Transfer, Unmatch
from accounts.services.receipts import to_unidentified
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case
from cases.record import record

State = Unmatch.State


@transaction.atomic
def ask_unmatch(receipt: Receipt, *, reason: str, at: dt.datetime, actor: User) -> Unmatch:
    """Say that a line went to this case by a number that was wrong; the money stays, and is not paid, until checked."""
    if not actor.has_perm("accounts.identify_bank_line"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=receipt.case_id)
    receipt = Receipt.objects.select_related("bank_line").get(pk=receipt.pk)
    reasons = unmatch_objections(receipt)
    if receipt.unmatches.waiting().exists():
        reasons.append(_("已有人申请退回，等待复核"))
    if not reason.strip():
        reasons.append(of_field("reason", _("请填写退回原因")))
    if reasons:
        raise Refused(reasons)
    row = Unmatch.objects.create(receipt=receipt, reason=reason.strip()[:200], asked_by=actor, asked_at=at)
    return _record(row, "ask_unmatch", case=case, at=at, actor=actor)


@transaction.atomic
def confirm_unmatch(unmatch: Unmatch, *, at: dt.datetime, actor: User) -> Unmatch:
    """Another of finance has checked: the money waits to be identified again."""
    unmatch, case = _waiting(unmatch, actor)
    receipt = unmatch.receipt
    if reasons := unmatch_objections(receipt):
        raise Refused(reasons)
    _end(unmatch, State.DONE, at=at, actor=actor)
    line = BankLine.objects.select_for_update().get(receipts=receipt)
    first = Transfer.objects.get(reference=f"IN-{line.serial}")
    to_unidentified(receipt, line, first, case=case, reason=unmatch.reason, at=at, actor=actor)
    return unmatch


@transaction.atomic
def refuse_unmatch(unmatch: Unmatch, *, note: str, at: dt.datetime, actor: User) -> Unmatch:
    """Another of finance finds that the money is this case's: it stays."""
    unmatch, case = _waiting(unmatch, actor)
    if not note.strip():
        raise Refused(of_field("note", _("请写明不予认可的原因")))
    _end(unmatch, State.REFUSED, note=note, at=at, actor=actor)
    return _record(unmatch, "refuse_unmatch", case=case, at=at, actor=actor)


def unmatch_objections(receipt: Receipt) -> list[str]:
    """Return why the match of this receipt cannot be undone, and what to do instead."""
    if receipt.voided_at:
        return [_("该笔来款已退回待认领")]
    if receipt.bank_line_id is None:
        return [_("该笔款项由另案转入，有误的由案款管理员冲正")]
    if receipt.identified_by_id is not None:
        return [_("该笔来款是认领的，请由第三名案款管理员直接退回待认领")]
    assert receipt.bank_line is not None
    if not Transfer.objects.filter(reference=f"IN-{receipt.bank_line.serial}").exists():
        return [_("该笔是旧存案款结转，不是银行来款，不能退回待认领")]
    rows = Payout.objects.filter(parts__receipt=receipt).exclude(state__in=Payout.ENDED)
    reasons = [_spent(row) for row in rows.distinct().order_by("id")]
    if BatchCase.objects.filter(case=receipt.case_id, batch__state__in=Batch.RESERVING).exists():
        reasons.append(_("本案有已申请的批量发放，请先由审核人或审批人退回该批次"))
    return reasons


def _spent(payout: Payout) -> str:
    told = {"reference": payout.reference}
    if payout.state in (Payout.State.REQUESTED, Payout.State.CHECKED, Payout.State.APPROVED):
        return _("该笔来款已申请发放（%(reference)s），请先由审核人或审批人驳回该申请") % told
    if payout.state == Payout.State.SENT:
        return _("该笔来款已交银行付款（%(reference)s），须待银行退票后再退回") % told
    if payout.payee_id is None:
        return _("该笔来款已转出（%(reference)s），请先由案款管理员冲正") % told
    return _("该笔来款已发放（%(reference)s），不能退回；请报承办人依法追回，追回的款项另行登记") % told


def check_objections(unmatch: Unmatch, user: User) -> list[str]:
    """Return why the user does not check this."""
    if unmatch.state != State.ASKED:
        return [_("该申请已办结：%(state)s") % {"state": unmatch.get_state_display()}]
    return [_("须由申请人以外的案款管理员复核")] if unmatch.asked_by_id == user.pk else []


def _waiting(unmatch: Unmatch, actor: User) -> tuple[Unmatch, Case]:
    if not actor.has_perm("accounts.identify_bank_line"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=Receipt.objects.get(pk=unmatch.receipt_id).case_id)
    unmatch = Unmatch.objects.for_page().get(pk=unmatch.pk)
    if reasons := check_objections(unmatch, actor):
        raise Refused(reasons)
    return unmatch, case


def _end(unmatch: Unmatch, state: State, *, note: str = "", at: dt.datetime, actor: User) -> None:
    unmatch.state, unmatch.checked_by, unmatch.ended_at = state, actor, at
    unmatch.answer_note = note.strip()[:200]
    unmatch.save(update_fields=["state", "checked_by", "ended_at", "answer_note"])


def _record(unmatch: Unmatch, verb: str, *, case: Case, at: dt.datetime, actor: User) -> Unmatch:
    told = {"amount": unmatch.receipt.amount, "reason": unmatch.answer_note or unmatch.reason}
    record(unmatch, verb, at=at, case=case, actor=actor, **told)
    return unmatch
