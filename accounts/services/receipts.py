"""Money in: a bank line becomes a receipt of its case, or waits as unidentified."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.bank import BankLineData
from accounts.models import Account, BankLine, Receipt, Transfer
from accounts.services.ledger import house_account, post
from bureau.errors import Refused
from bureau.models import Holiday, User
from bureau.record import record as record_in_room
from cases.models import Case
from cases.record import record

PAYOUT_DAYS = (
    15  # calendar days from arrival on the court's account: the bureau's rule, stricter than 法发〔2017〕6号 10
)


@transaction.atomic
def arrive(line: BankLineData, *, at: dt.datetime, actor: User) -> BankLine:
    """Book one line of money in; the same serial again changes nothing, with other content it is refused."""
    if not actor.has_perm("accounts.enter_bank_line"):
        raise PermissionDenied
    _refuse_impossible(line, at)
    escrow = Account.objects.filter(kind=Account.Kind.ESCROW, number=line.virtual_number).first()
    # Locked, and only what the record prints: a deposit is the most frequent thing that happens here.
    case = Case.objects.held().get(pk=escrow.case_id or 0) if escrow else None
    try:
        with transaction.atomic():
            row = _book_line(line, is_matched=escrow is not None, at=at, actor=actor)
    except IntegrityError:
        return _first_answer(line)
    master = house_account(Account.Kind.BANK_MASTER)
    credit = escrow or house_account(Account.Kind.UNIDENTIFIED)
    post(
        debit=master,
        credit=credit,
        amount=line.amount,
        purpose=Transfer.Purpose.DEPOSIT if escrow else Transfer.Purpose.UNIDENTIFIED,
        reference=f"IN-{line.serial}",
        value_on=line.value_on,
        at=at,
        actor=actor,
    )
    if case:
        _receive(row, case, at=at, actor=actor)
    else:
        record_in_room(row, "arrive_unidentified", at=at, actor=actor, serial=line.serial, amount=line.amount)
    return row


@transaction.atomic
def identify(bank_line: BankLine, case: Case, *, at: dt.datetime, actor: User) -> Receipt:
    """Give unidentified money to its case; the 15 days still run from arrival on the court's account."""
    if not actor.has_perm("accounts.identify_bank_line"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=case.pk)
    bank_line = BankLine.objects.select_for_update().get(pk=bank_line.pk)
    if bank_line.state != BankLine.State.UNIDENTIFIED:
        raise Refused(_("该笔来款已归案"))
    if not case.is_open:
        raise Refused(_("案件已结案，不能归入来款"))
    post(
        debit=house_account(Account.Kind.UNIDENTIFIED),
        credit=case.escrow,
        amount=bank_line.amount,
        purpose=Transfer.Purpose.IDENTIFY,
        reference=f"ID-{bank_line.serial}",
        value_on=timezone.localdate(at),
        at=at,
        actor=actor,
    )
    bank_line.state = BankLine.State.MATCHED
    bank_line.save(update_fields=["state"])
    return _receive(bank_line, case, at=at, actor=actor)


def _refuse_impossible(line: BankLineData, at: dt.datetime) -> None:
    if line.amount <= 0 or line.amount != round(line.amount, 2):
        raise Refused(_("金额应大于零，最多两位小数"))
    if line.value_on > timezone.localdate(at):
        raise Refused(_("到账日不能晚于今天"))


def _book_line(line: BankLineData, *, is_matched: bool, at: dt.datetime, actor: User) -> BankLine:
    return BankLine.objects.create(
        serial=line.serial,
        value_on=line.value_on,
        amount=line.amount,
        payer_name=line.payer_name,
        payer_account=line.payer_account,
        payer_account_last4=line.payer_account[-4:],
        virtual_number=line.virtual_number,
        remark=line.remark,
        content_sha256=line.content_sha256(),
        state=BankLine.State.MATCHED if is_matched else BankLine.State.UNIDENTIFIED,
        entered_at=at,
        entered_by=actor,
    )


def _first_answer(line: BankLineData) -> BankLine:
    row = BankLine.objects.get(serial=line.serial)
    if row.content_sha256 != line.content_sha256():
        raise Refused(_("银行流水号 %(serial)s 已入账，但内容不同") % {"serial": line.serial})
    return row


def _receive(line: BankLine, case: Case, *, at: dt.datetime, actor: User) -> Receipt:
    due = Holiday.objects.calendar().due(line.value_on, PAYOUT_DAYS, "day")
    receipt = Receipt.objects.create(
        case=case,
        bank_line=line,
        amount=line.amount,
        arrived_on=line.value_on,
        due_on=due.due_on,
        due_steps=due.steps,
        received_at=at,
    )
    record(
        receipt,
        "receive",
        at=at,
        case=case,
        actor=actor,
        amount=line.amount,
        arrived_on=line.value_on,
        due_on=due.due_on,
        serial=line.serial,
    )
    return receipt
