"""The old book: cut by the day of filing, in the figures but not in the queue, moved over by two people."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bureau.errors import Refused
from cases.models import Case
from cases.routing import cut_on
from dispatch import assigning, moves, services
from dispatch.models import UnitMove, Verdict
from dispatch.queue import waiting
from tests import factories
from tests.factories import moment

AT = moment(2021, 9, 2)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def old(house) -> Case:
    return factories.file_case(house, at=moment(2021, 8, 13)).case


def ask(house, case, **changes):
    return moves.ask_move(case, **{"reason": "系列案", "at": AT, "actor": house.dispatcher} | changes)


class TestCut:
    @pytest.mark.parametrize(
        ("day", "unit"), [("2019-01-02", "COURT"), ("2021-08-15", "COURT"), ("2021-08-16", "BUREAU")]
    )
    def test_the_day_of_filing_decides(self, day, unit):
        assert cut_on(dt.date.fromisoformat(day)).to == unit

    def test_it_counts_but_waits_for_nobody_here(self, house, old):
        assert old.executing_unit == "COURT"
        assert Case.objects.visible_to(house.dispatcher).filter(pk=old.pk).exists()
        assert not waiting(house.dispatcher).filter(pk=old.pk).exists()

    def test_it_is_neither_verified_nor_triaged_nor_drawn(self, house, old):
        for act in (services.verify, services.confirm, services.triage, assigning.assign):
            with pytest.raises(Refused, match="旧存案件"):
                act(old, at=AT, actor=house.dispatcher)

    def test_nor_does_the_database_take_a_verdict(self, house, old):
        row = Verdict(
            case=old, proposed="FAST", decided="FAST", decided_at=AT, decided_on=AT.date(), decided_by=house.dispatcher
        )
        with pytest.raises(IntegrityError, match="old book"), transaction.atomic():
            row.save()


class TestMoving:
    def test_two_people_move_it_and_then_it_is_like_any_other(self, house, old):
        move = ask(house, old)
        with pytest.raises(PermissionDenied):
            moves.decide_move(move, is_approved=True, at=AT, actor=house.dispatcher)
        moves.decide_move(move, is_approved=True, at=AT, actor=house.chief)
        old.refresh_from_db()
        assert old.executing_unit == "BUREAU"
        assert factories.assign(house, old).judge is not None

    def test_a_refusal_has_its_reason_and_leaves_it_where_it_is(self, house, old):
        move = ask(house, old)
        with pytest.raises(Refused, match="写明意见"):
            moves.decide_move(move, is_approved=False, at=AT, actor=house.chief)
        moves.decide_move(move, is_approved=False, note="由原法院办理", at=AT, actor=house.chief)
        with pytest.raises(Refused, match="已处理"):
            moves.decide_move(move, is_approved=True, at=AT, actor=house.vice_president)
        old.refresh_from_db()
        assert old.executing_unit == "COURT"

    def test_nobody_decides_on_his_own_request_nor_asks_twice_nor_for_a_new_case(self, house, old):
        move = ask(house, old)
        with pytest.raises(Refused, match="待批准"):
            ask(house, old)
        with pytest.raises(Refused, match="只有未结的旧存案件"):
            ask(house, factories.file_case(house).case)
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitMove.objects.filter(pk=move.pk).update(state="APPROVED", decided_by=house.dispatcher, decided_at=AT)
        moves.withdraw_move(move, at=AT, actor=house.dispatcher)
        assert ask(house, old).state == "WAITING"

    def test_on_the_page(self, house, old):
        dispatcher, address = signed_in(house.dispatcher), reverse("dispatch:old_book")
        assert old.display_number in dispatcher.get(address).content.decode()
        assert dispatcher.post(reverse("dispatch:ask_move", args=[old.pk]), {"reason": " "}).status_code == 422
        assert dispatcher.post(reverse("dispatch:ask_move", args=[old.pk]), {"reason": "系列案"}).status_code == 302
        move, chief = UnitMove.objects.get(), signed_in(house.chief)
        assert "系列案" in chief.get(address).content.decode()
        decide = reverse("dispatch:decide_move", args=[move.pk])
        assert chief.post(decide, {"is_approved": "no"}).status_code == 422
        assert chief.post(decide, {"is_approved": "yes"}).status_code == 302
        assert "没有旧存案件" in chief.get(address).content.decode()
