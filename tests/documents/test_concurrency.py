"""The lock of the case under real threads: sixteen rulings at once have sixteen numbers without a gap."""

import pytest

from bureau.models import User
from documents import services
from documents.models import Document, Revision, SealUse, Template
from documents.numerals import suffix
from tests import factories, kept
from tests.at_once import race
from tests.factories import moment


@pytest.fixture
def case(transactional_db):
    """A committed case with its stream team."""
    house = factories.House.build()
    return kept.running_case(house)


def test_sixteen_rulings_at_once_are_numbered_without_a_gap(case):
    template, values = factories.template("FREEZE"), factories.values_of(case, "FREEZE")
    at, judge = moment(2021, 9, 6), case.judge

    def issue() -> Document:
        return services.issue(case, template=template, values=values, at=at, actor=judge)

    answers = race([issue] * 16)
    assert {type(answer) for answer in answers} == {Document}, answers
    numbers = {row.number for row in Document.objects.all()}
    assert numbers == {case.number + suffix(count) for count in range(16)}


def test_four_workers_print_each_document_once(case):
    for _turn in range(6):
        factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
    system = User.objects.system()
    answers = race([lambda: services.print_waiting(at=moment(2021, 9, 6), actor=system)] * 4)
    assert sum(answers) == 6
    assert not Document.objects.unprinted().exists()


def test_two_clerks_record_the_same_delivery(case):
    document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
    party, at, actor = case.parties.get(side="DEBTOR"), moment(2021, 9, 7), case.owner
    answers = race([lambda: services.send(document, way="DIRECT", party=party, at=at, actor=actor)] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["Delivery", "Refused", "Refused", "Refused"]


def test_one_proposal_waits_and_one_approver_makes_it_a_version(transactional_db):
    house = factories.House.build()
    row, at = factories.template("ENFORCEMENT_NOTICE"), moment(2021, 9, 6)
    answers = race([lambda: factories.propose_revision(row, actor=house.chief, at=at)] * 4)
    assert {type(answer).__name__ for answer in answers} <= {"Revision", "Refused"}
    waiting = Revision.objects.waiting().get()
    people = (house.president, house.vice_president, house.president, house.vice_president)

    def approve(user):
        return lambda: services.approve_revision(waiting, at=at, actor=user)

    answers = race([approve(user) for user in people])
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Refused", "Refused", "Template"]
    assert Template.objects.filter(code=row.code).count() == 2


def test_four_workers_seal_each_document_once(case):
    for _turn in range(3):
        factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
    system = User.objects.system()
    race([lambda: services.print_waiting(at=moment(2021, 9, 6), actor=system)] * 4)
    assert SealUse.objects.count() == Document.objects.count() == 3
