"""Who holds the money now, what must go before a holiday, and who did what on every payout."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import pages, separation, services, terms
from accounts.legs import PARTS, holds
from accounts.models import Delay, Payout, Receipt
from accounts.terms import Term, term
from bureau.models import Event, Holiday
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)
DAY = AT.date()


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-28, three working days before National Day."""
    settings.CLOCK_OFFSET = int((moment(2021, 9, 28) - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case of 50,000 with 10,000 arrived on 2021-09-16."""
    case = kept.running_case(house)
    factories.deposit(house, case, "10000.00", serial="S1")
    return Case.objects.get(pk=case.pk)


def held(case) -> list[tuple[str, Decimal, int, str]]:
    receipt = Receipt.objects.prefetch_related(PARTS).get(case=case)
    rows = holds(receipt, days=Holiday.objects.calendar(), waiting={})
    return [(row.where, row.amount, row.leg, str(row.due_on)) for row in rows]


class TestTerms:
    def test_each_has_its_basis(self):
        assert [(row.code, row.count, row.unit) for row in terms.TERMS] == [
            ("PAYOUT", 15, "day"),
            ("ASK", 10, "workday"),
            ("PAY", 5, "workday"),
            ("REVIEW", 30, "day"),
            ("AFTER_DELAY", 10, "day"),
            ("COOLING", 1, "day"),
            ("IDENTIFY", 3, "day"),
            ("SIGN", 2, "workday"),
        ]
        assert all(row.basis for row in terms.TERMS)

    def test_a_later_row_counts_for_what_arrives_from_its_day(self, house, case, monkeypatch):
        later = Term("PAYOUT", 7, "day", dt.date(2021, 9, 17), "新规定")
        monkeypatch.setattr(terms, "TERMS", (*terms.TERMS, later))
        assert term("PAYOUT", on=dt.date(2021, 9, 16)).count == 15
        receipt = factories.deposit(house, case, "1.00", serial="S2", at=moment(2021, 9, 17))
        assert receipt.due_on == dt.date(2021, 9, 24)
        assert Receipt.objects.get(bank_line__serial="S1").due_on == dt.date(2021, 10, 8)


class TestLegs:
    def test_money_passes_from_hand_to_hand(self, house, case):
        # Ten working days from Thursday 16 September: 18 and 26 are made up, 19–21 and 1–7 October are off.
        assert held(case) == [("OWNER", 10000, 1, "2021-09-30")]
        row = factories.payout(house, case, "4000.00", reference="P1", until="REQUESTED")
        assert held(case) == [("OWNER", 6000, 1, "2021-09-30"), ("JUDGE", 4000, 1, "2021-09-30")]
        services.check_payout(row, at=AT, actor=case.judge)
        assert held(case)[1] == ("APPROVER", 4000, 1, "2021-09-30")
        services.approve_payout(row, at=AT, actor=house.chief)
        # Five working days from approval on Monday 20 September, itself a day off.
        assert held(case)[1] == ("FINANCE", 4000, 2, "2021-09-27")
        services.pay_payout(row, at=moment(2021, 9, 22), actor=house.finance)
        # Finance has done its part: what the bank holds runs in no leg, only in the fifteen days of the receipt.
        assert held(case)[1] == ("BANK", 4000, 0, "2021-10-08")
        services.confirm_payout(row, paid_on=DAY, at=AT, actor=house.finance)
        assert held(case) == [("OWNER", 6000, 1, "2021-09-30")]

    def test_what_bounced_is_with_the_owner_again(self, house, case):
        row = factories.payout(house, case, "4000.00", reference="P1", until="SENT")
        services.bounce_payout(row, reason="x", at=AT, actor=house.finance)
        assert held(case) == [("OWNER", 10000, 1, "2021-09-30")]

    def test_the_total_counts_where_it_ends_before_the_leg(self, house, case):
        # Approved on the last day of the total: the leg would last longer, the total does not.
        row = factories.payout(house, case, "10000.00", reference="P1", until="CHECKED")
        services.approve_payout(row, at=moment(2021, 10, 8), actor=house.chief)
        assert held(case) == [("FINANCE", 10000, 2, "2021-10-08")]

    def test_board_tab_and_api_say_it(self, house, case, login):
        factories.payout(house, case, "4000.00", reference="P1", until="APPROVED")
        for url in (reverse("accounts:receipts"), reverse("accounts:case_money", args=[case.pk])):
            page = login(house.chief).get(url).content.decode()
            assert "案款管理，待付款" in page
            assert "承办人，待申请" in page
        (row,) = login(house.chief).get(reverse("accounts_api:receipts")).json()["results"]
        assert [(hold["where"], hold["amount"], hold["leg"]) for hold in row["held_by"]] == [
            ("OWNER", "6000.00", 1),
            ("FINANCE", "4000.00", 2),
        ]

    def test_many_receipts_cost_no_more(self, house, case, django_assert_num_queries):
        for number in range(3):
            factories.deposit(house, case, "1.00", serial=f"T{number}")
        with django_assert_num_queries(4):
            assert len(pages.with_holds(Receipt.objects.order_by("id"))) == 4


class TestBeforeHoliday:
    def test_what_falls_due_by_the_first_day_after(self, house, case, login):
        late = factories.deposit(house, case, "1.00", serial="S2", at=moment(2021, 9, 26))
        assert late.due_on > dt.date(2021, 10, 8)
        delayed = factories.deposit(house, case, "2.00", serial="S3", at=moment(2021, 9, 10))
        told = {"reason": Delay.Reason.DL1, "paper": factories.paper(case), "until_on": dt.date(2021, 10, 9)}
        delay = services.request_delay(delayed, **told, at=AT, actor=case.judge)
        services.decide_delay(delay, is_approved=True, at=AT, actor=house.chief)
        answer = login(house.finance).get(reverse("accounts:before_holiday"))
        assert "国庆节" in answer.content.decode()
        assert [row.bank_line.serial for row, _holds in answer.context["rows"]] == ["S1"]

    def test_no_holiday_near(self, house, case, login, settings):
        settings.CLOCK_OFFSET = int((moment(2021, 11, 10) - timezone.now()).total_seconds())
        page = login(house.finance).get(reverse("accounts:before_holiday"))
        assert "近期没有节假日" in page.content.decode()
        assert login(house.window_clerk).get(reverse("accounts:before_holiday")).status_code == 403

    def test_only_one_s_own_cases(self, house, case, login):
        answer = login(house.officer3).get(reverse("accounts:before_holiday"))
        assert answer.context["rows"] == []


class TestSeparation:
    def test_every_step_with_its_person(self, house, case, login):
        row = factories.payout(house, case, "100.00", reference="P1")
        factories.payout(house, case, "50.00", reference="P2", until="CHECKED")
        client, url = login(house.inspector), reverse("accounts:separation")
        answer = client.get(url, {"from_on": "2021-09-01", "until_on": "2021-09-30"})
        assert answer.context["rows"][0] == (row, True)
        shares = {share.name: share.counts for share, _counts in answer.context["shares"]}
        assert shares[case.owner.name] == {"requested": 2}
        assert shares[case.judge.name] == {"checked": 2}
        assert shares[house.chief.name] == {"approved": 1}
        assert shares[house.finance.name] == {"paid": 1}
        text = answer.content.decode()
        assert "各不相同" in text
        assert "同一人办理两环节" not in text

    def test_the_period_is_by_the_step_and_its_edges_count(self, house, case):
        row = factories.payout(house, case, "100.00", reference="P1", until="REQUESTED")
        services.check_payout(row, at=moment(2021, 10, 8, 23, 59), actor=case.judge)
        user = house.inspector
        days = dt.date(2021, 9, 20), dt.date(2021, 10, 8), dt.date(2021, 9, 25)
        assert [*separation.payouts(user, from_on=days[0], until_on=days[0])] == [row]
        assert [*separation.payouts(user, from_on=days[1], until_on=days[1])] == [row]
        assert not separation.payouts(user, from_on=days[2], until_on=days[2]).exists()
        assert [share.name for share in separation.shares(user, from_on=days[1], until_on=days[1])] == [case.judge.name]

    def test_two_steps_by_one_person_would_be_red(self, house, case):
        row = Payout(requested_by=case.owner, checked_by=case.judge, approved_by=case.judge)
        assert not separation.is_separate(row)

    def test_hostile_days_fall_back_to_this_month(self, house, case, login):
        client, url = login(house.inspector), reverse("accounts:separation")
        answer = client.get(url, {"from_on": "gestern", "until_on": "2021-99-99"})
        assert (answer.context["from_on"], answer.context["until_on"]) == (dt.date(2021, 9, 1), dt.date(2021, 9, 28))
        answer = client.get(url, {"from_on": "2021-09-30", "until_on": "2021-09-01"})
        assert answer.context["from_on"] == dt.date(2021, 9, 1)

    def test_only_the_inspector_and_its_export_is_on_record(self, house, case, login):
        factories.payout(house, case, "100.00", reference="P1")
        url = reverse("accounts:export_separation") + "?from_on=2021-09-01"
        for user in (house.finance, house.chief, house.officer):
            assert login(user).post(url).status_code == 403
        answer = login(house.inspector).post(url)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert [page.title for page in book] == ["发放", "批量发放", "人员"]
        assert [cell.value for cell in book["发放"][2]][:2] == [case.number, "P1"]
        assert Event.objects.get(verb="export").actor == house.inspector
        api = login(house.inspector).get(reverse("accounts_api:separation") + "?from_on=2021-09-01").json()
        assert api["results"][0]["is_separate"] is True
        assert api["results"][0]["approved_by"] == house.chief.name
