"""What stood ahead has ended: the queued control comes into force by itself, once, and its keeper checks it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from assets import desk, services
from assets.models import Control
from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Deadline
from tests import factories, kept
from tests.factories import moment

DAY = dt.date.fromisoformat
HOME = {"kind": "REAL_ESTATE", "measure": "SEAL", "thing": "新华街2号", "unit": "乌海市不动产登记中心"}
LATER = moment(2021, 10, 11)


@pytest.fixture
def cases(house):
    return [kept.running_case(house) for _turn in range(3)]


@pytest.fixture
def line(cases):
    """One thing sealed first, second and third in three cases against the same debtor."""
    return [factories.control(case, **HOME, rank=rank) for rank, case in enumerate(cases, start=1)]


@pytest.fixture
def login(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)
    monkeypatch.setattr(clock, "today", LATER.date)

    def enter(user):
        client.force_login(user)
        return client

    return enter


def follow(at=LATER):
    return services.activate_freed(at=at, actor=User.objects.system())


def release(control, ground="WITHDRAWN", *, on="2021-10-08", at=LATER):
    values = {"ruling": control.case.display_number, "note": "说明", "released_on": DAY(on)}
    return services.release_control(control, ground=ground, **values, at=at, actor=control.case.judge)


def states(line):
    for row in line:
        row.refresh_from_db()
    return [(row.state, row.rank) for row in line]


def running(control, node):
    return Deadline.objects.running().filter(subject=f"control:{control.pk}", node=node)


class TestActivation:
    def test_the_next_comes_into_force_from_the_release_and_those_behind_wait(self, line):
        assert follow() == 0
        release(line[0])
        assert (follow(), follow()) == (1, 0)
        assert states(line) == [("RELEASED", 1), ("LIVE", 1), ("QUEUED", 3)]
        control = line[1]
        # Not the day on which it was queued or noticed: three years from the day that the first one ended.
        assert (control.activated_on, control.to_on) == (DAY("2021-10-08"), DAY("2024-10-08"))
        event = Event.objects.of_chain(f"case:{control.case_id}").get(verb="activate_control")
        assert event.actor == User.objects.system()
        assert '"is_automatic":true' in event.details
        assert running(control, "RENEWAL").get().due_on == DAY("2024-10-08")
        assert running(control, "QUEUE_CHECK").get().due_on == DAY("2021-10-14")

    def test_a_lapse_counts_from_the_day_after_the_last(self, line):
        at = moment(2024, 9, 9)
        services.lapse_controls(at=at, actor=User.objects.system())
        assert follow(at) == 1
        assert states(line)[1] == ("LIVE", 1)
        assert (line[1].activated_on, line[1].to_on) == (DAY("2024-09-07"), DAY("2027-09-07"))

    def test_the_third_follows_when_both_ahead_have_ended(self, line):
        release(line[1])
        assert follow() == 0
        release(line[0])
        assert follow() == 1
        assert states(line) == [("RELEASED", 1), ("RELEASED", 2), ("LIVE", 1)]

    def test_one_behind_another_court_waits_and_is_shown_to_people(self, house, cases):
        first, behind = factories.control(cases[0], **HOME), factories.control(cases[1], **HOME, rank=3)
        release(first)
        assert follow() == 0
        kinds = [item.kind for item in desk.items(cases[1].owner, today=LATER.date())]
        assert kinds == ["轮候转正式控制"]
        assert states([behind]) == [("QUEUED", 3)]

    @pytest.mark.parametrize("ground", ["REALISED", "MISTAKE"])
    def test_what_was_sold_or_never_controlled_brings_nothing_into_force(self, line, ground):
        release(line[0], ground)
        assert follow() == 0
        assert states(line)[1] == ("QUEUED", 2)

    def test_another_thing_or_another_persons_does_not_count(self, house, cases):
        release(factories.control(cases[0], **{**HOME, "thing": "新华街3号"}))
        behind = factories.control(cases[1], **HOME, rank=2)
        assert follow() == 0
        assert states([behind]) == [("QUEUED", 2)]

    def test_one_that_had_ended_before_it_was_queued_did_not_stand_ahead(self, cases):
        release(factories.control(cases[0], **HOME), on="2021-09-20")
        late = factories.control(cases[1], **HOME, rank=2, from_on=DAY("2021-10-08"), at=LATER)
        assert follow() == 0
        assert states([late]) == [("QUEUED", 2)]


class TestCheck:
    @pytest.fixture
    def activated(self, line):
        release(line[0])
        follow()
        return Control.objects.select_related("case").get(pk=line[1].pk)

    def test_the_keeper_confirms_and_may_take_the_shorter_day_of_the_ruling(self, activated):
        given = {"at": LATER, "actor": activated.case.owner}
        with pytest.raises(Refused, match="最长 3 年"):
            services.confirm_control(activated, to_on=DAY("2024-10-09"), **given)
        services.confirm_control(activated, to_on=DAY("2023-10-08"), **given)
        activated.refresh_from_db()
        assert (activated.to_on, activated.unconfirmed_since) == (DAY("2023-10-08"), None)
        assert running(activated, "RENEWAL").get().due_on == DAY("2023-10-08")
        assert not running(activated, "QUEUE_CHECK").exists()
        with pytest.raises(Refused, match="不能办理"):
            services.confirm_control(activated, **given)
        # Once confirmed the last day moves by a renewal alone, whoever writes.
        with pytest.raises(IntegrityError), transaction.atomic():
            Control.objects.filter(pk=activated.pk).update(to_on=DAY("2024-10-08"))

    def test_back_into_the_queue_it_waits_for_what_the_unit_says_stands_ahead(self, activated):
        given = {"at": LATER, "actor": activated.case.owner}
        for rank in (0, 1, 100):
            with pytest.raises(Refused, match="顺位从 2 起"):
                services.requeue_control(activated, rank=rank, **given)
        services.requeue_control(activated, rank=2, **given)
        assert states([activated]) == [("QUEUED", 2)]
        assert (activated.to_on, activated.ranked_on) == (None, LATER.date())
        assert not Deadline.objects.running().filter(subject=f"control:{activated.pk}").exists()
        assert follow() == 0

    def test_a_stranger_checks_nothing(self, house, activated):
        for act, words in ((services.confirm_control, {}), (services.requeue_control, {"rank": 2})):
            with pytest.raises(PermissionDenied):
                act(activated, **words, at=LATER, actor=house.officer3)

    def test_by_page_and_from_the_desk(self, activated, login):
        client = login(activated.case.owner)
        address = reverse("assets:confirm_control", args=[activated.pk])
        assert address in client.get(reverse("desk")).content.decode()
        tab = client.get(reverse("assets:case_controls", args=[activated.case_id])).content.decode()
        assert address in tab
        assert "2021-10-08 自动生效，待核实" in tab
        assert 'value="2024-10-08"' in client.get(address).content.decode()
        wrong = client.post(address, {"to_on": "2030-01-01"})
        assert (wrong.status_code, "最长 3 年" in wrong.content.decode()) == (422, True)
        assert client.post(address, {"to_on": "2024-10-08"}).status_code == 302
        assert address not in client.get(reverse("desk")).content.decode()

    def test_by_page_and_by_interface_back_into_the_queue(self, activated, login):
        client = login(activated.case.owner)
        address = reverse("assets:requeue_control", args=[activated.pk])
        assert client.post(address, {"rank": "1"}).status_code == 422
        answer = client.post(
            reverse("assets_api:requeue_control", args=[activated.pk]), {"rank": 2}, "application/json"
        )
        assert answer.status_code == 200, answer.content
        assert states([activated]) == [("QUEUED", 2)]
        answer = client.post(reverse("assets_api:confirm_control", args=[activated.pk]), {}, "application/json")
        assert answer.status_code == 422
