"""The bank's side of the demo: how its files are written, its statement of the last month, and the days signed."""

import csv
import datetime as dt
import functools
import io
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone

from accounts import services as accounts
from accounts.dayfigures import columns
from accounts.models import BankFormat, BankLine, DaySheet, PaymentFile, Payout
from accounts.services import days, signatories, statements
from accounts.services.claims import open_questions
from accounts.services.openings import REMARK
from accounts.services.paymentfiles import waiting_for_file
from bureau.models import User
from cases.models import Case
from wuhai_exec.demo import isobank
from wuhai_exec.demo.walk import CLOSES, moment

HEADING = {
    "day": "交易日期",
    "serial": "交易流水号",
    "credit": "贷方发生额",
    "debit": "借方发生额",
    "name": "对方户名",
    "account": "对方账号",
    "virtual_number": "子账号",
    "reference": "业务编号",
    "remark": "摘要",
}
# Money that named no case: serial, day, yuan, payer by number among the open cases, remark.
STRAY_LINES = (
    ("20211210900001", dt.date(2021, 12, 10), Decimal("8600.00"), 0, "执行款"),
    ("20211216900002", dt.date(2021, 12, 16), Decimal("23500.00"), 1, "还款"),
    ("20211222900003", dt.date(2021, 12, 22), Decimal("5000.00"), 2, "法院执行款"),
    ("20211227900004", dt.date(2021, 12, 27), Decimal("1280.50"), 3, ""),
)
SAID = "执行款发放"
DAY = dt.timedelta(days=1)
MONTH = 30 * DAY
UNSIGNED_DAYS = 4  # what lies on the desk on the last evening
# The account of the house as the demo's papers and files name it, where the installation names none.
ESCROW = {
    "ESCROW_HOLDER": "乌海市中级人民法院执行款专户",
    "ESCROW_ACCOUNT": "0603020409000012345",
    "ESCROW_BANK_CODE": "102163000018",
    "ESCROW_BANK": "中国工商银行乌海分行（演示）",
}
BY_FILE_DAYS = 12  # so many days before the end payments begin to go by a file, until one has
# Accounts of which the simulated bank says something else than that it has paid.
ODD_ENDS = ("0000", "9999", "777777", "666666", "888888", "555555")


def close_month(until: dt.date, finance: Sequence[User], system: User) -> None:
    """Let finance take the statement of the month in, and sign its days."""
    _take_statement(until, finance[0])
    _take_message(until, finance[0])
    _sign_days(until, finance=finance, system=system)


def _take_statement(until: dt.date, actor: User) -> None:
    """Set the bank up, and import its statement: money in that is booked, our payments, and a charge of its own."""
    at = moment(until, CLOSES)
    bank = accounts.save_bank_format(None, name="乌海银行（网银明细）", columns=HEADING, at=at, actor=actor)
    found = statements.inspect(_file(until), bank, at=at)
    statements.take_in(found, bank_format=bank, name=f"乌海银行{until:%Y%m%d}.csv", at=at, actor=actor)


def _take_message(until: dt.date, actor: User) -> None:
    """Import the statement of the last day on which money moved as the bank sends it by ISO 20022, with balances."""
    at, day = moment(until, CLOSES), _message_day(until)
    entries = [
        isobank.Entry(
            serial=line.serial,
            amount=line.amount,
            name=line.payer_name,
            account=str(line.payer_account),
            to=line.virtual_number,
            remark=line.remark,
        )
        for line in _lines(day, day)
    ]
    for row in _payments(day, day):
        assert row.payee is not None
        given = {"name": row.payee.holder_name, "account": str(row.payee.number), "reference": row.reference}
        entries.append(isobank.Entry(f"OUT{row.pk:010d}", -row.amount, remark=SAID, **given))
    moved = sum((entry.amount for entry in entries), Decimal(0))
    opening = columns(day, day)[day]["ledger_closing"] - moved
    content = isobank.camt053(entries, day=day, opening=opening, account=_own()["ESCROW_ACCOUNT"])
    kind = BankFormat.Kind.CAMT
    bank = accounts.save_bank_format(None, name="乌海银行（camt.053）", kind=kind, columns={}, at=at, actor=actor)
    found = statements.inspect(content, bank, at=at)
    statements.take_in(found, bank_format=bank, name=f"camt053-{day:%Y%m%d}.xml", at=at, actor=actor)


def by_file(until: dt.date, clerks: Sequence[User]) -> Iterator[tuple[dt.datetime, Callable[[], None]]]:
    """Yield the evenings on which finance may hand payments over by file: the clerk who pays on that day does."""
    for ago in range(BY_FILE_DAYS, 0, -1):
        at = moment(until - ago * DAY, CLOSES)
        yield at, functools.partial(_pay_by_file, at, clerks[at.toordinal() % 2])


def _pay_by_file(at: dt.datetime, clerk: User) -> None:
    """Hand what was paid that day to the bank as a pain.001 file and book its pain.002, once in the book."""
    if PaymentFile.objects.exists():
        return
    with override_settings(BANK="accounts.bank.SimulatorByFile", **_own()):
        rows = list(waiting_for_file().select_related("payee"))
        plain = [row.reference for row in rows if not str(row.payee and row.payee.number).endswith(ODD_ENDS)]
        if not plain:
            return
        file = accounts.make_payment_file(at=at, actor=clerk)
        accounts.take_payment_file(file, at=at, actor=clerk)
        told = {row.reference for row in rows} - {plain[0]}
        report = isobank.pain002(file.message_id, settled=plain[:1], accepted=sorted(told), day=timezone.localdate(at))
        accounts.take_status_report(content=report, at=at, actor=clerk)


def _own() -> dict[str, str]:
    return {name: getattr(settings, name) or said for name, said in ESCROW.items()}


def _sign_days(until: dt.date, *, finance: Sequence[User], system: User) -> None:
    """Make the sheets of the month and sign all but the last days, each by whoever paid nothing on it."""
    at = moment(until, CLOSES)
    days.make_sheets_of(until - MONTH, until, at=at, actor=system)
    for sheet in DaySheet.objects.filter(day__lt=until - UNSIGNED_DAYS * DAY).order_by("day"):
        signer = next(user for user in finance if not signatories.has_paid(user, sheet.day))
        accounts.sign_day(sheet, at=at, actor=signer)


def _lines(first: dt.date, last: dt.date) -> QuerySet[BankLine]:
    # What came in with an old book never came by this bank's statement.
    lines = BankLine.objects.filter(value_on__range=(first, last)).exclude(remark=REMARK)
    return lines.order_by("value_on", "serial")


def _payments(first: dt.date, last: dt.date) -> QuerySet[Payout]:
    paid = Payout.objects.filter(paid_on__range=(first, last), payee__isnull=False).select_related("payee")
    return paid.order_by("paid_on", "id")


def _message_day(until: dt.date) -> dt.date:
    """Return the last day before the end on which money came: the bank sends its statement as a message."""
    return _lines(until - MONTH, until - DAY).latest("value_on").value_on


def _file(until: dt.date) -> bytes:
    rows, other = [list(HEADING.values())], _message_day(until)
    month = (until - MONTH, until)
    for line in _lines(*month).exclude(value_on=other):
        party = [line.payer_name, line.payer_account, line.virtual_number]
        rows.append([f"{line.value_on}", line.serial, f"{line.amount}", "", *party, "", line.remark])
    for row in _payments(*month).exclude(paid_on=other):
        assert row.payee is not None
        party = [row.payee.holder_name, row.payee.number, ""]
        rows.append([f"{row.paid_on}", f"OUT{row.pk:010d}", "", f"{row.amount}", *party, row.reference, SAID])
    rows.append([f"{until}", "FEE0000000001", "", "36.00", "乌海银行", "", "", "", "账户管理费"])
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("gb18030")


def identify(line: BankLine, case: Case, *, at: dt.datetime, claimed_by: User, checked_by: User) -> None:
    """Claim stray money for its case and check the claim, every odd thing answered."""
    claim = accounts.claim_line(line, case, ground="被执行人来电确认，转账凭证已入卷", at=at, actor=claimed_by)
    answers = {row.code: "已与付款人核实，转账凭证齐全" for row in open_questions(claim.line, case)}
    accounts.confirm_claim(claim, answers=answers, at=at, actor=checked_by)
