"""What needs a second person or a president in a case of the old book is answered by its own court, by nobody else."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import interestdesk
from accounts import services as accounts
from accounts.models import InterestTerm
from bureau import clock
from cases import desk_stages, services
from cases.desk_corrections import items as correction_items
from cases.filing import PartyData
from cases.models import Case
from tests import factories, oldbooks

AT = oldbooks.AT
DAY = AT.date()
HEIR = PartyData(
    side="APPLICANT", kind="PERSON", name="张继承", id_number="11010519491231002X", id_kind="RESIDENT_ID",
    phone="13800005678", address="乌海市海勃湾区新华街1号",
)  # fmt: skip


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)
    return factories.House.build()


@pytest.fixture
def case(house):
    return oldbooks.take_in(house)


def kinds(items):
    return [item.kind for item in items]


def test_a_change_of_party_is_confirmed_by_handler_or_head(house, case):
    factories.ruled(case, "(2021)内0302执异1号", at=AT)
    leaving = case.parties.get(side="APPLICANT")
    words = {"document": "(2021)内0302执异1号", "ruled_on": DAY, "note": "债权转让"}
    row = services.propose_party_change(
        case, kind="ASSIGNED", leaving=leaving, joining=HEIR, **words, at=AT, actor=case.judge
    )
    for user in (house.chief, house.other_head, house.other_officer, case.judge):
        assert "当事人变更待确认" not in kinds(correction_items(user, today=DAY)), user
        with pytest.raises(PermissionDenied):
            services.confirm_party_change(row, at=AT, actor=user)
    for user in (case.owner, house.court_head):
        assert "当事人变更待确认" in kinds(correction_items(user, today=DAY)), user
    assert services.confirm_party_change(row, at=AT, actor=house.court_head).change is not None


def test_a_period_is_taken_back_by_the_head_of_its_court(house, case, login):
    pause = services.exclude_period(
        case, kind="APPRAISAL", paper=factories.paper(case), from_on=DAY, until_on=None, at=AT, actor=case.judge
    )
    address = reverse("cases:withdraw_period", args=[pause.pk])
    for user, is_shown in ((house.chief, False), (house.vice_president, False), (house.court_head, True)):
        page = login(user).get(reverse("cases:case_deadlines", args=[case.pk])).content.decode()
        assert (address in page) is is_shown, user
    for user in (house.chief, house.president, house.other_head):
        with pytest.raises(PermissionDenied):
            services.withdraw_period(pause, reason="登记有误", at=AT, actor=user)
    assert services.withdraw_period(pause, reason="登记有误", at=AT, actor=house.court_head).withdrawn_on == DAY


def test_a_longer_limit_is_decided_by_the_president_of_its_court(house, login):
    # Six months from 2021-03-03 end on 2021-09-03: two days are left.
    case = oldbooks.take_in(house, filed_on="2021-03-03", since_on="2021-08-20")
    row = services.ask_longer_limit(case, reason="拍卖尚未结束", at=AT, actor=case.judge)
    for user in (house.president, house.vice_president, house.court_head):
        assert "审批延长执行期限" not in kinds(desk_stages.items(user, today=DAY)), user
        with pytest.raises(PermissionDenied):
            services.decide_longer_limit(row, result="APPROVED", at=AT, actor=user)
    assert "审批延长执行期限" in kinds(desk_stages.items(house.court_president, today=DAY))
    shown = reverse("cases:case_deadlines", args=[case.pk])
    assert row.get_absolute_url() in login(house.court_president).get(shown).content.decode()
    assert row.get_absolute_url() not in login(house.president).get(shown).content.decode()
    assert login(house.court_president).post(row.get_absolute_url(), {"result": "APPROVED"}).status_code == 302
    assert Case.objects.get(pk=case.pk).closing_due_on == dt.date(2021, 12, 3)


def test_the_terms_of_interest_are_compared_by_handler_or_head(house, case, login):
    row = accounts.set_interest(
        case.claims.get(), from_on=dt.date(2019, 1, 1), rate=Decimal(6), at=AT, actor=case.judge
    )
    for user in (house.chief, house.vice_president, house.other_head, house.other_officer):
        assert "利息计算方法待复核" not in kinds(interestdesk.items(user)), user
        with pytest.raises(PermissionDenied):
            accounts.confirm_interest(row, at=AT, actor=user)
    assert "利息计算方法待复核" in kinds(interestdesk.items(case.owner))
    # Where its judge is alone with the case, the head stands in.
    Case.objects.filter(pk=case.pk).update(owner=case.judge)
    for user, is_shown in ((house.court_head, True), (house.chief, False), (house.other_head, False)):
        assert ("利息计算方法待复核" in kinds(interestdesk.items(user))) is is_shown, user
    address = reverse("accounts:answer_interest", args=[row.pk])
    assert login(house.court_head).post(address, {"answer": "confirm"}).status_code == 302
    assert InterestTerm.objects.get(pk=row.pk).state == "CONFIRMED"
