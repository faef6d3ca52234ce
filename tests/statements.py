"""Statements of a made-up local bank, as it exports them."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import BankFormat, Statement
from accounts.services import statements
from bureau.models import User
from documents import services as documents
from documents.models import Staged

HEADING = ["交易日期", "流水号", "贷方发生额", "借方发生额", "对方户名", "对方账号", "子账号", "业务编号", "摘要"]
COLUMNS = {
    "day": "交易日期",
    "serial": "流水号",
    "credit": "贷方发生额",
    "debit": "借方发生额",
    "name": "对方户名",
    "account": "对方账号",
    "virtual_number": "子账号",
    "reference": "业务编号",
    "remark": "摘要",
}


def bank_format(actor: User, at: dt.datetime, **changes: object) -> BankFormat:
    """Keep how that bank writes its files."""
    given = {"name": "乌海银行", "columns": COLUMNS, "changed_at": at, "changed_by": actor, **changes}
    return BankFormat.objects.create(**given)


def credit(serial: str, amount: str, number: str = "", *, on: str = "2021-09-20", name: str = "某公司") -> list[str]:
    """Return one line of money in."""
    return [on, serial, amount, "", name, "6222020012345678", number, "", "案款"]


def debit(serial: str, amount: str, reference: str = "", *, on: str = "2021-09-20") -> list[str]:
    """Return one line of money out."""
    return [on, serial, "", amount, "申请人", "", "", reference, "付款"]


def table(rows: Iterable[Sequence[str]], heading: Sequence[str] = HEADING, encoding: str = "utf-8") -> bytes:
    """Return the lines as a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([heading, *rows])
    return out.getvalue().encode(encoding)


def staged(content: bytes, actor: User, at: dt.datetime, name: str = "对账单.csv") -> Staged:
    """Keep a file as an upload."""
    return documents.stage_table(SimpleUploadedFile(name, content), at=at, actor=actor)


def take_in(content: bytes, bank: BankFormat, *, at: dt.datetime, actor: User) -> Statement:
    """Take a file in as the job does."""
    found = statements.inspect(content, bank, at=at)
    if found.earlier:
        return found.earlier
    return statements.take_in(found, bank_format=bank, name="对账单.csv", at=at, actor=actor)
