"""A statement of the bank is taken in whole or not at all, and only once."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import Workbook

from accounts import books, services
from accounts.bank import BankLineData
from accounts.models import Account, BankLine, Receipt, Statement, StatementDebit, Transfer
from accounts.services import statements
from bureau.chains import broken_events
from bureau.errors import Refused
from bureau.models import Event
from cases import nodes
from tests import factories, kept
from tests import statements as made
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 20)


@pytest.fixture
def house(db):
    return factories.House.build()


@pytest.fixture
def case(house):
    return kept.running_case(house)


@pytest.fixture
def bank(house):
    return made.bank_format(house.finance, AT)


def refusal(content, bank):
    with pytest.raises(Refused) as refused:
        statements.inspect(content, bank, at=AT)
    assert not BankLine.objects.exists()
    return str(refused.value)


def faults(content, bank):
    found = statements.inspect(content, bank, at=AT)
    assert found.fault_count == len(found.faults)
    return [(fault.position, fault.column, fault.reason) for fault in found.faults]


class TestIn:
    """Money in: to its case by the number, else unidentified."""

    def test_as_if_each_line_had_been_entered_by_hand(self, house, case, bank):
        number = case.escrow.number
        rows = [made.credit("A1", "1,000.50", number), made.credit("A2", "20.00", number), made.credit("A3", "5.00")]
        statement = made.take_in(made.table(rows), bank, at=AT, actor=house.finance)
        assert (statement.row_count, statement.new_count, statement.repeated_count) == (3, 3, 0)
        assert Account.objects.get(pk=case.escrow.pk).balance == Decimal("1020.50")
        assert Account.objects.get(kind="UNIDENTIFIED").balance == Decimal("5.00")
        other = kept.running_case(house).escrow.number
        data = BankLineData("B2", AT.date(), Decimal("20.00"), "某公司", "6222020012345678", other, "案款")
        by_hand = services.arrive(data, at=AT, entered_by=house.finance2, actor=house.finance).receipt
        row = Receipt.objects.get(bank_line__serial="A2")
        assert (row.due_on, row.due_steps) == (by_hand.due_on, by_hand.due_steps)
        event, theirs = (Event.objects.get(subject=f"receipt:{pk}") for pk in (row.pk, by_hand.pk))
        assert event.details == theirs.details.replace("B2", "A2")
        assert (event.chain, event.case_number, event.verb) == (f"case:{case.pk}", case.display_number, theirs.verb)
        line = BankLine.objects.get(serial="A1")
        assert (line.payer_account, line.payer_account_last4) == ("6222020012345678", "5678")
        assert (line.state, line.statement, line.entered_by) == ("MATCHED", statement, house.finance)
        assert Transfer.objects.get(reference="IN-A3").purpose == "UNIDENTIFIED"
        assert books.faults() == []
        assert broken_events() == []

    def test_no_deadline_hangs_on_the_event_that_is_written_in_bulk(self):
        assert "receive" not in nodes.VERBS

    def test_a_line_entered_by_hand_is_the_same_line(self, house, case, bank):
        data = BankLineData("A1", AT.date(), Decimal("7.00"), "某公司", "6222020012345678", case.escrow.number, "案款")
        services.arrive(data, at=AT, entered_by=house.finance2, actor=house.finance)
        content = made.table([made.credit("A1", "7.00", case.escrow.number), made.credit("A2", "8.00")])
        statement = made.take_in(content, bank, at=AT, actor=house.finance)
        assert (statement.new_count, statement.repeated_count) == (1, 1)
        assert BankLine.objects.get(serial="A1").statement is None
        assert services.arrive(data, at=AT, entered_by=house.finance2, actor=house.finance).serial == "A1"

    def test_again_changes_nothing(self, house, case, bank):
        content = made.table([made.credit("A1", "7.00", case.escrow.number), made.debit("D1", "1.00")])
        first = made.take_in(content, bank, at=AT, actor=house.finance)
        before = (BankLine.objects.count(), Transfer.objects.count(), Event.objects.count())
        assert made.take_in(content, bank, at=AT, actor=house.finance) == first
        later = made.take_in(content + b"\n", bank, at=AT, actor=house.finance)
        assert (later.new_count, later.repeated_count) == (0, 2)
        after = (BankLine.objects.count(), Transfer.objects.count(), Event.objects.count() - 1)
        assert after == before

    def test_same_serial_with_other_content_is_refused_by_name(self, house, case, bank):
        made.take_in(made.table([made.credit("A1", "7.00")]), bank, at=AT, actor=house.finance)
        for row in (made.credit("A1", "7.01"), made.debit("A1", "7.00")):
            content = made.table([made.credit("A0", "1.00"), row])
            assert faults(content, bank) == [(3, "流水号", "银行流水号 A1 已入账，但内容不同")]
        assert BankLine.objects.count() == 1

    def test_only_finance(self, house, bank):
        content = made.table([made.credit("A1", "7.00")])
        for user in (house.judge, house.chief, house.window_clerk, house.inspector):
            with pytest.raises(PermissionDenied):
                made.take_in(content, bank, at=AT, actor=user)
            with pytest.raises(PermissionDenied):
                services.ask_statement(bank, table=made.staged(content, user, AT), at=AT, actor=user)

    def test_the_database_keeps_what_the_bank_said(self, house, bank):
        content = made.table([made.credit("A1", "7.00"), made.debit("D1", "1.00")])
        statement = made.take_in(content, bank, at=AT, actor=house.finance)
        for rows, change in (
            (Statement.objects.all(), {"row_count": 9}),
            (StatementDebit.objects.all(), {"amount": 9}),
            (BankLine.objects.all(), {"statement": None}),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
        statement.pk, statement.file_sha256 = None, "x"
        statement.save(force_insert=True)
        with pytest.raises(DatabaseError):
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestOut:
    """Money out: our own payments are confirmed by reference and sum, the rest is kept."""

    @pytest.fixture
    def payout(self, house, case):
        factories.deposit(house, case, "500.00", serial="S1")
        return factories.payout(house, case, "300.00", reference="P-2021-1", until="SENT", at=AT)

    def test_confirms_our_payment(self, house, payout, bank):
        content = made.table([made.debit("D1", "300.00", payout.reference), made.debit("D2", "1.00", "别的")])
        made.take_in(content, bank, at=AT, actor=house.finance)
        payout.refresh_from_db()
        assert (payout.state, payout.paid_on) == ("PAID", AT.date())
        states = dict(StatementDebit.objects.values_list("serial", "state"))
        assert states == {"D1": "CONFIRMED", "D2": "UNMATCHED"}
        assert books.faults() == []

    def test_reference_in_the_remark(self, house, payout, bank):
        row = made.debit("D1", "300.00")
        row[-1] = f"执行款 {payout.reference} 发放"
        made.take_in(made.table([row]), bank, at=AT, actor=house.finance)
        assert StatementDebit.objects.get().payout == payout

    def test_other_sum_earlier_day_and_second_time_are_named(self, house, payout, bank):
        rows = [
            made.debit("D1", "299.99", payout.reference),
            made.debit("D2", "300.00", payout.reference, on="2021-09-19"),
            made.debit("D3", "300.00", payout.reference),
            made.debit("D4", "300.00", payout.reference),
        ]
        made.take_in(made.table(rows), bank, at=AT, actor=house.finance)
        states = dict(StatementDebit.objects.values_list("serial", "state"))
        assert states == {"D1": "OTHER_AMOUNT", "D2": "OTHER_STATE", "D3": "CONFIRMED", "D4": "REPEATED"}
        made.take_in(made.table([made.debit("D5", "300.00", payout.reference)]), bank, at=AT, actor=house.finance)
        assert StatementDebit.objects.get(serial="D5").state == "REPEATED"

    def test_confirmed_before_is_known(self, house, payout, bank):
        services.confirm_payout(payout, paid_on=AT.date(), at=AT, actor=house.finance)
        made.take_in(made.table([made.debit("D1", "300.00", payout.reference)]), bank, at=AT, actor=house.finance)
        assert StatementDebit.objects.get().state == "KNOWN"


class TestFaults:
    """Each bad line by number, column and reason; what cannot be read is refused whole."""

    def test_lines(self, bank, case):
        rows = [
            made.credit("A1", "1.00"),
            made.credit("", "1.00"),
            made.credit("A3", "1.001"),
            made.credit("A4", "abc"),
            made.credit("A5", ""),
            made.credit("A6", "-1.00"),
            made.credit("A7", "1.00", on="2021-02-30"),
            made.credit("A8", "1.00", on="2021-09-21"),
            made.credit("A9", "1.00", on="2021-08-19"),
            made.credit("A1", "2.00"),
            ["合计", "", "99.00"],
        ]
        found = faults(made.table(rows), bank)
        assert [(row, column) for row, column, _reason in found] == [
            *((3, "流水号"), (4, "贷方发生额"), (5, "贷方发生额"), (6, "贷方发生额"), (7, "贷方发生额")),
            *((8, "交易日期"), (11, "流水号"), (9, "交易日期"), (10, "交易日期")),
        ]
        assert all(reason and "abc" not in reason for _row, _column, reason in found)
        with pytest.raises(Refused):
            made.take_in(made.table(rows), bank, at=AT, actor=bank.changed_by)
        assert not BankLine.objects.exists()

    def test_no_money_before_the_account_was_opened(self, bank, case):
        row = made.credit("A1", "1.00", case.escrow.number, on="2021-08-25")
        assert [column for _row, column, _reason in faults(made.table([row]), bank)] == ["交易日期"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_encodings_are_found_out(self, bank, encoding):
        content = made.table([made.credit("A1", "1.00", name="𠮷林省某公司")], encoding=encoding)
        assert statements.inspect(content, bank, at=AT).entries[0].name == "𠮷林省某公司"

    def test_chosen_encoding_holds(self, bank):
        bank.encoding = "UTF_8"
        assert "编码" in refusal(made.table([made.credit("A1", "1.00")], encoding="gb18030"), bank)

    def test_excel(self, bank):
        book = Workbook()
        sheet = book.active
        sheet.append(made.HEADING)
        cells = [dt.datetime(2021, 9, 20, 9, 30, 5), "A1", 1000.1, None, "某公司", "6222020012345678", None, None, "款"]
        sheet.append(cells)
        sheet.append([dt.date(2021, 9, 20), "A2", 1, None, "某公司", 6222020012345678901])
        out = io.BytesIO()
        book.save(out)
        found = statements.inspect(out.getvalue(), bank, at=AT)
        entry = found.entries[0]
        assert (entry.amount, entry.value_on) == (Decimal("1000.10"), AT.date())
        assert entry.value_at == dt.time(9, 30, 5)
        assert [(fault.position, fault.column) for fault in found.faults] == [(3, "对方账号")]

    def test_hostile_files_are_refused_whole(self, bank):
        good = made.table([made.credit("A1", "1.00")])
        assert refusal(b"", bank)
        assert refusal(b"\x00\x01\x02" * 100, bank)
        assert refusal(b"\xff\xfe\xfd" * 100, bank)
        assert refusal(b"%PDF-1.7", bank)
        assert ".xls" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, bank)
        assert refusal(b"<html><table></table></html>", bank)
        assert refusal(b"PK\x03\x04broken", bank)
        assert refusal(good[: good.index(b"A1")] + b'"' + good, bank)
        assert "缺少列" in refusal(made.table([], heading=["甲", "乙"]), bank)
        assert refusal(made.table([]), bank)

    def test_words_too_long_are_cut_not_refused(self, house, bank):
        row = made.credit("A1", "1.00", name="长" * 101)
        row[-1] = "注" * 300
        out = made.debit("D1", "1.00")
        out[4], out[-1] = row[4], row[-1]
        first = made.take_in(made.table([row, out]), bank, at=AT, actor=house.finance)
        line, debit = BankLine.objects.get(), StatementDebit.objects.get()
        assert (line.payer_name, line.remark) == (debit.payee_name, debit.remark) == ("长" * 100, "注" * 200)
        again = made.take_in(made.table([row, out]) + b"\n", bank, at=AT, actor=house.finance)
        assert (first.new_count, again.new_count, again.repeated_count) == (2, 0, 2)
        data = BankLineData("A1", AT.date(), line.amount, "长" * 100, "6222020012345678", "", "注" * 200)
        assert services.arrive(data, at=AT, entered_by=house.finance2, actor=house.finance).serial == "A1"

    @pytest.mark.parametrize("day", ["9" * 5000, f"2021-09-{'9' * 5000}", f"20210920{'0' * 5000}", "2021-09-00"])
    def test_endless_digits_get_a_reason(self, bank, day):
        (fault,) = faults(made.table([made.credit("A1", "1.00", on=day)]), bank)
        assert fault[:2] == (2, "交易日期")
        assert fault[2] in ("不是日期", "没有这一天，请核对格式中的日期写法")

    def test_bombs(self, bank, monkeypatch):
        def sheet(doctype: str, words: str) -> bytes:
            line = made.credit("A1", "1.00", name=words)
            cells = [
                "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in (made.HEADING, line)
            ]
            rows = "".join(f"<row>{each}</row>" for each in cells)
            space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            return f'{doctype}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()

        def packed(part: bytes) -> bytes:
            plain, out = io.BytesIO(), io.BytesIO()
            Workbook().save(plain)
            with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
                for each in source.infolist():
                    is_sheet = each.filename == "xl/worksheets/sheet1.xml"
                    target.writestr(each.filename, part if is_sheet else source.read(each))
            return out.getvalue()

        # The same sheet is read without the entity, so that the entity alone is what refuses it.
        harmless = statements.inspect(packed(sheet("", "haha")), bank, at=AT)
        assert [entry.name for entry in harmless.entries] == ["haha"]
        assert harmless.faults == []
        laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        assert refusal(packed(sheet(laughs, "&b;")), bank) == "不是可读的Excel文件（.xlsx）"
        huge = io.BytesIO()
        with zipfile.ZipFile(huge, "w", zipfile.ZIP_DEFLATED) as target:
            for number in range(26):
                target.writestr(f"xl/{number}.xml", b"0" * (10 * 2**20))
        assert len(huge.getvalue()) < 2**20
        assert "过大" in refusal(huge.getvalue(), bank)
        monkeypatch.setattr("accounts.statementfiles.ROWS_MAX", 2)
        assert "最多" in refusal(made.table(made.credit(f"A{n}", "1.00") for n in range(3)), bank)


class TestAnyOrder(TestCase):
    """Whatever files come, in whatever order and how often, the book is the same."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.house = factories.House.build()
        cls.case = factories.into_stream(cls.house, factories.file_case(cls.house).case)
        cls.bank = made.bank_format(cls.house.finance, AT)
        number = cls.case.escrow.number
        cls.lines = [made.credit(f"A{n}", f"{n + 1}.01", number if n % 2 else "") for n in range(6)]
        cls.lines += [made.debit("D1", "3.00"), made.debit("D2", "4.00")]

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sets(st.integers(0, 7), min_size=1), max_size=6), st.randoms(use_true_random=False))
    def test_same_book(self, files, chance) -> None:
        for chosen in [*files, set(range(8))]:
            rows = [self.lines[number] for number in sorted(chosen)]
            chance.shuffle(rows)
            made.take_in(made.table(rows), self.bank, at=AT, actor=self.house.finance)
        assert BankLine.objects.count() == Transfer.objects.count() == 6
        assert Receipt.objects.count() == Event.objects.filter(verb="receive").count() == 3
        assert StatementDebit.objects.count() == 2
        assert Account.objects.get(pk=self.case.escrow.pk).balance == Decimal("12.03")
        assert Account.objects.get(kind="UNIDENTIFIED").balance == Decimal("9.03")
        assert books.faults() == []


def test_two_imports_of_one_file_and_a_deposit_by_hand_at_once(transactional_db):
    house = factories.House.build()
    case = kept.running_case(house)
    bank, number = made.bank_format(house.finance, AT), case.escrow.number
    content = made.table(made.credit(f"A{n:03d}", "1.00", number if n % 2 else "") for n in range(60))
    data = BankLineData("A031", AT.date(), Decimal("1.00"), "某公司", "6222020012345678", number, "案款")
    take = lambda: made.take_in(content, bank, at=AT, actor=house.finance)  # noqa: E731
    answers = race([take, take, lambda: services.arrive(data, at=AT, entered_by=house.finance, actor=house.finance2)])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert answers[0] == answers[1]
    assert BankLine.objects.count() == Transfer.objects.count() == 60
    assert Account.objects.get(pk=case.escrow.pk).balance == Account.objects.get(kind="UNIDENTIFIED").balance == 30
    assert books.faults() == []
    assert broken_events() == []
