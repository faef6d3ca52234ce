"""From the main menu everybody reaches the pages of the command centre that he may read, and no other is offered."""

import re

import pytest
from django.urls import reverse

from dispatch.sections import SECTIONS
from tests import factories

PAGES = {name.split(":")[1] for _label, name, _rights in SECTIONS}
GROUPS_OF = {"dispatcher": ["办理", "指挥", "规则", "抽签", "人员"], "officer": ["指挥", "抽签", "人员"]}
READS = {
    "chief": {"board", "rules", "overrides", "draws", "chains", "spread", "requests", "send_backs", "duty", "leaves"},
    "inspector": {"board", "rules", "overrides", "draws", "chains", "spread", "requests", "send_backs", "duty"},
    "dispatcher": PAGES,
    "judge": {"board", "duty", "notices", "published_draws"},
    "officer": {"duty", "notices", "published_draws"},
    "window_clerk": {"send_backs", "duty", "notices", "published_draws"},
}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    moment = factories.moment(2021, 9, 2)
    monkeypatch.setattr("bureau.clock.now", lambda: moment)
    monkeypatch.setattr("bureau.clock.today", moment.date)


@pytest.mark.parametrize("duty", sorted(READS))
def test_the_menu_leads_to_every_page_that_one_may_read_and_to_no_other(house, login, duty):
    client = login(getattr(house, duty))
    [entry] = [row for row in client.get(reverse("desk")).context["nav"] if row["label"] == "指挥中心"]
    page = client.get(entry["url"])
    assert page.status_code == 200
    [here] = [row for row in page.context["nav"] if row["active"]]
    assert here["label"] == "指挥中心"
    text = page.content.decode()
    for name in PAGES:
        address = reverse(f"dispatch:{name}")
        is_open = client.get(address).status_code == 200
        assert (f'<a href="{address}"' in text) == is_open, name
        assert is_open or name not in READS[duty], name


@pytest.mark.parametrize("duty", sorted(GROUPS_OF))
def test_the_pages_stand_in_groups_and_an_empty_group_is_left_out(house, login, duty):
    page = login(getattr(house, duty)).get(reverse("dispatch:duty"))
    text = page.content.decode()
    assert re.findall(r'class="group" role="group" aria-label="([^"]+)"', text) == GROUPS_OF[duty]
    # A phone shows on the closed menu where one is.
    assert "指挥中心各页：值班表" in text
