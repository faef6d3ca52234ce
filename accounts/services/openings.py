"""What a case of the old book brings with it: money held for it, from its real day of arrival, and earlier payments."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.bank import BankLineData
from accounts.models import Account, BankLine, PaidBefore, Receipt, Transfer
from accounts.services.ledger import house_account, post
from accounts.services.receipts import due_of
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case
from cases.record import record

REMARK = "旧存案款结转"


@dataclass(frozen=True, slots=True)
class Held:
    """Yuan held for a case when it came in, with the day on which they had arrived; `position` is unique in a case."""

    position: int
    arrived_on: dt.date
    amount: Decimal
    payer_name: str


@dataclass(frozen=True, slots=True)
class Paid:
    """Yuan paid to the applicant before the case came in, with the day on which they had reached the court."""

    position: int
    arrived_on: dt.date
    amount: Decimal
    note: str = ""


@transaction.atomic
def carry_over(case: Case, held: Held, *, at: dt.datetime, actor: User) -> Receipt:
    """Bring money that its court holds for a case of the old book into the ledger: master account to its own account.

    The fifteen days run from the day on which it had arrived at the court (法发〔2017〕6号 10); the transfer is of the
    day on which the master account takes it over. The same position again gives the first answer; with other content
    it is refused.
    """
    case = _held(case, actor)
    if reasons := _objections(case, held.arrived_on, held.amount, today=timezone.localdate(at)):
        raise Refused(reasons)
    reference = f"JC-{case.pk}-{held.position}"
    data = BankLineData(reference, held.arrived_on, held.amount, held.payer_name, remark=REMARK)
    known = BankLine.objects.filter(serial=reference).first()
    if known is not None:
        if known.content_sha256 != data.content_sha256():
            raise Refused(_("该笔旧存案款已结转，但内容不同"))
        return Receipt.objects.get(bank_line=known)
    return _carry(case, data, at=at, actor=actor)


def _carry(case: Case, data: BankLineData, *, at: dt.datetime, actor: User) -> Receipt:
    line = BankLine.objects.create(
        serial=data.serial,
        value_on=data.value_on,
        amount=data.amount,
        payer_name=data.payer_name,
        virtual_number=case.escrow.number,
        remark=data.remark,
        content_sha256=data.content_sha256(),
        state=BankLine.State.MATCHED,
        entered_at=at,
        entered_by=actor,
    )
    post(
        debit=house_account(Account.Kind.BANK_MASTER),
        credit=case.escrow,
        amount=data.amount,
        purpose=Transfer.Purpose.CARRY,
        reference=f"CARRY-{data.serial}",
        value_on=timezone.localdate(at),
        at=at,
        actor=actor,
    )
    due = due_of(data.value_on)
    told = {"amount": data.amount, "arrived_on": data.value_on, "due_on": due.due_on}
    receipt = Receipt.objects.create(case=case, bank_line=line, **told, due_steps=due.steps, received_at=at)
    record(receipt, "carry_over", at=at, case=case, actor=actor, **told, serial=data.serial)
    return receipt


@transaction.atomic
def note_paid_before(case: Case, paid: Paid, *, at: dt.datetime, actor: User) -> PaidBefore:
    """Note what the applicant had got of a case of the old book before it came in: so much less is owed."""
    case = _held(case, actor)
    if reasons := _objections(case, paid.arrived_on, paid.amount, today=timezone.localdate(at)):
        raise Refused(reasons)
    row = PaidBefore.objects.create(
        case=case,
        position=paid.position,
        arrived_on=paid.arrived_on,
        amount=paid.amount,
        note=paid.note.strip()[:200],
        entered_by=actor,
        entered_at=at,
    )
    record(row, "note_paid_before", at=at, case=case, actor=actor, amount=row.amount, arrived_on=row.arrived_on)
    return row


def _held(case: Case, actor: User) -> Case:
    case = Case.objects.select_for_update(of=("self",)).select_related("escrow").get(pk=case.pk)
    is_own = case.is_of_court and case.taken_in_on is not None and case.team_id == actor.team_id
    if not actor.has_perm("accounts.carry_over") or not is_own:
        raise PermissionDenied
    return case


def _objections(case: Case, day: dt.date, amount: Decimal, *, today: dt.date) -> list[str]:
    reasons = []
    if day > today:
        reasons.append(of_field("on", _("日期不能晚于今天")))
    if day < case.basis_made_on:
        reasons.append(of_field("on", _("日期不能早于执行依据作出日")))
    if amount <= 0 or amount != round(amount, 2):
        reasons.append(of_field("amount", _("金额应大于零，最多两位小数")))
    return reasons
