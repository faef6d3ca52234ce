"""The bank's balance: where no file gives it, two sides are compared and said so; contradictions are refused."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import books, daypages, services
from accounts.models import BankBalance, DaySheet, Statement
from accounts.services import days
from accounts.services import statements as intake
from bureau.errors import Refused
from bureau.models import Event, User
from tests import camt, factories, kept, statements
from tests.factories import moment

DAY = dt.date(2021, 9, 20)
AT, NEXT = moment(2021, 9, 20), moment(2021, 9, 21)
OURS = "0603020409000012345"


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands on the day after, and knows the number of its account."""
    settings.CLOCK_OFFSET = int((NEXT - timezone.now()).total_seconds())
    settings.ESCROW_ACCOUNT = OURS


@pytest.fixture
def bank(house):
    columns = statements.COLUMNS | {"balance": "余额"}
    return statements.bank_format(house.finance, NEXT, columns=columns, name="带余额")


@pytest.fixture
def messages(house):
    return statements.bank_format(house.finance, NEXT, kind="CAMT", columns={}, name="报文")


def table(*rows, heading=(), above=()):
    """Return lines each with its balance behind."""
    lines = [*above, [*statements.HEADING, "余额", *heading], *rows]
    return statements.table(lines[1:], lines[0])


def line(serial, amount, balance, *, on="2021-09-20"):
    """Return one line in, with what stood on the account after it."""
    return [*statements.credit(serial, amount, on=on), balance]


def found(content, bank, at=NEXT):
    return intake.inspect(content, bank, at=at)


def take(house, content, bank, at=NEXT):
    return statements.take_in(content, bank, at=at, actor=house.finance)


def sheet(day=DAY) -> DaySheet:
    days.make_sheets_of(day, DAY, at=NEXT, actor=User.objects.system())
    return DaySheet.objects.for_list().get(day=day)


def live(row: DaySheet) -> list[str]:
    return sorted(row.differences.filter(ended_at__isnull=True).values_list("kind", flat=True))


class TestTwoWay:
    def test_without_the_banks_balance_nothing_is_agreed_three_ways(self, house, login):
        take(house, statements.table([statements.credit("A1", "5.00")]), statements.bank_format(house.finance, NEXT))
        row, client = sheet(), login(house.finance2)
        assert (row.compared, row.bank_closing, live(row)) == ("TWO", None, [])
        page = client.get(reverse("accounts:day", args=[row.pk])).content.decode()
        assert "银行未给余额，仅两方核对" in page
        assert "三方相符" not in page
        listed = client.get(reverse("accounts:days"), {"set": "TWO"}).content.decode()
        assert "银行未给余额，仅两方核对" in listed
        assert "三方相符" not in listed
        assert client.get(reverse("accounts_api:day", args=[row.pk])).json()["sheet"]["compared"] == "TWO"
        answer = client.post(reverse("accounts:export_day", args=[row.pk]))
        assert answer.status_code == 200
        services.sign_day(row, at=NEXT, actor=house.finance2)
        assert json.loads(Event.objects.get(verb="sign_day").details)["compared"] == "TWO"

    def test_a_file_with_balances_is_three_ways_on_each_of_its_days(self, house, bank):
        rows = [line("A1", "5.00", "5.00", on="2021-09-18"), line("A2", "7.00", "12.00")]
        take(house, table(*rows), bank)
        assert [(row.day.day, row.amount) for row in BankBalance.objects.order_by("day")] == [
            (18, Decimal("5.00")),
            (19, Decimal("5.00")),
            (20, Decimal("12.00")),
        ]
        sheet(dt.date(2021, 9, 18))
        rows = DaySheet.objects.filter(day__gte=dt.date(2021, 9, 18)).order_by("day")
        assert [(row.compared, row.bank_closing, live(row)) for row in rows] == [
            ("THREE", Decimal("5.00"), []),
            ("THREE", Decimal("5.00"), []),
            ("THREE", Decimal("12.00"), []),
        ]

    def test_finance_types_the_balance_and_the_signer_sees_that_it_was_typed(self, house, login):
        take(house, statements.table([statements.credit("A1", "5.00")]), statements.bank_format(house.finance, NEXT))
        row, client = sheet(), login(house.finance)
        url = reverse("accounts:enter_bank_balance", args=[row.pk])
        day = reverse("accounts:day", args=[row.pk])
        assert url in client.get(day).content.decode()
        assert client.post(url, {"amount": "6.00", "ground": ""}).status_code == 422
        assert client.post(url, {"amount": "6.00", "ground": "网银余额页"}).status_code == 302
        row = DaySheet.objects.for_list().get(pk=row.pk)
        assert (row.compared, row.bank_closing, live(row)) == ("TYPED", 6, ["BALANCE"])
        signer = login(house.finance2).get(day).content.decode()
        assert "银行余额为人工录入" in signer
        assert house.finance.name in signer
        assert "网银余额页" in signer
        # A later word goes before an earlier one, and both stay on record.
        services.enter_bank_balance(row, amount=Decimal("5.00"), ground="重新查询", at=NEXT, actor=house.finance)
        row = DaySheet.objects.for_list().get(pk=row.pk)
        assert (live(row), BankBalance.objects.count()) == ([], 2)
        assert "三方核对，银行余额为人工录入" in client.get(day).content.decode()
        assert "重新查询" in daypages.balance_words(row)
        services.sign_day(row, at=NEXT, actor=house.finance2)
        assert json.loads(Event.objects.get(verb="sign_day").details)["compared"] == "TYPED"
        with pytest.raises(Refused, match="已签结"):
            services.enter_bank_balance(row, amount=Decimal(1), ground="x", at=NEXT, actor=house.finance)
        with pytest.raises(IntegrityError), transaction.atomic():
            BankBalance.objects.update(amount=1)

    def test_a_file_goes_before_what_was_typed(self, house, bank):
        row = sheet()
        services.enter_bank_balance(row, amount=Decimal("9.00"), ground="网银", at=NEXT, actor=house.finance)
        take(house, table(line("A1", "5.00", "5.00")), bank)
        row = sheet()
        assert (row.compared, row.bank_closing) == ("THREE", 5)
        with pytest.raises(Refused, match="已给出当日余额"):
            services.enter_bank_balance(row, amount=Decimal("9.00"), ground="网银", at=NEXT, actor=house.finance)
        with pytest.raises(PermissionDenied):
            services.enter_bank_balance(row, amount=Decimal("9.00"), ground="x", at=NEXT, actor=house.chief)


class TestContradictions:
    def test_balances_that_do_not_follow_from_the_lines(self, house, bank):
        content = table(line("A1", "5.00", "5.00"), line("A2", "7.00", "13.00"), line("A3", "1.00", "14.00"))
        told = found(content, bank)
        assert [(fault.position, fault.column) for fault in told.faults] == [(3, "余额")]
        assert "自相矛盾" in told.faults[0].reason
        with pytest.raises(Refused, match="自相矛盾"):
            take(house, content, bank)
        assert not Statement.objects.exists()

    @pytest.mark.parametrize("turn", [1, -1])
    def test_either_order_of_time_and_a_mixed_moment_are_fine(self, house, bank, turn):
        rows = [line("A1", "5.00", "105.00"), line("A2", "7.00", "112.00"), line("A3", "1.00", "113.00")]
        told = found(table(*rows[::turn]), bank)
        assert (told.faults, told.balances.opening, told.balances.closing) == ([], 100, 113)
        mixed = found(table(rows[1], rows[0], rows[2]), bank)
        assert (mixed.faults, mixed.balances.opening, mixed.balances.closing) == ([], 100, 113)

    def test_an_opening_that_is_not_where_the_day_before_ended(self, house, bank):
        take(house, table(line("A1", "5.00", "105.00", on="2021-09-19")), bank)
        wrong = found(table(line("A2", "7.00", "113.00")), bank)
        assert "期初余额 106.00 元" in wrong.faults[0].reason
        assert "105.00" in wrong.faults[0].reason
        take(house, table(line("A2", "7.00", "112.00")), bank)
        # A second file of the day goes on where the first one ended.
        take(house, table(line("A3", "1.00", "113.00")), bank)
        assert sheet().bank_closing == 113
        assert books.faults() == []

    def test_a_message_whose_closing_contradicts_its_entries(self, house, messages):
        entries = [camt.entry("A1", "10.00"), camt.entry("D1", "4.00", sign="DBIT")]
        with pytest.raises(Refused, match="报文自相矛盾"):
            found(camt.message(entries, balances=("100.00", "105.00"), number=OURS), messages)
        take(house, camt.message(entries, balances=("100.00", "106.00"), number=OURS), messages)
        assert BankBalance.objects.get().amount == 106

    def test_a_message_that_does_not_go_on_from_the_day_before(self, house, bank, messages):
        take(house, table(line("A1", "5.00", "105.00", on="2021-09-19")), bank)
        content = camt.message([camt.entry("B1", "1.00")], balances=("100.00", "101.00"), number=OURS)
        assert "与前一日" in found(content, messages).faults[0].reason


class TestForeign:
    STRANGE = "6222020603999988887777"

    def refused(self, content, bank) -> str:
        with pytest.raises(Refused) as refused:
            found(content, bank)
        return str(refused.value)

    def test_a_message_of_another_account(self, house, messages):
        entries = [camt.entry("A1", "10.00")]
        words = self.refused(camt.message(entries, number=self.STRANGE), messages)
        assert "**** 7777 的对账单，不是本院执行款账户 **** 2345" in words
        assert found(camt.message(entries, number=OURS), messages).faults == []

    def test_a_notice_of_a_sub_account_is_ours_and_its_balance_is_not_the_masters(self, house, messages):
        case = kept.running_case(house)
        content = camt.message([camt.entry("A1", "10.00")], balances=("0.00", "10.00"), number=case.escrow.number)
        take(house, content, messages)
        assert not BankBalance.objects.exists()

    def test_a_table_that_names_another_account_in_a_column_or_above_its_heading(self, house, bank):
        row = line("A1", "5.00", "5.00")
        above = [["账户明细", "", f"账号：{self.STRANGE}"], ["查询日期", "2021-09-20"]]
        bank.header_row = 3
        bank.save()
        assert "不是本院执行款账户" in self.refused(table(row, above=above), bank)
        own = [["账户明细", "", f"账号：{OURS}"], ["查询日期", "2021-09-20"]]
        assert found(table(row, above=own), bank).faults == []
        bank.header_row, bank.columns = 1, bank.columns | {"own_account": "本方账号"}
        bank.save()
        assert "不是本院执行款账户" in self.refused(table([*row, self.STRANGE], heading=["本方账号"]), bank)
        assert found(table([*row, OURS], heading=["本方账号"]), bank).faults == []

    def test_an_installation_that_does_not_know_its_number_takes_what_it_gets(self, settings, house, messages):
        settings.ESCROW_ACCOUNT = ""
        assert found(camt.message([camt.entry("A1", "1.00")], number=self.STRANGE), messages).faults == []


class TestFees:
    def test_what_the_bank_charges_is_a_class_of_its_own_and_leaves_no_nameless_difference(self, house, bank, login):
        case = kept.running_case(house)
        factories.deposit(house, case, "1000.00", serial="S1", at=AT)
        fee = [*statements.debit("F1", "36.00")[:4], "乌海银行", "", "", "", "账户管理费", "974.00"]
        first = [*statements.credit("A1", "10.00"), "1010.00"]
        take(house, table(first, fee), bank)
        row = sheet()
        assert (row.fees_closing, row.bank_closing, row.ledger_closing) == (36, 974, 1010)
        assert live(row) == ["BANK_FEE", "LEDGER_ONLY"]
        client = login(house.finance)
        page = client.get(reverse("accounts:day", args=[row.pk])).content.decode()
        assert "银行收费（累计，不入账）" in page
        assert "36.00" in page
        assert "账户管理费" not in client.get(reverse("accounts:open_debits")).content.decode()
        days.make_sheets_of(DAY, NEXT.date(), at=moment(2021, 9, 22), actor=house.finance)
        take(house, table(line("A2", "1.00", "975.00", on="2021-09-21")), bank, at=moment(2021, 9, 22))
        days.make_sheets_of(DAY, NEXT.date(), at=moment(2021, 9, 22), actor=house.finance)
        after = DaySheet.objects.get(day=NEXT.date())
        assert (after.fees_closing, live(after)) == (36, [])
