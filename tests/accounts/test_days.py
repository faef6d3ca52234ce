"""The account of the house day by day: three columns, what differs, who signs, and no entry on a closed day."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import books, services
from accounts.bank import BankLineData
from accounts.desk import items
from accounts.models import DayDifference, DaySheet, Receipt, StatementRepeat, Transfer
from accounts.services import days
from accounts.services import statementjobs as intake
from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Case
from tests import factories, kept, oldbooks, statements
from tests.factories import moment

DAY = dt.date(2021, 9, 20)
AT, NEXT = moment(2021, 9, 20), moment(2021, 9, 21)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands on the day after."""
    settings.CLOCK_OFFSET = int((NEXT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case into which 1,000 came on the day."""
    case = Case.objects.get(pk=kept.running_case(house).pk)
    factories.deposit(house, case, "1000.00", serial="S1", at=AT)
    return case


def sheet(day=DAY, at=NEXT) -> DaySheet:
    """Make the sheets of all days until yesterday, as every night; return one."""
    services.make_day_sheets(at=at, actor=User.objects.system())
    return DaySheet.objects.get(day=day)


def kinds(row: DaySheet) -> list[str]:
    """Return what differs now."""
    return sorted(row.differences.filter(ended_at__isnull=True).values_list("kind", flat=True))


def take(house, *rows, at=NEXT, name="x.csv"):
    """Take a statement of the bank in."""
    bank = statements.bank_format(house.finance, at)
    return statements.take_in(statements.table(list(rows)), bank, at=at, actor=house.finance)


class TestCarriedOver:
    def test_money_of_an_old_book_is_explained_on_its_day_and_missed_at_the_bank_on_none(self, house):
        services.arrive(
            BankLineData("U7", dt.date(2021, 9, 16), Decimal("1.00"), "某人"),
            at=AT,
            entered_by=house.finance2,
            actor=house.finance,
        )
        held = oldbooks.HELD | {"on": "2021-09-17", "amount": "70.00"}
        oldbooks.take_in(house, money=[held, held | {"on": "2021-09-18", "amount": "30.00"}], at=AT)
        take(house, statements.credit("U9", "5.00", on="2021-09-17"), statements.credit("U8", "5.00", on="2021-09-20"))
        days.make_sheets_of(dt.date(2021, 9, 16), DAY, at=NEXT, actor=User.objects.system())
        earlier = DaySheet.objects.get(day=dt.date(2021, 9, 17))
        assert (earlier.bank_in, earlier.ledger_in) == (5, 5)
        assert "LEDGER_ONLY" not in kinds(earlier)
        row = sheet()
        assert (row.bank_in, row.ledger_in) == (5, 105)
        assert "CARRIED" in kinds(row)
        assert "LEDGER_ONLY" not in kinds(row)
        assert row.differences.get(kind="CARRIED").ledger_amount == 100
        assert books.faults() == []


class TestColumns:
    def test_bank_ledger_and_sub_accounts_stand_side_by_side(self, house, case):
        services.arrive(
            BankLineData("U1", DAY, Decimal("9.00"), "某人"), at=AT, entered_by=house.finance2, actor=house.finance
        )
        row = sheet()
        assert (row.ledger_in, row.ledger_in_count, row.ledger_out) == (1009, 2, 0)
        assert (row.ledger_closing, row.escrow_closing, row.unidentified_closing) == (1009, 1000, 9)
        assert row.sub_closing == row.ledger_closing
        assert (row.bank_in, row.has_statement, kinds(row)) == (0, False, ["NO_STATEMENT"])

    def test_a_statement_ends_what_it_explains_and_names_the_rest(self, house, case):
        row = sheet()
        first = row.differences.get()
        take(house, statements.credit("U9", "5.00", on="2021-09-20"))
        row = sheet()
        assert (row.bank_in, row.bank_in_count, row.has_statement) == (5, 1, True)
        # What finance entered by hand is not the bank's until a file says it too.
        assert kinds(row) == ["LEDGER_ONLY"]
        assert (row.differences.get(kind="LEDGER_ONLY").reference, row.ledger_in) == ("S1", 1005)
        first.refresh_from_db()
        assert first.ended_at == NEXT

    def test_it_is_made_once_and_renewed_while_it_is_open(self, house, case):
        assert services.make_day_sheets(at=NEXT, actor=house.finance) == 1
        assert services.make_day_sheets(at=NEXT, actor=house.finance) == 0
        assert services.make_day_sheets(at=moment(2021, 9, 24), actor=house.finance) == 3
        assert [row.ledger_closing for row in DaySheet.objects.order_by("day")] == [1000] * 4
        assert DayDifference.objects.count() == 1


class TestSigning:
    def test_by_somebody_of_finance_and_the_figures_stay(self, house, case):
        row = services.sign_day(sheet(), at=NEXT, actor=house.finance2)
        assert (row.state, row.signed_by) == ("SIGNED", house.finance2)
        assert Event.objects.get(verb="sign_day").chain == "room:accounts"
        assert books.faults() == []
        with pytest.raises(Refused, match="已签结"):
            services.sign_day(row, at=NEXT, actor=house.finance)

    def test_not_by_who_paid_that_day_nor_by_others(self, house, case):
        factories.payout(house, case, "100.00", reference="P1", at=AT)
        row = sheet()
        payer = case.payouts.get().paid_by
        with pytest.raises(Refused, match="当日办理过付款"):
            services.sign_day(row, at=NEXT, actor=payer)
        with pytest.raises(IntegrityError), transaction.atomic():
            DaySheet.objects.filter(pk=row.pk).update(state="SIGNED", signed_by=payer, signed_at=NEXT)
        with pytest.raises(PermissionDenied):
            services.sign_day(row, at=NEXT, actor=house.chief)
        other = house.finance2 if payer == house.finance else house.finance
        assert services.sign_day(row, at=NEXT, actor=other).ledger_out == 100
        assert books.faults() == []

    def test_not_before_it_is_over_and_in_order(self, house, case):
        later = moment(2021, 9, 23)
        last = sheet(dt.date(2021, 9, 22), at=moment(2021, 9, 23)) if sheet() else None
        with pytest.raises(Refused, match="2021-09-20"):
            services.sign_day(last, at=later, actor=house.finance2)
        with pytest.raises(Refused, match="尚未结束"):
            services.sign_day(last, at=moment(2021, 9, 22), actor=house.finance2)
        for row in DaySheet.objects.order_by("day"):
            services.sign_day(row, at=later, actor=house.finance2)
        assert DaySheet.objects.closed_until() == dt.date(2021, 9, 22)


class TestClosed:
    @pytest.fixture
    def closed(self, house, case) -> DaySheet:
        """The day, signed."""
        return services.sign_day(sheet(), at=NEXT, actor=house.finance2)

    def refused(self, statement: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_a_missed_line_is_booked_on_the_open_day_and_its_clock_runs_from_arrival(self, house, case, closed):
        given = {"virtual_number": case.escrow.number}
        line = BankLineData("L1", DAY, Decimal("7.00"), "某人", **given)
        services.arrive(line, at=NEXT, entered_by=house.finance2, actor=house.finance)
        assert Transfer.objects.get(reference="IN-L1").value_on == NEXT.date()
        assert Receipt.objects.get(bank_line__serial="L1").arrived_on == DAY
        take(house, statements.credit("L2", "8.00", on="2021-09-20"))
        assert Transfer.objects.get(reference="IN-L2").value_on == NEXT.date()
        after = sheet(NEXT.date(), at=moment(2021, 9, 22))
        assert set(after.differences.filter(kind="OTHER_DATE").values_list("reference", flat=True)) == {"L1", "L2"}
        closed.refresh_from_db()
        assert closed.ledger_in == 1000
        assert books.faults() == []

    def test_a_late_answer_of_the_bank_is_booked_on_the_open_day(self, house, case, closed):
        row = factories.payout(house, case, "10.00", reference="P1", until="SENT", at=NEXT)
        services.confirm_payout(row, paid_on=DAY, at=NEXT, actor=User.objects.system())
        assert Transfer.objects.get(purpose="CONFIRM").value_on == NEXT.date()

    def test_the_database_takes_no_entry_and_keeps_the_sheet(self, house, case, closed):
        self.refused(
            "INSERT INTO accounts_transfer (debit_id, credit_id, amount, purpose, reference, value_on, at, actor_id)"
            " SELECT debit_id, credit_id, 1, purpose, 'X', value_on, at, actor_id FROM accounts_transfer LIMIT 1"
        )
        self.refused("UPDATE accounts_daysheet SET ledger_in = 0")
        self.refused("DELETE FROM accounts_daysheet")
        self.refused("DELETE FROM accounts_daydifference")
        self.refused("UPDATE accounts_daydifference SET ended_at = now()")
        note = services.explain_difference(closed.differences.get(), note="对账单未到", at=NEXT, actor=house.finance)
        assert note.noted_by == house.finance
        self.refused("UPDATE accounts_differencenote SET note = 'x'")


class TestRepeats:
    def test_the_same_line_again_is_kept_and_nothing_is_booked_twice(self, house, case):
        bank = statements.bank_format(house.finance, NEXT)
        first, second = statements.credit("A1", "5.00"), statements.credit("A2", "6.00")
        statements.take_in(statements.table([first]), bank, at=NEXT, actor=house.finance)
        again = statements.take_in(statements.table([first, second]), bank, at=NEXT, actor=house.finance)
        repeat = StatementRepeat.objects.get()
        assert (repeat.kind, repeat.serial, repeat.statement) == ("SAME", "A1", again)
        assert (sheet().bank_in, sheet().ledger_in) == (11, 1011)

    def test_a_line_entered_by_hand_is_the_banks_once_a_file_repeats_it(self, house, case):
        given = {"payer_account": "6222020012345678", "remark": "案款"}
        services.arrive(
            BankLineData("A1", DAY, Decimal("5.00"), "某公司", **given),
            at=AT,
            entered_by=house.finance2,
            actor=house.finance,
        )
        take(house, statements.credit("A1", "5.00"))
        row = sheet()
        assert row.bank_in == 5
        assert list(row.differences.values_list("kind", "reference")) == [("LEDGER_ONLY", "S1")]

    def test_a_serial_with_other_content_is_kept_by_name(self, house, case, login):
        bank = statements.bank_format(house.finance, NEXT)
        content = statements.table([statements.credit("S1", "999.00", on="2021-09-20")])
        table = statements.staged(content, house.finance, NEXT)
        job = services.ask_statement(bank, table=table, at=NEXT, actor=house.finance)
        intake.work(job, lambda done, total: None, at=NEXT)
        intake.work(job, lambda done, total: None, at=NEXT)
        repeat = StatementRepeat.objects.get()
        assert (repeat.kind, repeat.amount, repeat.statement) == ("CHANGED", Decimal("999.00"), None)
        after = sheet(NEXT.date(), at=moment(2021, 9, 22))
        assert "CHANGED" in kinds(after)
        page = login(house.finance).get(reverse("accounts:repeats"), {"set": "CHANGED"}).content.decode()
        assert "内容不同" in page


class TestPages:
    def test_from_the_desk_to_the_signature(self, house, case, login):
        row, client = sheet(), login(house.finance2)
        desk = {item.kind: item for item in items(house.finance2, today=NEXT.date())}
        url = reverse("accounts:day", args=[row.pk])
        assert desk["签结日对账"].url == url
        assert not desk["签结日对账"].is_red
        assert {item.kind: item for item in items(house.finance2, today=dt.date(2021, 9, 30))}["签结日对账"].is_red
        assert url in client.get(reverse("accounts:days")).content.decode()
        explain = reverse("accounts:explain_difference", args=[row.differences.get().pk])
        assert client.post(explain, {"note": " "}).status_code == 422
        assert client.post(explain, {"note": "银行次日送单"}).status_code == 302
        assert "银行次日送单" in client.get(url).content.decode()
        answer = client.post(reverse("accounts:export_day", args=[row.pk]))
        assert answer["Content-Disposition"] == 'attachment; filename="day-2021-09-20.xlsx"'
        sign = reverse("accounts:sign_day", args=[row.pk])
        assert client.post(sign).status_code == 302
        refused = client.post(sign)
        assert refused.status_code == 422
        assert "该日已签结" in refused.content.decode()
        assert "签结日对账" not in {item.kind for item in items(house.finance2, today=NEXT.date())}

    def test_who_paid_reads_why_he_does_not_sign(self, house, case, login):
        factories.payout(house, case, "100.00", reference="P1", at=AT)
        row = sheet()
        client = login(case.payouts.get().paid_by)
        assert "您当日办理过付款" in client.get(reverse("accounts:day", args=[row.pk])).content.decode()
        assert client.post(reverse("accounts:sign_day", args=[row.pk])).status_code == 422

    def test_for_programs(self, house, case, login):
        client, row = login(house.finance2), sheet()
        told = client.get(reverse("accounts_api:days")).json()["results"][0]
        assert (told["ledger_in"], told["difference_count"]) == ("1000.00", 1)
        difference = client.get(reverse("accounts_api:day", args=[row.pk])).json()["differences"][0]
        explain = reverse("accounts_api:explain_difference", args=[difference["id"]])
        kind = {"content_type": "application/json"}
        assert client.post(explain, {"note": ""}, **kind).status_code == 422
        assert client.post(explain, {"note": "未送单"}, **kind).status_code == 200
        assert client.post(reverse("accounts_api:make_day_sheets"), {}, **kind).status_code == 200
        assert client.post(reverse("accounts_api:sign_day", args=[row.pk]), {}, **kind).status_code == 200
        assert client.get(reverse("accounts_api:repeats")).json()["results"] == []


def test_signing_waits_for_an_entry_on_its_way(transactional_db):
    house = factories.House.build()
    case = Case.objects.get(pk=kept.running_case(house).pk)
    factories.deposit(house, case, "1000.00", serial="S1", at=AT)
    row, found, posted = sheet(), {}, threading.Event()

    def sign() -> None:
        try:
            posted.wait(20)
            found["signed"] = services.sign_day(row, at=NEXT, actor=house.finance2)
        finally:
            connection.close()

    thread = threading.Thread(target=sign)
    thread.start()
    with transaction.atomic():
        given = {"virtual_number": case.escrow.number}
        services.arrive(
            BankLineData("S2", DAY, Decimal("5.00"), "某人", **given),
            at=NEXT,
            entered_by=house.finance2,
            actor=house.finance,
        )
        posted.set()
        thread.join(1)
        assert "signed" not in found
    thread.join(20)
    assert found["signed"].ledger_in == 1005
    assert books.faults() == []


class TestNamedSignatory:
    """Where everybody of finance paid, the chief names who signs."""

    @pytest.fixture
    def both_paid(self, house, case) -> DaySheet:
        for number, clerk in enumerate((house.finance, house.finance2)):
            row = factories.payout(house, case, "10.00", reference=f"N{number}", until="APPROVED", at=AT)
            services.pay_payout(row, at=AT, actor=clerk)
        for earlier in DaySheet.objects.filter(day__lt=DAY).order_by("day"):
            services.sign_day(earlier, at=NEXT, actor=house.finance)
        return sheet()

    def test_the_named_person_signs_and_nobody_else(self, house, both_paid):
        for clerk in (house.finance, house.finance2):
            with pytest.raises(Refused, match="办理过付款"):
                services.sign_day(both_paid, at=NEXT, actor=clerk)
        with pytest.raises(PermissionDenied):
            services.sign_day(both_paid, at=NEXT, actor=house.inspector)
        given = {"reason": "两人均付款", "at": NEXT}
        with pytest.raises(PermissionDenied):
            services.name_signatory(both_paid, person=house.inspector, **given, actor=house.finance)
        with pytest.raises(Refused, match="另选"):
            services.name_signatory(both_paid, person=house.finance, **given, actor=house.chief)
        services.name_signatory(both_paid, person=house.inspector, **given, actor=house.chief)
        services.sign_day(both_paid, at=NEXT, actor=house.inspector)
        both_paid.refresh_from_db()
        assert both_paid.signed_by == house.inspector
        assert Event.objects.get(verb="name_signatory").actor == house.chief
        assert books.faults() == []

    def test_nobody_is_named_while_somebody_of_finance_can_sign(self, house, case):
        row = sheet()
        with pytest.raises(Refused, match="无需另行指定"):
            services.name_signatory(row, person=house.inspector, reason="x", at=NEXT, actor=house.chief)

    def test_the_page_says_who_may_and_the_chief_finds_it_on_his_desk(self, house, both_paid, client):
        enter = {"backend": "django.contrib.auth.backends.ModelBackend"}
        client.force_login(house.finance, **enter)
        page = reverse("accounts:day", args=[both_paid.pk])
        assert "请执行局长指定" in client.get(page).content.decode()
        assert any(item.kind == "指定日对账签结人" for item in items(house.chief, today=NEXT.date()))
        client.force_login(house.chief, **enter)
        address = reverse("accounts:name_signatory", args=[both_paid.pk])
        assert client.post(address, {"person": house.inspector.pk, "reason": ""}).status_code == 422
        client.post(address, {"person": house.inspector.pk, "reason": "两人均付款"})
        assert not any(item.kind == "指定日对账签结人" for item in items(house.chief, today=NEXT.date()))
        assert any(item.kind == "签结日对账" for item in items(house.inspector, today=NEXT.date()))
        client.force_login(house.inspector, **enter)
        assert house.inspector.name in client.get(page).content.decode()
        client.post(reverse("accounts:sign_day", args=[both_paid.pk]))
        both_paid.refresh_from_db()
        assert both_paid.state == "SIGNED"
