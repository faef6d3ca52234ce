"""The queue of a window: numbers, lanes, calls, skipping, transfers, what earlier days left, and two clerks at once."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event, User
from intake import hall, tickets, waiting
from intake.models import Inquiry, Ticket
from tests import factories
from tests.at_once import race
from tests.factories import moment
from wuhai_exec.demo import hall as demo

AT = moment(2021, 9, 3, 9)
State = Ticket.State


def later(minutes: int) -> dt.datetime:
    return AT + dt.timedelta(minutes=minutes)


def take(house, category="INQUIRY", *, at=AT, actor=None, **changes):
    return tickets.take_ticket(category=category, **changes, at=at, actor=actor or house.window_clerk)


def call_next(actor, at=AT, **changes):
    return tickets.call_next(**changes, at=at, actor=actor)


class TestTaking:
    def test_numbers_run_per_window_and_begin_anew_each_day(self, house):
        assert [take(house).number for _turn in range(2)] == ["B001", "B002"]
        assert take(house, actor=house.window_clerk2).number == "C001"
        assert take(house, at=moment(2021, 9, 6)).number == "B001"

    def test_of_a_name_only_the_masked_one_is_kept(self, house):
        ticket = take(house, name=" 张三丰 ")
        assert ticket.shown_name == "张*丰"
        assert "张三丰" not in str(Ticket.objects.values().get()) + Event.objects.get(verb="take_ticket").details
        assert take(house).shown_name == ""

    def test_the_thousandth_is_refused_in_words_and_by_the_database(self, house):
        last = take(house)
        Ticket.objects.filter(pk=last.pk).update(seq=999, number="B999")
        with pytest.raises(Refused, match="用完"):
            take(house)
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=last.pk).update(seq=1000)

    def test_odd_codes_are_refused(self, house):
        with pytest.raises(Refused):
            take(house, category="DANCE")
        with pytest.raises(Refused):
            take(house, priority="FRIEND")

    @pytest.mark.parametrize("duty", ["officer", "chief", "system_admin"])
    def test_nobody_but_the_window_takes_and_calls(self, house, duty):
        for act in (lambda: take(house, actor=house.staff[duty]), lambda: call_next(house.staff[duty])):
            with pytest.raises(PermissionDenied):
                act()


class TestCalling:
    def test_the_priority_lane_comes_first_then_who_came_first(self, house):
        first, second = take(house, at=later(0)), take(house, at=later(1))
        old = take(house, at=later(2), priority="ELDERLY")
        assert [hall.ahead_of(row) for row in (first, second, old)] == [1, 2, 0]
        called = []
        for turn in range(3):
            ticket = call_next(house.window_clerk, later(3 + turn))
            tickets.start_ticket(ticket, at=later(3 + turn), actor=house.window_clerk)
            called.append(ticket.number)
        assert called == [old.number, first.number, second.number]

    def test_calling_the_next_finishes_who_was_served_but_never_who_has_not_come(self, house):
        first, second = take(house), take(house)
        call_next(house.window_clerk, counter="2")
        with pytest.raises(Refused, match="还没有到柜台"):
            call_next(house.window_clerk)
        tickets.start_ticket(first, at=later(5), actor=house.window_clerk)
        assert call_next(house.window_clerk, later(9)) == second
        first.refresh_from_db()
        assert (first.state, first.counter, first.ended_at) == (State.DONE, "2", later(9))

    def test_one_matter_alone_may_be_called_and_one_out_of_turn(self, house):
        take(house), take(house, "MONEY"), take(house, "MEETING")
        assert call_next(house.receptionist, category="MONEY").category == "MONEY"
        meeting = Ticket.objects.get(category="MEETING")
        assert tickets.call_ticket(meeting, at=AT, actor=house.window_clerk).server == house.window_clerk
        with pytest.raises(Refused, match="已叫号"):
            tickets.call_ticket(meeting, at=AT, actor=house.receptionist)

    def test_nobody_waits(self, house):
        with pytest.raises(Refused, match="没有人在等候"):
            call_next(house.window_clerk)

    def test_skipped_only_after_three_calls_and_put_back(self, house):
        first, second = take(house, at=later(0)), take(house, at=later(1))
        call_next(house.window_clerk, later(2))
        with pytest.raises(Refused, match="还差 2 次"):
            tickets.skip_ticket(first, at=later(2), actor=house.window_clerk)
        for turn in (3, 4):
            tickets.recall_ticket(first, at=later(turn), actor=house.window_clerk)
        tickets.skip_ticket(first, at=later(5), actor=house.window_clerk)
        tickets.reopen_ticket(first, at=later(6), actor=house.window_clerk)
        assert list(Ticket.objects.waiting()) == [second, first]
        tickets.leave_ticket(first, at=later(7), actor=house.window_clerk)
        with pytest.raises(Refused, match="已离开"):
            tickets.leave_ticket(first, at=later(7), actor=house.window_clerk)
        tickets.reopen_ticket(first, at=later(8), actor=house.window_clerk)
        assert Ticket.objects.get(pk=first.pk).call_count == 0

    def test_a_slip_of_the_finger_is_undone_to_the_old_place(self, house):
        first, second = take(house, at=later(0)), take(house, at=later(1))
        tickets.leave_ticket(first, at=later(2), actor=house.window_clerk)
        tickets.reopen_ticket(first, keeps_place=True, at=later(3), actor=house.window_clerk)
        assert list(Ticket.objects.waiting()) == [first, second]

    def test_a_colleague_and_another_window_keep_off(self, house):
        ticket = take(house)
        call_next(house.window_clerk)
        for act in (tickets.start_ticket, tickets.finish_ticket, tickets.recall_ticket, tickets.skip_ticket):
            for stranger in (house.receptionist, house.window_clerk2):
                with pytest.raises(PermissionDenied):
                    act(ticket, at=AT, actor=stranger)
        with pytest.raises(PermissionDenied):
            tickets.leave_ticket(ticket, at=AT, actor=house.receptionist)

    def test_the_database_lets_nobody_serve_two(self, house):
        first, second = take(house), take(house)
        call_next(house.window_clerk)
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=second.pk).update(state="CALLED", server=house.window_clerk, called_at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=first.pk).update(state="DONE")

    def test_finishing_without_the_start_counts_from_the_call(self, house):
        ticket = take(house)
        call_next(house.window_clerk, later(4))
        tickets.finish_ticket(ticket, at=later(9), actor=house.window_clerk)
        ticket.refresh_from_db()
        assert (ticket.started_at, ticket.ended_at) == (later(4), later(9))


class TestPassingOn:
    def test_a_transfer_keeps_the_number_and_the_place_in_time(self, house):
        ticket = take(house, at=later(0))
        other = take(house, actor=house.window_clerk2, at=later(1))
        given = {"window": house.windows["W3"], "category": "MONEY", "at": later(2), "actor": house.window_clerk}
        with pytest.raises(Refused, match="理由"):
            tickets.transfer_ticket(ticket, reason=" ", **given)
        tickets.transfer_ticket(ticket, reason="领款", **given)
        ticket.refresh_from_db()
        assert (ticket.number, ticket.window.code, ticket.transferred_from.code) == ("B001", "W3", "W2")
        assert call_next(house.window_clerk2, later(3)) == ticket
        assert other.number == "C001"
        with pytest.raises(PermissionDenied):
            tickets.transfer_ticket(ticket, reason="x", **given)
        assert take(house, at=later(4)).number == "B002"

    def test_to_the_same_window_only_with_another_matter(self, house):
        ticket, given = take(house), {"reason": "选错", "at": AT, "actor": house.window_clerk}
        with pytest.raises(Refused, match="其他窗口"):
            tickets.transfer_ticket(ticket, window=house.windows["W2"], **given)
        changed = tickets.transfer_ticket(ticket, window=house.windows["W2"], category="PETITION", **given)
        assert (changed.category, changed.transferred_from) == ("PETITION", None)

    def test_a_closed_window_gets_nobody(self, house):
        house.windows["W4"].is_active = False
        house.windows["W4"].save()
        with pytest.raises(Refused, match="停用"):
            tickets.transfer_ticket(
                take(house), window=house.windows["W4"], reason="x", at=AT, actor=house.window_clerk
            )


class TestDays:
    def test_what_a_day_left_is_ended_by_the_next(self, house):
        served, waits = take(house), take(house)
        call_next(house.window_clerk)
        tickets.start_ticket(served, at=AT, actor=house.window_clerk)
        next_day = moment(2021, 9, 4, 0, 20)
        assert tickets.close_days(at=AT, actor=User.objects.system()) == 0
        assert tickets.close_days(at=next_day, actor=User.objects.system()) == 2
        assert tickets.close_days(at=next_day, actor=User.objects.system()) == 0
        served.refresh_from_db(), waits.refresh_from_db()
        assert (served.state, waits.state, served.is_closed_by_day) == (State.DONE, State.LEFT, True)
        row = waiting.figures([house.windows["W2"]], from_on=AT.date(), until_on=AT.date(), now=AT)[-1]
        assert (row.served, row.lost, row.service_median) == (1, 1, None)

    def test_a_clerk_who_forgot_yesterday_calls_today(self, house):
        take(house)
        call_next(house.window_clerk)
        tomorrow = moment(2021, 9, 6)
        new = take(house, at=tomorrow)
        assert call_next(house.window_clerk, tomorrow) == new

    def test_a_number_of_yesterday_is_not_touched(self, house):
        ticket = take(house)
        with pytest.raises(Refused, match="不是今天"):
            tickets.leave_ticket(ticket, at=moment(2021, 9, 6), actor=house.window_clerk)


class TestFigures:
    def test_median_longest_service_and_who_gave_up(self, house):
        clerk = house.window_clerk
        for wait, served in ((10, 5), (20, 7), (60, 9)):
            ticket = take(house)
            tickets.call_ticket(ticket, at=later(wait), actor=clerk)
            tickets.start_ticket(ticket, at=later(wait), actor=clerk)
            tickets.finish_ticket(ticket, at=later(wait + served), actor=clerk)
        tickets.leave_ticket(take(house), at=later(1), actor=clerk)
        take(house, "MONEY")
        take(house, actor=house.window_clerk2)
        rows = waiting.figures(house.windows.values(), from_on=AT.date(), until_on=AT.date(), now=AT)
        inquiry = next(row for row in rows if row.category == "咨询")
        assert (inquiry.issued, inquiry.served, inquiry.lost, inquiry.lost_share) == (4, 3, 1, 25.0)
        assert (inquiry.wait_median, inquiry.wait_max, inquiry.service_median) == (20.0, 60.0, 7.0)
        money = next(row for row in rows if row.category == "领款咨询")
        assert (money.wait_median, money.lost_share) == (None, None)
        assert (rows[-1].window, rows[-1].issued) == ("全部窗口", 6)
        empty = {"from_on": dt.date(2021, 9, 4), "until_on": dt.date(2021, 9, 5)}
        assert waiting.figures(house.windows.values(), **empty, now=AT) == []


def test_who_still_waits_is_counted_with_his_minutes(house):
    take(house)
    take(house, at=later(30))
    call_next(house.window_clerk, later(40))
    tickets.start_ticket(Ticket.objects.order_by("id").first(), at=later(40), actor=house.window_clerk)
    days = {"from_on": AT.date(), "until_on": AT.date()}
    row = waiting.figures([house.windows["W2"]], **days, now=later(501))[-1]
    assert (row.wait_max, row.still_count, row.still_max) == (40.0, 1, 471.0)


class TestOnce:
    def test_the_same_page_sent_twice_gives_one_number(self, house):
        first = take(house, token="a1b2")
        assert take(house, token="a1b2") == first
        assert take(house, token="c3d4") != first
        assert Ticket.objects.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_give_one_number(self, house):
        made = race([lambda: take(house, token="a1b2").pk] * 4)
        assert len(set(made)) == Ticket.objects.count() == 1

    def test_each_counter_page_carries_a_token_of_its_own(self, house, login):
        client = login(house.window_clerk)
        tokens = [
            re.search(r'name="token" value="([0-9a-f]+)"', client.get(reverse("intake:counter")).content.decode())[1]
            for _turn in range(2)
        ]
        assert tokens[0] != tokens[1]
        asked = {"category": "FILING", "name": "李四", "priority": "", "token": tokens[0]}
        answers = {client.post(reverse("intake:take_ticket"), asked).url for _turn in range(2)}
        assert len(answers) == Ticket.objects.count() == 1


class TestPages:
    @pytest.fixture(autouse=True)
    def _now(self, monkeypatch):
        monkeypatch.setattr("bureau.clock.now", lambda: later(10))
        monkeypatch.setattr("bureau.clock.today", AT.date)

    def test_take_print_call_serve_and_the_next_one_with_one_key(self, house, login):
        client = login(house.window_clerk)
        for category in ("FILING", "MONEY"):
            answer = client.post(reverse("intake:take_ticket"), {"category": category, "name": "李四", "priority": ""})
        ticket = Ticket.objects.get(category="FILING")
        slip = client.get(answer.url).content.decode()
        assert "B002" in slip
        assert "1 人" in slip
        client.post(reverse("intake:call_next"), {"counter": "3", "category": ""})
        client.post(reverse("intake:start_ticket", args=[ticket.pk]))
        page = client.get(reverse("intake:counter")).content.decode()
        assert "办结并呼叫下一位" in page
        assert f"{reverse('intake:new_inquiry')}?ticket={ticket.pk}" in page
        assert reverse("intake:new") in page
        client.post(reverse("intake:call_next"), {"counter": "3", "category": ""})
        ticket.refresh_from_db()
        assert ticket.state == State.DONE
        assert Ticket.objects.get(category="MONEY").counter == "3"

    def test_wrong_input_is_said_and_nothing_is_taken(self, house, login):
        client = login(house.window_clerk)
        for data in ({}, {"category": "X"}, {"category": "FILING", "name": "a" * 101}):
            assert client.post(reverse("intake:take_ticket"), data).status_code == 422
        assert client.post(reverse("intake:call_next"), {"counter": "99"}).status_code == 422
        assert not Ticket.objects.exists()

    def test_the_screen_shows_masked_names_and_refreshes_by_itself(self, house, login):
        take(house, name="张三丰")
        take(house, name="阿拉坦仓布")
        call_next(house.window_clerk, counter="2")
        page = login(house.receptionist).get(reverse("intake:screen")).content.decode()
        assert "张*丰" in page
        assert "阿**" in page
        assert "2 号柜台" in page
        assert 'hx-trigger="every 4s"' in page
        assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page

    def test_another_windows_queue_does_not_exist(self, house, login):
        ticket = take(house, actor=house.window_clerk2)
        client = login(house.window_clerk)
        for name in ("slip", "transfer_ticket"):
            assert client.get(reverse(f"intake:{name}", args=[ticket.pk])).status_code == 404
        assert client.post(reverse("intake:leave_ticket", args=[ticket.pk])).status_code == 404
        assert client.get(f"{reverse('intake:screen')}?window=W3").status_code == 404
        assert "C001" not in client.get(reverse("intake:counter")).content.decode()
        assert "C001" in login(house.chief).get(f"{reverse('intake:screen')}?window=W3").content.decode()
        assert login(house.chief).get(f"{reverse('intake:screen')}?window=%00").status_code == 404

    def test_transfer_asks_why(self, house, login):
        ticket, client = take(house), login(house.window_clerk)
        address = reverse("intake:transfer_ticket", args=[ticket.pk])
        data = {"window": house.windows["W3"].pk, "category": "", "reason": ""}
        assert client.post(address, data).status_code == 422
        assert client.post(address, {**data, "reason": "属于其他窗口办理"}).status_code == 302
        ticket.refresh_from_db()
        assert ticket.window.code == "W3"

    def test_whom_to_see_is_chosen_by_unit_among_the_bureaus_own(self, house, login):
        ticket = take(house)
        page = login(house.window_clerk).get(reverse("intake:slip", args=[ticket.pk])).content.decode()
        choice = page[page.index("<select") : page.index("</select>")]
        assert f'<optgroup label="{house.officer.team.name}">' in choice
        assert house.officer.name in choice
        house.officer.court = house.courts["内0303"]
        house.officer.save()
        after = login(house.window_clerk).get(reverse("intake:slip", args=[ticket.pk])).content.decode()
        assert f'value="{house.officer.pk}"' in choice
        assert f'value="{house.officer.pk}"' not in after

    def test_figures_of_ones_own_window_and_as_a_sheet(self, house, login):
        take(house)
        take(house, actor=house.window_clerk2)
        asked = {"from_on": "2021-09-01", "until_on": "2021-09-03"}
        own = login(house.window_clerk).get(reverse("intake:figures"), {**asked, "window": "W3"}).context["rows"]
        assert {row.window for row in own} == {house.windows["W2"].name}
        assert (
            len({row.window for row in login(house.chief).get(reverse("intake:figures"), asked).context["rows"]}) == 3
        )
        assert login(house.chief).get(reverse("intake:figures"), {"from_on": "2021-09-09"}).status_code == 422
        sheet = login(house.chief).post(f"{reverse('intake:export_figures')}?from_on=2021-09-01")
        assert sheet["Content-Disposition"] == 'attachment; filename="waiting-2021-09-03.xlsx"'
        assert Event.objects.filter(verb="export").count() == 1

    def test_programs_take_call_and_finish(self, house, login):
        client, plain = login(house.window_clerk), {"content_type": "application/json"}
        made = client.post(reverse("intake_api:take_ticket"), {"category": "FILING"}, **plain).json()
        assert client.post(reverse("intake_api:call_next"), {}, **plain).json()["id"] == made["id"]
        assert client.post(reverse("intake_api:finish_ticket", args=[made["id"]]), {}, **plain).status_code == 200
        assert client.post(reverse("intake_api:call_next"), {}, **plain).json()["reasons"] == ["没有人在等候"]
        rows = client.get(reverse("intake_api:tickets")).json()["results"]
        assert [(row["number"], row["state"]) for row in rows] == [("B001", "DONE")]
        assert login(house.window_clerk2).get(reverse("intake_api:tickets")).json()["results"] == []


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_eight_clerks_call_at_once_and_each_gets_another(self, transactional_db):
        house = factories.House.build()
        window = house.windows["W2"]
        clerks = [factories.UserFactory(role="WINDOW_CLERK", window=window) for _turn in range(8)]
        numbers = {take(house).number for _turn in range(8)}
        answers = race([lambda clerk=clerk: call_next(clerk).number for clerk in clerks])
        assert sorted(answers, key=str) == sorted(numbers)

    def test_numbers_taken_at_once_have_no_gap_and_no_double(self, transactional_db):
        house = factories.House.build()
        answers = race([lambda: take(house).seq] * 8)
        assert sorted(answers, key=str) == list(range(1, 9))

    def test_one_clerk_who_presses_twice_gets_one(self, transactional_db):
        house = factories.House.build()
        take(house), take(house)
        answers = race([lambda: call_next(house.window_clerk)] * 2)
        assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Ticket"]
        assert Ticket.objects.open().count() == 1


def test_the_demo_fills_the_hall(house):
    demo.fill(house.staff)
    states = Ticket.objects.values_list("state", flat=True)
    assert sorted(states) == ["DONE", "SERVING", "WAITING", "WAITING", "WAITING"]
    assert Inquiry.objects.order_by("due_on").first().category == "MEETING"
