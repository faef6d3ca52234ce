"""The projection: follows the case, shows only what was carried out, holds nothing personal."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import services as accounts
from cases.filing import PartyData
from intake.models import LookupCode
from portal import services, words
from portal.models import StatusPage
from tests import factories, kept

DAY = dt.date


def page_of(case):
    return StatusPage.objects.get(case_id=case.pk).payload


@pytest.mark.django_db
class TestProject:
    def test_it_follows_the_record_and_is_safe_to_repeat(self, house, at):
        filed = factories.file_case(house)
        assert services.project(at=at(2021, 9, 1)) == 1
        assert services.project(at=at(2021, 9, 1)) == 0
        before = page_of(filed.case)
        StatusPage.objects.update(event_seq=0)
        assert services.project(at=at(2021, 9, 1)) == 1
        assert page_of(filed.case) == before
        factories.into_stream(house, filed.case)
        assert services.project(case_ids=[0], at=at(2021, 9, 3)) == 0
        assert services.project(at=at(2021, 9, 3)) == 1
        assert page_of(filed.case)["stage"] == "FAST"

    def test_queries_do_not_grow_with_the_cases(self, house, at, django_assert_max_num_queries):
        for _turn in range(6):
            factories.file_case(house)
        with django_assert_max_num_queries(46):
            assert services.project(at=at(2021, 9, 1)) == 6
        for _turn in range(6):
            factories.file_case(house)
        with django_assert_max_num_queries(46):
            assert services.project(at=at(2021, 9, 1)) == 6

    def test_a_case_without_a_live_code_has_no_page(self, house, at):
        filed = factories.file_case(house)
        services.project(at=at(2021, 9, 1))
        LookupCode.objects.update(revoked_at=at(2021, 9, 2))
        services.project(at=at(2021, 9, 2))
        assert not StatusPage.objects.filter(case_id=filed.case.pk).exists()


@pytest.mark.django_db
class TestWords:
    def shown(self, case, at, day):
        services.project(at=at(2021, 12, 27))
        return words.read(page_of(case), today=day)

    def test_stages_next_step_and_days(self, house, at):
        case = factories.file_case(house).case
        shown = self.shown(case, at, DAY(2021, 9, 1))
        assert (shown["next"], shown["next_by"]) == (words.NEXT["TRIAGE"], case.triage_due_on)
        assert [step["state"] for step in shown["rail"]] == ["now", "todo", "todo", "todo", "todo"]
        case = factories.into_stream(house, case)
        shown = self.shown(case, at, DAY(2021, 9, 4))
        assert [step["state"] for step in shown["rail"]] == ["done", "done", "done", "now", "todo"]
        assert (shown["next"], shown["next_by"]) == (words.NEXT["EXECUTE"], case.closing_due_on)

    def test_money_in_and_out_and_what_is_late_by_the_day_of_reading(self, house, at):
        case = kept.running_case(house)
        receipt = factories.deposit(house, case, "50000.00", serial="P1")
        waiting = self.shown(case, at, receipt.due_on)
        assert waiting["receipts"][0]["state"] == "待发放"
        assert (waiting["next"], waiting["next_by"]) == ("把已到账的案款 50,000.00 元发放给您", receipt.due_on)
        late = words.read(page_of(case), today=receipt.due_on + dt.timedelta(days=1))
        assert late["receipts"][0]["tone"] == "overdue"
        assert late["is_next_late"]
        factories.payout(house, case, "20000.00", reference="P1")
        part = self.shown(case, at, DAY(2021, 9, 21))
        assert "30,000.00" in part["receipts"][0]["state"]
        assert part["payouts"][0]["to"] == "申请执行人账户，尾号 0004"
        assert (part["arrived"], part["paid"]) == ("50,000.00", "20,000.00")

    def test_only_what_is_owed_is_promised_and_the_surplus_goes_back_to_the_debtor(self, house, at):
        case = kept.running_case(house)
        receipt = factories.deposit(house, case, "20000.00", serial="P1", at=at(2021, 9, 10))
        factories.deposit(house, case, "31000.00", serial="P2", at=at(2021, 9, 16))
        over = factories.deposit(house, case, "500.00", serial="P3", at=at(2021, 9, 17))
        first = self.shown(case, at, DAY(2021, 9, 18))
        assert (first["next"], first["next_by"]) == ("把已到账的案款 50,661.50 元发放给您", receipt.due_on)
        assert [(row["state"], row["reason"]) for row in first["receipts"]] == [
            ("待发放", ""),
            ("待发放", ""),
            ("退还被执行人余款 178.58 元", ""),
        ]
        # 50,000, 661.50 of the doubled part until the second sum came; the rest is first the fee of 659.92.
        factories.payout(house, case, "50661.50", reference="P1")
        then = self.shown(case, at, DAY(2021, 9, 21))
        assert then["next"] == "退还被执行人余款；应付给您的案款已全部发放"
        assert [row["state"] for row in then["receipts"]] == [
            "已全部发放",
            "余 338.50 元缴纳执行申请费",
            "退还被执行人余款 178.58 元",
        ]
        late = words.read(page_of(case), today=over.due_on + dt.timedelta(days=1))
        assert [row["tone"] for row in late["receipts"]] == ["done", "overdue", "overdue"]

    def test_a_page_of_an_old_form_is_written_anew(self, house, at):
        case = factories.file_case(house).case
        assert services.project(at=at(2021, 9, 1)) == 1
        StatusPage.objects.update(payload=page_of(case) | {"version": 1})
        assert services.project(at=at(2021, 9, 1)) == 1
        assert services.project(at=at(2021, 9, 1)) == 0

    def test_an_approved_delay_says_why_and_a_request_says_nothing(self, house, at):
        case = kept.running_case(house)
        receipt = factories.deposit(house, case, "50000.00", serial="P2")
        day = receipt.due_on + dt.timedelta(days=1)
        delay = accounts.request_delay(
            receipt,
            reason="DL1",
            paper=factories.paper(case, "内部意见甲"),
            until_on=DAY(2021, 10, 9),
            at=at(2021, 9, 20),
            actor=case.judge,
        )
        assert self.shown(case, at, day)["receipts"][0]["tone"] == "overdue"
        accounts.decide_delay(delay, is_approved=True, at=at(2021, 9, 21), actor=house.chief)
        shown = self.shown(case, at, day)
        assert shown["receipts"][0]["reason"] == words.DELAYS["DL1"]
        assert "内部意见甲" not in json.dumps(page_of(case), ensure_ascii=False)

    def test_requests_approvals_and_internal_steps_stay_inside(self, house, at):
        case = kept.running_case(house)
        factories.deposit(house, case, "50000.00", serial="P3")
        factories.payout(house, case, "50000.00", reference="P3", until="APPROVED")
        shown = self.shown(case, at, DAY(2021, 9, 21))
        assert shown["payouts"] == []
        codes = {line["code"] for line in page_of(case)["history"]}
        assert codes == {"register", "triage", "allocate", "start", "enter_stream", "receive"}

    def test_every_code_has_words(self):
        assert set(services.SHOWN) == set(words.HISTORY)


NAMES = st.text(alphabet="赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许", min_size=2, max_size=6)
DIGITS = st.text(alphabet="123456789", min_size=11, max_size=11)


class PayloadProperties(TestCase):
    """Whoever the parties are, their page holds no full name, number or address."""

    @settings(deadline=None, max_examples=30)
    @given(names=st.lists(NAMES, min_size=2, max_size=4, unique=True), phone=DIGITS, number=DIGITS)
    def test_payload_holds_nothing_personal(self, names, phone, number):
        house = factories.House.build()
        people = [
            PartyData(
                side="DEBTOR" if place else "APPLICANT",
                kind="PERSON",
                name=name,
                id_number=f"150302{number}X",
                id_kind="RESIDENT_ID",
                phone=phone,
                address=f"海勃湾区{name}巷{number}号",
                legal_representative=f"{name}代",
            )
            for place, name in enumerate(names)
        ]
        case = factories.file_case(house, payee=False, parties=tuple(people), amount=Decimal("1.00")).case
        services.project(case_ids=[case.pk], at=factories.moment(2021, 9, 1))
        payload = page_of(case)
        shown = json.dumps(payload["parties"], ensure_ascii=False)
        whole = json.dumps(payload, ensure_ascii=False)
        assert not [name for name in names if name in shown]
        assert number not in whole
        assert phone not in whole
        assert "巷" not in whole
