"""The ledger of a day: totals by account and purpose, balances before and after, and the sheet."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import ledgerday, services
from accounts.bank import BankLineData
from bureau.models import Event
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

DAY = dt.date(2021, 9, 20)
AT = moment(2021, 9, 20)


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """1,000 the day before; on the day 500, 9 of nobody, and 300 paid."""
    case = kept.running_case(house)
    factories.deposit(house, case, "1000.00", serial="S1", at=moment(2021, 9, 19))
    factories.deposit(house, case, "500.00", serial="S2", at=AT)
    stray = BankLineData("X1", DAY, Decimal("9.00"), "某人")
    services.arrive(stray, entered_by=house.finance2, at=AT, actor=house.finance)
    factories.payout(house, case, "300.00", reference="P1", at=AT)
    return case


def plain(row) -> tuple[int, ...]:
    return tuple(int(value) for value in row[1:])


def test_what_came_and_went_and_what_stood_before_and_after(case):
    found = ledgerday.totals(DAY)
    master, escrow, unknown, absent, transit = map(plain, found.accounts)
    assert master == (1000, 509, 300, 1209)
    assert escrow == (1000, 500, 300, 1200)
    assert unknown == (0, 9, 0, 9)
    assert absent == (0, 0, 0, 0)
    assert transit == (0, 300, 300, 0)
    assert {row.purpose: (row.entry_count, int(row.total)) for row in found.purposes} == {
        "DEPOSIT": (1, 500),
        "UNIDENTIFIED": (1, 9),
        "PAYOUT": (1, 300),
        "CONFIRM": (1, 300),
    }
    # A day goes on where the day before ended, and a day without entries stands still.
    before = ledgerday.totals(dt.date(2021, 9, 19))
    assert [row.after for row in before.accounts] == [row.before for row in found.accounts]
    after = ledgerday.totals(dt.date(2021, 9, 21))
    assert [(row.before, row.came, row.went) for row in after.accounts] == [(row.after, 0, 0) for row in found.accounts]
    assert (after.purposes, after.entry_count) == ([], 0)


def test_the_page_the_sheet_and_the_api_say_the_same(house, case, login):
    client = login(house.finance)
    page = client.get(reverse("accounts:ledger"), {"on": "2021-09-20"}).content.decode()
    for words in ("日初余额", "1,209.00", "509.00", "来款入账"):
        assert words in page
    answer = client.post(f"{reverse('accounts:export_ledger')}?on=2021-09-20")
    assert answer["Content-Disposition"] == 'attachment; filename="ledger-2021-09-20.xlsx"'
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["合计", "按用途", "分录"]
    assert [cell.value for cell in book["合计"][2]] == ["执行款专户", 1000, 509, 300, 1209]
    assert book["分录"].max_row == 5
    assert Event.objects.filter(verb="export").exists()
    told = client.get(reverse("accounts_api:ledger"), {"on": "2021-09-20"}).json()
    assert (told["accounts"][0]["before"], told["accounts"][0]["after"]) == ("1000.00", "1209.00")
    assert told["entry_count"] == 4
