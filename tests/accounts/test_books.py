"""The proof of the books: silent while they are true, and naming each fault that somebody plants past the triggers."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts import books, services, tasks
from accounts.bank import BankLineData
from accounts.desk import items
from accounts.models import Account, BooksCheck, DaySheet, PayeeAccount, Payout, Receipt
from accounts.services import days
from bureau.models import Event, User
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)
QUIET = dt.date(2021, 9, 15)  # the day before the first money


@pytest.fixture
def case(house) -> Case:
    """A case through which money has gone by every way."""
    case = kept.running_case(house)
    factories.deposit(house, case, "50000.00", serial="S1")
    case = Case.objects.get(pk=case.pk)
    for number, kind in enumerate(("SUCCESSOR", "COURT", "TREASURY", "COST")):
        payee = factories.other_payee(house, case, kind)
        row = services.request_payout(
            case, payee=payee, amount=Decimal(10), calculation="x", reference=f"O{number}", at=AT, actor=case.owner
        )
        factories.paid(house, row, until="SENT" if kind == "COST" else "PAID")
    factories.payout(house, case, "1000.00", reference="P1")
    factories.payout(house, case, "100.00", reference="P2", until="CHECKED")
    bounced = factories.payout(house, case, "5.00", reference="P3", until="SENT")
    services.bounce_payout(bounced, reason="退票", at=AT, actor=User.objects.system())
    returned = factories.payout(house, case, "7.00", reference="P4")
    back = BankLineData("R1", AT.date(), returned.amount, "某银行", remark="退票 P4")
    services.arrive(back, at=AT, entered_by=house.finance2, actor=house.finance)
    return case


@pytest.fixture
def other(house, case) -> Case:
    """Another case, to which money was moved once well and once in error; a deposit, half released; a stray line."""
    other = Case.objects.get(pk=kept.running_case(house).pk)
    factories.move(house, case, other, "300.00", reference="M1")
    wrong = factories.move(house, case, other, "20.00", reference="M2")
    services.reverse_payout(wrong, reason="错", at=AT, actor=house.finance2)
    days.make_sheets_of(QUIET, QUIET, at=AT, actor=house.finance)
    services.sign_day(DaySheet.objects.get(day=QUIET), at=AT, actor=house.finance2)
    deposit = factories.deposit_absent(house, case, "40.00", reference="D1")
    payee = PayeeAccount.objects.get(party__case=case)
    release = services.release_deposit(
        deposit, payee=payee, amount=Decimal(15), calculation="x", reference="R1", at=AT, actor=case.owner
    )
    factories.paid(house, release)
    plan = factories.plan(case, {"party": "60.00"}, pool="60.00")
    factories.paid(house, services.pay_share(plan.shares.get(), at=moment(2021, 10, 9), actor=case.owner))
    stray = services.arrive(
        BankLineData("X1", AT.date(), Decimal("9.00"), "某人"), at=AT, entered_by=house.finance2, actor=house.finance
    )
    receipt = factories.identify(stray, other, at=AT, by=other.judge, checker=house.finance)
    services.unidentify(receipt, reason="错", at=AT, actor=house.finance2)
    return other


def plant(*statements: str) -> None:
    """Change rows past every trigger and constraint that would refuse it, as the fixture of the flush does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def drop(table: str, constraint: str) -> str:
    """Return the statement by which a constraint goes, for this test's transaction."""
    return f"ALTER TABLE accounts_{table} DROP CONSTRAINT {constraint}"


def found() -> dict[str, list[books.Fault]]:
    """Return the faults by code."""
    by_code: dict[str, list[books.Fault]] = {}
    for fault in books.faults():
        by_code.setdefault(fault.code, []).append(fault)
    return by_code


def test_true_books_have_no_fault(case, other):
    assert books.faults() == []


PLANTS = {
    "DAY": ("UPDATE accounts_transfer SET value_on = value_on - 1 WHERE reference = 'IN-S1'",),
    "DAY_CLOSING": ("UPDATE accounts_daysheet SET ledger_closing = ledger_closing + 1",),
    "DAY_SIGNER": (
        "UPDATE accounts_payout SET paid_by_id = (SELECT signed_by_id FROM accounts_daysheet),"
        " sent_at = '2021-09-15T04:00:00Z' WHERE reference = 'P1'",
    ),
    "SUM": ("UPDATE accounts_transfer SET credit_id = 999999 WHERE reference = 'IN-S1'",),
    "TRANSFER": (
        drop("transfer", "transfer_amount_positive"),
        "UPDATE accounts_transfer SET amount = -1 WHERE reference = 'IN-S1'",
    ),
    "REVERSAL": ("UPDATE accounts_transfer SET amount = 19 WHERE reference = 'REV-MOVE-M2'",),
    "BALANCE": ("UPDATE accounts_account SET balance = balance + 1 WHERE kind = 'ESCROW'",),
    "OVERDRAWN": ("UPDATE accounts_transfer SET amount = 99999 WHERE reference = 'PAYOUT-P1'",),
    "ONE_ACCOUNT": ("DELETE FROM accounts_account WHERE kind = 'ESCROW'",),
    "CASE": ("UPDATE accounts_transfer SET amount = 49999 WHERE reference = 'IN-S1'",),
    "OVERSPENT": (
        drop("receipt", "receipt_paid_within_amount"),
        "UPDATE accounts_receipt SET amount = 1000 WHERE amount = 50000",
    ),
    "PEOPLE": (
        drop("payout", "payout_four_different_people"),
        "UPDATE accounts_payout SET paid_by_id = requested_by_id WHERE reference = 'P1'",
    ),
    "PAYEE": (
        "UPDATE accounts_payeeaccount SET replaced_at = '2021-09-01T00:00:00Z' WHERE kind = 'APPLICANT'",
    ),
    "PARTS": ("UPDATE accounts_payoutpart SET amount = 999 WHERE amount = 1000",),
    "RECEIPT": ("UPDATE accounts_receipt SET voided_at = now(), voided_by_id = (SELECT min(id) FROM bureau_user),"
                " identified_by_id = (SELECT max(id) FROM bureau_user) WHERE amount = 50000",),
    "PAID": ("UPDATE accounts_receipt SET paid_total = paid_total + 1 WHERE amount = 50000",),
    "STATEMENT": (
        "INSERT INTO accounts_bankformat (name, encoding, header_row, date_order, columns, is_active, changed_at,"
        " changed_by_id) SELECT 'x', 'DETECTED', 1, 'YMD', '{}', true, now(), min(id) FROM bureau_user",
        "INSERT INTO accounts_statement (bank_format_id, file_name, file_sha256, from_on, until_on, row_count,"
        " new_count, repeated_count, credit_total, debit_total, imported_at, imported_by_id)"
        " SELECT id, 'x.csv', 'x', '2021-09-20', '2021-09-20', 1, 1, 0, 1, 0, changed_at, changed_by_id"
        " FROM accounts_bankformat",
    ),
    "BOOKED": ("DELETE FROM accounts_transfer WHERE reference = 'CONFIRM-P1'",),
    "LINE": ("UPDATE accounts_bankline SET amount = 51000 WHERE serial = 'S1'",),
    "RETURN": ("UPDATE accounts_bankline SET amount = 8 WHERE serial = 'R1'",),
    "MOVE": ("UPDATE accounts_receipt SET arrived_on = '2021-09-19' WHERE amount = 300",),
    "DEPOSIT": ("UPDATE accounts_payout SET amount = 41 WHERE reference = 'R1'",),
    "PLAN": ("UPDATE accounts_distribution SET pool = 1",),
    "REFUND": ("UPDATE accounts_bankline SET state = 'REFUNDED' WHERE serial = 'X1'",),
    "HOUSE": ("UPDATE accounts_bankline SET state = 'MATCHED' WHERE serial = 'X1'",),
}  # fmt: skip


def test_every_invariant_has_a_plant():
    # Those of batches are planted with the batches (test_batches).
    assert set(PLANTS) | {"BATCH", "BATCH_ROW"} == set(books.BY_CODE)


@pytest.mark.parametrize("code", PLANTS)
def test_a_planted_fault_is_named_with_its_case_and_amounts(case, other, code):
    plant(*PLANTS[code])
    faults = found()
    assert code in faults
    numbers = {fault.case_number for fault in faults[code]}
    of_no_case = {"DAY", "DAY_CLOSING", "SUM", "TRANSFER", "REVERSAL", "HOUSE", "STATEMENT", "REFUND"}
    assert numbers == {""} if code in of_no_case else case.number in numbers
    for fault in faults[code]:
        assert all(figure in fault.words for figure in fault.figures)
        assert str(books.BY_CODE[code].label) in fault.words


def test_an_unconfirmed_account_of_another_is_named(case, other):
    plant(
        drop("payeeaccount", "payee_by_two_people"),
        "UPDATE accounts_payeeaccount SET confirmed_by_id = entered_by_id WHERE kind = 'TREASURY'",
    )
    (fault,) = found()["PAYEE"]
    assert (fault.case_number, fault.figures) == (case.number, ("O2", "10.00", "2222"))


def test_a_second_account_of_a_case_is_named(case, other):
    plant(
        "ALTER TABLE accounts_account DROP CONSTRAINT accounts_account_case_id_key",
        "INSERT INTO accounts_account (kind, number, case_id, balance, keeps_balance, opened_at)"
        f" VALUES ('ESCROW', 'second', {case.pk}, 0, true, now())",
    )
    (fault,) = found()["ONE_ACCOUNT"]
    assert (fault.case_number, fault.figures) == (case.number, ("2",))


class TestCommand:
    def test_true_books(self, case, capsys):
        call_command("check_books")
        assert "every one holds" in capsys.readouterr().out

    def test_exits_naming_what_is_broken(self, case):
        plant(*PLANTS["CASE"])
        with pytest.raises(CommandError) as error:
            call_command("check_books")
        assert error.value.returncode == 1
        assert "CASE" in str(error.value)
        assert case.number in str(error.value)
        assert "50000.00" in str(error.value)


class TestNightly:
    def test_a_break_is_kept_told_and_stands_on_three_desks(self, house, case, login):
        assert tasks.check_books() == 0
        assert not Event.objects.filter(verb="books_broken").exists()
        plant(*PLANTS["CASE"])
        assert tasks.check_books() > 0
        event = Event.objects.get(verb="books_broken")
        assert event.chain == "room:accounts"
        assert case.number in event.details
        for user in (house.finance, house.chief, house.inspector):
            (item,) = [item for item in items(user, today=AT.date()) if item.kind == "账务核对不符"]
            assert item.is_red
            assert item.url == reverse("accounts:books")
            page = login(user).get(item.url).content.decode()
            assert case.number in page
            assert "收支不平" in page
        for user in (case.owner, case.judge, house.vice_president):
            assert "账务核对不符" not in [item.kind for item in items(user, today=AT.date())]
        assert login(case.owner).get(reverse("accounts:books")).status_code == 403
        answer = login(house.inspector).get(reverse("accounts_api:books")).json()
        assert answer["results"][0]["fault_count"] == BooksCheck.objects.newest_first()[0].fault_count

    def test_it_leaves_the_desk_when_the_books_are_true_again(self, house, case):
        services.check_books(at=AT, actor=User.objects.system())
        BooksCheck.objects.create(checked_at=AT, fault_count=1, faults=[{"code": "GONE", "case": "", "figures": []}])
        assert "账务核对不符" in [item.kind for item in items(house.finance, today=AT.date())]
        services.check_books(at=AT, actor=User.objects.system())
        assert "账务核对不符" not in [item.kind for item in items(house.finance, today=AT.date())]

    def test_an_empty_house_is_true(self, db, house):
        assert Account.objects.filter(case__isnull=False).count() == 0
        assert (Payout.objects.count(), Receipt.objects.count()) == (0, 0)
        assert books.faults() == []
