"""A filter that does not fit is said, and the others still count; nothing is dropped in silence."""

import pytest
from django.urls import reverse

from cases.models import Case
from tests import factories

WRONG = [
    ("queue", {"state": "nonsense"}),
    ("queue", {"query": "nonsense"}),
    ("queue", {"court": "内9999"}),
    ("board", {"court": "内9999"}),
    ("wall", {"court": "内9999"}),
    ("send_backs", {"state": "nonsense"}),
    ("send_backs", {"window": "W9\x00"}),
    ("retriages", {"state": "nonsense"}),
    ("requests", {"state": "nonsense"}),
    ("overrides", {"version": "99"}),
    ("overrides", {"version": "99999999999"}),
    ("overrides", {"rule": "T1;"}),
    ("old_book", {"court": "nonsense"}),
    ("notices", {"kind": "nonsense"}),
    ("spread", {"on": "2021-13-45"}),
    ("duty", {"on": "nonsense"}),
]


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    moment = factories.moment(2021, 9, 2)
    monkeypatch.setattr("bureau.clock.now", lambda: moment)
    monkeypatch.setattr("bureau.clock.today", moment.date)


@pytest.mark.parametrize(("name", "asked"), WRONG)
def test_a_page_says_which_filter_it_left_out(house, login, name, asked):
    client = login(house.dispatcher)
    assert "没有用于筛选" not in client.get(reverse(f"dispatch:{name}")).content.decode()
    page = client.get(reverse(f"dispatch:{name}"), asked)
    assert page.status_code == 200
    assert "没有用于筛选" in page.content.decode()


def test_one_wrong_filter_leaves_the_others(house, login):
    factories.file_case(house)
    other = factories.file_case(house, court_code="内0303").case
    page = login(house.dispatcher).get(reverse("dispatch:queue"), {"court": "内0303", "due": "nonsense"})
    assert [row.case for row in page.context["rows"]] == [other]
    assert Case.objects.count() == 2
