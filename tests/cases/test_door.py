"""A stage changes through advance and through nothing else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from bureau import grants
from bureau.errors import Refused
from cases import services
from cases.models import Case
from cases.services.stages import declared
from tests import factories


@pytest.fixture
def case(house):
    return factories.file_case(house).case


def test_update_is_refused_by_the_database(case):
    with pytest.raises(DatabaseError, match="advance"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(stage="CLOSED", closed_on="2021-09-01", closing_mode="FULFILLED")


def test_assignment_is_refused_by_the_field(case):
    with pytest.raises(AttributeError):
        case.stage = "FAST"


def test_save_after_a_bare_transition_is_refused(case, at):
    case.allocate(at=at(2021, 9, 1))
    with pytest.raises(DatabaseError, match="advance"), transaction.atomic():
        case.save()


def test_raw_sql_as_the_app_role_is_refused(case):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{grants.role_name("app")}"')
        with pytest.raises(DatabaseError, match="advance"), transaction.atomic():
            cursor.execute("UPDATE cases_case SET stage = 'FAST' WHERE id = %s", [case.pk])


def test_a_case_cannot_be_born_in_another_stage(case):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copy AS SELECT * FROM cases_case WHERE id = %s", [case.pk])
        cursor.execute("UPDATE copy SET id = id + 1000, number = 'x', seq = 999, stage = 'FAST'")
        with pytest.raises(DatabaseError, match="FILED"), transaction.atomic():
            cursor.execute("INSERT INTO cases_case SELECT * FROM copy")


def test_every_transition_has_a_permission_and_a_label():
    for name, transitions in declared().items():
        for transition_ in transitions:
            assert getattr(transition_.permission, "codename", ""), name
            assert transition_.custom["label"], name


def test_every_stage_is_reached_and_every_live_one_can_end():
    edges = {}
    for transitions in declared().values():
        for step in transitions:
            targets = getattr(step.target, "allowed_states", None) or [step.target]
            edges.setdefault(str(step.source), set()).update(map(str, targets))
    reached, frontier = {"FILED"}, {"FILED"}
    while frontier:
        frontier = {target for stage in frontier for target in edges.get(stage, ())} - reached
        reached |= frontier
    assert reached == set(Case.Stage.values)
    ends = {"CLOSED", "ARCHIVED"}
    while more := {stage for stage, targets in edges.items() if targets & ends} - ends:
        ends |= more
    assert ends == set(Case.Stage.values)
    assert edges["CLOSED"] == {"ARCHIVED"}
    assert "ARCHIVED" not in edges


def test_a_colleague_with_the_permission_may_not_suspend_anothers_case(house, case, at):
    case = factories.into_stream(house, case)
    stranger = house.judge if case.judge != house.judge else house.judge2
    with pytest.raises(PermissionDenied):
        services.suspend(case, ground="CONSENT", document=factories.ruling(case), at=at(2021, 9, 5), actor=stranger)


def test_suspension_and_resumption_return_to_the_same_stage(house, case, at):
    case = factories.into_stream(house, case)
    case = services.suspend(
        case, ground="CONSENT", document=factories.ruling(case), at=at(2021, 9, 5), actor=case.judge
    )
    assert case.stage == "SUSPENDED"
    with pytest.raises(Refused):
        factories.propose_closing(house, case, "TERMINATED", at=at(2021, 9, 6))
    assert (
        services.resume(
            case, note="事由消失", document=factories.ruling(case, suffix=""), at=at(2021, 9, 7), actor=case.judge
        ).stage
        == "FAST"
    )
    assert str(case.suspensions.get().until_on) == "2021-09-07"


def test_a_pack_without_the_notices_is_refused_and_a_send_back_names_its_defects(house, case, at):
    case = factories.assign(house, case)
    services.start(case, at=at(2021, 9, 3), actor=house.assistant)
    with pytest.raises(Refused, match="执行通知书"):
        services.hand_over(case, note="", at=at(2021, 9, 3), actor=house.assistant)
    handover = factories.hand_over(house, case, at=at(2021, 9, 3))
    with pytest.raises(PermissionDenied):
        services.accept(handover, at=at(2021, 9, 4), actor=house.officer3)
    with pytest.raises(Refused):
        services.send_back(handover, defects=[], note="", at=at(2021, 9, 4), actor=house.officer)
    services.send_back(handover, defects=["WRONG_AMOUNT"], note="", at=at(2021, 9, 4), actor=house.officer)
    assert Case.objects.get(pk=case.pk).stage == "STARTING"
    with pytest.raises(Refused):
        services.accept(handover, at=at(2021, 9, 4), actor=house.officer)
