"""A filter that a list could not use is named, in every room."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("dispatch:queue", {"court": "X"}),
        ("dispatch:notices", {"kind": "X"}),
        ("dispatch:spread", {"on": "x"}),
        ("dispatch:board", {"court": "X"}),
    ],
)
def test_the_command_centre_names_what_it_could_not_use(house, login, page, asked):
    client = login(house.dispatcher)
    assert "没有用于筛选" in client.get(reverse(page), asked).content.decode()
    assert "没有用于筛选" not in client.get(reverse(page)).content.decode()


@pytest.mark.parametrize(
    ("page", "asked"),
    [("intake:list", {"day": "x"}), ("intake:inquiries", {"set": "X"}), ("intake:receptions", {"state": "X"})],
)
def test_the_front_of_house_names_what_it_could_not_use(house, login, page, asked):
    client = login(house.window_clerk)
    assert "没有用于筛选" in client.get(reverse(page), asked).content.decode()
    assert "没有用于筛选" not in client.get(reverse(page)).content.decode()
