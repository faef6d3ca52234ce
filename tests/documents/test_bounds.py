"""A term that a paper sets is neither too short nor too long; what is refused is said beside its field."""

import datetime as dt

import pytest
from django.urls import reverse

from bureau.errors import Refused
from documents import bounds
from documents.library import BY_CODE
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 6)


@pytest.fixture
def case(house):
    return kept.running_case(house)


@pytest.mark.parametrize(
    ("code", "changed", "said"),
    [
        ("ENFORCEMENT_NOTICE", {"days": "31"}, "履行期限（日）应为 1 至 30 日"),
        ("ENFORCEMENT_NOTICE", {"days": "3650"}, "履行期限（日）应为 1 至 30 日"),
        ("REPORT_ORDER", {"days": "4"}, "报告期限（日）应为 5 至 15 日"),
        ("REPORT_ORDER", {"days": "365"}, "报告期限（日）应为 5 至 15 日"),
        ("CLUES_NOTICE", {"until": "2021-10-07"}, "提供截止日应在 2021-09-07 至 2021-10-06 之间"),
        ("CLUES_NOTICE", {"until": "2021-09-06"}, "提供截止日应在 2021-09-07 至 2021-10-06 之间"),
    ],
)
def test_a_term_out_of_its_bounds_is_refused_beside_the_field(house, case, code, changed, said):
    with pytest.raises(Refused, match=said) as refusal:
        factories.issue(case, code, actor=case.owner, at=AT, **changed)
    assert set(refusal.value.by_field) == set(changed)


@pytest.mark.parametrize("days", ["5", "15"])
def test_the_bounds_themselves_are_lawful(house, case, days):
    assert factories.issue(case, "REPORT_ORDER", actor=case.owner, at=AT, days=days).typed()["days"] == days


def test_the_page_says_the_bounds_before_and_the_reason_after(house, case, login):
    address = f"{reverse('documents:compose', args=[case.pk])}?template=REPORT_ORDER"
    assert "5 至 15 日（法释〔2017〕8号" in login(case.owner).get(address).content.decode()
    answer = login(case.owner).post(
        address, {**factories.values_of(case, "REPORT_ORDER"), "act": "issue", "days": "99"}
    )
    assert answer.status_code == 422
    assert "报告期限（日）应为 5 至 15 日" in answer.content.decode()


def test_a_batch_is_refused_before_it_runs(house, case, login):
    address = f"{reverse('documents:several')}?template=REPORT_ORDER"
    answer = login(house.assistant).post(address, {"case": [case.pk], "days": "99"})
    assert answer.status_code == 422
    assert "报告期限（日）应为 5 至 15 日" in answer.content.decode()


def test_every_bound_names_a_field_whose_default_it_allows():
    for row in bounds.BOUNDS:
        field = next(field for field in BY_CODE[row.template].fields if field.name == row.field)
        assert 0 <= row.least <= row.most
        assert not field.default or bounds.problem(row.template, field, field.default, on=dt.date(2021, 9, 6)) == ""
