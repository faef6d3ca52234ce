"""A series goes together: drawn from a page, named, drawn again, taken back; apart only for a reason of its own."""

import dataclasses

import pytest
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from dispatch import assigning, series, services
from dispatch.models import Assignment, AssignmentRequest
from tests import factories
from tests.dispatch.test_assigning import AT, ask, assign, decide, ready


@pytest.fixture(autouse=True)
def _drawn(settings, monkeypatch):
    settings.ASSIGNMENT_MODE = "DRAW"
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


def kindred(house, count, **changes):
    """Return triaged cases against one debtor."""
    plain = factories.filing().parties
    return [ready(house, parties=plain, **changes) for _turn in range(count)]


def text_of(answer):
    return answer.content.decode()


class TestDrawn:
    def test_one_case_decided_on_its_page_takes_its_series_along(self, house, login):
        waiting = kindred(house, 2)
        stranger, other = ready(house, 7), kindred(house, 1, decided="ORDINARY")[0]
        filed = factories.file_case(house).case
        client = login(house.dispatcher)
        page = text_of(client.get(reverse("dispatch:case_dispatch", args=[filed.pk])))
        assert "系列案不拆分" in page
        assert all(case.display_number in page.split("系列案不拆分")[1] for case in waiting)
        done = client.post(
            reverse("dispatch:decide", args=[filed.pk]),
            {"action": "assign", "cash_found": "0", "decided": "FAST", "override_reason": "同案并办"},
            follow=True,
        )
        assert all(case.display_number in text_of(done).split("连同系列案")[1][:80] for case in waiting)
        rows = Assignment.objects.filter(case__in=[filed, *waiting])
        assert rows.count() == 3
        assert len({(row.draw_id, row.judge_id, row.starter_id) for row in rows}) == 1
        assert not Assignment.objects.filter(case__in=[stranger, other]).exists()

    def test_the_preview_of_a_batch_names_what_comes_along_and_is_confirmed_as_shown(self, house, login):
        first, second = kindred(house, 2)
        client, address = login(house.dispatcher), reverse("dispatch:batch")
        shown = client.post(address, {"cases": [first.pk], "action": "preview"})
        assert f"一并分案：{second.display_number}" in text_of(shown)
        assert "预览：2 件可以分案" in text_of(shown)
        data = {"cases": [first.pk], "action": "confirm", "expected": shown.context["preview"].expected}
        assert client.post(address, data).status_code == 302
        assert Assignment.objects.filter(case__in=[first, second]).values("judge").distinct().count() == 1

    def test_what_cannot_go_is_left_and_the_rest_goes(self, house):
        first, second = kindred(house, 2)
        ask(house, second, "NAMED", judge=house.judge, split_reason="先行处置")
        assert assign(house, first).case == first
        assert Case.objects.get(pk=second.pk).stage == "FILED"

    def test_series_hang_together_by_any_debtor(self, house):
        plain = factories.filing().parties
        third = dataclasses.replace(plain[1], name="中间公司", id_number="91150300MA0N1B2C3D", id_kind="USCC")
        numbers = [party.id_number for party in plain]
        assert third.id_number not in numbers
        one = ready(house, parties=plain, decided="ORDINARY")
        both = ready(house, parties=(*plain, third), decided="ORDINARY")
        far = ready(house, parties=(plain[0], third), decided="ORDINARY")
        assert series.waiting_with([one]) == [both, far]


class TestPastTheDraw:
    @pytest.fixture
    def held(self, house):
        done = assigning.assign_many(kindred(house, 3), at=AT, actor=house.dispatcher)
        return [Case.objects.get(pk=row.case_id) for row in done.made]

    def test_to_draw_one_again_without_the_rest_needs_a_reason(self, house, held):
        with pytest.raises(Refused, match="还有 2 件") as refused:
            ask(house, held[0], "REDRAW")
        assert list(refused.value.by_field) == ["split_reason"]
        assert ask(house, held[0], "REDRAW", wanted=held).split_reason == ""

    def test_the_whole_block_is_drawn_again_to_one_person(self, house, held):
        factories.UserFactory(role="JUDGE", team=held[0].stream_team)
        decide(house, ask(house, held[0], "REDRAW", wanted=held))
        rows = Assignment.objects.live().filter(case__in=held)
        assert len({row.judge_id for row in rows}) == 1
        assert rows[0].judge_id != held[0].judge_id

    def test_apart_for_a_reason_that_stays_on_record(self, house, login, held):
        client = login(house.dispatcher)
        address = reverse("dispatch:ask", args=[held[0].pk])
        assert all(case.display_number in text_of(client.get(address)) for case in held)
        data = {"kind": "REDRAW", "reason": "承办法官应当回避", "split_reason": "只与本案有利害关系"}
        assert client.post(address, data).status_code == 302
        request = AssignmentRequest.objects.get()
        assert (list(request.cases.all()), request.split_reason) == ([held[0]], "只与本案有利害关系")
        assert "只与本案有利害关系" in Event.objects.of_chain(f"case:{held[0].pk}").get(verb="ask_assignment").details
        chief = login(house.chief)
        assert "只与本案有利害关系" in text_of(chief.get(reverse("dispatch:decide_request", args=[request.pk])))
        assert "只与本案有利害关系" in text_of(chief.get(reverse("dispatch:requests")))
        decide(house, request)
        assert [Case.objects.get(pk=case.pk).judge_id == case.judge_id for case in held] == [False, True, True]

    @pytest.mark.parametrize("kind", ["REDRAW", "TAKE_BACK", "NAMED"])
    def test_the_page_asks_for_the_whole_block(self, house, login, held, kind):
        judge = house.judge if held[0].judge != house.judge else house.judge2
        data = {"kind": kind, "reason": "借调或调离", "judge": judge.pk}
        answer = login(house.dispatcher).post(reverse("dispatch:ask", args=[held[0].pk]), data)
        assert answer.status_code == 302, answer.context["form"].errors
        request = AssignmentRequest.objects.get()
        assert set(request.cases.all()) == set(held)
        decide(house, request)
        stages = {"TAKE_BACK": {"FILED"}}.get(kind, {"ALLOCATED"})
        assert {case.stage for case in Case.objects.filter(pk__in=[row.pk for row in held])} == stages

    def test_a_case_of_its_own_is_asked_nothing_about_series(self, house, login):
        case = ready(house)
        page = login(house.dispatcher).get(reverse("dispatch:ask", args=[case.pk]))
        assert "split_reason" not in page.context["form"].fields
        services.declare_conflict(house.judge, party_name="张安然", relation="近亲属", at=AT, actor=house.dispatcher)
        assert ask(house, case, "NAMED", judge=house.judge2).split_reason == ""
