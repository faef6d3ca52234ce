"""Every page and API of the room, by those who may see it and those who may not."""

import html
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.bank import BankLineData
from accounts.checks import case_objections
from accounts.debts import debt_of
from accounts.desk import items
from accounts.models import BankLine, Delay, LineEntry, PayeeAccount, Payout
from bureau.models import Deputy, Event, User
from cases.models import Case
from tests import factories
from tests.factories import moment

TODAY = moment(2021, 9, 29)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-29."""
    settings.CLOCK_OFFSET = int((TODAY - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case with the stream team and 50,000 arrived of 80,000 claimed; 100 of unknown origin."""
    filed = factories.file_case(house, amount=Decimal("80000.00"))
    case = factories.into_stream(house, filed.case)
    factories.deposit(house, case, "50000.00", serial="S1")
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def stray(house) -> BankLine:
    """Money without a case, from a payer named like a debtor."""
    line = BankLineData("S9", moment(2021, 9, 20).date(), Decimal("100.00"), "乌海市测试商贸有限公司")
    return services.arrive(line, at=moment(2021, 9, 20), entered_by=house.finance2, actor=house.finance)


def _request(client, case, amount="1000.00", reference="R1"):
    payee = PayeeAccount.objects.get(party__case=case)
    data = {"payee": payee.pk, "amount": amount, "calculation": "本金", "reference": reference}
    return client.post(reverse("accounts:request_payout", args=[case.pk]), data)


class TestPages:
    @pytest.mark.parametrize("name", ["receipts", "payouts", "bank_lines", "enter_bank_line", "unidentified", "ledger"])
    def test_finance_reads_them(self, house, case, stray, login, name):
        factories.payout(house, case, "100.00", reference="P1")
        answer = login(house.finance).get(reverse(f"accounts:{name}"))
        assert answer.status_code == 200

    @pytest.mark.parametrize("name", ["approvals", "delays", "receipts", "payouts"])
    def test_chief_reads_them(self, house, case, login, name):
        factories.payout(house, case, "100.00", reference="P1", until="CHECKED")
        answer = login(house.chief).get(reverse(f"accounts:{name}"))
        assert answer.status_code == 200

    def test_the_arithmetic_of_the_day_stands_beside_the_button(self, house, case, login):
        row = factories.payout(house, case, "100.00", reference="P1", until="CHECKED")
        due = debt_of(case).due(TODAY.date())
        for page in (reverse("accounts:approvals"), reverse("accounts:payout", args=[row.pk])):
            text = login(house.chief).get(page).content.decode()
            assert f"{due.total:,.2f}" in text
            assert due.steps[0] in html.unescape(text)

    @pytest.mark.parametrize("chosen", ["unpaid", "near", "overdue", "all", "nonsense"])
    def test_boards(self, house, case, login, chosen):
        client = login(house.inspector)
        late = client.get(reverse("accounts:receipts"), {"set": chosen, "as_of": "2021-10-09"})
        assert late.status_code == 200
        assert (case.number in late.content.decode()) == (chosen != "near")

    def test_window_clerk_sees_no_money(self, house, case, login):
        client = login(house.window_clerk)
        assert client.get(reverse("accounts:receipts")).status_code == 403
        assert client.get(reverse("accounts:case_money", args=[case.pk])).status_code == 403

    def test_stranger_finds_no_case(self, house, case, login):
        client = login(house.officer3)
        for name in ("accounts:case_money", "accounts:request_payout"):
            assert client.get(reverse(name, args=[case.pk])).status_code == 404

    def test_case_tab_shows_money_and_arithmetic(self, house, case, login):
        text = login(case.owner).get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        assert "50,000.00" in text
        assert case.escrow.number in text
        assert "2021-10-08" in text
        assert text.count('class="button primary"') == 1

    def test_case_tab_estimates_the_application_fee_with_its_arithmetic(self, house, case, login):
        text = login(case.owner).get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        assert "执行申请费预计 1,100.00 元" in text
        assert "70,000.00 × 1.5% = 1,050.00" in text

    def test_how_a_day_was_counted_is_said_in_the_readers_language(self, house, case, login):
        page = login(case.owner).get(reverse("accounts:case_money", args=[case.pk]), headers={"accept-language": "en"})
        row = page.context["receipts"][0]
        assert row.steps != row.due_steps
        assert not any("\u4e00" <= letter <= "\u9fff" for step in row.steps for letter in step)

    def test_the_ledger_of_a_case_keeps_a_running_balance(self, house, case, login):
        factories.payout(house, case, "20000.00", reference="P1")
        answer = login(case.owner).get(reverse("accounts:case_money", args=[case.pk]))
        assert [line.balance for line in answer.context["lines"]] == [50000, 30000]
        text = answer.content.decode()
        assert '<td colspan="4">现余额</td><td class="num">30,000.00</td>' in text

    def test_exports_hold_numbers(self, house, case, login):
        answer = login(house.finance).post(reverse("accounts:export_receipts"), {})
        row = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows())[1]
        assert [(cell.value, cell.data_type) for cell in row[2:4]] == [(50000, "n"), (50000, "n")]

    def test_list_costs_the_same_for_one_and_many(self, house, case, login):
        client = login(house.finance)
        counts = []
        for serials in (["A1"], ["B1", "B2", "B3", "B4", "B5"]):
            for serial in serials:
                factories.deposit(house, case, "10.00", serial=serial)
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse("accounts:receipts"))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestChain:
    def test_from_request_to_bank_by_four_people(self, house, case, login):
        answer = _request(login(case.owner), case)
        payout = Payout.objects.get()
        page = reverse("accounts:payout", args=[payout.pk])
        assert answer.url == page
        for user, act, state in (
            (case.judge, "check", "CHECKED"),
            (house.chief, "approve", "APPROVED"),
            (house.finance, "pay", "SENT"),
        ):
            client = login(user)
            url = reverse(f"accounts:{act}", args=[payout.pk])
            assert url in client.get(page).content.decode()
            assert client.post(url).status_code == 302
            payout.refresh_from_db()
            assert payout.state == state
            assert url not in client.get(page).content.decode()

    def test_second_click_is_the_same_request(self, house, case, login):
        client = login(case.owner)
        assert _request(client, case).url == _request(client, case).url
        assert Payout.objects.count() == 1

    def test_too_much_is_422_and_keeps_what_was_typed(self, house, case, login):
        answer = _request(login(case.owner), case, amount="50000.01")
        assert answer.status_code == 422
        assert 'value="50000.01"' in answer.content.decode()

    def test_sums_in_sentences_have_separators(self, house, case, login):
        answer = _request(login(case.owner), case, amount="50,000.01")
        assert "可发放余额为 50,000.00 元" in answer.content.decode()
        text = login(case.owner).get(reverse("accounts:request_payout", args=[case.pk])).content.decode()
        assert "本次：本金 50,000.00" in text
        case.closing_mode = Case.ClosingMode.FULFILLED
        assert "申请执行标的额尚有 80,000.00 元未发放" in case_objections(case, "propose_closing", at=TODAY)
        text = login(case.judge).get(reverse("cases:timeline", args=[case.pk])).content.decode()
        assert "<dd>50,000.00</dd>" in text

    def test_empty_request_is_422(self, house, case, login):
        url = reverse("accounts:request_payout", args=[case.pk])
        assert login(case.owner).post(url, {}).status_code == 422

    def test_form_proposes_what_is_owed_and_there(self, house, case, login):
        text = login(case.owner).get(reverse("accounts:request_payout", args=[case.pk])).content.decode()
        assert 'value="50,000.00"' in text

    def test_pressing_late_is_refused_with_a_sentence(self, house, case, login):
        payout = factories.payout(house, case, "100.00", reference="P1", until="SENT")
        answer = login(house.finance2).post(reverse("accounts:pay", args=[payout.pk]))
        assert answer.status_code == 422
        assert "银行处理中" in answer.content.decode()

    def test_reject_needs_a_reason(self, house, case, login):
        payout = factories.payout(house, case, "100.00", reference="P1", until="REQUESTED")
        client = login(case.judge)
        url = reverse("accounts:reject", args=[payout.pk])
        assert client.post(url, {}).status_code == 422
        assert client.post(url, {"usual": "计算说明不清"}).status_code == 302
        payout.refresh_from_db()
        assert (payout.state, payout.ended_note) == ("REJECTED", "计算说明不清")

    def test_chief_approves_several_and_hears_of_failures(self, house, case, login):
        rows = [factories.payout(house, case, "100.00", reference=f"P{n}", until="CHECKED") for n in range(3)]
        late = factories.payout(house, case, "100.00", reference="P9", until="APPROVED")
        client = login(house.chief)
        answer = client.post(reverse("accounts:approvals"), {"payout": [row.pk for row in (*rows, late)]}, follow=True)
        assert Payout.objects.filter(state="APPROVED").count() == 4
        text = answer.content.decode()
        assert "已审批 3 笔" in text
        assert "1 笔已不待您审批" in text

    def test_deputy_may_approve_only_when_authorised(self, house, case, login):
        payout = factories.payout(house, case, "100.00", reference="P1", until="CHECKED")
        client = login(house.vice_president)
        url = reverse("accounts:approve", args=[payout.pk])
        assert client.post(url).status_code == 403
        day = TODAY.date()
        Deputy.objects.create(
            principal=house.chief,
            deputy=house.vice_president,
            act="APPROVE_PAYOUT",
            from_on=day,
            until_on=day,
            document="授权书1号",
            granted_by=house.president,
            granted_at=TODAY,
        )
        assert client.post(url).status_code == 302
        payout.refresh_from_db()
        assert payout.approved_as.principal == house.chief

    def test_full_account_number_is_finance_s_and_recorded(self, house, case, login):
        payout = factories.payout(house, case, "100.00", reference="P1", until="APPROVED")
        number = payout.payee.number
        page, url = reverse("accounts:payout", args=[payout.pk]), reverse("accounts:reveal", args=[payout.pk])
        client = login(house.finance)
        assert number not in client.get(page).content.decode()
        silent = client.post(url, {})
        assert silent.status_code == 422
        assert number not in silent.content.decode()
        told = {"reveal-usual": "退票后核对账号", "reveal-note": "回单1号"}
        assert number in client.post(url, told).content.decode()
        assert login(house.chief).post(url, told).status_code == 403
        event = Event.objects.get(verb="reveal_account")
        assert event.actor == house.finance
        assert '"reason":"退票后核对账号 回单1号"' in event.details
        assert number not in event.details


class TestLines:
    def test_finance_enters_a_line_and_a_changed_one_is_refused(self, house, case, login):
        client, url = login(house.finance), reverse("accounts:enter_bank_line")
        data = {
            "serial": "S7",
            "value_on": "2021-09-28",
            "amount": "12.00",
            "payer_name": "某人",
            "virtual_number": case.escrow.number,
        }
        assert client.post(url, data).status_code == 302
        assert client.post(url, data).status_code == 302
        assert client.post(url, data | {"amount": "13.00"}).status_code == 422
        assert client.post(url, data | {"amount": "１２"}).status_code == 302
        assert client.post(url, data | {"serial": "S70", "amount": "30,000.00"}).status_code == 302
        assert LineEntry.objects.get(serial="S70").amount == 30000
        assert LineEntry.objects.filter(serial="S7").count() == 1

    @pytest.mark.parametrize("day", ["2021-08-28", "2020-09-28", "2021-08-31", "2021-09-30"])
    def test_an_impossible_day_is_said_beside_it(self, house, case, login, day):
        data = {"serial": "S8", "value_on": day, "amount": "1", "payer_name": "某人"}
        data["virtual_number"] = case.escrow.number
        answer = login(house.finance).post(reverse("accounts:enter_bank_line"), data)
        assert answer.status_code == 422
        assert answer.context["form"].errors["value_on"]
        assert not BankLine.objects.filter(serial="S8").exists()

    def test_stray_money_is_suggested_and_identified(self, house, case, stray, login):
        client = login(house.finance)
        assert case.number in client.get(reverse("accounts:unidentified")).content.decode()
        url = reverse("accounts:claim_line", args=[stray.pk])
        assert client.post(url, {"number": "(2021)内0302执999号"}).status_code == 422
        typed = {"number": case.number.replace("(", "（").replace(")", "）"), "ground": "转账凭证已入卷"}
        assert client.post(url, typed).status_code == 302
        claim = case.line_claims.get()
        other = login(house.finance2)
        assert claim.get_state_display() in other.get(reverse("accounts:unidentified")).content.decode()
        assert other.post(reverse("accounts:confirm_claim", args=[claim.pk])).status_code == 302
        assert case.receipts.get(bank_line=stray).arrived_on == stray.value_on


class TestDelays:
    def test_asked_decided_and_ended_by_pages(self, house, case, login):
        receipt = case.receipts.get()
        owner, chief = login(case.owner), login(house.chief)
        data = {"reason": "DL1", "paper": factories.paper(case, "参与分配申请书"), "until_on": "2021-10-20"}
        url = reverse("accounts:request_delay", args=[receipt.pk])
        assert owner.get(url).status_code == 200
        assert owner.post(url, data | {"until_on": "2022-10-20"}).status_code == 422
        assert owner.post(url, data).status_code == 302
        delay = Delay.objects.get()
        assert f"delay-{delay.pk}" in chief.get(reverse("accounts:delays")).content.decode()
        assert owner.post(reverse("accounts:decide_delay", args=[delay.pk])).status_code == 403
        chief.post(reverse("accounts:decide_delay", args=[delay.pk]), {"decision": "approve"})
        delay.refresh_from_db()
        assert delay.state == "APPROVED"
        owner.post(reverse("accounts:end_delay", args=[delay.pk]))
        delay.refresh_from_db()
        assert delay.ended_on == TODAY.date()


class TestDesk:
    def _kinds(self, user: User, day=TODAY) -> list[str]:
        return [item.kind for item in items(User.objects.get(pk=user.pk), today=day.date())]

    def test_each_step_waits_on_the_right_desk(self, house, case, stray):
        for state, user, kind in (
            ("REQUESTED", case.judge, "审核发放"),
            ("CHECKED", house.chief, "审批发放"),
            ("APPROVED", house.finance, "付款"),
        ):
            factories.payout(house, case, "100.00", reference=state, until=state)
            assert self._kinds(user).count(kind) == 1
        assert "认领来款" in self._kinds(house.finance)
        assert self._kinds(house.window_clerk) == []

    def _item(self, user: User, kind: str, day=TODAY):
        return next(item for item in items(User.objects.get(pk=user.pk), today=day.date()) if item.kind == kind)

    @pytest.mark.parametrize(("day", "is_red"), [(23, False), (24, True)])
    def test_unknown_money_says_payer_sum_and_its_third_day(self, house, stray, day, is_red):
        item = self._item(house.finance, "认领来款", moment(2021, 9, day))
        assert item.title == "乌海市测试商贸有限公司 汇入 100.00 元"
        assert (str(item.due_on), item.is_red) == ("2021-09-23", is_red)

    def test_the_third_day_moves_past_holidays(self, house):
        line = BankLineData("S9", moment(2021, 9, 29).date(), Decimal("1.00"), "某人")
        services.arrive(line, at=TODAY, entered_by=house.finance2, actor=house.finance)
        assert str(self._item(house.finance, "认领来款").due_on) == "2021-10-08"

    def test_payments_say_the_day_of_their_oldest_receipt(self, house, case, login):
        factories.payout(house, case, "100.00", reference="P1", until="APPROVED")
        assert str(self._item(house.finance, "付款").due_on) == "2021-10-08"
        client = login(house.finance)
        assert "2021-10-08" in client.get("/").content.decode()
        assert "2021-10-08" in client.get(reverse("accounts:payouts"), {"state": "APPROVED"}).content.decode()

    def test_overdue_money_is_red_for_owner_judge_chief_and_inspector(self, house, case):
        late = moment(2021, 10, 9)
        for user in (case.owner, case.judge, house.chief, house.inspector):
            assert "案款逾期未发放" in self._kinds(user, late)
        # The day before it is late the chief knows; what stays late stands before the presidents too.
        assert self._kinds(house.chief, moment(2021, 10, 6)) == []
        assert self._kinds(house.chief, moment(2021, 10, 7)) == ["案款临期"]
        assert self._kinds(case.owner, moment(2021, 10, 8)) == ["案款临期"]
        assert "案款逾期未发放" not in self._kinds(house.president, moment(2021, 10, 11))
        assert "案款逾期未发放" in self._kinds(house.president, moment(2021, 10, 12))


class TestApi:
    def test_reads(self, house, case, login):
        factories.payout(house, case, "100.00", reference="P1")
        client = login(house.finance)
        receipts = client.get(reverse("accounts_api:receipts"), {"set": "unpaid"}).json()
        assert receipts["results"][0]["unpaid"] == "49900.00"
        assert client.get(reverse("accounts_api:payouts")).json()["results"][0]["state"] == "PAID"
        assert client.get(reverse("accounts_api:case_money", args=[case.pk])).json()["balance"] == "49900.00"
        assert login(house.officer3).get(reverse("accounts_api:case_money", args=[case.pk])).status_code == 404
        assert login(house.window_clerk).get(reverse("accounts_api:receipts")).status_code == 403

    def test_a_line_is_booked_once(self, house, case, login):
        client, url = login(house.finance), reverse("accounts_api:bank_lines")
        data = {"serial": "A1", "value_on": "2021-09-28", "amount": "5.00", "payer_name": "某人"}
        first = client.post(url, data, content_type="application/json")
        assert (first.status_code, first.json()["state"]) == (201, "WAITING")
        assert client.post(url, data, content_type="application/json").json() == first.json()
        changed = client.post(url, data | {"amount": "6.00"}, content_type="application/json")
        assert changed.status_code == 422
        assert login(house.chief).post(url, data, content_type="application/json").status_code == 403
