"""Assigning at once: nothing doubled, no seed used twice or skipped."""

import dataclasses
from decimal import Decimal

import pytest

from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from dispatch import allocation, asking, assigning, services
from dispatch.models import Assignment, Draw, SeedChain, Verdict
from tests import factories
from tests.at_once import race

pytestmark = pytest.mark.django_db(transaction=True)
AT = factories.moment(2021, 9, 2)


@pytest.fixture
def house(transactional_db, settings):
    settings.ASSIGNMENT_MODE = "DRAW"
    return factories.House.build()


def ready(house, number, *, is_triaged=True):
    plain = factories.filing().parties
    debtor = dataclasses.replace(plain[1], id_number="", name=f"第{number}商贸公司")
    case = factories.file_case(house, parties=(plain[0], debtor)).case
    if is_triaged:
        services.verify(case, cash_found=Decimal("0.00"), at=AT, actor=house.dispatcher)
        services.triage(case, decided="FAST", at=AT, actor=house.dispatcher)
    return Case.objects.get(pk=case.pk)


def seeds_are_whole():
    before = SeedChain.objects.get().tip
    for number, draw in enumerate(Draw.objects.order_by("number"), start=1):
        assert draw.number == number
        assert allocation.previous(draw.seed) == before
        before = draw.seed


def test_sixteen_batches_over_the_same_cases_double_nothing(house):
    rows = [ready(house, number) for number in range(12)]
    dispatchers = [factories.UserFactory(role="DISPATCHER", team=house.teams["COMMAND"]) for _turn in range(16)]
    works = []
    for number, user in enumerate(dispatchers):
        # Everyone asks for eight of the twelve, in another order.
        mine = [rows[(number * 5 + step) % 12] for step in range(8)]
        works.append(lambda mine=mine, user=user: assigning.assign_many(mine, at=AT, actor=user))
    answers = race(works)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Assignment.objects.count() == Assignment.objects.values("case").distinct().count() == 12
    assert sum(len(answer.made) for answer in answers) == 12
    assert all("已分案" in why for answer in answers for why in answer.left.values())
    seeds_are_whole()


def test_two_dispatchers_decide_the_same_case_and_one_gets_it(house):
    case = ready(house, 1, is_triaged=False)
    second = factories.UserFactory(role="DISPATCHER", team=house.teams["COMMAND"])
    facts = {"cash_found": Decimal("0.00")}
    works = [
        lambda user=user: services.decide(case, facts=facts, decided="FAST", at=AT, actor=user)
        for user in (house.dispatcher, second)
    ]
    answers = race(works)
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert Assignment.objects.count() == Draw.objects.count() == 1


def test_two_dispatchers_confirm_the_same_proposal_and_one_verdict_stands(house):
    case = ready(house, 1, is_triaged=False)
    second = factories.UserFactory(role="DISPATCHER", team=house.teams["COMMAND"])
    works = [
        lambda user=user: services.confirm(case, seen=0, at=AT, actor=user) for user in (house.dispatcher, second) * 4
    ]
    answers = race(works)
    made = [answer for answer in answers if not isinstance(answer, Exception)]
    assert len(made) == 1
    assert all(isinstance(answer, Refused) for answer in answers if answer not in made)
    assert (Verdict.objects.get().edition, Event.objects.filter(verb="triage").count()) == (1, 1)


def test_decisions_and_batches_at_once_come_to_an_end(house):
    rows = [ready(house, number) for number in range(6)]
    facts = {"cash_found": Decimal("0.00")}
    works = [lambda: assigning.assign_many(rows, at=AT, actor=house.dispatcher)]
    works += [
        lambda case=case: services.decide(case, facts=facts, decided="FAST", at=AT, actor=house.dispatcher)
        for case in reversed(rows)
    ]
    answers = race(works)
    assert not [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refused)]
    assert Assignment.objects.count() == 6
    seeds_are_whole()


def test_two_approvers_decide_one_request_once(house):
    case = ready(house, 1)
    request = asking.ask_assignment(
        wanted=[case], kind="NAMED", judge=house.judge, reason="并案", at=AT, actor=house.dispatcher
    )
    works = [
        lambda user=user: asking.decide_assignment(request, is_approved=True, at=AT, actor=user)
        for user in (house.chief, house.vice_president)
    ]
    answers = race(works)
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert Assignment.objects.count() == 1
