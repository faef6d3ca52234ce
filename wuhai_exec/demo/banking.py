"""The bank's side of the demo: how its files are written, its statement of the last month, and the days signed."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal

from accounts import services as accounts
from accounts.models import BankLine, DaySheet, Payout
from accounts.services import days, signatories, statements
from accounts.services.claims import open_questions
from accounts.services.openings import REMARK
from bureau.models import User
from cases.models import Case
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
DAY = dt.timedelta(days=1)
MONTH = 30 * DAY
UNSIGNED_DAYS = 4  # what lies on the desk on the last evening


def close_month(until: dt.date, finance: Sequence[User], system: User) -> None:
    """Let finance take the statement of the month in, and sign its days."""
    _take_statement(until, finance[0])
    _sign_days(until, finance=finance, system=system)


def _take_statement(until: dt.date, actor: User) -> None:
    """Set the bank up, and import its statement: money in that is booked, our payments, and a charge of its own."""
    at = moment(until, CLOSES)
    bank = accounts.save_bank_format(None, name="乌海银行（网银明细）", columns=HEADING, at=at, actor=actor)
    found = statements.inspect(_file(until), bank, at=at)
    statements.take_in(found, bank_format=bank, name=f"乌海银行{until:%Y%m%d}.csv", at=at, actor=actor)


def _sign_days(until: dt.date, *, finance: Sequence[User], system: User) -> None:
    """Make the sheets of the month and sign all but the last days, each by whoever paid nothing on it."""
    at = moment(until, CLOSES)
    days.make_sheets_of(until - MONTH, until, at=at, actor=system)
    for sheet in DaySheet.objects.filter(day__lt=until - UNSIGNED_DAYS * DAY).order_by("day"):
        signer = next(user for user in finance if not signatories.has_paid(user, sheet.day))
        accounts.sign_day(sheet, at=at, actor=signer)


def _file(until: dt.date) -> bytes:
    rows = [list(HEADING.values())]
    month = (until - MONTH, until)
    # What came in with an old book never came by this bank's statement.
    lines = BankLine.objects.filter(value_on__range=month).exclude(remark=REMARK)
    for line in lines.order_by("value_on", "serial"):
        party = [line.payer_name, line.payer_account, line.virtual_number]
        rows.append([f"{line.value_on}", line.serial, f"{line.amount}", "", *party, "", line.remark])
    paid = Payout.objects.filter(paid_on__range=month, payee__isnull=False).select_related("payee")
    for row in paid.order_by("paid_on", "id"):
        assert row.payee is not None
        party = [row.payee.holder_name, row.payee.number, ""]
        rows.append([f"{row.paid_on}", f"OUT{row.pk:010d}", "", f"{row.amount}", *party, row.reference, "执行款发放"])
    rows.append([f"{until}", "FEE0000000001", "", "36.00", "乌海银行", "", "", "", "账户管理费"])
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("gb18030")


def identify(line: BankLine, case: Case, *, at: dt.datetime, claimed_by: User, checked_by: User) -> None:
    """Claim stray money for its case and check the claim, every odd thing answered."""
    claim = accounts.claim_line(line, case, ground="被执行人来电确认，转账凭证已入卷", at=at, actor=claimed_by)
    answers = {row.code: "已与付款人核实，转账凭证齐全" for row in open_questions(claim.line, case)}
    accounts.confirm_claim(claim, answers=answers, at=at, actor=checked_by)
