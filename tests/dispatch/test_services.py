"""Services of the command centre: reasons, conflicts, loads, versions of rules."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from bureau.errors import Refused
from bureau.models import Event, Team
from cases import services as cases
from cases.models import Case
from dispatch import services
from dispatch.load import candidates
from dispatch.models import Assignment, Verdict, Verification
from tests import factories

AT = factories.moment(2021, 9, 2)


@pytest.fixture
def case(house):
    return factories.file_case(house).case


def ready(house, case, decided="FAST"):
    services.verify(case, cash_found=Decimal("0.00"), at=AT, actor=house.dispatcher)
    reason = "" if decided == "FAST" else "宜由普执团队办理"
    services.triage(case, decided=decided, override_reason=reason, at=AT, actor=house.dispatcher)
    return Case.objects.get(pk=case.pk)


def assign(house, case, judge, **changes):
    return services.assign(
        case, **{"team": house.teams["FAST"], "judge": judge, "at": AT, "actor": house.dispatcher, **changes}
    )


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
            assign(house, case, house.judge, actor=actor)


class TestAssign:
    def test_needs_a_verdict(self, house, case):
        with pytest.raises(Refused, match="分流"):
            assign(house, case, house.judge)
        assert "请先完成繁简分流" in cases.stage_objections(case, "allocate", at=AT)

    def test_goes_to_the_fewest_open_cases_in_turn(self, house):
        judges = []
        for number in range(4):
            debtor = dataclasses.replace(factories.filing().parties[1], id_number="", name=f"第{number}商贸公司")
            parties = (factories.filing().parties[0], debtor)
            case = ready(house, factories.file_case(house, parties=parties).case)
            best = candidates(case, house.teams["FAST"])[0]
            judges.append(assign(house, case, best.user).judge_id)
        assert judges[0] != judges[1]
        assert judges[:2] == judges[2:]
        assert Assignment.objects.latest("id").reason == "在办案件最少（1 件）"

    def test_the_same_debtor_goes_to_the_same_judge(self, house):
        first = ready(house, factories.file_case(house).case)
        judge = candidates(first, house.teams["FAST"])[0].user
        assign(house, first, judge)
        second = ready(house, factories.file_case(house).case)
        best = candidates(second, house.teams["FAST"])[0]
        assert best.user == judge
        assert best.open_count == 1
        assert "同一被执行人" in assign(house, second, judge).reason

    def test_a_conflict_blocks_here_too(self, house, case):
        case = ready(house, case)
        best = candidates(case, house.teams["FAST"])[0].user
        services.declare_conflict(best, party_name="张安然", relation="近亲属", at=AT, actor=house.dispatcher)
        with pytest.raises(Refused, match="回避"):
            assign(house, case, best, reason="坚持")
        assert Case.objects.get(pk=case.pk).stage == "FILED"

    def test_everybody_in_conflict_is_said(self, house, case):
        case = ready(house, case)
        for judge in (house.judge, house.judge2):
            services.declare_conflict(judge, party_name="张安然", relation="近亲属", at=AT, actor=house.dispatcher)
        with pytest.raises(Refused, match="均已申报回避"):
            assign(house, case, house.judge)

    def test_the_dispatcher_does_not_handle_what_he_assigns(self, house, case):
        both = factories.UserFactory(role="DISPATCHER", team=house.teams["FAST"], name="阿")
        both.groups.add(*house.judge.groups.all())
        case = ready(house, case)
        with pytest.raises(Refused, match="不得承办"):
            assign(house, case, both, reason="x", actor=both)

    def test_decide_is_all_or_nothing(self, house, case):
        with pytest.raises(Refused):
            services.decide(
                case,
                facts={"cash_found": Decimal("0.00")},
                decided="FAST",
                judge=house.judge3,
                at=AT,
                actor=house.dispatcher,
            )
        assert not Verification.objects.exists()
        assert not Verdict.objects.exists()

    def test_each_act_is_recorded_once_in_the_cases_chain(self, house, case):
        case = ready(house, case)
        assign(house, case, candidates(case, house.teams["FAST"])[0].user)
        verbs = Event.objects.of_chain(f"case:{case.pk}").values_list("verb", flat=True)
        assert [verb for verb in verbs if verb in ("verify", "triage", "allocate")] == ["verify", "triage", "allocate"]

    def test_a_team_without_judges_is_said(self, house, case):
        Team.objects.filter(kind="FAST").update(is_active=True)
        house.judge.groups.clear()
        house.judge2.groups.clear()
        with pytest.raises(Refused, match="没有可分案"):
            candidates(case, house.teams["FAST"])
