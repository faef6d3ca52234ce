"""The record says in words whatever happened: no code of any room stands in it."""

import re

import pytest

from bureau.models import Event
from cases import timeline
from supervision import record
from tests import once, world

# Numbers and names that the outside world gave.
GIVEN = {("receive", "银行流水号"), ("seal_document", "印章编号")}

built = once.fixture(world.build)


@pytest.mark.django_db
def test_the_record_of_everything_that_happens_holds_no_code(built):
    lines = timeline.lines(Event.objects.for_timeline(), sentences=record.SENTENCES)
    assert len({line.verb for line in lines}) > 100
    assert [line.verb for line in lines if line.sentence == line.verb] == []
    facts = {(line.verb, *fact) for line in lines for fact in line.facts if (line.verb, fact[0]) not in GIVEN}
    assert {fact for fact in facts if re.search(r"\b[A-Z][A-Z_]{2,}\b", fact[2])} == set()
