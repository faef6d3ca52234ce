"""Money in: a bank line becomes a receipt of its case, or waits as unidentified."""

import datetime as dt
import functools

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.bank import BankLineData
from accounts.models import Account, BankLine, LineClaim, Payout, Receipt, Transfer
from accounts.services.ledger import house_account, post
from accounts.services.returns import returned_payout, take_back
from accounts.terms import Term, term
from bureau.calendar import Due, WorkCalendar
from bureau.crypto import encrypt
from bureau.errors import Refused, of_field
from bureau.models import Holiday, User
from bureau.record import details_text
from cases.models import Case
from cases.record import record

VALUE_DAYS_MAX = 31  # statements are entered within a month; an older day is a slip of the year or month
# What the record says of a new line, by whether it found its case.
ARRIVAL_VERBS = {True: "receive", False: "arrive_unidentified"}

_HELD = """
SELECT a.id, a.case_id, a.opened_at, coalesce(nullif(c.number, ''), c.provisional_number, '')
  FROM accounts_account a JOIN cases_case c ON c.id = a.case_id
 WHERE a.kind = 'ESCROW' AND a.number = %s FOR UPDATE OF c
"""
# What one line writes, in one call (migration 0011): the most frequent thing that happens here.
_ARRIVE = (
    "SELECT accounts_arrive(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::bigint, %s::bigint, %s, %s::date, %s::text[],"
    " %s, %s, %s::timestamptz, %s, %s)"
)


@transaction.atomic
def arrive(line: BankLineData, *, entered_by: User, at: dt.datetime, actor: User) -> BankLine:
    """Book one line of money in that somebody typed and the actor has held to the bank's paper.

    The same serial again changes nothing, with other content it is refused.
    """
    if not actor.has_perm("accounts.enter_bank_line"):
        raise PermissionDenied
    if entered_by.pk == actor.pk:
        raise Refused(_("须由登记人以外的案款管理员复核"))
    today = timezone.localdate(at)
    if payout := returned_payout(line):
        objections = line_objections(line, escrow_of(line.virtual_number), today=today)
        if objections:
            return _known(line, objections)
        return _take_back(payout, line, entered_by=entered_by, at=at, actor=actor)
    escrow, number = _held_escrow(line.virtual_number)
    if objections := line_objections(line, escrow, today=today):
        return _known(line, objections)
    booked = _book(line, escrow, number, entered_by=entered_by, at=at, actor=actor)
    return booked or _first_answer(line)


def _known(line: BankLineData, objections: list[str]) -> BankLine:
    # A line that was booked in time may be handed in again at any time.
    if BankLine.objects.filter(serial=line.serial).exists():
        return _first_answer(line)
    raise Refused(objections)


def _held_escrow(virtual_number: str) -> tuple[Account | None, str]:
    """Return the escrow with this number under the lock of its case, and the number of that case; or none."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [virtual_number])
        found = cursor.fetchone()
    if found is None:
        return None, ""
    pk, case_id, opened_at, number = found
    return Account(pk=pk, case_id=case_id, opened_at=opened_at), number


def _book(
    line: BankLineData, escrow: Account | None, number: str, *, entered_by: User, at: dt.datetime, actor: User
) -> BankLine | None:
    """Write line, transfer, receipt and event of a new line; none where its serial is there already."""
    row = _line_of(line, is_matched=escrow is not None, entered_by=entered_by, at=at, actor=actor)
    told: dict[str, object] = {"serial": line.serial, "amount": line.amount}
    due = due_of(line.value_on) if escrow else None
    if due:
        told |= {"arrived_on": line.value_on, "due_on": due.due_on}
    what = (row.serial, row.value_on, row.amount, row.payer_name, encrypt(row.payer_account), row.payer_account_last4)
    given = [
        *(*what, row.virtual_number, row.remark, row.content_sha256),
        *((escrow.pk, escrow.case_id) if escrow else (None, None)),
        *(number, due and due.due_on, [str(step) for step in due.steps] if due else None),
        *(ARRIVAL_VERBS[escrow is not None], details_text(told), at, actor.pk, entered_by.pk),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVE, given)
        row.pk = cursor.fetchone()[0]
    if row.pk is None:
        return None
    row._state.adding, row._state.db = False, connection.alias
    return row


def _line_of(line: BankLineData, *, is_matched: bool, entered_by: User, at: dt.datetime, actor: User) -> BankLine:
    return BankLine(
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
        entered_by=entered_by,
        checked_by=actor,
    )


def due_of(arrived_on: dt.date) -> Due:
    """Return by when money that arrived that day is to be paid, with the steps of the reckoning."""
    days = tuple(Holiday.objects.order_by("on").values_list("on", "kind"))
    return _due_of(arrived_on, term("PAYOUT", on=arrived_on), days, get_language())


@functools.lru_cache(maxsize=64)
def _due_of(arrived_on: dt.date, total: Term, days: tuple[tuple[dt.date, str], ...], language: str | None) -> Due:
    # Most of a day's deposits ask the same; the steps are words, so the language belongs to the question.
    return WorkCalendar(dict(days)).due(arrived_on, total.count, total.unit)


def _take_back(payout: Payout, line: BankLineData, *, entered_by: User, at: dt.datetime, actor: User) -> BankLine:
    try:
        return take_back(payout, line, entered_by=entered_by, at=at, actor=actor)
    except Refused:
        if BankLine.objects.filter(serial=line.serial).exists():
            return _first_answer(line)
        raise


def give_to_case(bank_line: BankLine, case: Case, *, at: dt.datetime, actor: User) -> Receipt:
    """Move unidentified money to its case; the caller holds both rows and has the claim checked.

    The 15 days still run from arrival on the court's account.
    """
    if bank_line.state != BankLine.State.UNIDENTIFIED:
        raise Refused(_("该笔来款已归案"))
    if not (case.is_open or case.lives_on):
        raise Refused(of_field("case", _("案件已结案，不能归入来款")))
    post(
        debit=house_account(Account.Kind.UNIDENTIFIED),
        credit=case.escrow,
        amount=bank_line.amount,
        purpose=Transfer.Purpose.IDENTIFY,
        reference=_identify_reference(bank_line, bank_line.receipts.count()),
        value_on=timezone.localdate(at),
        at=at,
        actor=actor,
    )
    bank_line.state = BankLine.State.MATCHED
    bank_line.save(update_fields=["state"])
    return _receive(bank_line, case, at=at, actor=actor, identified_by=actor)


@transaction.atomic
def unidentify(receipt: Receipt, *, reason: str, at: dt.datetime, actor: User) -> BankLine:
    """Another of finance takes wrongly identified money back by a reversing transfer; it waits to be identified again.

    Only while nothing of it is asked for or paid. Figures as of earlier days still count it.
    """
    if not actor.has_perm("accounts.identify_bank_line"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=receipt.case_id)
    if receipt.bank_line_id is None:
        raise Refused(_("该笔款项由另案转入，有误的由案款管理员冲正"))
    line = BankLine.objects.select_for_update().get(pk=receipt.bank_line_id)
    receipt = Receipt.objects.get(pk=receipt.pk)
    if reasons := [
        *unidentify_objections(receipt, actor),
        *([] if reason.strip() else [of_field("reason", _("请填写退回原因"))]),
    ]:
        raise Refused(reasons)
    earlier = line.receipts.filter(pk__lt=receipt.pk).count()
    first = Transfer.objects.get(reference=_identify_reference(line, earlier))
    return to_unidentified(receipt, line, first, case=case, reason=reason, at=at, actor=actor)


def to_unidentified(
    receipt: Receipt, line: BankLine, first: Transfer, *, case: Case, reason: str, at: dt.datetime, actor: User
) -> BankLine:
    """Reverse what brought a line to its case; it waits to be identified again. The caller holds both rows."""
    post(
        debit=first.credit,
        credit=house_account(Account.Kind.UNIDENTIFIED),
        amount=first.amount,
        purpose=Transfer.Purpose.REVERSE,
        reference=f"REV-{first.reference}",
        value_on=timezone.localdate(at),
        at=at,
        actor=actor,
        reverses=first,
    )
    receipt.voided_at, receipt.voided_by, receipt.void_reason = at, actor, reason.strip()[:200]
    receipt.save(update_fields=["voided_at", "voided_by", "void_reason"])
    line.state = BankLine.State.UNIDENTIFIED
    line.save(update_fields=["state"])
    told = {"amount": line.amount, "serial": line.serial, "reason": receipt.void_reason}
    record(receipt, "unidentify", at=at, case=case, actor=actor, **told)
    return line


def unidentify_objections(receipt: Receipt, user: User) -> list[str]:
    """Return why this receipt cannot be taken back by the user."""
    if receipt.voided_at:
        return [_("该笔来款已退回待认领")]
    if receipt.identified_by_id is None:
        return [_("该笔来款按子账号自动归案，有误的由案款管理员申请退回、另一人复核")]
    reasons = []
    claims = LineClaim.objects.filter(receipt=receipt).values_list("claimed_by_id", flat=True)
    if user.pk in (receipt.identified_by_id, *claims):
        reasons.append(_("须由认领、核对人以外的案款管理员退回"))
    if receipt.parts.exclude(payout__state__in=Payout.ENDED).exists():
        reasons.append(_("该笔来款已申请或已发放，不能退回"))
    return reasons


def _identify_reference(line: BankLine, earlier: int) -> str:
    # The first identification of a line and each later one have references of their own.
    return f"ID{earlier + 1 if earlier else ''}-{line.serial}"


def escrow_of(virtual_number: str) -> Account | None:
    """Return the escrow account with this number, if there is one."""
    return Account.objects.filter(kind=Account.Kind.ESCROW, number=virtual_number).first()


def line_objections(line: BankLineData, escrow: Account | None, *, today: dt.date) -> list[str]:
    """Return why no such line can have come from the bank."""
    reasons = value_day_objections(line.value_on, escrow, today=today)
    if line.amount <= 0 or line.amount != round(line.amount, 2):
        reasons.append(of_field("amount", _("金额应大于零，最多两位小数")))
    return reasons


def value_day_objections(value_on: dt.date, escrow: Account | None, *, today: dt.date) -> list[str]:
    """Return why money cannot have arrived on that day, from which its fifteen days run."""
    if value_on > today:
        return [of_field("value_on", _("到账日不能晚于今天"))]
    if value_on < today - dt.timedelta(days=VALUE_DAYS_MAX):
        return [of_field("value_on", _("到账日不能早于今天之前 %(days)d 天，请核对年月") % {"days": VALUE_DAYS_MAX})]
    if escrow and value_on < timezone.localdate(escrow.opened_at):
        opened = {"day": timezone.localdate(escrow.opened_at)}
        return [of_field("value_on", _("该子账号 %(day)s 才开立，到账日不能更早") % opened)]
    return []


def _first_answer(line: BankLineData) -> BankLine:
    row = BankLine.objects.get(serial=line.serial)
    if row.content_sha256 != line.content_sha256():
        raise Refused(of_field("serial", _("银行流水号 %(serial)s 已入账，但内容不同") % {"serial": line.serial}))
    return row


def _receive(line: BankLine, case: Case, *, at: dt.datetime, actor: User, identified_by: User | None = None) -> Receipt:
    due = due_of(line.value_on)
    receipt = Receipt.objects.create(
        case=case,
        bank_line=line,
        amount=line.amount,
        arrived_on=line.value_on,
        due_on=due.due_on,
        due_steps=due.steps,
        received_at=at,
        identified_by=identified_by,
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
