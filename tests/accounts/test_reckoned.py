"""One figure for one case at one moment: what the debtor's page asks for is what the applicant can be paid."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.debts import debt_of
from accounts.models import Payout
from accounts.payees import PayeeData
from accounts.statement import reckoned
from bureau.errors import Refused
from cases.filing import ClaimData
from cases.models import Case
from portal import debts as portal_debts
from portal import dues as portal_dues
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)
DAY = AT.date()


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case of 50,000 whose last day was 30 June."""
    return Case.objects.get(pk=kept.running_case(house).pk)


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


def scanned(case) -> dict:
    """Return what the debtor reads behind his QR."""
    payload = portal_debts.payload_of(fresh(case), debt_of(case), "", DAY)
    return portal_dues.read({"used": {}, **payload}, today=DAY, language="zh-hans")


class TestPaidInFull:
    def test_running_interest_reaches_the_applicant_and_the_fee_the_treasury(self, house, case, login):
        asked = debt_of(case).due(DAY)
        assert (asked.doubled, asked.fee) == (Decimal("717.50"), Decimal("660.76"))
        factories.deposit(house, case, str(asked.total), serial="S1", at=AT)
        statement = reckoned(fresh(case), on=DAY)
        assert (statement.to_ask, statement.fee_left, statement.surplus) == (Decimal("50717.50"), asked.fee, 0)
        form = login(case.owner).get(reverse("accounts:request_payout", args=[case.pk])).context["form"]
        assert form["amount"].value() == "50,717.50"
        assert "本金 50,000.00；加倍部分债务利息 717.50" in form["calculation"].value()
        factories.payout(house, case, "50717.50", reference="P1")
        treasury = factories.other_payee(house, case, "TREASURY")
        given = {"amount": asked.fee, "calculation": "执行申请费", "reference": "P2", "at": AT, "actor": case.owner}
        factories.paid(house, services.request_payout(fresh(case), payee=treasury, **given))
        done = reckoned(fresh(case), on=dt.date(2021, 12, 1))
        assert (done.owed, done.fee_left, done.surplus, done.balance) == (0, 0, 0, 0)
        assert debt_of(case).due(dt.date(2021, 12, 1)).total == 0

    def test_tab_paper_and_interface_say_the_same(self, house, case, login):
        factories.deposit(house, case, "1000.00", serial="S1", at=AT)
        statement, due = reckoned(fresh(case), on=DAY), debt_of(case).due(DAY)
        assert statement.owed == due.open + 1000 == Decimal("50717.50")
        text = login(case.judge).get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        assert "50,717.50" in text
        answer = login(case.judge).get(reverse("accounts_api:case_money", args=[case.pk])).json()
        assert (answer["owed"], answer["surplus"]) == ("50717.50", "0.00")

    def test_what_is_too_much_pays_the_fee_first_and_is_told_to_both(self, house, case):
        factories.deposit(house, case, "52000.00", serial="S1", at=AT)
        due = debt_of(case).due(DAY)
        assert (due.total, due.fee_held, due.surplus) == (0, Decimal("660.76"), Decimal("621.74"))
        assert reckoned(fresh(case), on=DAY).surplus == due.surplus
        page = scanned(case)
        assert (page["is_paid"], page["surplus"]) == (True, "621.74")


class TestMovements:
    def test_a_mere_request_takes_nothing_from_what_was_paid(self, house, case):
        other = Case.objects.get(pk=kept.running_case(house).pk)
        factories.deposit(house, case, "20000.00", serial="S1", at=AT)
        before = debt_of(case).due(DAY)
        row = factories.move(house, case, other, "20000.00", reference="M1", until="REQUESTED")
        assert debt_of(case).due(DAY) == before
        factories.paid(house, row)
        assert debt_of(case).due(DAY).principal == Decimal("50000.00")
        assert debt_of(other).due(DAY).principal == Decimal("30000.00")

    def test_money_moved_in_is_no_surplus_while_the_applicant_is_owed(self, house, case, login):
        other = Case.objects.get(pk=kept.running_case(house).pk)
        factories.deposit(house, case, "50500.00", serial="S1", at=AT)
        factories.move(house, case, other, "50500.00", reference="M1")
        statement = reckoned(fresh(other), on=DAY)
        assert (statement.to_ask, statement.surplus) == (Decimal("50717.50"), 0)
        page = login(other.judge).get(reverse("accounts:case_money", args=[other.pk])).content.decode()
        assert "应退被执行人" not in page

    def test_fee_and_refund_undo_no_earlier_payment(self, house, case):
        factories.deposit(house, case, "50000.00", serial="S1", at=moment(2021, 9, 2))
        factories.deposit(house, case, "5000.00", serial="S2", at=moment(2021, 9, 16))
        before = debt_of(case).due(DAY)
        assert before.met["doubled"] == Decimal("560.00")
        treasury = factories.other_payee(house, case, "TREASURY")
        given = {"amount": before.fee_held, "calculation": "执行申请费", "reference": "P2", "at": AT}
        row = services.request_payout(fresh(case), payee=treasury, **given, actor=case.owner)
        factories.paid(house, row)
        assert row.parts.get().receipt.arrived_on == dt.date(2021, 9, 2)  # taken first-in first-out
        after = debt_of(case).due(DAY)
        assert (after.obligation, after.surplus, after.fee_held) == (before.obligation, before.surplus, 0)


class TestUncertain:
    def test_before_the_terms_of_interest_stand_nothing_is_a_surplus(self, house):
        claims = (ClaimData(kind="PRINCIPAL", amount=Decimal("50000.00"), rate="按一年期LPR计算", is_doubled=True),)
        filed = factories.file_case(house, claims=claims).case
        case = fresh(factories.into_stream(house, filed))
        factories.deposit(house, case, "60000.00", serial="S1", at=AT)
        statement = reckoned(case, on=DAY)
        assert (statement.surplus, statement.is_certain) == (0, False)
        debtor, data = case.parties.get(side="DEBTOR"), ("0200001109200098765", "工行")
        payee = factories.first_payee(house, debtor, PayeeData(debtor.name, *data), at=AT)
        given = {"amount": Decimal("1.00"), "calculation": "x", "reference": "R", "at": AT, "actor": case.owner}
        with pytest.raises(Refused, match="不能认定余款"):
            services.request_payout(case, payee=payee, **given)
        assert not Payout.objects.exists()


class TestDelayed:
    @pytest.fixture
    def receipt(self, house, case):
        return factories.deposit(house, case, "10000.00", serial="S1", at=moment(2021, 9, 16))

    def delay(self, house, case, receipt, reason="DL2"):
        given = {"reason": reason, "paper": factories.paper(case, "协助冻结通知书"), "until_on": dt.date(2021, 10, 10)}
        row = services.request_delay(receipt, **given, at=AT, actor=case.owner)
        return services.decide_delay(row, is_approved=True, at=AT, actor=house.chief)

    def test_frozen_money_is_not_asked_for_until_the_delay_is_ended(self, house, case, receipt):
        row = self.delay(house, case, receipt)
        with pytest.raises(Refused, match="DL2 申请执行人的案款被另案保全、冻结"):
            factories.payout(house, case, "1.00", reference="P1", until="REQUESTED")
        factories.deposit(house, case, "300.00", serial="S2", at=AT)
        with pytest.raises(Refused, match="延期发放期间不能发放"):
            factories.payout(house, case, "300.01", reference="P1", until="REQUESTED")
        free = factories.payout(house, case, "300.00", reference="P2")
        assert free.parts.get().receipt.bank_line.serial == "S2"  # the older money is held back
        services.end_delay(row, at=AT, actor=case.owner)
        assert factories.payout(house, case, "10000.00", reference="P3").state == "PAID"

    def test_what_was_asked_before_stops_at_each_signature_in_red(self, house, case, receipt, login):
        row = factories.payout(house, case, "10000.00", reference="P1", until="CHECKED")
        self.delay(house, case, receipt)
        text = login(house.chief).get(reverse("accounts:approvals")).content.decode()
        assert "所用到账款处于延期发放：DL2" in text
        with pytest.raises(Refused, match="先结束延期"):
            services.approve_payout(row, at=AT, actor=house.chief)
        text = login(house.chief).get(reverse("accounts:payout", args=[row.pk])).content.decode()
        assert "先结束延期" in text

    def test_what_the_delay_leads_to_goes_on(self, house, case, receipt):
        self.delay(house, case, receipt, "DL3")
        assert factories.deposit_absent(house, case, "10000.00", reference="D1").state == "PAID"
