"""Statements as messages of ISO 20022 go the way of tables; money sent back is the bounce of a payment."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts import books, services
from accounts.bank import BankLineData
from accounts.isofiles import versions
from accounts.models import Account, BankLine, Payout, Receipt, StatementDebit, Transfer
from accounts.services import statements
from accounts.statement import statement_of
from bureau.chains import broken_events
from bureau.errors import Refused
from bureau.models import Event
from tests import camt, factories, kept, rosters
from tests import statements as made
from tests.factories import moment

AT = moment(2021, 9, 20)
LATER = moment(2021, 9, 24)
VERSIONS = [name.split(".001.") for name in versions(["camt.053", "camt.054"])]


@pytest.fixture
def house(db):
    return factories.House.build()


@pytest.fixture
def case(house):
    return kept.running_case(house)


@pytest.fixture
def bank(house):
    return made.bank_format(house.finance, AT, kind="CAMT", columns={}, name="报文")


@pytest.fixture
def tables(house):
    return made.bank_format(house.finance, AT)


@pytest.fixture
def payout(house, case):
    factories.deposit(house, case, "500.00", serial="S1")
    return factories.payout(house, case, "300.00", reference="P-2021-1", until="SENT", at=AT)


def refusal(content, bank):
    with pytest.raises(Refused) as refused:
        statements.inspect(content, bank, at=AT)
    return str(refused.value)


def read(content, bank):
    found = statements.inspect(content, bank, at=AT)
    assert found.faults == []
    return found


class TestIn:
    """The same rows as a table of the same bank would give."""

    @pytest.mark.parametrize(("kind", "version"), VERSIONS)
    def test_every_version(self, house, case, bank, kind, version):
        number = case.escrow.number
        # From the third version on a payment says its own sum.
        sums = [each if version > "02" else "" for each in ("1000.50", "7.00")]
        paid_in = camt.detail(to=number, amount=sums[0], version=version)
        paid_out = camt.detail("DBIT", reference="X1", amount=sums[1], version=version)
        entries = [
            camt.entry("A1", "1000.50", paid_in, version=version),
            camt.entry("A2", "5.00", version=version),
            camt.entry("D1", "7.00", paid_out, sign="DBIT", version=version),
        ]
        content = camt.message(entries, kind=kind[-3:], version=version)
        statement = made.take_in(content, bank, at=AT, actor=house.finance)
        assert (statement.row_count, statement.new_count) == (3, 3)
        assert Account.objects.get(pk=case.escrow.pk).balance == Decimal("1000.50")
        line = BankLine.objects.get(serial="A1")
        assert (line.payer_name, line.payer_account, line.remark) == ("某公司", "6222020012345678", "案款")
        assert Receipt.objects.get().arrived_on == AT.date()
        assert StatementDebit.objects.get().amount == Decimal("7.00")
        assert books.faults() == []
        assert broken_events() == []

    def test_each_kind_of_file_repeats_the_other(self, house, case, bank, tables):
        number = case.escrow.number
        rows = [made.credit("A1", "7.00", number), made.credit("A2", "8.00")]
        made.take_in(made.table(rows), tables, at=AT, actor=house.finance)
        entries = [
            camt.entry("A1", "7.00", camt.detail(to=number)),
            camt.entry("A2", "8.00", camt.detail()),
        ]
        for kind in ("053", "054"):
            again = made.take_in(camt.message(entries, kind=kind), bank, at=AT, actor=house.finance)
            assert (again.new_count, again.repeated_count) == (0, 2)
        assert BankLine.objects.count() == 2

    def test_an_entry_of_several_payments_is_a_line_for_each(self, bank):
        whole = [camt.detail(amount="1.00", serial="T1"), camt.detail(amount="2.00")]
        content = camt.message([camt.entry("A1", "3.00", *whole), camt.entry("A2", "4.00", *whole)])
        lines = [(entry.serial, entry.amount) for entry in read(content, bank).entries]
        assert lines == [("T1", Decimal("1.00")), ("A1-2", Decimal("2.00")), ("A2", Decimal("4.00"))]

    def test_only_what_is_booked(self, bank):
        content = camt.message([camt.entry("A1", "1.00", status="PDNG"), camt.entry("A2", "2.00")])
        assert [entry.serial for entry in read(content, bank).entries] == ["A2"]
        assert refusal(camt.message([camt.entry("A1", "1.00", status="PDNG")]), bank) == "文件中没有流水"

    def test_balances_where_they_follow(self, house, bank):
        entries = [camt.entry("A1", "10.00"), camt.entry("D1", "4.00", sign="DBIT")]
        found = read(camt.message(entries, balances=("100.00", "106.00")), bank)
        assert (found.balances.opening, found.balances.closing) == (Decimal("100.00"), Decimal("106.00"))
        assert read(camt.message(entries), bank).balances is None

    def test_the_time_of_booking_is_ours(self, bank):
        day = "<BookgDt><Dt>2021-09-20</Dt></BookgDt>"
        content = camt.message([camt.entry("A1", "1.00")]).decode()
        content = content.replace(day, "<BookgDt><DtTm>2021-09-19T17:30:05.5Z</DtTm></BookgDt>")
        (entry,) = read(content.encode(), bank).entries
        assert (entry.value_on, entry.value_at) == (dt.date(2021, 9, 20), dt.time(1, 30, 5))

    def test_encodings(self, bank):
        for encoding in ("UTF-8", "GB18030", "GBK"):
            content = camt.message([camt.entry("A1", "1.00", camt.detail(name="吉林省某公司"))], encoding=encoding)
            assert read(content, bank).entries[0].name == "吉林省某公司"


class TestFaults:
    """By number of the entry and element; what cannot be read is refused whole, with the line."""

    def test_entries(self, bank):
        entries = [
            camt.entry("A1", "1.00"),
            camt.entry("", "1.00"),
            camt.entry("A3", "1.001"),
            camt.entry("A4", "1.00", currency="USD"),
            camt.entry("A5", "1.00", on="2021-09-21"),
            camt.entry("A1", "2.00"),
        ]
        found = statements.inspect(camt.message(entries), bank, at=AT)
        assert sorted((fault.position, fault.column) for fault in found.faults) == [
            *((2, "AcctSvcrRef"), (3, "Amt"), (4, "Amt"), (5, "BookgDt"), (6, "AcctSvcrRef"))
        ]
        assert "不是人民币" in [fault.reason for fault in found.faults]

    def test_hostile_and_broken_files(self, bank, tables):
        good = camt.message([camt.entry("A1", "1.00")])
        assert "第 2 行" in refusal(good.replace(b"<Document", b'<!DOCTYPE x [<!ENTITY a "ha">]>\n<Document'), bank)
        laughs = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document'
        assert "实体" in refusal(good.replace(b"<Document", laughs), bank)
        assert "第 7 行：不是完整" in refusal(good[: good.index(b"</Ntry>")], bank)
        assert "第 7 行：Amt 的内容" in refusal(good.replace(b">1.00<", b">x<"), bank)
        assert "第 7 行：" in refusal(good.replace(b"<Sts>", b"<Strange/><Sts>"), bank)
        assert "x" not in refusal(good.replace(b">1.00<", b">xyz<"), bank)
        assert "camt.053.001.08" in refusal(good.replace(b"camt.053.001.08", b"camt.053.001.99"), bank)
        assert "camt.053.001.08" in refusal(b"<html/>", bank)
        assert "编码" in refusal(good.replace(b'"UTF-8"', b'"UTF-16"'), bank)
        assert "第 7 行" in refusal(good.replace(b"NTRF", b"\xff\xff"), bank)
        assert refusal(b"", bank)
        assert refusal(made.table([made.credit("A1", "1.00")]), bank)
        assert "不完整" in refusal(camt.message([camt.entry("A1", "1.00")], count=2), bank)
        assert "ISO 20022" in refusal(good, tables)
        assert not BankLine.objects.exists()

    def test_two_accounts_in_one_file(self, bank):
        content = camt.message([camt.entry("A1", "1.00")]).decode()
        block = content[content.index("<Stmt>") : content.index("</Stmt>") + 7]
        twice = content.replace("</Stmt>", "</Stmt>" + block.replace("88100001", "88100002"))
        assert "账户" in refusal(twice.encode(), bank)

    def test_too_many(self, bank, monkeypatch):
        monkeypatch.setattr("accounts.statementfiles.ROWS_MAX", 2)
        assert "最多" in refusal(camt.message([camt.entry(f"A{n}", "1.00") for n in range(3)]), bank)


def bounced(payout):
    payout.refresh_from_db()
    assert (payout.state, payout.returned_at is None) == ("BOUNCED", False)
    line = BankLine.objects.get(returns=payout)
    assert line.state == "RETURNED"
    assert not line.receipts.exists()
    assert books.faults() == []
    assert broken_events() == []
    return line


class TestReturned:
    """A payment that comes back is bounced: its money is in escrow again and its days run on."""

    def test_by_reference_after_it_was_paid(self, house, case, payout, bank):
        due_on = Receipt.objects.get().due_on
        paid = camt.message([camt.entry("D1", "300.00", camt.detail("DBIT", reference="P-2021-1"), sign="DBIT")])
        made.take_in(paid, bank, at=AT, actor=house.finance)
        assert Receipt.objects.get().paid_total == Decimal("300.00")
        back = camt.detail(reference="P-2021-1", returned="AC04", name="申请人", remark="")
        content = camt.message([camt.entry("R1", "300.00", back, on="2021-09-24")]).replace(b"<Ustrd></Ustrd>", b"")
        statement = made.take_in(content, bank, at=LATER, actor=house.finance)
        assert statement.new_count == 1
        line = bounced(payout)
        assert (line.remark, payout.ended_note) == ("退汇 AC04", "退汇 AC04")
        receipt = Receipt.objects.get()
        assert (receipt.due_on, receipt.paid_total) == (due_on, Decimal("0.00"))
        assert statement_of(case).balance == Decimal("500.00")
        assert Transfer.objects.get(reference="IN-R1").purpose == "BOUNCE"
        event = Event.objects.filter(verb="bounce_payout").get()
        assert (event.chain, '"serial":"R1"' in event.details) == (f"case:{case.pk}", True)
        # What was so on the earlier day stays so.
        assert Payout.objects.paid_by(AT.date()).exists()
        assert not Payout.objects.paid_by(LATER.date()).exists()
        assert Receipt.objects.with_unpaid(on=AT.date()).get().unpaid == Decimal("200.00")
        assert Receipt.objects.with_unpaid(on=LATER.date()).get().unpaid == Decimal("500.00")
        again = made.take_in(content + b"\n", bank, at=LATER, actor=house.finance)
        assert (again.new_count, again.repeated_count) == (0, 1)
        # It may be asked for and paid again.
        other = factories.payout(house, case, "300.00", reference="P-2021-2", until="SENT", at=LATER)
        services.confirm_payout(other, paid_on=LATER.date(), at=LATER, actor=house.finance)
        assert books.faults() == []

    def test_out_and_back_in_one_file(self, house, payout, bank):
        out = camt.entry("D1", "300.00", camt.detail("DBIT", reference="P-2021-1"), sign="DBIT")
        back = camt.entry("R1", "300.00", camt.detail(reference="P-2021-1"), is_reversal=True)
        made.take_in(camt.message([back, out]), bank, at=AT, actor=house.finance)
        bounced(payout)
        assert StatementDebit.objects.get().state == "CONFIRMED"

    def test_back_before_the_debit_is_seen(self, house, payout, tables):
        row = made.credit("R1", "300.00")
        row[-1] = "退票 P-2021-1 账号户名不符"
        made.take_in(made.table([row]), tables, at=AT, actor=house.finance)
        bounced(payout)
        made.take_in(made.table([made.debit("D1", "300.00", "P-2021-1")]), tables, at=AT, actor=house.finance)
        assert StatementDebit.objects.get().state == "KNOWN"

    def test_by_account_and_sum_where_the_bank_says_so(self, house, payout, tables):
        number = payout.payee.number
        stranger, plain, back = (made.credit(serial, "300.00") for serial in ("R1", "R2", "R3"))
        stranger[-1] = back[-1] = "退汇"
        plain[5] = back[5] = number
        made.take_in(made.table([stranger, plain, back]), tables, at=AT, actor=house.finance)
        assert bounced(payout).serial == "R3"
        assert set(BankLine.objects.filter(state="UNIDENTIFIED").values_list("serial", flat=True)) == {"R1", "R2"}

    def test_two_that_fit_are_left_to_people(self, house, case, payout, tables):
        factories.deposit(house, case, "300.00", serial="S2")
        factories.payout(house, case, "300.00", reference="P-2021-2", until="SENT", at=AT)
        row = made.credit("R1", "300.00")
        row[5], row[-1] = payout.payee.number, "退汇"
        made.take_in(made.table([row]), tables, at=AT, actor=house.finance)
        assert BankLine.objects.get(serial="R1").state == "UNIDENTIFIED"

    @pytest.mark.parametrize(("amount", "on"), [("299.99", "2021-09-20"), ("300.00", "2021-09-19")])
    def test_other_sum_or_earlier_day_is_ordinary_money(self, house, payout, tables, amount, on):
        row = made.credit("R1", amount, on=on)
        row[-1] = "退票 P-2021-1"
        made.take_in(made.table([row]), tables, at=AT, actor=house.finance)
        payout.refresh_from_db()
        assert (payout.state, BankLine.objects.get(serial="R1").state) == ("SENT", "UNIDENTIFIED")

    def test_a_deposit_to_a_case_that_names_a_payment_is_a_deposit(self, house, case, payout, tables):
        row = made.credit("R1", "300.00", case.escrow.number)
        row[-1] = "P-2021-1"
        made.take_in(made.table([row]), tables, at=AT, actor=house.finance)
        assert BankLine.objects.get(serial="R1").state == "MATCHED"

    def test_one_payment_comes_back_once(self, house, payout, tables):
        rows = [made.credit("R1", "300.00"), made.credit("R2", "300.00")]
        rows[0][-1] = rows[1][-1] = "退票 P-2021-1"
        made.take_in(made.table(rows), tables, at=AT, actor=house.finance)
        assert bounced(payout).serial == "R1"
        assert BankLine.objects.get(serial="R2").state == "UNIDENTIFIED"

    def test_by_hand(self, house, payout):
        line = BankLineData("R1", AT.date(), Decimal("300.00"), "某银行", remark="退票 P-2021-1")
        first = services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance)
        bounced(payout)
        assert services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance) == first

    def test_by_hand_under_a_serial_that_is_another_line(self, house, payout):
        line = BankLineData("S1", AT.date(), Decimal("300.00"), "某银行", remark="退票 P-2021-1")
        with pytest.raises(Refused, match="内容不同"):
            services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance)
        payout.refresh_from_db()
        assert (payout.state, payout.paid_on) == ("SENT", None)

    def test_a_row_of_a_batch(self, house, case, tables):
        factories.deposit(house, case, "500.00", serial="S1")
        batch = rosters.batch(house, case, rosters.table(rosters.lines(2, "10.00")))
        row = Payout.objects.filter(batch_row__batch=batch).order_by("pk")[0]
        assert row.state == "PAID"
        line = made.credit("R1", "10.00")
        line[-1] = f"退票 {row.reference}"
        made.take_in(made.table([line]), tables, at=AT, actor=house.finance)
        bounced(row)

    def test_the_database_bounces_nothing_paid_without_its_line(self, house, payout):
        services.confirm_payout(payout, paid_on=AT.date(), at=AT, actor=house.finance)
        with pytest.raises(DatabaseError), transaction.atomic():
            Payout.objects.filter(pk=payout.pk).update(state="BOUNCED", returned_at=AT)
