"""A changed account is confirmed again and cools; agents need the special power; the enforcement side only asks."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts import books, services
from accounts.models import PayeeAccount, PayeeAsk, Payout
from accounts.payees import PayeeData
from bureau.errors import Refused
from cases import services as cases
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 22)
LATER = moment(2021, 9, 23)


@pytest.fixture
def house(db):
    return factories.House.build()


@pytest.fixture
def case(house):
    case = kept.running_case(house)
    factories.deposit(house, case, "15000.00", serial="S1")
    return Case.objects.get(pk=case.pk)


def applicant(case):
    return case.parties.get(side="APPLICANT")


class TestCooling:
    """None after a visit in person; otherwise signed at once, paid after it; the clock never stops."""

    def test_a_change_says_how_the_payee_confirmed_it_again(self, house, case):
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT", at=AT)
        with pytest.raises(Refused, match="再次确认"):
            services.confirm_payee_change(change, number=change.number, at=AT, actor=house.finance)
        with pytest.raises(Refused, match="窗口人员"):
            services.confirm_payee_change(
                change, number=change.number, **factories.IN_PERSON, at=AT, actor=house.finance
            )

    def test_in_person_before_a_second_clerk_there_is_none(self, house, case):
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT", at=AT)
        change = services.confirm_payee_change(
            change, number=change.number, **factories.IN_PERSON, at=AT, actor=house.window_clerk2
        )
        assert change.usable_on is None
        assert factories.payout(house, case, "100.00", reference="P", at=AT).state == "PAID"

    def test_called_back_it_is_signed_at_once_and_paid_the_next_day(self, house, case):
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT", at=AT)
        change = services.confirm_payee_change(
            change, number=change.number, **factories.CALLED, at=AT, actor=house.finance2
        )
        assert change.usable_on == dt.date(2021, 9, 23)
        due_on = case.receipts.get().due_on
        row = factories.payout(house, case, "100.00", reference="P", until="APPROVED", at=AT)
        with pytest.raises(Refused, match="2021-09-23"):
            services.pay_payout(row, at=AT, actor=house.finance)
        assert services.pay_payout(row, at=LATER, actor=house.finance).state == "SENT"
        assert case.receipts.get().due_on == due_on
        assert books.faults() == []

    def test_the_database_keeps_the_day_too(self, house, case):
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT", at=AT)
        services.confirm_payee_change(change, number=change.number, **factories.CALLED, at=AT, actor=house.finance2)
        row = factories.payout(house, case, "100.00", reference="P", until="APPROVED", at=AT)
        with pytest.raises(IntegrityError, match="before its day"), transaction.atomic():
            Payout.objects.filter(pk=row.pk).update(state="SENT", paid_by=house.finance, sent_at=AT)

    def test_the_page_asks_how_and_refuses_without(self, house, case, client):
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT", at=AT)
        client.force_login(house.finance, backend="django.contrib.auth.backends.ModelBackend")
        confirm = reverse("accounts:confirm_payee_change", args=[change.pk])
        assert client.post(confirm).status_code == 422
        assert client.post(confirm, factories.CALLED | {"number": change.number}).status_code == 302
        with connection.cursor() as cursor:
            cursor.execute("SELECT details FROM bureau_event WHERE verb = 'confirm_payee' ORDER BY id DESC LIMIT 1")
            assert '"how":"CALL"' in cursor.fetchone()[0]


class TestAgents:
    """Only with the special power to collect."""

    def _agent(self, case, special, **changes):
        given = {"name": "王律师", "kind": "LAWYER", "firm": "测试律所", "licence": "11503201810000001"}
        given |= {"special": special, "from_on": AT.date(), "document": "授权委托书", **changes}
        return cases.add_agent(applicant(case), **given, at=AT, actor=case.owner)

    @pytest.mark.parametrize("special", [[], ["SETTLE"]])
    def test_without_it_he_confirms_no_account(self, house, case, special):
        agent = self._agent(case, special)
        payee = PayeeData("张安然", "6222020200112230012", "工行")
        with pytest.raises(Refused, match="特别授权"):
            services.enter_payee(
                applicant(case), payee=payee, scan=factories.PDF, agent=agent, at=AT, actor=house.window_clerk
            )

    def test_with_it_he_does_and_it_stands_on_record(self, house, case):
        agent = self._agent(case, ["COLLECT"])
        payee = PayeeData("张安然", "6222020200112230012", "工行")
        account = services.enter_payee(
            applicant(case), payee=payee, scan=factories.PDF, agent=agent, at=AT, actor=house.window_clerk
        )
        assert PayeeAccount.objects.get(pk=account.pk).agent == agent

    def _own(self, house, case, agent):
        payee = PayeeData("王律师", "6222020200112230012", "工行")
        account = services.enter_other_payee(
            case,
            kind="AGENT",
            payee=payee,
            document="申请执行人书面申请",
            scan=factories.PDF,
            on_behalf_of=applicant(case),
            agent=agent,
            at=AT,
            actor=house.window_clerk,
        )
        return services.confirm_payee_change(account, number=account.number, at=AT, actor=house.finance2)

    def _asked(self, house, case, account, *, until):
        row = services.request_payout(
            case,
            payee=account,
            amount=Decimal("100.00"),
            calculation="x",
            reference="A",
            at=AT,
            actor=case.owner,
        )
        return factories.paid(house, row, until=until, at=AT)

    def test_his_own_account_gets_money_while_he_acts(self, house, case):
        account = self._own(house, case, self._agent(case, ["COLLECT"]))
        assert self._asked(house, case, account, until="PAID").state == "PAID"
        assert books.faults() == []

    def test_revoked_in_between_he_gets_nothing(self, house, case):
        agent = self._agent(case, ["COLLECT"])
        row = self._asked(house, case, self._own(house, case, agent), until="APPROVED")
        cases.revoke_agent(agent, note="解除委托", at=AT, actor=case.owner)
        with pytest.raises(Refused, match="授权已解除"):
            services.pay_payout(row, at=AT, actor=house.finance)

    def test_after_the_last_day_of_his_authority_he_gets_nothing(self, house, case):
        agent = self._agent(case, ["COLLECT"], until_on=AT.date())
        row = self._asked(house, case, self._own(house, case, agent), until="APPROVED")
        with pytest.raises(Refused, match="授权"):
            services.pay_payout(row, at=LATER, actor=house.finance)

    def test_he_signs_a_settlement_only_with_the_power_to_settle(self, case):
        given = {"document": factories.agreement(case), "terms": "分期", "at": AT, "actor": case.judge}
        given["instalments"] = [(dt.date(2021, 10, 8), Decimal("50000.00"))]
        with pytest.raises(Refused, match="王律师"):
            cases.settle(case, agents=[self._agent(case, ["COLLECT"])], **given)
        cases.settle(case, agents=[self._agent(case, ["SETTLE"], licence="11503201810000002", name="李律师")], **given)
        assert Case.objects.get(pk=case.pk).stage == "SETTLED"


class TestAsking:
    """The enforcement side starts a change and never sees a number."""

    def test_the_window_is_asked_once_and_entering_answers(self, house, case):
        party = applicant(case)
        row = services.ask_payee(party, reason="退票，账户无法使用", at=AT, actor=case.owner)
        with pytest.raises(Refused):
            services.ask_payee(party, reason="再催", at=AT, actor=case.owner)
        payee = PayeeData("张安然", "6222020200112230012", "工行")
        account = services.enter_payee(party, payee=payee, scan=factories.PDF, at=AT, actor=house.window_clerk)
        row = PayeeAsk.objects.get(pk=row.pk)
        assert (row.answered_by, row.closed_at) == (account, AT)

    def test_another_officer_does_not_ask(self, house, case):
        with pytest.raises(PermissionDenied):
            services.ask_payee(applicant(case), reason="x", at=AT, actor=house.officer3)

    def test_it_stands_on_the_windows_desk(self, house, case, client):
        services.ask_payee(applicant(case), reason="退票", at=AT, actor=case.owner)
        client.force_login(house.window_clerk, backend="django.contrib.auth.backends.ModelBackend")
        assert "提请录入或变更收款账户" in client.get(reverse("desk")).content.decode()


class TestDelays:
    """Told to the applicant, looked at on its day, and ten days to pay when the reason ends."""

    def _delay(self, house, case, *, until=dt.date(2021, 10, 15)):
        receipt = case.receipts.get()
        given = {"reason": "DL3", "paper": factories.paper(case, "通知记录"), "until_on": until}
        row = services.request_delay(receipt, **given, at=AT, actor=case.owner)
        return services.decide_delay(row, is_approved=True, at=AT, actor=house.chief)

    def test_ten_days_from_the_end_and_not_a_day_more(self, house, case):
        receipt = case.receipts.get()  # due on 2021-10-08
        row = services.end_delay(self._delay(house, case), at=moment(2021, 10, 12), actor=case.owner)
        assert row.pay_by_on == dt.date(2021, 10, 22)
        rows = type(receipt).objects
        assert not rows.overdue(today=dt.date(2021, 10, 22)).exists()
        assert rows.overdue(today=dt.date(2021, 10, 23)).get() == receipt

    def test_a_review_day_missed_covers_nothing(self, house, case):
        self._delay(house, case)
        rows = type(case.receipts.get()).objects
        assert not rows.overdue(today=dt.date(2021, 10, 15)).exists()
        assert rows.overdue(today=dt.date(2021, 10, 16)).exists()

    def test_the_applicant_is_told_once_with_day_and_way(self, house, case):
        row = self._delay(house, case)
        with pytest.raises(Refused):
            services.tell_delay(row, told_on=dt.date(2021, 9, 21), note="电话", at=AT, actor=case.owner)
        row = services.tell_delay(row, told_on=AT.date(), note="电话告知", at=AT, actor=case.owner)
        assert row.told_by == case.owner
        with pytest.raises(Refused, match="已登记"):
            services.tell_delay(row, told_on=AT.date(), note="再", at=AT, actor=case.owner)

    def test_what_is_due_tomorrow_is_said_once_and_what_is_delayed_is_not(self, house, case):
        system = house.chief
        assert services.warn_due(at=moment(2021, 10, 6), actor=system) == 0
        assert services.warn_due(at=moment(2021, 10, 7), actor=system) == 1
        assert services.warn_due(at=moment(2021, 10, 7), actor=system) == 0

    def test_what_was_missed_the_day_before_is_said_on_the_day_itself(self, house, case):
        assert services.warn_due(at=moment(2021, 10, 8), actor=house.chief) == 1

    def test_a_delay_or_a_payment_alone_silences_it(self, house, case):
        self._delay(house, case)
        assert services.warn_due(at=moment(2021, 10, 7), actor=house.chief) == 0
        assert services.flag_overdue(at=moment(2021, 10, 9), actor=house.chief) == 0
        assert services.flag_overdue(at=moment(2021, 10, 16), actor=house.chief) == 1


class TestPapers:
    """The approval form and the statement of a case."""

    def test_the_form_is_made_from_the_record(self, house, case, client):
        row = factories.payout(house, case, "1234.56", reference="P1")
        client.force_login(house.chief, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("accounts:payout_form", args=[row.pk])).content.decode()
        for word in ("壹仟贰佰叁拾肆元伍角陆分", house.chief.name, house.finance.name, "P1", case.judge.name):
            assert word in page

    def test_the_statement_comes_as_pdf_and_as_a_sheet(self, house, case, client):
        from io import BytesIO

        from openpyxl import load_workbook
        from pypdf import PdfReader

        factories.payout(house, case, "1234.56", reference="P1")
        client.force_login(house.finance, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post(reverse("accounts:print_statement", args=[case.pk]))
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
        assert "13,765.44" in text
        sheet = client.post(reverse("accounts:export_statement", args=[case.pk]))
        book = load_workbook(BytesIO(sheet.content))
        ledger = list(book["分户账"].iter_rows(values_only=True))
        assert ledger[-1][4] == 13765.44
