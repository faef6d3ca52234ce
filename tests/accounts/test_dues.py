"""The 15 days of money received stand in the calendar, before holidays, in the feed: for owner, judge and finance."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import dues
from cases import desk, services
from tests import factories, kept

FIRST, LAST = dt.date(2021, 10, 1), dt.date(2021, 10, 31)
TODAY = dt.date(2021, 9, 28)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: factories.moment(2021, 9, 28))
    monkeypatch.setattr("bureau.clock.today", lambda: TODAY)


@pytest.fixture
def case(house):
    return kept.running_case(house)


@pytest.fixture
def receipt(house, case):
    # The fifteenth day is 1 October, a holiday to the 7th.
    return factories.deposit(house, case, "2000.00", serial="D1", at=factories.moment(2021, 9, 16))


def _due(user, is_own=True):
    return [row.key for row in dues.due(user, FIRST, LAST, today=TODAY, is_own=is_own)]


def test_it_concerns_owner_judge_and_finance(house, case, receipt):
    assert receipt.due_on == dt.date(2021, 10, 8)
    for user in (case.owner, case.judge, house.finance):
        assert _due(user) == [receipt.pk], user
    other = next(user for user in (house.officer2, house.officer3) if user.pk != case.owner_id)
    assert _due(other) == []
    assert _due(house.window_clerk, is_own=False) == []
    assert _due(house.chief) == []
    assert _due(house.chief, is_own=False) == [receipt.pk]


def test_it_is_red_on_its_last_day_and_gone_when_paid(house, case, receipt):
    on = dt.date(2021, 10, 8)
    assert [row.level for row in dues.due(case.owner, FIRST, LAST, today=on, is_own=True)] == ["RED"]
    factories.paid(house, factories.payout(house, case, "2000.00", reference="P1"), at=factories.moment(2021, 9, 27))
    assert not list(dues.due(case.owner, FIRST, LAST, today=on, is_own=True))


def test_month_day_level_and_list_before_the_holiday_show_it(login, case, receipt):
    client = login(case.owner)
    words = "案款发放期限，未发放 2,000.00 元"
    month = client.get(reverse("cases:deadlines"), {"month": "2021-10"}).content.decode()
    assert month.count(words) == 3  # in the sheet as title and link, and in the list
    assert words in client.get(reverse("cases:deadlines"), {"day": "2021-10-08"}).content.decode()
    assert words not in client.get(reverse("cases:deadlines"), {"day": "2021-10-09"}).content.decode()
    assert words not in client.get(reverse("cases:deadlines"), {"level": "RED"}).content.decode()
    assert words in client.get(reverse("cases:holidays")).content.decode()
    before = [item for item in desk.items(case.owner, today=TODAY) if item.url == reverse("cases:holidays")]
    assert len(before) == 1


def test_the_feed_carries_it_with_its_day(case, receipt):
    token = services.open_feed(case.owner, at=timezone.now(), actor=case.owner)
    text = Client().get(reverse("cases:feed", args=[token])).content.decode().replace("\r\n ", "")
    assert f"UID:payout-{receipt.pk}@" in text
    event = text.split(f"UID:payout-{receipt.pk}@")[1].split("END:VEVENT")[0]
    assert "DTSTART;VALUE=DATE:20211008" in event
    assert case.display_number in event
