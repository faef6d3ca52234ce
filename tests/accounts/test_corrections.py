"""Money that should not be where it is: surplus back to the debtor, wrongly identified money taken back."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.bank import BankLineData
from accounts.desk import items
from accounts.models import BankLine, Payout, Receipt, Transfer
from accounts.payees import PayeeData
from accounts.services.ledger import house_account
from accounts.statement import statement_of
from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Case
from portal import services as portal
from portal.models import StatusPage
from supervision.indicators import figures
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)
DEBTOR_ACCOUNT = "0200001109200098765"


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case of 50,000 with its stream team."""
    return kept.running_case(house)


@pytest.fixture
def stray(house) -> BankLine:
    """100 without a case, arrived on the 10th."""
    line = BankLineData("X1", dt.date(2021, 9, 10), Decimal("100.00"), "某公司")
    return services.arrive(line, at=moment(2021, 9, 10), entered_by=house.finance2, actor=house.finance)


@pytest.fixture
def receipt(house, case, stray) -> Receipt:
    """The stray money, identified by finance for the wrong case on the 13th."""
    return factories.identify(stray, case, at=moment(2021, 9, 13), by=case.judge, checker=house.finance)


class TestSurplus:
    def _overpaid(self, house, case) -> Case:
        factories.deposit(house, case, "52000.00", serial="S1")
        # 50,000 with 78 days of the doubled part until all of it arrived.
        factories.payout(house, case, "50682.50", reference="P1")
        return Case.objects.get(pk=case.pk)

    def test_from_the_page_to_the_bank_and_to_closing(self, house, case, login):
        case = self._overpaid(house, case)
        debtor, owner = case.parties.get(side="DEBTOR"), login(case.owner)
        url = reverse("accounts:request_payout", args=[case.pk])
        assert "尚无已确认的国库收款账户" in owner.get(url).content.decode()
        factories.other_payee(house, case, "TREASURY")
        form = owner.get(url).context["form"]
        start = {name: form[name].value() for name in form.fields}
        assert start["amount"] == "660.24"
        assert owner.post(url, start).status_code == 302
        factories.paid(house, Payout.objects.get(purpose="FEE"), at=AT)
        assert "请其到窗口确认" in owner.get(url).content.decode()
        payee = factories.first_payee(house, debtor, PayeeData(debtor.name, DEBTOR_ACCOUNT, "工行"), at=AT)
        form = owner.get(url).context["form"]
        start = {name: form[name].value() for name in form.fields}
        assert (start["payee"], start["amount"]) == (payee.pk, "657.26")
        assert "余款退还被执行人" in start["calculation"]
        assert owner.post(url, start).status_code == 302
        payout = Payout.objects.get(payee=payee)
        for user, act in ((case.judge, "check"), (house.chief, "approve"), (house.finance, "pay")):
            assert login(user).post(reverse(f"accounts:{act}", args=[payout.pk])).status_code == 302
        assert services.exchange_with_bank(at=AT, actor=User.objects.system()) == 1
        statement = statement_of(case)
        assert (statement.refunded, statement.balance, statement.claimed_left) == (Decimal("657.26"), 0, 0)
        closed = factories.close(house, case, at=AT)
        assert closed.stage == "CLOSED"

    def test_what_is_owed_comes_before_the_surplus(self, house, case, login):
        factories.deposit(house, case, "52000.00", serial="S1")
        form = login(case.owner).get(reverse("accounts:request_payout", args=[case.pk])).context["form"]
        assert form["amount"].value() == "50,682.50"
        assert "余款" not in form["calculation"].value()


class TestUnidentify:
    def test_the_money_waits_again_and_finds_its_case(self, house, case, stray, receipt):
        line = services.unidentify(receipt, reason="付款人与本案无关", at=AT, actor=house.finance2)
        assert line.state == "UNIDENTIFIED"
        assert house_account("UNIDENTIFIED").balance == Decimal("100.00")
        assert statement_of(case).balance == statement_of(case).arrived == 0
        reverse_transfer = Transfer.objects.get(purpose="REVERSE")
        assert reverse_transfer.reverses.reference == "ID-X1"
        event = Event.objects.get(verb="unidentify")
        assert (event.chain, event.actor) == (f"case:{case.pk}", house.finance2)
        again = factories.identify(stray, case, at=moment(2021, 9, 21), by=case.judge, checker=house.finance2)
        assert (again.arrived_on, again.due_on) == (receipt.arrived_on, receipt.due_on)
        assert statement_of(case).balance == Decimal("100.00")
        services.unidentify(again, reason="再次认错", at=moment(2021, 9, 22), actor=house.finance)
        other = kept.running_case(house)
        right = factories.identify(stray, other, at=moment(2021, 9, 23), by=house.finance2, checker=house.finance)
        assert stray.receipts.live().get() == right
        assert (statement_of(case).balance, statement_of(other).balance) == (0, Decimal("100.00"))

    def test_figures_of_days_before_it_stay_what_they_were(self, house, receipt):
        days = [dt.date(2021, 9, day) for day in (12, 13, 19, 20)]
        before = [figures(day) for day in days[:3]]
        services.unidentify(receipt, reason="错", at=AT, actor=house.finance2)
        assert [figures(day) for day in days[:3]] == before
        assert [figures(day).receipts for day in days] == [0, 1, 1, 0]
        assert [figures(day).amount_arrived for day in days] == [0, 100, 100, 0]
        assert not Receipt.objects.overdue(today=dt.date(2021, 12, 27)).exists()
        assert services.flag_overdue(at=moment(2021, 12, 27), actor=User.objects.system()) == 0

    def test_another_of_finance_does_it(self, house, case, receipt):
        with pytest.raises(Refused, match="核对人以外"):
            services.unidentify(receipt, reason="错", at=AT, actor=house.finance)
        with pytest.raises(PermissionDenied):
            services.unidentify(receipt, reason="错", at=AT, actor=house.chief)
        with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
            Receipt.objects.filter(pk=receipt.pk).update(voided_at=AT, voided_by=house.finance)

    @pytest.mark.parametrize("until", ["REQUESTED", "PAID"])
    def test_not_once_it_is_asked_for_or_paid(self, house, case, receipt, until):
        factories.payout(house, case, "1.00", reference="P1", until=until)
        with pytest.raises(Refused, match="已申请"):
            services.unidentify(receipt, reason="错", at=AT, actor=house.finance2)

    def test_a_rejected_request_does_not_hold_it(self, house, case, receipt):
        row = factories.payout(house, case, "1.00", reference="P1", until="REQUESTED")
        services.reject_payout(row, reason="款项有疑问", at=AT, actor=Case.objects.get(pk=case.pk).judge)
        services.unidentify(receipt, reason="错", at=AT, actor=house.finance2)
        with pytest.raises(Refused, match="可发放余额"):
            factories.payout(house, case, "1.00", reference="P2", until="REQUESTED")

    def test_not_twice_and_not_what_came_by_the_account_number(self, house, case, receipt):
        services.unidentify(receipt, reason="错", at=AT, actor=house.finance2)
        with pytest.raises(Refused, match="已退回"):
            services.unidentify(receipt, reason="错", at=AT, actor=house.finance2)
        direct = factories.deposit(house, case, "5.00", serial="S1")
        with pytest.raises(Refused, match="自动归案"):
            services.unidentify(direct, reason="错", at=AT, actor=house.finance2)
        told = {"reason": "DL1", "paper": factories.paper(case), "until_on": AT.date() + dt.timedelta(days=1)}
        with pytest.raises(Refused, match="退回待认领"):
            services.request_delay(receipt, **told, at=AT, actor=case.judge)

    def test_by_the_page_with_a_reason(self, house, case, receipt, login):
        client, url = login(house.finance2), reverse("accounts:unidentify", args=[receipt.pk])
        money = reverse("accounts:case_money", args=[case.pk])
        assert url in client.get(money).content.decode()
        assert "不能撤销" in client.get(url).content.decode()
        assert "核对人以外" in login(house.finance).get(url).content.decode()
        assert client.post(url, {}).status_code == 422
        assert client.post(url, {"usual": "付款人来函更正", "note": "来函1号"}).status_code == 302
        text = client.get(money).content.decode()
        assert "付款人来函更正 来函1号" in text
        assert url not in text
        assert client.post(url, {"note": "再次"}).status_code == 422
        assert "认领来款" in [item.kind for item in items(house.finance, today=AT.date())]
        assert client.get(reverse("accounts:bank_lines")).status_code == 200

    def test_the_applicant_reads_that_it_was_put_right(self, house, case, receipt):
        services.unidentify(receipt, reason="内部原因", at=AT, actor=house.finance2)
        portal.project(at=AT)
        payload = StatusPage.objects.get(case_id=case.pk).payload
        assert payload["receipts"] == []
        assert [line["code"] for line in payload["history"]][-2:] == ["receive", "unidentify"]
        assert "内部原因" not in str(payload)
