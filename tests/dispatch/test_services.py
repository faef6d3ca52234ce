"""Services of the command centre: reasons, conflicts, loads, versions of rules."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from dispatch import assigning, services
from dispatch.models import Verdict, Verification
from tests import factories

AT = factories.moment(2021, 9, 2)


@pytest.fixture
def case(house):
    return factories.file_case(house).case


def assign(house, case, **changes):
    return assigning.assign(case, **{"at": AT, "actor": house.dispatcher, **changes})


class TestTriage:
    def test_needs_verified_facts(self, house, case):
        with pytest.raises(Refused, match="核对"):
            services.triage(case, decided="FAST", at=AT, actor=house.dispatcher)

    def test_override_needs_a_reason_and_blanks_are_none(self, house, case):
        services.verify(case, cash_found=Decimal("0.00"), at=AT, actor=house.dispatcher)
        with pytest.raises(Refused, match="理由"):
            services.triage(case, decided="ORDINARY", override_reason="   ", at=AT, actor=house.dispatcher)
        verdict = services.triage(case, decided="ORDINARY", override_reason="涉众", at=AT, actor=house.dispatcher)
        assert (verdict.proposed, verdict.decided, verdict.override_reason) == ("FAST", "ORDINARY", "涉众")
        assert Case.objects.get(pk=case.pk).triaged_on == dt.date(2021, 9, 2)

    def test_the_latest_check_counts(self, house, case):
        services.verify(case, cash_found=Decimal("0.00"), at=AT, actor=house.dispatcher)
        services.verify(case, cash_found=Decimal("0.00"), disposal="VEHICLE", at=AT, actor=house.dispatcher)
        assert services.triage(case, decided="ORDINARY", at=AT, actor=house.dispatcher).hits == ["T4", "T7"]

    @pytest.mark.parametrize("duty", ["judge", "window_clerk", "chief", "officer"])
    def test_others_may_not(self, house, case, duty):
        actor = getattr(house, duty)
        with pytest.raises(PermissionDenied):
            services.verify(case, cash_found=Decimal("0.00"), at=AT, actor=actor)
        with pytest.raises(PermissionDenied):
            services.triage(case, decided="FAST", at=AT, actor=actor)
        with pytest.raises(PermissionDenied):
            assign(house, case, actor=actor)


class TestDecide:
    def test_it_is_all_or_nothing(self, house, case):
        for judge in (house.judge, house.judge2):
            services.declare_conflict(judge, party_name="张安然", relation="近亲属", at=AT, actor=house.dispatcher)
        with pytest.raises(Refused, match="回避"):
            services.decide(case, facts={"cash_found": Decimal("0.00")}, decided="FAST", at=AT, actor=house.dispatcher)
        assert not Verification.objects.exists()
        assert not Verdict.objects.exists()

    def test_each_act_is_recorded_once_in_the_cases_chain(self, house, case):
        services.decide(case, facts={"cash_found": Decimal("0.00")}, decided="FAST", at=AT, actor=house.dispatcher)
        verbs = Event.objects.of_chain(f"case:{case.pk}").values_list("verb", flat=True)
        assert [verb for verb in verbs if verb in ("verify", "triage", "allocate")] == ["verify", "triage", "allocate"]
