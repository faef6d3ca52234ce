"""Who approves which sum, what looks odd about it, and what happens when nobody does."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts import services, tiers
from accounts.bank import BankLineData
from accounts.desk import items
from accounts.models import PayeeAccount, Payout
from accounts.oddities import oddities
from accounts.tiers import Tier, tier_of
from bureau.errors import Refused
from bureau.models import Deputy, Event, User
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)
LINE = Decimal("1000000.00")


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case of three million, all of it arrived."""
    filed = factories.file_case(house, amount=Decimal("3000000.00"))
    case = factories.into_stream(house, filed.case, team="ORDINARY")
    factories.deposit(house, case, "3000000.00", serial="S1")
    return Case.objects.get(pk=case.pk)


def seen(rows, today=date(2021, 9, 20)):
    """Return what is odd about these rows, read as the sheet reads them."""
    loaded = list(Payout.objects.for_list().filter(pk__in=[row.pk for row in rows]))
    return oddities(loaded, today=today)


def deputy(house, principal: str, who: str) -> Deputy:
    return Deputy.objects.create(
        principal=house.staff[principal],
        deputy=house.staff[who],
        act="APPROVE_PAYOUT",
        from_on=date(2021, 9, 1),
        until_on=date(2021, 9, 30),
        document="授权书",
        granted_by=house.president,
        granted_at=AT,
    )


class TestTiers:
    @pytest.mark.parametrize(
        ("amount", "role"), [("0.01", "CHIEF"), ("1000000.00", "CHIEF"), ("1000000.01", "VICE_PRESIDENT")]
    )
    def test_the_line_itself_is_still_the_chief_s(self, amount, role):
        tier = tier_of(Decimal(amount), on=AT.date())
        assert tier.role == role
        assert "本地规定" in tier.basis

    def test_a_later_row_counts_from_its_day(self, monkeypatch):
        later = (
            Tier(Decimal(0), "CHIEF", date(2022, 1, 1), "x"),
            Tier(Decimal(500), "VICE_PRESIDENT", date(2022, 1, 1), "x"),
        )
        monkeypatch.setattr(tiers, "TIERS", tiers.TIERS + later)
        assert tier_of(Decimal(501), on=date(2021, 12, 31)).role == "CHIEF"
        assert tier_of(Decimal(501), on=date(2022, 1, 1)).role == "VICE_PRESIDENT"
        assert tier_of(Decimal(501), on=date(2020, 1, 1)).role == "CHIEF"

    def test_above_it_the_vice_president_approves_and_the_chief_does_not(self, house, case, login):
        row = factories.payout(house, case, str(LINE + 1), reference="P1", until="CHECKED")
        with pytest.raises(PermissionDenied):
            services.approve_payout(row, at=AT, actor=house.chief)
        assert "审批发放" not in [item.kind for item in items(house.chief, today=AT.date())]
        assert "审批发放" in [item.kind for item in items(house.vice_president, today=AT.date())]
        page = login(house.vice_president).get(reverse("accounts:payout", args=[row.pk])).content.decode()
        assert "由主管副院长审批" in page
        url = reverse("accounts:approvals")
        assert not login(house.chief).get(url).context["plain"]
        assert login(house.vice_president).get(url).context["plain"][0][0] == row
        services.approve_payout(row, at=AT, actor=house.vice_president)
        row.refresh_from_db()
        assert (row.approved_by, row.approved_as) == (house.vice_president, None)

    def test_below_it_the_vice_president_needs_the_chief_s_authority(self, house, case):
        row = factories.payout(house, case, "1.00", reference="P1", until="CHECKED")
        with pytest.raises(PermissionDenied):
            services.approve_payout(row, at=AT, actor=house.vice_president)
        given = deputy(house, "chief", "vice_president")
        services.approve_payout(row, at=AT, actor=house.vice_president)
        row.refresh_from_db()
        assert row.approved_as == given

    def test_authority_of_the_chief_reaches_no_further_than_his_own(self, house, case):
        deputy(house, "chief", "judge2")
        row = factories.payout(house, case, str(LINE + 1), reference="P1", until="CHECKED")
        with pytest.raises(PermissionDenied):
            services.approve_payout(row, at=AT, actor=house.judge2)
        given = deputy(house, "vice_president", "judge2")
        services.approve_payout(row, at=AT, actor=house.judge2)
        row.refresh_from_db()
        assert row.approved_as == given


class TestClimb:
    def test_idle_for_more_than_a_working_day_it_climbs_once(self, house, case):
        at = moment(2021, 9, 17)  # a Friday before Mid-Autumn: 18 is a make-up workday, 19 to 21 are off
        row = factories.payout(house, case, "1.00", reference="P1", until="CHECKED", at=at)
        system = User.objects.system()
        assert services.climb_idle_approvals(at=moment(2021, 9, 18), actor=system) == 0
        given = deputy(house, "chief", "vice_president")
        assert services.climb_idle_approvals(at=moment(2021, 9, 19), actor=system) == 1
        assert services.climb_idle_approvals(at=moment(2021, 9, 22), actor=system) == 0
        event = Event.objects.get(verb="climb_approval")
        assert event.chain == f"case:{case.pk}"
        assert f'"deputies":[{given.deputy_id}]' in event.details
        for user in (house.chief, house.vice_president):
            (item,) = [item for item in items(user, today=date(2021, 9, 22)) if item.kind == "审批发放"]
            assert item.is_red
            assert "未审批" in item.note
        assert "审批积压，可授权代签" in [item.kind for item in items(house.president, today=date(2021, 9, 22))]
        services.approve_payout(row, at=moment(2021, 9, 22), actor=house.vice_president)
        assert not [item for item in items(house.president, today=date(2021, 9, 22)) if "积压" in item.kind]

    def test_what_is_approved_in_time_never_climbs(self, house, case):
        factories.payout(house, case, "1.00", reference="P1", until="APPROVED")
        assert services.climb_idle_approvals(at=moment(2021, 10, 20), actor=User.objects.system()) == 0


class TestOddities:
    def test_a_plain_payment_has_none(self, house, case):
        row = factories.payout(house, case, "1000.00", reference="P1", until="CHECKED")
        assert seen([row]) == {row.pk: []}

    def test_account_changed_lately(self, house, case):
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT")
        services.confirm_payee_change(change, number=change.number, **factories.CALLED, at=AT, actor=house.finance)
        row = factories.payout(house, case, "1000.00", reference="P1", until="CHECKED")
        assert "2021-09-20 刚变更" in seen([row])[row.pk][0]
        assert seen([row], today=date(2021, 10, 20))[row.pk]
        assert not seen([row], today=date(2021, 10, 21))[row.pk]

    def test_third_party_payer_and_round_trip(self, house):
        case = kept.running_case(house)
        for serial, payer in (("A", "路人甲"), ("B", "张安然")):
            line = BankLineData(serial, AT.date(), Decimal("100.00"), payer, virtual_number=case.escrow.number)
            services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance)
        row = factories.payout(house, case, "200.00", reference="P1", until="CHECKED")
        words = "".join(seen([row])[row.pk])
        assert "路人甲 汇入" in words
        assert "张安然 汇入的 100.00 元又付给其本人" in words

    def test_more_arrived_than_claimed(self, house, case):
        # More than the sum as filed is plain while interest and the fee are owed.
        factories.deposit(house, case, "0.01", serial="S2")
        row = factories.payout(house, case, "1000.00", reference="P1", until="CHECKED")
        assert not seen([row])[row.pk]
        factories.deposit(house, case, "90000.00", serial="S3")
        assert "已付款超出应付" in seen([row])[row.pk][0]

    def test_several_sums_that_together_pass_the_line(self, house, case):
        first = factories.payout(house, case, "600000.00", reference="P1", until="CHECKED")
        assert not seen([first])[first.pk]
        second = factories.payout(house, case, "600000.00", reference="P2", until="CHECKED")
        assert "2 笔，合计 1,200,000.00 元" in seen([first, second])[first.pk][0]
        services.reject_payout(second, reason="x", at=AT, actor=house.chief)
        assert not seen([first])[first.pk]

    def test_other_payees_and_what_stays_in_the_house(self, house, case):
        target = Case.objects.get(pk=kept.running_case(house).pk)
        payee = factories.other_payee(house, case, "COST")
        cost = services.request_payout(
            case, payee=payee, amount=Decimal(1), calculation="x", reference="C1", at=AT, actor=case.owner
        )
        moved = factories.move(house, case, target, "1.00", reference="M1", until="CHECKED")
        found = seen([cost, moved])
        assert "不是本案当事人" in found[cost.pk][0]
        assert "不付给收款人账户" in found[moved.pk][0]


class TestSheet:
    def test_plain_ones_together_and_odd_ones_one_by_one(self, house, case, login, django_assert_max_num_queries):
        plain = [factories.payout(house, case, "10.00", reference=f"P{n}", until="CHECKED") for n in range(3)]
        payee = factories.other_payee(house, case, "COST")
        odd = services.request_payout(
            case, payee=payee, amount=Decimal(1), calculation="x", reference="C1", at=AT, actor=case.owner
        )
        odd = factories.paid(house, odd, until="CHECKED")
        client, url = login(house.chief), reverse("accounts:approvals")
        page = client.get(url)
        assert [row for row, _calculated in page.context["plain"]] == plain
        assert [row for row, _notes, _calculated in page.context["odd"]] == [odd]
        assert f'value="{odd.pk}"' not in page.content.decode()
        answer = client.post(url, {"payout": [row.pk for row in (*plain, odd)]}, follow=True)
        assert "已审批 3 笔" in answer.content.decode()
        assert "逐笔查看" in answer.content.decode()
        odd.refresh_from_db()
        assert odd.state == "CHECKED"
        assert "异常提示" in client.get(reverse("accounts:payout", args=[odd.pk])).content.decode()
        assert client.post(reverse("accounts:approve", args=[odd.pk])).status_code == 302
        odd.refresh_from_db()
        assert odd.state == "APPROVED"

    def test_what_is_not_his_cannot_be_slipped_in(self, house, case, login):
        row = factories.payout(house, case, str(LINE + 1), reference="P1", until="CHECKED")
        answer = login(house.chief).post(reverse("accounts:approvals"), {"payout": [row.pk]}, follow=True)
        assert "1 笔已不待您审批" in answer.content.decode()
        row.refresh_from_db()
        assert row.state == "CHECKED"

    def test_a_judge_s_own_request_is_checked_by_another_judge(self, house, case):
        row = factories.payout(house, case, "1.00", reference="P1", until="REQUESTED")
        Case.objects.filter(pk=case.pk).update(judge=row.requested_by)
        assert not row.requested_by.has_perm("accounts.check_payout")
        other = house.judge2
        services.check_payout(row, at=AT, actor=other)
        with pytest.raises(Refused):
            services.check_payout(row, at=AT, actor=house.judge3)
        assert PayeeAccount.objects.live().filter(case=case).count() == 1
