"""How interest is ordered: the judge says it, a second person compares it, and no sum is counted twice."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import interestdesk, services
from accounts.debtforms import SetInterest
from accounts.debts import debt_of
from accounts.models import InterestTerm
from accounts.ratetext import terms_in
from bureau.errors import Refused
from cases.filing import ClaimData
from cases.models import Case
from portal import debts as portal_debts
from portal import dues as portal_dues
from tests import factories
from tests.factories import moment

AT = moment(2021, 9, 20)
DAY = AT.date()
START = dt.date(2021, 5, 10)
FILED = ClaimData(
    kind="INTEREST", amount=Decimal("700.00"), base=Decimal("50000.00"), rate="按一年期LPR计算", from_on=START
)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case of 50,000 and 700 of interest as filed, at the one-year LPR from 10 May until paid."""
    claims = (ClaimData(kind="PRINCIPAL", amount=Decimal("50000.00")), FILED)
    filed = factories.file_case(house, claims=claims).case
    return Case.objects.get(pk=factories.into_stream(house, filed).pk)


def say(case, **terms):
    given = {"from_on": START, "lpr": "1y", "takes_off_filed": True, **terms}
    claim = case.claims.get(kind="PRINCIPAL")
    return services.set_interest(claim, **given, at=AT, actor=case.judge)


def scanned(case):
    payload = portal_debts.payload_of(case, debt_of(case), "", DAY)
    return portal_dues.read({"used": {}, **payload}, today=DAY, language="zh-hans")


class TestUnsaid:
    def test_the_sum_says_that_it_is_without_interest_until_two_people_have_said_how(self, house, case, login):
        assert debt_of(case).is_open_ended
        assert scanned(case)["is_open_ended"]
        text = login(case.judge).get(reverse("accounts:due", args=[case.pk])).content.decode()
        assert "尚未录入" in text
        assert "未判一般债务利息" not in text
        assert [item.kind for item in interestdesk.items(case.judge)] == ["利息计算方法待录入"]
        row = say(case)
        assert debt_of(case).is_open_ended
        assert debt_of(case).due(DAY).interest == Decimal("700.00")
        assert not list(interestdesk.items(case.judge))
        assert [item.kind for item in interestdesk.items(case.owner)] == ["利息计算方法待复核"]
        services.confirm_interest(row, at=AT, actor=case.owner)
        assert not debt_of(case).is_open_ended
        assert not list(interestdesk.items(case.owner))

    def test_the_form_begins_with_what_was_filed(self, case):
        form = SetInterest(case=case)
        begun = {name: form.initial[name] for name in ("claim", "from_on", "lpr", "multiple")}
        assert begun == {"claim": case.claims.get(kind="PRINCIPAL").pk, "from_on": START, "lpr": "1y", "multiple": 1}
        assert "按一年期LPR计算" in form.fields["from_on"].help_text

    def test_that_no_more_is_ordered_is_said_too(self, house, case):
        row = services.set_interest(case.claims.get(kind="PRINCIPAL"), is_none=True, at=AT, actor=case.judge)
        services.confirm_interest(row, at=AT, actor=case.owner)
        debt = debt_of(case)
        assert (debt.is_open_ended, debt.due(DAY).interest) == (False, Decimal("700.00"))


class TestTwice:
    def test_interest_claimed_as_a_sum_is_not_counted_again(self, house, case):
        with pytest.raises(Refused, match="以免重复计算"):
            say(case, takes_off_filed=False)
        with pytest.raises(Refused, match="起算日应在其后"):
            say(case, takes_off_filed=False, filed_until_on=START)
        row = say(case, takes_off_filed=False, filed_until_on=dt.date(2021, 8, 31), from_on=dt.date(2021, 9, 1))
        services.confirm_interest(row, at=AT, actor=case.owner)
        # 19 days at 3.85 per cent beside the 700.
        assert debt_of(case).due(DAY).interest == Decimal("800.21")

    def test_it_is_taken_off_and_the_arithmetic_is_printed(self, house, case):
        services.confirm_interest(say(case), at=AT, actor=case.owner)
        due = debt_of(case).due(DAY)
        assert due.interest == Decimal("701.44")  # 133 days at 3.85 per cent, of which 700 are claimed as a sum
        assert any("扣除已按金额申请的利息 700.00" in step for step in due.steps)
        assert debt_of(case).due(dt.date(2021, 9, 1)).interest == Decimal("700.00")  # less than 700 had run

    def test_two_items_take_it_off_once(self, house):
        claims = (
            ClaimData(kind="PRINCIPAL", amount=Decimal("50000.00")),
            ClaimData(kind="COMPENSATION", amount=Decimal("10000.00")),
            FILED,
        )
        filed = factories.file_case(house, claims=claims).case
        case = Case.objects.get(pk=factories.into_stream(house, filed).pk)
        assert say(case).filed == Decimal("700.00")
        given = {"from_on": START, "lpr": "1y", "takes_off_filed": True, "at": AT, "actor": case.judge}
        assert services.set_interest(case.claims.get(kind="COMPENSATION"), **given).filed == 0


class TestTwoPeople:
    def test_the_old_terms_hold_until_the_new_are_confirmed(self, house, case):
        services.confirm_interest(say(case), at=AT, actor=case.owner)
        before = debt_of(case).due(DAY).interest
        row = say(case, lpr="", rate=Decimal(12))
        assert debt_of(case).due(DAY).interest == before
        services.refuse_interest(row, reason="判决为LPR", at=AT, actor=case.owner)
        assert debt_of(case).due(DAY).interest == before
        services.confirm_interest(say(case, lpr="", rate=Decimal(12)), at=AT, actor=house.chief)
        assert debt_of(case).due(DAY).interest > before
        assert InterestTerm.objects.in_force().count() == 1

    def test_nobody_confirms_his_own_nor_a_stranger(self, house, case):
        row = say(case)
        for actor in (case.judge, house.finance, house.officer3 if case.owner != house.officer3 else house.officer2):
            with pytest.raises(PermissionDenied):
                services.confirm_interest(row, at=AT, actor=actor)
        with pytest.raises(IntegrityError), transaction.atomic():
            InterestTerm.objects.filter(pk=row.pk).update(state="CONFIRMED", answered_by=case.judge, answered_at=AT)
        with pytest.raises(Refused, match="哪里不符"):
            services.refuse_interest(row, reason=" ", at=AT, actor=case.owner)
        services.confirm_interest(row, at=AT, actor=case.owner)
        with pytest.raises(Refused, match="已处理"):
            services.confirm_interest(row, at=AT, actor=house.chief)

    def test_from_the_page_and_by_interface(self, house, case, login):
        claim = case.claims.get(kind="PRINCIPAL")
        body = {"claim": claim.pk, "from_on": "2021-05-10", "lpr": "1y", "multiple": "1", "unit": "year"}
        body |= {"day_basis": "365", "takes_off_filed": "on"}
        url = reverse("accounts:set_interest", args=[case.pk])
        wrong = login(case.judge).post(url, {**body, "takes_off_filed": ""})
        assert wrong.status_code == 422
        assert "以免重复计算" in wrong.content.decode()
        assert login(case.judge).post(url, body).status_code == 302
        row = InterestTerm.objects.get()
        assert (row.state, row.filed) == ("PROPOSED", Decimal("700.00"))
        answer = reverse("accounts:answer_interest", args=[row.pk])
        assert login(case.owner).post(answer, {"answer": "refuse"}).status_code == 422
        assert login(case.owner).post(answer, {"answer": "confirm"}).status_code == 302
        ask = reverse("accounts_api:set_interest", args=[case.pk])
        sent = login(case.judge).post(ask, json.dumps(body), content_type="application/json")
        assert sent.status_code == 200, sent.content
        again = reverse("accounts_api:answer_interest", args=[sent.json()["id"]])
        sent = login(house.chief).post(again, '{"answer": "confirm"}', content_type="application/json")
        assert sent.status_code == 200
        assert InterestTerm.objects.in_force().get().answered_by == house.chief


class TestPlausible:
    @pytest.mark.parametrize(
        ("terms", "said"),
        [
            ({"rate": Decimal(500), "unit": "day"}, "超过 100%"),
            ({"rate": Decimal("8.4"), "unit": "month"}, "超过 100%"),
            ({"lpr": "1y", "multiple": Decimal(30)}, "超过 100%"),
            ({"rate": Decimal("15.5")}, "四倍 15.4%"),
            ({"lpr": "1y", "multiple": Decimal("4.01")}, "四倍 15.4%"),
            ({"rate": Decimal("0.05"), "unit": "day"}, "四倍 15.4%"),
        ],
    )
    def test_absurd_rates_are_refused_and_high_ones_need_their_reason(self, case, terms, said):
        with pytest.raises(Refused, match=said):
            say(case, **{"lpr": "", **terms})
        reason = {"high_reason": "判决主文第二项"}
        if "四倍" in said:
            assert say(case, **{"lpr": "", **terms}, **reason).high_reason == "判决主文第二项"
        else:
            with pytest.raises(Refused, match=said):
                say(case, **{"lpr": "", **terms}, **reason)

    def test_four_times_the_rate_of_the_day_needs_none(self, case):
        assert say(case, lpr="", rate=Decimal("15.4")).pk


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("按一年期LPR计算", {"lpr": "1y", "multiple": 1}),
        ("按全国银行间同业拆借中心公布的五年期以上贷款市场报价利率加计30%", {"lpr": "5y", "multiple": Decimal("1.3")}),
        ("一年期LPR的四倍", {"lpr": "1y", "multiple": 4}),
        ("年利率6%", {"rate": 6, "unit": "year"}),
        ("月利率为１％", {"rate": 1, "unit": "month"}),
        ("按日万分之五", {"rate": Decimal("0.05"), "unit": "day"}),
        ("每日千分之一", {"rate": Decimal("0.1"), "unit": "day"}),
        ("中国人民银行同期贷款利率", {}),
        ("双方约定", {}),
        ("", {}),
    ],
)
def test_rates_as_documents_write_them(words, terms):
    assert terms_in(words) == terms
