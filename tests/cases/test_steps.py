"""The buttons of the case page, for every role and every stage: what is offered opens, what is greyed says why."""

import re

import pytest
from django.urls import reverse

from bureau.models import User
from cases import nextstep, pages
from cases.models import Case
from tests import factories, matrix, once, world

pytestmark = pytest.mark.django_db
# A case in every stage.
built = once.fixture(world.build)


def _cases_by_stage():
    return {case.stage: case for case in Case.objects.order_by("-id")}


def test_the_world_has_a_case_in_every_open_stage(built):
    assert set(_cases_by_stage()) >= {stage.value for stage in Case.Stage if stage not in Case.ENDED}


def test_every_offered_step_opens_and_every_greyed_one_says_why(built, login):
    today = factories.moment(2021, 9, 16).date()
    staff = [*built.house.staff.values(), *User.objects.filter(judged_cases__isnull=False).distinct()]
    offered = greyed = 0
    for user in {user.pk: user for user in staff}.values():
        client = login(user)
        for case in Case.objects.visible_to(user).for_page():
            if not user.has_perm("cases.view_case"):
                continue
            for step in pages.steps(case, user, today=today):
                if step.reasons:
                    greyed += 1
                    assert all(reason.strip() for reason in step.reasons)
                    continue
                offered += 1
                assert client.get(step.url).status_code == 200, (user.username, case.stage, step.name)
    assert offered > 30
    assert greyed > 3


@pytest.mark.parametrize("role", sorted(matrix.READERS))
def test_the_page_shows_rail_clocks_and_steps_before_the_tabs(built, login, role):
    user = built.user(role)
    case = Case.objects.visible_to(user).first()
    if case is None:
        # Bailiffs hold no case until their team is asked.
        assert role == "BAILIFF"
        return
    text = login(user).get(case.get_absolute_url()).content.decode()
    places = [text.index(mark) for mark in ('class="rail"', 'class="clocks"', 'class="tabs"')]
    assert places == sorted(places)
    steps = pages.steps(case, user, today=factories.moment(2021, 9, 16).date())
    if steps:
        assert text.index('class="clocks"') < text.index('aria-label="下一步"') < text.index('class="tabs"')
    assert len(re.findall(r'class="button primary"', text)) <= 1


def test_a_role_without_the_permission_is_offered_nothing(built):
    case = built.things["case"]
    for duty in ("inspector", "finance", "records_clerk", "window_clerk2"):
        user = getattr(built.house, duty)
        names = {step.name for step in pages.steps(case, user, today=factories.moment(2021, 9, 16).date())}
        assert not names & {"suspend", "stay", "settle", "propose_closing", "change_stream", "hand_over", "resume"}, (
            duty
        )


def test_a_greyed_step_is_no_link(built, login):
    house = built.house
    case = factories.assign(house, factories.file_case(house).case)
    text = login(house.chief).get(case.get_absolute_url()).content.decode()
    for name in ("start", "suspend"):
        assert f'href="{reverse(f"cases:{name}", args=[case.pk])}"' not in text


def test_every_open_case_says_who_does_what_next(built, login):
    client, seen = login(built.house.inspector), set()
    for case in Case.objects.open().for_page():
        step = nextstep.of_case(case)
        assert step is not None, case.stage
        assert step.act, case.stage
        assert step.who, case.stage
        seen.add(case.stage)
        if case.is_of_court:
            continue
        text = client.get(case.get_absolute_url()).content.decode()
        assert f"<strong>{step.act}</strong>" in text, case.stage
        assert f"由{step.who}办理" in text, case.stage
    assert seen >= {stage.value for stage in Case.Stage if stage not in Case.ENDED}
    assert all(nextstep.of_case(case) is None for case in Case.objects.exclude(pk__in=Case.objects.open()))
