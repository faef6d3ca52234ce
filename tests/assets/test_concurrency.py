"""Acts at once on one control: each lock lets one of them through."""

import pytest
from django.core.exceptions import PermissionDenied

from assets import services
from assets.models import Control
from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Deadline
from tests import factories, kept
from tests.at_once import faults, race
from tests.factories import moment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db):
    return factories.House.build()


@pytest.fixture
def case(house):
    return factories.rulings(kept.running_case(house))


def _count(case, verb):
    return Event.objects.filter(chain=f"case:{case.pk}", verb=verb).count()


def test_two_renewals_at_once_gain_one_term_each_in_turn(case):
    control, now = factories.control(case), moment(2021, 9, 6)
    works = [lambda: services.renew_control(control, ruling="(2021)内0302执1号之三", at=now, actor=case.owner)] * 3
    assert faults(race(works)) == []
    control.refresh_from_db()
    assert str(control.to_on) == "2025-09-06"
    assert [str(row.old_to_on) for row in control.renewals.order_by("id")] == ["2022-09-06", "2023-09-06", "2024-09-06"]
    assert Deadline.objects.running().filter(subject=f"control:{control.pk}").get().due_on == control.to_on


def test_release_happens_once(case):
    control, now = factories.control(case), moment(2021, 9, 6)

    def release():
        services.release_control(
            control,
            ground="WITHDRAWN",
            ruling="(2021)内0302执1号之四",
            released_on=now.date(),
            at=now,
            actor=case.owner,
        )

    failures = faults(race([release] * 4))
    assert [type(failure) for failure in failures] == [Refused] * 3
    assert _count(case, "release_control") == 1


def test_activation_happens_once(case):
    control, now = factories.control(case, rank=2), moment(2021, 9, 6)
    works = [lambda: services.activate_control(control, activated_on=now.date(), at=now, actor=case.owner)] * 4
    assert [type(failure) for failure in faults(race(works))] == [Refused] * 3
    assert Deadline.objects.running().filter(subject=f"control:{control.pk}").count() == 1


def test_lapse_of_many_beats_and_a_release_end_it_once(case):
    controls = [factories.control(case) for _turn in range(5)]
    now, system = moment(2022, 9, 7), User.objects.system()
    works = [lambda: services.lapse_controls(at=now, actor=system)] * 4
    works.append(
        lambda: services.release_control(
            controls[0],
            ground="WITHDRAWN",
            ruling="(2021)内0302执1号之四",
            released_on=now.date(),
            at=now,
            actor=case.owner,
        )
    )
    assert [failure for failure in faults(race(works)) if not isinstance(failure, Refused)] == []
    services.lapse_controls(at=now, actor=system)
    states = list(Control.objects.values_list("state", flat=True))
    assert set(states) <= {"LAPSED", "RELEASED"}
    assert _count(case, "lapse_control") == states.count("LAPSED") >= 4


def test_a_closing_and_a_new_control_at_once_leave_no_control_on_a_closed_case(case):
    house_chief = User.objects.get(username="chief")
    closing = factories.propose_closing(None, case, "TERMINATED")
    factories.cases.sign_closing(closing, at=moment(2021, 9, 21), actor=closing.case.judge)
    now = moment(2021, 9, 21)
    works = [
        lambda: factories.cases.sign_closing(closing, at=now, actor=house_chief),
        lambda: factories.control(case, at=now),
    ]
    failures = faults(race(works))
    # The closed case is the affairs team's, so the officer may no longer; or the control came first and stops it.
    assert [type(failure) in (Refused, PermissionDenied) for failure in failures] == [True]
    case.refresh_from_db()
    assert (case.stage == "CLOSED") != Control.objects.filter(case=case).exists()


def test_many_beats_bring_the_next_in_line_into_force_once_and_alone(house, case):
    cases = [case, *(kept.running_case(house) for _turn in range(2))]
    line = [factories.control(row, rank=rank) for rank, row in enumerate(cases, start=1)]
    now, system = moment(2021, 9, 10), User.objects.system()
    services.release_control(
        line[0], ground="UNSOLD", ruling="(2021)内0302执1号之四", released_on=now.date(), at=now, actor=case.owner
    )
    assert faults(race([lambda: services.activate_freed(at=now, actor=system)] * 4)) == []
    assert [_count(row, "activate_control") for row in cases] == [0, 1, 0]
    assert [row.state for row in Control.objects.order_by("rank", "id")] == ["RELEASED", "LIVE", "QUEUED"]
