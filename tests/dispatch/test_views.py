"""The command centre's pages: one act, beside-field reasons, conflicts greyed and refused, scope."""

import pytest
from django.urls import reverse

from bureau.desk import DeskItem
from cases.models import Case
from dispatch import desk, services
from dispatch.models import Assignment, Conflict, Verdict, Verification
from tests import factories


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    moment = factories.moment(2021, 9, 2)
    monkeypatch.setattr("bureau.clock.now", lambda: moment)
    monkeypatch.setattr("bureau.clock.today", moment.date)


@pytest.fixture
def case(house):
    return factories.file_case(house).case


def url(case, name="decide"):
    return reverse(f"dispatch:{name}", args=[case.pk])


def choice(**changes):
    return {"action": "assign", "cash_found": "0", "decided": "FAST", **changes}


def errors_of(answer):
    return {name: " ".join(texts) for name, texts in answer.context["decision"].form.errors.items()}


class TestDeciding:
    def test_one_submission_verifies_triages_and_assigns(self, house, login, case):
        client = login(house.dispatcher)
        page = client.get(url(case, "case_dispatch"))
        assert page.status_code == 200
        assert "参加抽签的人员" in page.content.decode()
        answer = client.post(url(case), choice(), follow=True)
        assert answer.status_code == 200
        done = Case.objects.get(pk=case.pk)
        assert (done.stage, done.stream) == ("ALLOCATED", "FAST")
        assert done.judge in (house.judge, house.judge2)
        assert Verdict.objects.get(case=case).hits == ["T4"]
        text = answer.content.decode()
        assert "申请执行标的额 50,000.00 元" in text
        assert reverse("dispatch:why", args=[Assignment.objects.get().pk]) in text

    def test_triage_alone_leaves_the_case_waiting_for_its_judge(self, house, login, case):
        client = login(house.dispatcher)
        client.post(url(case), choice(action="triage"))
        assert Case.objects.get(pk=case.pk).stage == "FILED"
        [item] = desk.items(house.dispatcher, today=factories.moment(2021, 9, 2).date())
        assert isinstance(item, DeskItem)
        assert item.kind == "待分案"
        assert item.url == url(case, "case_dispatch")

    def test_asking_for_a_proposal_changes_nothing(self, house, login, case):
        client = login(house.dispatcher)
        data = choice(action="propose", disposal="REAL_ESTATE")
        answer = client.post(url(case), data, headers={"HX-Request": "true"})
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "决定性规则 T7 命中" in text
        assert "<html" not in text
        assert answer.context["decision"].decided == "ORDINARY"
        assert house.judge3.name in text
        assert client.post(url(case), data).status_code == 200
        assert not Verification.objects.exists()

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_asking_for_a_proposal_with_a_wrong_fact_says_so_beside_it(self, house, login, case, headers):
        client = login(house.dispatcher)
        data = choice(action="propose", cash_found="abc", note="已电话核对")
        answer = client.post(url(case), data, headers=headers)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert list(errors_of(answer)) == ["cash_found"]
        assert ('value="abc"' in text) is not bool(headers)
        assert errors_of(answer)["cash_found"] in text
        # What is typed on meanwhile is not put back: only what is said beside the field comes anew.
        slot = '<div id="id_cash_found_error" data-said role="alert"'
        assert (f'{slot} hx-swap-oob="true"><div class="error">' in text) is bool(headers)
        assert ('name="cash_found"' in text) is not bool(headers)
        assert bool(headers) or "已电话核对" in text
        again = client.post(url(case), data | {"cash_found": "0"}, headers=headers).content.decode()
        assert errors_of(answer)["cash_found"] not in again
        assert (f'{slot} hx-swap-oob="true"></div>' in again) is bool(headers)

    def test_override_needs_a_reason_beside_its_field(self, house, login, case):
        client = login(house.dispatcher)
        data = choice(decided="ORDINARY", note="已电话核对")
        answer = client.post(url(case), data)
        assert answer.status_code == 422
        assert "写明理由" in errors_of(answer)["override_reason"]
        assert "已电话核对" in answer.content.decode()
        assert f'href="{url(case, "case_dispatch")}" aria-current="page"' in answer.content.decode()
        assert not Verdict.objects.exists()
        client.post(url(case), {**data, "override_reason": "当事人矛盾较大"})
        assert Verdict.objects.get().override_reason == "当事人矛盾较大"

    @pytest.mark.parametrize(
        ("decided", "fits", "contradicts"), [("FAST", "立即履行", "矛盾较大"), ("ORDINARY", "矛盾较大", "立即履行")]
    )
    def test_the_usual_reasons_are_those_for_the_chosen_stream(self, house, login, case, decided, fits, contradicts):
        data = choice(action="stream", decided=decided)
        page = login(house.dispatcher).post(url(case), data, headers={"HX-Request": "true"})
        offered = " ".join(map(str, page.context["decision"].override_reasons))
        assert fits in offered
        assert contradicts not in offered

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"cash_found": "-1"}, "cash_found"),
            ({"cash_found": "NaN"}, "cash_found"),
            ({"livelihood": "NONSENSE"}, "livelihood"),
            ({"decided": "NONSENSE"}, "decided"),
            ({"note": "a\x00b"}, "note"),
        ],
    )
    def test_wrong_input_is_answered_beside_its_field(self, house, login, case, changes, field):
        answer = login(house.dispatcher).post(url(case), choice(**changes))
        assert answer.status_code == 422
        assert field in errors_of(answer)
        assert not Verification.objects.exists()

    def test_a_second_submission_is_refused_in_words(self, house, login, case):
        client = login(house.dispatcher)
        client.post(url(case), choice())
        answer = client.post(url(case), choice())
        assert answer.status_code == 422
        assert "已分案" in answer.content.decode()
        assert Assignment.objects.count() == 1


class TestConflicts:
    def test_a_conflicted_judge_is_said_and_never_drawn(self, house, login, case):
        client = login(house.dispatcher)
        answer = client.post(
            "/command/conflicts/",
            {"user": house.judge.pk, "party_name": " 张安然 ", "id_number": "11010519491231002X", "relation": "近亲属"},
        )
        assert answer.status_code == 302
        [seat, _starter] = client.get(url(case, "case_dispatch")).context["decision"].comparison
        assert {row.person.name: bool(row.why) for row in seat.rows} == {
            house.judge.name: True,
            house.judge2.name: False,
        }
        assert client.post(url(case), choice()).status_code == 302
        assert Assignment.objects.get().judge == house.judge2

    def test_the_number_finds_a_person_of_another_name(self, house, login, case):
        services.declare_conflict(
            house.judge,
            party_name="张某某",
            id_number="11010519491231002X",
            relation="近亲属",
            at=factories.moment(2021, 9, 2),
            actor=house.dispatcher,
        )
        login(house.dispatcher).post(url(case), choice())
        assert Assignment.objects.get().judge == house.judge2

    def test_withdrawal_ends_it_once(self, house, login):
        conflict = services.declare_conflict(
            house.judge, party_name="张安然", relation="同事", at=factories.moment(2021, 9, 2), actor=house.dispatcher
        )
        client = login(house.dispatcher)
        address = reverse("dispatch:withdraw_conflict", args=[conflict.pk])
        assert client.post(address).status_code == 302
        assert not Conflict.objects.live().exists()
        assert "已撤回" in client.post(address, follow=True).content.decode()

    def test_wrong_input_is_422(self, house, login):
        answer = login(house.dispatcher).post("/command/conflicts/", {"id_number": "123", "party_name": "张"})
        assert answer.status_code == 422
        assert "身份证号" in answer.content.decode()


class TestScope:
    @pytest.mark.parametrize("duty", ["window_clerk", "judge", "officer", "finance", "chief", "system_admin"])
    def test_others_neither_see_the_queue_nor_decide(self, house, login, case, duty):
        client = login(getattr(house, duty))
        assert client.get("/command/").status_code == 403
        assert client.get("/command/conflicts/").status_code == 403
        assert client.post(url(case), choice()).status_code == 403
        assert client.get("/api/v1/dispatch/queue/").status_code == 403

    def test_the_tab_is_read_only_for_others_and_404_for_strangers(self, house, login, case):
        assert "核对、分流并抽签分案" not in login(house.chief).get(url(case, "case_dispatch")).content.decode()
        assert login(house.window_clerk2).get(url(case, "case_dispatch")).status_code == 404
        assert login(house.judge).get(url(case, "case_dispatch")).status_code == 404

    def test_the_queue_is_sorted_filtered_and_constant_in_queries(self, house, login, django_assert_max_num_queries):
        client = login(house.dispatcher)
        late = factories.file_case(house, at=factories.moment(2021, 8, 20)).case
        [other, *_more] = [factories.file_case(house).case for _turn in range(4)]
        with django_assert_max_num_queries(38):
            text = client.get("/command/").content.decode()
        assert text.index(url(late, "case_dispatch")) < text.index(url(other, "case_dispatch"))
        assert "逾期" in text
        overdue = client.get("/command/?due=overdue").content.decode()
        assert url(late, "case_dispatch") in overdue
        assert url(other, "case_dispatch") not in overdue
        assert "没有等待" in client.get("/command/?state=triaged").content.decode()
        assert client.get("/command/?court=x&due=y&page=zz&state=%00").status_code == 200

    def test_rules_and_reads_of_the_api(self, house, login, case):
        client = login(house.dispatcher)
        assert "T10C" in client.get("/command/rules/").content.decode()
        assert len(client.get("/api/v1/dispatch/rules/").json()["results"]) == 17
        assert client.get("/api/v1/dispatch/queue/").json()["results"][0]["number"] == case.number
        factories.assign(house, case)
        assert client.get("/api/v1/dispatch/verdicts/").json()["results"][0]["decided"] == "FAST"
