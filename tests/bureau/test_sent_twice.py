"""A form that is sent twice is carried out once and lands where the first sending led."""

import secrets
import time

import pytest
from django.urls import reverse
from redis.exceptions import ConnectionError

from bureau import middleware
from cases import services
from cases.models import Handover, Note
from tests import factories
from tests.at_once import faults, race

SAID = "同一表单刚才已经提交，没有重复办理"


@pytest.fixture
def pack(house, at):
    """A pack that waits for the officer's team."""
    case = factories.assign(house, factories.file_case(house).case)
    services.start(case, at=at(2021, 9, 3), actor=house.assistant)
    return factories.hand_over(house, case)


@pytest.fixture
def mark():
    """What a form was printed with; kept for a while, so never the same in two tests."""
    return secrets.token_hex()


def back(client, pack, mark, **changed):
    sent = {"answer": "send_back", "defects": ["WRONG_AMOUNT"], "note": "金额有误", "csrfmiddlewaretoken": mark}
    return client.post(reverse("cases:answer", args=[pack.pk]), sent | changed)


def test_a_pack_sent_back_by_a_double_click_lands_twice_on_the_same_page(house, pack, login, mark):
    client = login(house.officer)
    first, second = back(client, pack, mark), back(client, pack, mark)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert SAID in client.get(second.url).content.decode()
    assert Handover.objects.get(pk=pack.pk).state == "SENT_BACK"


def test_what_was_refused_is_asked_anew(house, pack, login, mark):
    client = login(house.officer)
    assert back(client, pack, mark, defects=[]).status_code == 422
    assert back(client, pack, mark, defects=[]).status_code == 422
    assert back(client, pack, mark).status_code == 302


def test_another_printing_of_the_form_or_other_words_are_another_act(house, login, mark):
    case, client = factories.file_case(house).case, login(house.dispatcher)
    address = reverse("cases:add_note", args=[case.pk])
    for own, text in ((mark, "一"), (mark, "一"), (f"{mark}b", "一"), (mark, "二")):
        assert client.post(address, {"text": text, "csrfmiddlewaretoken": own}).status_code == 302
    assert Note.objects.count() == 3


def test_a_colleague_with_the_same_form_is_somebody_else(house, pack, login, mark):
    assert back(login(house.officer), pack, mark).status_code == 302
    assert back(login(house.officer3), pack, mark).status_code == 404


def test_without_the_memory_each_sending_stands_for_itself(house, pack, login, mark, monkeypatch):
    class Lost:
        def __getattr__(self, name):
            raise ConnectionError

    monkeypatch.setattr(middleware, "cache", Lost())
    assert back(login(house.officer), pack, mark).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_one_act(login, mark, monkeypatch):
    house = factories.House.build()
    case = factories.file_case(house).case
    clients = [login(house.dispatcher) for _turn in range(2)]
    sent = {"text": "电话已通知", "csrfmiddlewaretoken": mark}
    address, slow = reverse("cases:add_note", args=[case.pk]), Note.save

    def save(self, *args, **given):
        time.sleep(0.3)
        return slow(self, *args, **given)

    monkeypatch.setattr(Note, "save", save)
    assert faults(race([lambda client=client: client.post(address, sent) for client in clients])) == []
    assert Note.objects.count() == 1
