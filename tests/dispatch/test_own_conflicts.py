"""Everybody declares his own recusal, of a case or of a person: it counts at once and is on record."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event, User
from cases import services as cases
from cases.models import Case
from dispatch import assigning, desk, services, takeovers
from dispatch.models import Conflict
from tests.dispatch.test_assigning import AT, ask, assign, ready

OWN = "dispatch:own_conflicts"


@pytest.fixture(autouse=True)
def _drawn(settings, monkeypatch):
    settings.ASSIGNMENT_MODE = "DRAW"
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


def declare(user, **given):
    return services.declare_own_conflict(**{"relation": "近亲属", "at": AT, "actor": user, **given})


def barred(case, user):
    actor = User.objects.get(username="dispatcher")
    [pool, _starters] = assigning.preview([case], at=AT, actor=actor).inputs.pools
    return user.pk in pool.blocks[0].barred


class TestDeclaring:
    def test_from_the_page_of_a_case_a_party_is_chosen_and_all_his_cases_are_kept_off(self, house, login):
        held = assign(house, ready(house))
        judge, other = held.judge, ready(house, 2)
        client = login(judge)
        link = f"{reverse(OWN)}?case={held.case_id}"
        assert link in client.get(reverse("dispatch:case_dispatch", args=[held.case_id])).content.decode()
        assert "张安然" in client.get(link).content.decode()
        assert not barred(other, judge)
        data = {"case": held.case_id, "party_name": "张安然", "relation": "近亲属"}
        page = client.post(reverse(OWN), data, follow=True).content.decode()
        assert ("即时生效" in page, held.case.display_number in page) == (True, True)
        assert barred(other, judge)
        row = Conflict.objects.get()
        assert (row.is_own, row.case, bool(row.id_digest)) == (True, held.case, True)
        assert Event.objects.of_chain(f"case:{held.case_id}").filter(verb="declare_conflict", actor=judge).count() == 1
        assert "本人申报" in login(house.dispatcher).get(reverse("dispatch:conflicts")).content.decode()

    def test_of_a_case_alone_it_concerns_no_other(self, house):
        case, other = ready(house, 1), ready(house, 2)
        for judge in (house.judge, house.judge2):
            declare(judge, case=case, relation="其他可能影响公正的关系")
            assert (barred(other, judge)) is False
        with pytest.raises(Refused, match="应当回避"):
            assign(house, case)
        assert assign(house, other).judge in (house.judge, house.judge2)

    def test_an_officer_keeps_off_the_case_and_cannot_be_given_the_desk_of_it(self, house):
        case = Case.objects.get(pk=assign(house, ready(house)).case_id)
        owner = case.owner
        assert takeovers.Bars(owner, [case]).relation_to(case) is None
        declare(owner, case=case)
        assert takeovers.Bars(owner, [case]).relation_to(case) == "近亲属"
        with pytest.raises(Refused, match="应当回避"):
            cases.start(case, at=AT, actor=owner)

    def test_the_dispatcher_is_told_when_whoever_has_the_case_declares_it(self, house):
        held = assign(house, ready(house))
        declare(house.judge3, case=held.case)
        told = [item for item in desk.items(house.dispatcher, today=AT.date()) if item.kind == "承办人申报回避"]
        assert told == []
        declare(held.judge, case=held.case, party_name="张安然")
        [item] = [item for item in desk.items(house.dispatcher, today=AT.date()) if item.kind == "承办人申报回避"]
        assert (item.case_number, item.is_red, held.judge.name in item.title) == (held.case.display_number, True, True)
        request = ask(house, held.case, "REDRAW")
        assert request.state == "WAITING"

    def test_nobody_takes_his_own_back(self, house):
        row = declare(house.judge, party_name="远方公司")
        with pytest.raises(PermissionDenied):
            services.withdraw_conflict(row, at=AT, actor=house.judge)
        own = declare(house.dispatcher, party_name="远方公司")
        with pytest.raises(Refused, match="他人撤回"):
            services.withdraw_conflict(own, at=AT, actor=house.dispatcher)
        assert services.withdraw_conflict(row, at=AT, actor=house.dispatcher).withdrawn_at == AT

    def test_without_a_case_by_name(self, house, login):
        client = login(house.officer)
        refused = client.post(reverse(OWN), {"party_name": "", "relation": "同学"})
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"party_name"})
        assert client.post(reverse(OWN), {"party_name": "远方公司", "relation": "同学"}).status_code == 302
        assert Conflict.objects.get().declared_by == house.officer

    @pytest.mark.parametrize("changes", [{"relation": ""}, {"party_name": "不在案的人"}])
    def test_wrong_input_is_said_beside_its_field(self, house, login, changes):
        held = assign(house, ready(house))
        data = {"case": held.case_id, "party_name": "", "relation": "同学", **changes}
        answer = login(held.judge).post(reverse(OWN), data)
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(changes))
        assert not Conflict.objects.exists()

    def test_anothers_case_does_not_exist(self, house, login):
        case = ready(house)
        for number in (case.pk, 10**10):
            assert login(house.window_clerk2).get(reverse(OWN), {"case": number}).status_code == 404
        data = {"case": case.pk, "relation": "同学"}
        client = login(house.window_clerk2)
        answer = client.post(reverse("dispatch_api:declare_own_conflict"), data, content_type="application/json")
        assert answer.status_code == 422

    def test_the_database_wants_somebody_or_a_case(self, house):
        with pytest.raises(IntegrityError), transaction.atomic():
            Conflict.objects.create(user=house.judge, relation="同学", declared_at=AT)
