"""Mass payout: a roster by two people, four signatures, sent in chunks; killed anywhere, it pays each row once."""

import os
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts import books, services
from accounts.models import Batch, BatchRow, PayeeAccount, Payout, PayoutPart, Transfer
from accounts.services import rosters as intake
from accounts.services import sending
from accounts.statement import statement_of
from bureau.crypto import decrypt
from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Case
from tests import factories, kept, processes
from tests import rosters as made
from tests.accounts.test_books import plant
from tests.factories import moment

AT = moment(2021, 9, 20)


def _case(house, amount="500000.00", *, claim="900000.00", serial="M1"):
    case = kept.running_case(house)
    Case.objects.filter(pk=case.pk).update(amount_claimed=Decimal(claim))
    case.claims.update(amount=Decimal(claim))
    factories.deposit(house, case, amount, serial=serial)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def house(db):
    return factories.House.build()


@pytest.fixture
def case(house):
    return _case(house)


class TestRoster:
    """What the file says, and what is wrong with it."""

    def test_a_roster_is_taken_in_encrypted_and_waits_for_a_second_person(self, house, case):
        row = made.entered(house, case, made.table(made.lines(3)), at=AT)
        assert (row.state, row.row_count, row.total) == ("ENTERED", 3, Decimal("30.03"))
        account = row.rows.get(position=2).payee
        assert (account.kind, account.state, account.number) == ("LISTED", "PENDING", made.person(1)[2])
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM accounts_payeeaccount WHERE id = %s", [account.pk])
            stored = cursor.fetchone()[0]
            cursor.execute("SELECT id_number FROM accounts_batchrow WHERE payee_id = %s", [account.pk])
            stored_id = cursor.fetchone()[0]
        assert account.number not in stored
        assert decrypt(stored) == account.number
        assert decrypt(stored_id) == made.person(1)[1]
        assert row.material.is_restricted
        for event in Event.objects.filter(verb="enter_batch"):
            assert account.number not in event.details
            assert made.person(1)[1] not in event.details

    def test_the_same_file_again_gives_the_first_batch(self, house, case):
        content = made.table(made.lines(3))
        assert made.entered(house, case, content, at=AT) == made.entered(house, case, content, at=AT)
        assert BatchRow.objects.count() == 3

    @pytest.mark.parametrize(
        ("place", "value", "column"),
        [
            (0, "", "姓名"),
            (1, "150302197001011234", "证件号码"),
            (1, "", "证件号码"),
            (2, "6222020000000000001", "收款账号"),
            (2, "6.22202E+18", "收款账号"),
            (3, "", "开户行"),
            (4, "十元", "金额"),
            (4, "0", "金额"),
            (4, "-5.00", "金额"),
            (4, "1.005", "金额"),
            (4, "NaN", "金额"),
            (5, "12", "联行号"),
            (6, "(2021)内0302执999999号", "案号"),
        ],
    )
    def test_a_bad_cell_is_named_by_row_and_column_and_nothing_is_taken_in(self, house, case, place, value, column):
        rows = made.lines(3)
        rows[1][place] = value
        roster = intake.inspect(made.table(rows), case, on=AT.date(), actor=house.window_clerk)
        assert [(fault.position, fault.column) for fault in roster.faults] == [(3, column)]
        scan = made.staged(factories.PDF, house.window_clerk, AT)
        with pytest.raises(Refused):
            intake.take_in(roster, case, document="名册", scan=scan, follows=None, at=AT, actor=house.window_clerk)
        assert not Batch.objects.exists()
        assert not PayeeAccount.objects.filter(kind="LISTED").exists()

    def test_a_fault_never_quotes_what_stands_in_the_cell(self, house, case):
        rows = made.lines(1)
        rows[0][2], rows[0][4] = "6222020000000000001", "12.345"
        roster = intake.inspect(made.table(rows), case, on=AT.date(), actor=house.window_clerk)
        assert len(roster.faults) == 2
        assert all("12.345" not in fault.reason and "6222" not in fault.reason for fault in roster.faults)

    def test_nobody_and_no_account_comes_twice(self, house, case):
        rows = made.lines(3)
        rows[1][1], rows[2][2] = rows[0][1], rows[0][2]
        roster = intake.inspect(made.table(rows), case, on=AT.date(), actor=house.window_clerk)
        assert [(fault.position, fault.column, fault.reason) for fault in roster.faults] == [
            (3, "证件号码", "与第 2 行重复"),
            (4, "收款账号", "与第 2 行重复"),
        ]

    def test_more_than_the_case_has_is_refused_without_telling_the_window_the_balance(self, house, case):
        roster = intake.inspect(made.table(made.lines(2, "300000.00")), case, on=AT.date(), actor=house.window_clerk)
        assert roster.fault_count == 1
        assert "600,000.00" in roster.faults[0].reason
        assert "500,000" not in roster.faults[0].reason

    @pytest.mark.parametrize("typed", ["1e3", "1E+3", "12,34"])
    def test_a_sum_is_written_in_plain_digits(self, house, case, typed):
        roster = intake.inspect(made.table(made.lines(1, typed)), case, on=AT.date(), actor=house.window_clerk)
        assert "科学计数法" in roster.faults[0].reason

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_both_encodings_and_other_headings_are_read(self, house, case, encoding):
        heading = ["序号", "户名", "身份证号", "银行卡号", "开户银行", "发放金额（元）"[:4]]
        rows = [[str(number), *line[:5]] for number, line in enumerate(made.lines(2, "1,234.50"), start=1)]
        content = made.table(rows, heading).decode().encode(encoding)
        roster = intake.inspect(content, case, on=AT.date(), actor=house.window_clerk)
        assert roster.faults == []
        assert roster.total == Decimal("2469.00")

    def test_an_excel_file_is_read_and_a_number_that_lost_its_digits_is_refused(self, house, case):
        from io import BytesIO

        from openpyxl import Workbook

        book = Workbook()
        book.active.append(["姓名", "证件号码", "收款账号", "开户行", "金额"])
        name, number, card = made.person(1)
        book.active.append([name, number, card, "中国银行", 10.5])
        book.active.append([made.person(2)[0], made.person(2)[1], float(made.person(2)[2]), "中国银行", 10])
        out = BytesIO()
        book.save(out)
        roster = intake.inspect(out.getvalue(), case, on=AT.date(), actor=house.window_clerk)
        assert [(fault.position, fault.column) for fault in roster.faults] == [(3, "收款账号")]
        assert "文本格式" in roster.faults[0].reason

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", "姓名,金额\n张三,1\n".encode()])
    def test_what_is_no_roster_is_refused_in_words(self, house, case, content):
        with pytest.raises(Refused):
            intake.inspect(content, case, on=AT.date(), actor=house.window_clerk)

    def test_another_windows_case_is_no_case(self, house, case):
        rows = made.lines(1)
        rows[0][6] = case.display_number
        roster = intake.inspect(made.table(rows), case, on=AT.date(), actor=house.window_clerk2)
        assert [fault.column for fault in roster.faults] == ["案号"]


class TestChain:
    """Who does what."""

    def test_from_file_to_bank_with_every_yuan_explained(self, house, case):
        factories.deposit(house, case, "100.00", serial="M2")
        row = made.batch(house, case, made.table(made.lines(40, "12501.25")))
        paid = Payout.objects.filter(batch_row__batch=row)
        assert paid.filter(state="PAID").count() == 40
        assert PayoutPart.objects.filter(payout__in=paid).count() == 41  # one row takes of both receipts
        assert statement_of(case).paid_to_applicants == Decimal("500050.00")
        assert books.faults() == []

    def test_a_requested_batch_reserves_its_sum(self, house, case):
        made.batch(house, case, made.table(made.lines(2, "200000.00")), until="REQUESTED")
        statement = statement_of(case)
        assert (statement.available, statement.asked) == (Decimal("100000.00"), Decimal("400000.00"))
        with pytest.raises(Refused, match="可发放余额"):
            factories.payout(house, case, "100000.01", reference="X", until="REQUESTED")

    def test_a_rejected_batch_sets_the_money_free_and_may_be_asked_for_again(self, house, case):
        row = made.batch(house, case, made.table(made.lines(2)), until="CHECKED")
        row = services.reject_batch(row, reason="计算说明不清", at=AT, actor=house.chief)
        assert (row.state, row.requested_by, row.checked_by) == ("CONFIRMED", None, None)
        assert statement_of(case).asked == 0
        assert services.request_batch(row, calculation="更正", at=AT, actor=case.owner).state == "REQUESTED"

    def test_finance_sends_an_approved_batch_back_and_it_is_asked_for_anew(self, house, case):
        row = made.batch(house, case, made.table(made.lines(2)), until="APPROVED")
        for actor in (case.owner, case.judge, house.chief, house.window_clerk):
            with pytest.raises(PermissionDenied):
                services.send_back_batch(row, reason="联行号有误", at=AT, actor=actor)
        with pytest.raises(Refused) as refused:
            services.send_back_batch(row, reason=" ", at=AT, actor=house.finance)
        assert list(refused.value.by_field) == ["reason"]
        row = services.send_back_batch(row, reason="联行号有误", at=AT, actor=house.finance)
        assert (row.state, row.ended_note) == ("CONFIRMED", "联行号有误")
        assert (row.requested_by, row.checked_by, row.approved_by, row.approved_at) == (None, None, None, None)
        assert statement_of(case).asked == 0
        event = Event.objects.of_chain(f"case:{case.pk}").get(verb="send_back_batch")
        assert "联行号有误" in event.details
        with pytest.raises(Refused, match="不能进行此操作"):
            services.send_back_batch(row, reason="再退", at=AT, actor=house.finance)
        assert services.request_batch(row, calculation="更正", at=AT, actor=case.owner).state == "REQUESTED"
        assert books.faults() == []

    def test_what_is_being_sent_is_not_sent_back(self, house, case):
        row = made.batch(house, case, made.table(made.lines(2)), until="SENDING")
        with pytest.raises(Refused, match="不能进行此操作"):
            services.send_back_batch(row, reason="联行号有误", at=AT, actor=house.finance)

    def test_the_roster_is_compared_by_another_than_its_enterer(self, house, case):
        row = made.batch(house, case, made.table(made.lines(2)), until="ENTERED")
        with pytest.raises(Refused, match="以外的人"):
            services.confirm_batch(row, at=AT, actor=house.window_clerk)

    def test_four_people(self, house, case):
        row = made.batch(house, case, made.table(made.lines(2)), until="REQUESTED")
        with pytest.raises(PermissionDenied):
            services.check_batch(row, at=AT, actor=case.owner)
        with pytest.raises(PermissionDenied):
            services.check_batch(row, at=AT, actor=house.judge3)
        row = services.check_batch(row, at=AT, actor=case.judge)
        with pytest.raises(PermissionDenied):
            services.approve_batch(row, at=AT, actor=case.judge)
        row = services.approve_batch(row, at=AT, actor=house.chief)
        with pytest.raises(PermissionDenied):
            services.pay_batch(row, at=AT, actor=house.chief)
        with pytest.raises(Refused, match="复核人"):
            services.pay_batch(row, at=AT, actor=house.finance2)

    def test_the_tier_is_that_of_the_whole_sum(self, house):
        case = _case(house, "1500000.00", claim="2000000.00")
        row = made.batch(house, case, made.table(made.lines(3, "500000.00")), until="CHECKED")
        with pytest.raises(PermissionDenied):
            services.approve_batch(row, at=AT, actor=house.chief)
        assert services.approve_batch(row, at=AT, actor=house.vice_president).state == "APPROVED"

    def test_an_idle_batch_climbs_once(self, house, case):
        made.batch(house, case, made.table(made.lines(2)), until="CHECKED")
        system = User.objects.system()
        assert services.climb_idle_approvals(at=moment(2021, 9, 22), actor=system) == 0
        assert services.climb_idle_approvals(at=moment(2021, 9, 23), actor=system) == 1
        assert services.climb_idle_approvals(at=moment(2021, 9, 24), actor=system) == 0

    def test_several_cases_share_one_batch(self, house, case):
        second = _case(house, serial="M9")
        Case.objects.filter(pk=second.pk).update(owner=case.owner, judge=case.judge)
        rows = made.lines(4, "100.00")
        for row in rows[2:]:
            row[6] = second.display_number
        batch = made.batch(house, case, made.table(rows))
        assert {row.case_id: row.sent for row in batch.by_case.all()} == {
            case.pk: Decimal("200.00"),
            second.pk: Decimal("200.00"),
        }
        assert books.faults() == []

    def test_a_row_is_nobodys_single_act(self, house, case):
        row = made.batch(house, case, made.table(made.lines(1)), until="SENDING")
        sending._leave_escrow(row, at=AT, actor=User.objects.system())
        payout = Payout.objects.get(batch_row__batch=row)
        with pytest.raises(Refused, match="批量发放"):
            services.pay_payout(payout, at=AT, actor=house.finance)


class TestBounced:
    """What the bank sends back is paid again by a batch that follows."""

    @pytest.fixture
    def bounced(self, house, case):
        rows = made.lines(4, "100.00")
        rows[1][2] = made.BOUNCING
        return made.batch(house, case, made.table(rows)), rows

    def test_the_money_is_back_in_escrow(self, case, bounced):
        batch, _rows = bounced
        assert batch.state == "DONE"
        assert statement_of(case).paid_to_applicants == Decimal("300.00")
        assert statement_of(case).available == Decimal("499700.00")
        assert [row.position for row in intake.to_pay_again(batch)] == [3]

    def test_a_corrected_account_is_paid_by_a_batch_that_follows_once(self, house, case, bounced):
        batch, rows = bounced
        again = [[*rows[1][:2], made.person(77)[2], *rows[1][3:]]]
        second = made.batch(house, case, made.table(again), follows=batch)
        assert Payout.objects.get(batch_row__batch=second).state == "PAID"
        assert statement_of(case).paid_to_applicants == Decimal("400.00")
        assert list(intake.to_pay_again(batch)) == []
        third = [[*rows[1][:2], made.person(78)[2], *rows[1][3:]]]
        roster = intake.inspect(made.table(third), case, follows=batch, on=AT.date(), actor=house.window_clerk)
        assert "已重新发放" in roster.faults[0].reason
        assert books.faults() == []

    def test_who_did_not_bounce_or_gets_more_is_refused(self, house, case, bounced):
        batch, rows = bounced
        for line, words in ((rows[0], "不在原批次"), ([*rows[1][:4], "101.00", "", ""], "应为 100.00")):
            content = made.table([[*line[:2], made.person(79)[2], *line[3:]]])
            roster = intake.inspect(content, case, follows=batch, on=AT.date(), actor=house.window_clerk)
            assert words in roster.faults[0].reason


class TestDatabase:
    """What PostgreSQL refuses whoever asks."""

    def test_a_row_has_one_payout_ever(self, house, case):
        row = made.batch(house, case, made.table(made.lines(1)))
        first = Payout.objects.get(batch_row__batch=row)
        copy = {field.attname: getattr(first, field.attname) for field in Payout._meta.concrete_fields}
        copy |= {"id": None, "reference": "ANOTHER"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Payout.objects.create(**copy)

    def test_a_row_is_paid_as_it_was_signed(self, house, case):
        row = made.batch(house, case, made.table(made.lines(1)), until="SENDING")
        payee = row.rows.get()
        given = {
            "case": case,
            "purpose": "CLAIM",
            "payee": payee.payee,
            "batch_row": payee,
            "calculation": "x",
            "state": "SENT",
            "reference": "R",
            "requested_by": row.requested_by,
            "requested_at": AT,
            "checked_by": row.checked_by,
            "approved_by": row.approved_by,
            "paid_by": row.paid_by,
            "sent_at": AT,
        }
        with pytest.raises(IntegrityError, match="as it was signed"), transaction.atomic():
            Payout.objects.create(**given, amount=payee.amount + 1)
        with pytest.raises(IntegrityError, match="as it was signed"), transaction.atomic():
            Payout.objects.create(**{**given, "paid_by": house.finance2}, amount=payee.amount)

    def test_rows_are_append_only_and_a_batch_never_changes(self, house, case):
        row = made.batch(house, case, made.table(made.lines(2)), until="CONFIRMED")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            row.rows.update(amount=Decimal("1.00"))
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Batch.objects.filter(pk=row.pk).update(total=Decimal("1.00"))
        with pytest.raises(IntegrityError, match="no such step"), transaction.atomic():
            Batch.objects.filter(pk=row.pk).update(
                state="SENDING",
                requested_by=case.owner,
                checked_by=case.judge,
                approved_by=house.chief,
                paid_by=house.finance,
                paid_at=AT,
            )
        first = row.rows.first()
        first.pk, first.position, first.id_digest, first.payee = None, 99, "x", _another(first.payee)
        with pytest.raises(IntegrityError, match="entered once"), transaction.atomic():
            first.save(force_insert=True)

    def test_planted_faults_are_named(self, house, case):
        made.batch(house, case, made.table(made.lines(2)))
        plant("UPDATE accounts_batchrow SET amount = 1.00 WHERE position = 2")
        assert {fault.code for fault in books.faults()} == {"BATCH", "BATCH_ROW"}


def _another(account):
    account.pk, account._state.adding = None, True
    account.save(force_insert=True)
    return account


SCRIPT = """
import django
django.setup()
from accounts.services import sending
from bureau.models import User
from tests.factories import moment
sending.SEND_CHUNK, sending.BANK_CHUNK = 60, 25
print("ready", flush=True)
sending.send_batches(at=moment(2021, 9, 20), actor=User.objects.system())
print("done", flush=True)
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_it_goes_on_and_pays_every_row_once(transactional_db, tmp_path, seed):
    house = factories.House.build()
    case = _case(house)
    row = made.batch(house, case, made.table(made.lines(700)), until="SENDING")
    bank_file = tmp_path / "bank"
    bank_file.touch()
    environment = {
        **os.environ,
        "DATABASE_URL": processes.test_database_address(),
        "BANK": "tests.rosters.LastingBank",
        "LASTING_BANK": str(bank_file),
    }
    chance, kills = random.Random(seed), 0
    while True:
        run = subprocess.Popen(
            [sys.executable, "-c", SCRIPT], cwd=processes.ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert run.stdout.readline() == "ready\n"
        if kills < 4:
            time.sleep(chance.uniform(0.02, 0.35))
            run.send_signal(signal.SIGKILL)
        run.wait(60)
        row.refresh_from_db()
        if row.state == "DONE":
            break
        kills += 1
        assert books.faults() == []
        assert kills < 30
    taken = list(made.LastingBank.taken(bank_file))
    assert len(taken) == 700
    assert sum(Decimal(amount) for _reference, amount, _last in taken) == row.total
    bounced = sum(last == "7" for _reference, _amount, last in taken)
    states = Payout.objects.filter(batch_row__batch=row)
    assert (states.filter(state="PAID").count(), states.filter(state="BOUNCED").count()) == (700 - bounced, bounced)
    assert Transfer.objects.filter(payout__batch_row__batch=row).count() == 1400
    assert statement_of(case).balance == Decimal("500000.00") - Decimal("10.01") * (700 - bounced)
    assert books.faults() == []
