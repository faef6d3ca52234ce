"""The QR on a debtor's papers: the exact sum of the day it is scanned, and nothing about anybody."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client, override_settings

from accounts import services
from accounts.debtforms import SetInterest
from accounts.debts import debt_of
from accounts.models import DebtCode, InterestTerm
from accounts.papers import debt_url
from bureau import clock, grants
from bureau.errors import Refused
from bureau.models import User
from cases.filing import ClaimData
from cases.models import Case
from intake import services as intake
from portal import debts
from portal.models import DebtPage
from tests import factories, kept
from tests.factories import moment
from tests.portal.browsers import PUBLIC

AT = moment(2021, 9, 20)


@pytest.fixture
def house(db):
    return factories.House.build()


@pytest.fixture
def case(house):
    return Case.objects.get(pk=kept.running_case(house).pk)


@pytest.fixture
def public(case, monkeypatch):
    monkeypatch.setattr(clock, "today", AT.date)
    with PUBLIC:
        yield Client()


def token_of(case):
    return DebtCode.objects.live().get(case=case).token


def scan(public, case):
    debts.project(at=AT)
    return public.get(f"/due/{token_of(case)}/")


class TestSum:
    """The same arithmetic as everywhere."""

    def test_fifty_thousand_eighty_two_days_after_its_last_day(self, case):
        due = debt_of(case).due(AT.date())
        assert (due.principal, due.doubled, due.fee) == (Decimal("50000.00"), Decimal("717.50"), Decimal("660.76"))
        assert due.tomorrow == Decimal("8.88")  # 8.75 of the doubled part and its share of the fee

    def test_what_arrived_stops_the_interest_on_its_day_whoever_gets_it_when(self, house, case):
        factories.deposit(house, case, "50000.00", serial="A", at=moment(2021, 9, 10))
        first = debt_of(case).due(AT.date())
        assert first.principal == 0
        assert first.doubled == Decimal("630.00")  # 72 days, owed still: the principal is met first
        factories.payout(house, Case.objects.get(pk=case.pk), "50000.00", reference="P", at=AT)
        assert debt_of(case).due(AT.date()) == first

    def test_direct_performance_counts_from_its_day_and_its_reversal_takes_it_back(self, case):
        from cases import services as cases

        given = {"amount": Decimal("10000.00"), "performed_on": dt.date(2021, 9, 15), "way": "CASH", "proof": "收条"}
        given["paper"] = factories.proof(case)
        row = cases.record_performance(case, **given, at=AT, actor=case.owner)
        assert debt_of(case).due(AT.date()).principal == Decimal("50000.00")
        cases.confirm_performance(row, confirmation="申请执行人笔录", at=AT, actor=case.judge)
        assert debt_of(case).due(AT.date()).principal == Decimal("40000.00")

    def test_interest_as_the_judge_read_it(self, house):
        claims = (
            ClaimData(kind="PRINCIPAL", amount=Decimal("150000.00"), rate="年利率6%"),
            ClaimData(kind="COURT_FEE", amount=Decimal("1650.00"), is_doubled=False),
        )
        filed = factories.file_case(house, claims=claims).case
        case = Case.objects.get(pk=factories.into_stream(house, filed, team="ORDINARY").pk)
        assert debt_of(case).is_open_ended
        claim = case.claims.get(kind="PRINCIPAL")
        terms = {"from_on": dt.date(2020, 6, 1), "rate": Decimal(6), "unit": "year", "day_basis": 365}
        with pytest.raises(PermissionDenied):
            services.set_interest(claim, **terms, at=AT, actor=case.owner)
        said = services.set_interest(claim, **terms, at=AT, actor=case.judge)
        assert debt_of(case).is_open_ended
        services.confirm_interest(said, at=AT, actor=case.owner)
        debt = debt_of(case)
        assert not debt.is_open_ended
        assert debt.due(dt.date(2021, 12, 11)).interest == Decimal("13758.90")  # G6
        assert debt.due(dt.date(2021, 12, 11)).cost == Decimal("1650.00")

    def test_a_revived_case_begins_with_what_was_said_of_the_closed_one_and_the_judge_decides(self, house, case):
        claim = case.claims.get(kind="PRINCIPAL")
        terms = {"from_on": dt.date(2020, 6, 1), "rate": Decimal(6), "unit": "year", "day_basis": 360}
        said = services.set_interest(claim, **terms, at=AT, actor=case.judge)
        services.confirm_interest(said, at=AT, actor=case.owner)
        factories.close(house, case, "TERMINATED", at=AT)
        closed = Case.objects.get(pk=case.pk)
        revived = intake.revive_case(
            closed, application=factories.scan_upload(), ground="发现财产", at=AT, actor=house.window_clerk
        ).case
        form = SetInterest(case=revived)
        own = revived.claims.get(kind="PRINCIPAL")
        begun = {name: form.initial[name] for name in ("claim", "rate", "from_on", "day_basis")}
        assert begun == {"claim": own.pk, "rate": 6, "from_on": dt.date(2020, 6, 1), "day_basis": 360}
        assert not InterestTerm.objects.filter(claim__case=revived).exists()
        revived.judge = case.judge
        revived.save(update_fields=["judge"])
        services.set_interest(own, **terms, at=AT, actor=case.judge)
        assert SetInterest(case=revived).initial == {}

    def test_days_of_a_review_do_not_count_and_may_be_taken_back(self, case):
        given = {"from_on": dt.date(2021, 7, 1), "until_on": dt.date(2021, 7, 10), "paper": factories.paper(case)}
        pause = services.pause_interest(case, **given, at=AT, actor=case.judge)
        assert debt_of(case).due(AT.date()).doubled == Decimal("630.00")
        services.withdraw_pause(pause, at=AT, actor=case.judge)
        assert debt_of(case).due(AT.date()).doubled == Decimal("717.50")


class TestScan:
    """What opens, and what does not."""

    def test_the_sum_of_today_and_what_tomorrow_adds(self, public, case):
        page = scan(public, case).content.decode()
        assert "51,378.26" in page
        assert "明日再增加 8.88 元" in page
        assert case.escrow.number in page
        assert "0.0175%" in page.replace(" ", "")

    def test_nobody_is_named_there(self, public, house, case):
        factories.deposit(house, case, "1000.00", serial="A")
        page = scan(public, case).content.decode()
        for word in ("张安然", "李守信", "乌海市测试商贸有限公司", "13800001234"):
            assert word not in page
        assert "1,000.00" in page

    def test_english_has_its_own_arithmetic(self, public, case):
        debts.project(at=AT)
        page = public.get(f"/due/{token_of(case)}/", headers={"accept-language": "en"}).content.decode()
        assert "51,378.26" in page

    def test_a_week_without_the_worker_still_tells_the_day(self, public, case, monkeypatch):
        debts.project(at=AT)
        monkeypatch.setattr(clock, "today", lambda: dt.date(2021, 9, 25))
        page = public.get(f"/due/{token_of(case)}/").content.decode()
        assert "51,422" in page
        monkeypatch.setattr(clock, "today", lambda: dt.date(2021, 10, 25))
        assert "须由法院核算" in public.get(f"/due/{token_of(case)}/").content.decode()

    def test_a_day_or_an_act_makes_it_new(self, public, house, case):
        assert debts.project(at=AT) > 0
        assert debts.project(at=AT) == 0
        assert debts.project(at=moment(2021, 9, 21)) > 0
        factories.deposit(house, case, "1000.00", serial="A", at=moment(2021, 9, 21))
        assert debts.project(at=moment(2021, 9, 21)) == 1

    def test_a_made_up_code_opens_nothing(self, public, case):
        debts.project(at=AT)
        assert public.get("/due/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/").status_code == 404

    def test_a_revoked_code_opens_nothing_and_the_new_one_does(self, public, case):
        old = token_of(case)
        with pytest.raises(Refused):
            services.revoke_code(case, reason=" ", at=AT, actor=case.owner)
        services.revoke_code(case, reason="文书遗失", at=AT, actor=case.owner)
        debts.project(at=AT)
        assert public.get(f"/due/{old}/").status_code == 404
        assert public.get(f"/due/{token_of(case)}/").status_code == 200

    def test_a_closed_case_asks_for_no_money(self, public, house, case):
        with override_settings(ROOT_URLCONF="wuhai_exec.urls"):
            factories.close(house, case, "TERMINATED", at=AT)
        assert "请勿再付款" in scan(public, case).content.decode()

    def test_the_portal_role_reads_the_page_and_nothing_behind_it(self, case):
        debts.project(at=AT)
        role = connection.ops.quote_name(grants.role_name("portal"))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute("SELECT count(*) FROM portal_debtpage")
            assert cursor.fetchone()[0] == 1
        for table in ("accounts_debtcode", "accounts_interestterm"):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", [grants.role_name("portal"), table])
                assert cursor.fetchone() == (False,)

    def test_the_clear_code_is_nowhere_at_rest(self, case):
        debts.project(at=AT)
        with connection.cursor() as cursor:
            cursor.execute("SELECT token FROM accounts_debtcode WHERE case_id = %s", [case.pk])
            assert token_of(case) not in cursor.fetchone()[0]
        assert token_of(case) not in str(DebtPage.objects.values_list().get())


def test_the_address_is_printed_on_the_notice_and_changes_nothing_where_there_is_none(case, settings):
    settings.PORTAL_URL = ""
    assert debt_url(case) == ""
    settings.PORTAL_URL = "https://portal.example/"
    assert debt_url(case) == f"https://portal.example/due/{token_of(case)}/"
    document = factories.issue(case, "ENFORCEMENT_NOTICE", at=AT, actor=case.owner)
    assert [block["text"] for block in document.blocks() if block["style"] == "qr"] == [debt_url(case)]


def test_a_case_without_a_code_gets_one_once(house, case):
    DebtCode.objects.all().delete()
    system = User.objects.system()
    assert services.make_missing_codes(at=AT, actor=system) == 1
    assert services.make_missing_codes(at=AT, actor=system) == 0
