"""Money in, its day, money out by four people, and every refusal."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import services
from accounts.bank import BankLineData
from accounts.checks import case_objections
from accounts.models import Account, BankLine, PayeeAccount, Payout, PayoutPart, Receipt, Transfer
from accounts.payees import PayeeData
from accounts.services.ledger import house_account, virtual_number
from accounts.statement import statement_of
from bureau import grants
from bureau.errors import Refused
from bureau.models import Deputy, Event, User
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)


@pytest.fixture
def case(house) -> Case:
    """A case of 50,000 with its stream team, 10,000 + 5,000 arrived."""
    case = kept.running_case(house)
    factories.deposit(house, case, "10000.00", serial="S1", at=moment(2021, 9, 10))
    factories.deposit(house, case, "5000.00", serial="S2", at=moment(2021, 9, 16))
    return Case.objects.get(pk=case.pk)


def line(**changes) -> BankLineData:
    """Return a plain line without a case."""
    return replace(BankLineData("X1", dt.date(2021, 9, 16), Decimal("100.00"), "某公司"), **changes)


class TestArrive:
    @pytest.mark.parametrize(
        ("arrived", "due"),
        [
            ((2021, 9, 16), "2021-10-08"),  # D4, National Day
            ((2021, 9, 24), "2021-10-09"),  # D5, a make-up workday
            ((2021, 12, 17), "2022-01-04"),  # D7, New Year
            ((2022, 1, 16), "2022-02-07"),  # D8, Spring Festival
            ((2021, 9, 4), "2021-09-22"),  # Mid-Autumn
        ],
    )
    def test_due_day_is_fifteen_days_from_arrival_moved_past_holidays(self, house, case, arrived, due):
        receipt = factories.deposit(house, case, "1.00", serial="D1", at=moment(*arrived))
        assert str(receipt.due_on) == due
        assert receipt.due_steps

    def test_same_serial_changes_nothing_and_other_content_is_refused(self, house):
        first = services.arrive(line(), at=AT, entered_by=house.finance2, actor=house.finance)
        assert services.arrive(line(), at=AT, entered_by=house.finance2, actor=house.finance) == first
        with pytest.raises(Refused):
            services.arrive(line(amount=Decimal("100.01")), at=AT, entered_by=house.finance2, actor=house.finance)
        assert Transfer.objects.count() == 1

    @pytest.mark.parametrize(
        "change", [{"amount": Decimal("0")}, {"amount": Decimal("-1")}, {"amount": Decimal("0.001")}]
    )
    def test_impossible_amounts_are_refused(self, house, change):
        with pytest.raises(Refused):
            services.arrive(line(**change), at=AT, entered_by=house.finance2, actor=house.finance)

    def test_tomorrow_s_money_is_refused(self, house):
        with pytest.raises(Refused):
            services.arrive(line(value_on=dt.date(2021, 9, 21)), at=AT, entered_by=house.finance2, actor=house.finance)

    def test_a_day_more_than_a_month_ago_is_refused_but_a_booked_line_may_come_again(self, house):
        first = services.arrive(line(), at=AT, entered_by=house.finance2, actor=house.finance)
        late = moment(2021, 10, 18)
        assert services.arrive(line(), at=late, entered_by=house.finance2, actor=house.finance) == first
        with pytest.raises(Refused, match="31 天"):
            services.arrive(line(serial="X2"), at=late, entered_by=house.finance2, actor=house.finance)
        services.arrive(
            line(serial="X3", value_on=dt.date(2021, 9, 17)), at=late, entered_by=house.finance2, actor=house.finance
        )

    def test_a_day_before_the_escrow_was_opened_is_refused(self, house, case):
        given = {"virtual_number": case.escrow.number}
        with pytest.raises(Refused, match="2021-09-01"):
            services.arrive(
                line(value_on=dt.date(2021, 8, 31), **given), at=AT, entered_by=house.finance2, actor=house.finance
            )
        services.arrive(
            line(value_on=dt.date(2021, 9, 1), **given), at=AT, entered_by=house.finance2, actor=house.finance
        )

    def test_only_finance_books(self, house):
        with pytest.raises(PermissionDenied):
            services.arrive(line(), at=AT, entered_by=house.finance, actor=house.chief)

    def test_identified_money_keeps_its_arrival_day(self, house, case):
        row = services.arrive(line(), at=AT, entered_by=house.finance2, actor=house.finance)
        assert house_account("UNIDENTIFIED").balance == Decimal("100.00")
        given = {"at": moment(2021, 9, 25), "by": house.finance2, "checker": house.finance}
        receipt = factories.identify(row, case, **given)
        assert (str(receipt.arrived_on), str(receipt.due_on)) == ("2021-09-16", "2021-10-08")
        assert house_account("UNIDENTIFIED").balance == 0
        with pytest.raises(Refused):
            factories.identify(row, case, **given)


class TestLedger:
    def test_virtual_numbers_have_check_digits(self):
        assert all(int(virtual_number(pk)) % 97 == 1 for pk in (1, 2, 787, 10**9))

    def test_reference_is_used_once(self, house, case):
        given = {
            "debit": house_account("BANK_MASTER"),
            "credit": case.escrow,
            "amount": Decimal("1.00"),
            "purpose": "DEPOSIT",
            "reference": "R",
            "value_on": AT.date(),
            "at": AT,
            "actor": house.finance,
        }
        assert services.post(**given) == services.post(**given)
        with pytest.raises(Refused):
            services.post(**given | {"amount": Decimal("2.00")})

    def test_database_refuses_a_negative_escrow(self, house, case):
        with pytest.raises(IntegrityError), transaction.atomic():
            services.post(
                debit=case.escrow,
                credit=house_account("IN_TRANSIT"),
                amount=Decimal("15000.01"),
                purpose="PAYOUT",
                reference="R",
                value_on=AT.date(),
                at=AT,
                actor=house.finance,
            )

    def test_second_escrow_is_refused(self, house, case):
        with pytest.raises(IntegrityError), transaction.atomic():
            services.open_escrow(case, at=AT, actor=house.window_clerk)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE accounts_transfer SET amount = 1",
            "DELETE FROM accounts_transfer",
            "TRUNCATE accounts_transfer CASCADE",
            "UPDATE accounts_account SET balance = 1000000",
            "DELETE FROM accounts_account",
        ],
    )
    def test_app_role_may_not_rewrite_the_books(self, house, case, statement):
        for role in (grants.role_name("app"), None):
            as_role = f'SET LOCAL ROLE "{role}"; ' if role else ""
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(as_role + statement)
        assert statement_of(case).balance == Decimal("15000.00")


class TestPayout:
    def test_receipts_are_consumed_first_in_first_out_and_freed_when_ended(self, house, case):
        row = factories.payout(house, case, "12000.00", reference="P1", until="REQUESTED")
        assert [part.amount for part in row.parts.order_by("receipt__arrived_on")] == [10000, 2000]
        services.reject_payout(row, reason="金额有误", at=AT, actor=case.judge)
        again = factories.payout(house, case, "15000.00", reference="P2")
        assert [part.amount for part in again.parts.order_by("receipt__arrived_on")] == [10000, 5000]
        assert not Receipt.objects.unpaid(today=AT.date()).exists()
        assert statement_of(case).paid_to_applicants == Decimal("15000.00")

    def test_what_is_asked_for_cannot_be_asked_for_twice(self, house, case):
        factories.payout(house, case, "12000.00", reference="P1", until="APPROVED")
        with pytest.raises(Refused, match=r"3,000\.00"):
            factories.payout(house, case, "3000.01", reference="P2", until="REQUESTED")

    def test_same_reference_is_the_same_request(self, house, case):
        first = factories.payout(house, case, "10.00", reference="P1", until="REQUESTED")
        assert factories.payout(house, case, "10.00", reference="P1", until="REQUESTED") == first
        with pytest.raises(Refused):
            factories.payout(house, case, "11.00", reference="P1", until="REQUESTED")

    def test_only_the_owner_asks(self, house, case):
        payee = PayeeAccount.objects.get(party__case=case)
        for actor in (house.officer2 if case.owner != house.officer2 else house.officer, case.judge, house.finance):
            with pytest.raises(PermissionDenied):
                services.request_payout(
                    case, payee=payee, amount=Decimal("1"), calculation="本金", reference="P", at=AT, actor=actor
                )

    def test_each_step_by_its_own_person(self, house, case):
        row = factories.payout(house, case, "10.00", reference="P1", until="REQUESTED")
        other_judge = house.judge2 if case.judge == house.judge else house.judge
        for actor in (case.owner, other_judge, house.chief, house.finance):
            with pytest.raises(PermissionDenied):
                services.check_payout(row, at=AT, actor=actor)
        services.check_payout(row, at=AT, actor=case.judge)
        for actor in (case.owner, case.judge, house.finance, house.vice_president):
            with pytest.raises(PermissionDenied):
                services.approve_payout(row, at=AT, actor=actor)
        services.approve_payout(row, at=AT, actor=house.chief)
        for actor in (case.owner, case.judge, house.chief):
            with pytest.raises(PermissionDenied):
                services.pay_payout(row, at=AT, actor=actor)

    @pytest.mark.parametrize("field", ["checked_by", "approved_by", "paid_by"])
    def test_database_holds_four_different_people(self, house, case, field):
        row = factories.payout(house, case, "10.00", reference="P1", until="SENT")
        with pytest.raises(IntegrityError, match="signed never changes"), transaction.atomic():
            Payout.objects.filter(pk=row.pk).update(**{field: row.requested_by})
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(IntegrityError, match="four_different_people"), transaction.atomic():
            Payout.objects.filter(pk=row.pk).update(**{field: row.requested_by})
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")

    def test_deputy_s_authority_ends_with_its_last_day(self, house, case):
        row = factories.payout(house, case, "10.00", reference="P1", until="CHECKED")
        Deputy.objects.create(
            principal=house.chief,
            deputy=house.vice_president,
            act="APPROVE_PAYOUT",
            from_on=dt.date(2021, 9, 18),
            until_on=dt.date(2021, 9, 19),
            document="授权书",
            granted_by=house.president,
            granted_at=AT,
        )
        with pytest.raises(PermissionDenied):
            services.approve_payout(row, at=AT, actor=house.vice_president)
        row = services.approve_payout(row, at=moment(2021, 9, 19), actor=house.vice_president)
        assert row.approved_as.principal == house.chief

    def test_bounce_returns_the_money_and_the_receipt_s_clock_runs_on(self, house, case):
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT", number="6222020200112230000", at=AT)
        services.confirm_payee_change(
            change, number=change.number, **factories.IN_PERSON, at=AT, actor=house.window_clerk2
        )
        row = factories.payout(house, case, "10.00", reference="P1", until="SENT")
        assert statement_of(case).balance == Decimal("14990.00")
        assert services.exchange_with_bank(at=AT, actor=User.objects.system()) == 1
        row.refresh_from_db()
        assert row.state == "BOUNCED"
        assert statement_of(case).balance == Decimal("15000.00")
        assert services.exchange_with_bank(at=AT, actor=User.objects.system()) == 0

    def test_pending_stays_until_the_bank_answers(self, house, case):
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT", number="6222020200112239999", at=AT)
        services.confirm_payee_change(
            change, number=change.number, **factories.IN_PERSON, at=AT, actor=house.window_clerk2
        )
        row = factories.payout(house, case, "10.00", reference="P1", until="SENT")
        assert services.exchange_with_bank(at=AT, actor=User.objects.system()) == 0
        row.refresh_from_db()
        assert (row.state, row.submitted_at) == ("SENT", AT)

    def test_payee_of_another_name_is_refused(self, house, case):
        with pytest.raises(Refused):
            services.request_payee(
                case.parties.get(side="APPLICANT"),
                payee=PayeeData("别人", "6222020200112230004", "中国银行"),
                at=AT,
                actor=house.window_clerk,
            )

    def test_debtor_gets_only_the_surplus(self, house, case):
        debtor = case.parties.get(side="DEBTOR")
        payee = factories.first_payee(house, debtor, PayeeData(debtor.name, "0200001109200098765", "工行"), at=AT)
        given = {"payee": payee, "calculation": "退余款", "at": AT, "actor": case.owner}
        with pytest.raises(Refused, match="余款"):
            services.request_payout(case, amount=Decimal("1.00"), reference="D1", **given)
        factories.deposit(house, case, "40000.00", serial="S3")
        # 55,000 less 50,000, 672.00 of the doubled part and 660.08 of the fee.
        with pytest.raises(Refused, match=r"3,667\.92"):
            services.request_payout(case, amount=Decimal("3667.93"), reference="D2", **given)
        services.request_payout(case, amount=Decimal("3667.92"), reference="D3", **given)

    def test_checks_speak_for_closing(self, house, case):
        def objections(mode):
            case.closing_mode = mode
            return case_objections(case, "propose_closing", at=AT)

        assert len(objections("FULFILLED")) == 2
        assert len(objections("TERMINATED")) == 1
        assert len(objections("PROCEDURAL")) == 1
        assert case_objections(case, "suspend", at=AT) == []
        factories.payout(house, case, "15000.00", reference="P1")
        assert objections("TERMINATED") == objections("PROCEDURAL") == []


class TestFlag:
    def test_once_and_not_on_the_due_day(self, house, case):
        system = User.objects.system()
        assert services.flag_overdue(at=moment(2021, 9, 26, 23, 59), actor=system) == 0
        assert services.flag_overdue(at=moment(2021, 9, 27, 0, 1), actor=system) == 1
        assert services.flag_overdue(at=moment(2021, 9, 28), actor=system) == 0
        event = Event.objects.get(verb="flag_overdue")
        assert (event.chain, event.actor) == (f"case:{case.pk}", system)

    def test_approved_delay_holds_the_flag_until_it_ends(self, house, case):
        system, receipt = User.objects.system(), case.receipts.order_by("arrived_on")[0]
        told = {"reason": "DL1", "paper": factories.paper(case), "until_on": dt.date(2021, 10, 5)}
        delay = services.request_delay(receipt, **told, at=AT, actor=case.owner)
        services.decide_delay(delay, is_approved=True, at=AT, actor=house.chief)
        assert services.flag_overdue(at=moment(2021, 10, 5), actor=system) == 0
        assert services.flag_overdue(at=moment(2021, 10, 6), actor=system) == 1

    def test_paid_money_is_not_flagged(self, house, case):
        factories.payout(house, case, "15000.00", reference="P1")
        assert services.flag_overdue(at=moment(2021, 12, 27), actor=User.objects.system()) == 0


def test_nothing_here_leaks_an_account_number(house, case):
    factories.payout(house, case, "10.00", reference="P1")
    assert not Event.objects.filter(details__contains="6222020200112230004").exists()
    assert BankLine.objects.filter(payer_account_last4="8765").exists()
    assert PayoutPart.objects.count() == 1
    assert Account.objects.filter(kind="ESCROW").count() == 1
