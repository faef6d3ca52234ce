"""Work orders: who may ask, do, confirm and return; what the asked team sees; what a batch leaves; races."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event
from cases import departments, desk, services, workkinds
from cases.models import Case, WorkOrder
from tests import factories, kept
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 16)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


def ask(house, case, kind="DOCUMENT", team="AFFAIRS", *, actor=None, **more) -> WorkOrder:
    return services.request_work(
        case, kind=kind, to_team=house.teams[team], text="请办理", at=AT, actor=actor or house.officer, **more
    )


def onsite(house, case, department="VEHICLES", district="CITY") -> WorkOrder:
    return ask(house, case, "ONSITE", "FIELD", department=department, district=district)


def done(house, order) -> WorkOrder:
    services.accept_work(order, at=AT, actor=house.assistant)
    return services.finish_work(order, text="已办", at=AT, actor=house.assistant)


class TestTables:
    def test_every_kind_is_declared_and_every_department_has_a_district(self):
        assert set(workkinds.BY_CODE) == set(WorkOrder.Kind.values)
        assert all(kind.workdays > 0 and kind.teams and kind.basis for kind in workkinds.KINDS)
        known = {code for code, _label in departments.DISTRICTS}
        assert all(row.districts and set(row.districts) <= known for row in departments.DEPARTMENTS)
        assert departments.is_place("TAX", "WUDA")
        assert not departments.is_place("VEHICLES", "WUDA")

    def test_the_due_day_counts_working_days_over_the_holiday(self, house, case):
        # 2021-09-16 Thursday: 17th, 18th (make-up Saturday), 22nd (after Mid-Autumn), 23rd, 24th.
        assert str(onsite(house, case).due_on) == "2021-09-24"
        assert str(ask(house, case).due_on) == "2021-09-18"


class TestCourse:
    def test_requested_accepted_done_confirmed_with_one_event_each(self, house, case):
        order = done(house, ask(house, case))
        order = services.confirm_work(order, at=AT, actor=house.officer)
        assert order.state == "CONFIRMED"
        verbs = list(Event.objects.of_chain(f"case:{case.pk}").values_list("verb", flat=True))
        assert verbs[-4:] == ["request_work", "accept_work", "finish_work", "confirm_work"]

    def test_a_returned_answer_keeps_the_former_one_and_gets_a_new_day(self, house, case):
        order = done(house, ask(house, case))
        later = moment(2021, 9, 27)
        with pytest.raises(Refused, match="理由"):
            services.return_work(order, reason="  ", at=later, actor=house.officer)
        order = services.return_work(order, reason="缺回执", at=later, actor=case.judge)
        assert (order.state, order.return_count, str(order.due_on)) == ("RETURNED", 1, "2021-09-29")
        assert "已办" in order.earlier
        services.accept_work(order, at=later, actor=house.records_clerk)
        order = services.finish_work(order, text="已补回执", at=later, actor=house.assistant)
        assert services.confirm_work(order, at=later, actor=case.judge).state == "CONFIRMED"

    def test_withdrawn_before_an_answer_only(self, house, case):
        order = services.withdraw_work(ask(house, case), reason="已履行", at=AT, actor=house.officer)
        assert order.state == "WITHDRAWN"
        with pytest.raises(Refused, match="不能撤回"):
            services.withdraw_work(done(house, ask(house, case)), reason="x", at=AT, actor=house.officer)

    @pytest.mark.parametrize("duty", ["officer3", "judge3", "chief", "dispatcher", "assistant", "bailiff", "inspector"])
    def test_only_the_side_of_the_case_asks(self, house, case, duty):
        with pytest.raises(PermissionDenied):
            ask(house, case, team="ORDINARY", kind="OTHER", actor=getattr(house, duty))

    @pytest.mark.parametrize("duty", ["officer", "officer3", "judge", "chief", "bailiff"])
    def test_only_the_asked_team_accepts_and_answers(self, house, case, duty):
        order = ask(house, case)
        with pytest.raises(PermissionDenied):
            services.accept_work(order, at=AT, actor=getattr(house, duty))
        services.accept_work(order, at=AT, actor=house.assistant)
        with pytest.raises(PermissionDenied):
            services.finish_work(order, text="x", at=AT, actor=getattr(house, duty))

    def test_the_doing_team_neither_confirms_nor_returns(self, house, case):
        order = done(house, ask(house, case))
        for act in (services.confirm_work, services.return_work):
            words = {"reason": "x"} if act is services.return_work else {}
            with pytest.raises(PermissionDenied):
                act(order, **words, at=AT, actor=house.assistant)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"kind": "NONSENSE"}, "种类"),
            ({"team": "FIELD"}, "不办理此类"),
            ({"kind": "OTHER", "team": "FAST"}, "其他团队"),
            ({"kind": "ONSITE", "team": "FIELD"}, "部门"),
            (
                {"kind": "ONSITE", "team": "FIELD", "department": "VEHICLES", "district": "WUDA"},
                "车管所（交警支队）的办事点在：市本级",
            ),
        ],
    )
    def test_a_request_that_does_not_fit_is_refused_in_words(self, house, case, changes, said):
        with pytest.raises(Refused, match=said):
            ask(house, case, **changes)

    def test_a_party_of_another_case_is_refused(self, house, case):
        other = factories.file_case(house).case
        with pytest.raises(Refused, match="当事人"):
            ask(house, case, party=other.parties.first())


class TestClosing:
    def test_a_case_is_not_closed_while_an_order_is_open(self, house, case):
        order = ask(house, case)
        for _turn in range(2):
            with pytest.raises(Refused, match="协作未办结"):
                factories.propose_closing(house, case, "TERMINATED", at=AT)
            if order.state == "REQUESTED":
                order = done(house, order)
        services.confirm_work(order, at=AT, actor=case.judge)
        assert factories.close(house, case, "TERMINATED", at=AT).closed_on

    def test_nothing_is_asked_on_a_closed_case(self, house, case):
        case = factories.close(house, case, "TERMINATED", at=AT)
        with pytest.raises(Refused, match="已结案"):
            ask(house, case, "ONSITE", "FIELD", department="VEHICLES", district="CITY", actor=case.judge)


class TestScope:
    def test_a_team_sees_the_case_while_it_has_an_open_order_on_it(self, house, case, login):
        client = login(house.field_officer)
        assert client.get(case.get_absolute_url()).status_code == 404
        order = onsite(house, case)
        assert client.get(case.get_absolute_url()).status_code == 200
        assert case.number in client.get("/cases/").content.decode()
        # Seeing is not deciding: every act of the stage stays with the team that holds the case.
        assert client.post(reverse("cases:hand_over", args=[case.pk]), {"pack": ["NOTICE"]}).status_code in (403, 422)
        services.withdraw_work(order, reason="无需", at=AT, actor=house.officer)
        assert client.get(case.get_absolute_url()).status_code == 404

    def test_another_teams_order_does_not_exist(self, house, case, login):
        order = ask(house, case)
        client = login(house.officer3)
        for name in ("finish_work", "return_work", "withdraw_work"):
            assert client.get(reverse(f"cases:{name}", args=[order.pk])).status_code == 404
        for name in ("accept_work", "confirm_work"):
            assert client.post(reverse(f"cases:{name}", args=[order.pk])).status_code == 404
        assert client.get(reverse("cases:work", args=[case.pk])).status_code == 404
        assert case.number not in client.get("/cases/work/?state=all").content.decode()
        assert client.get("/api/v1/cases/work-orders/?state=all").json()["count"] == 0


class TestDatabase:
    @pytest.mark.parametrize(
        "changes",
        [
            {"state": "ACCEPTED"},
            {"state": "DONE"},
            {"state": "CONFIRMED"},
            {"state": "RETURNED"},
            {"state": "WITHDRAWN"},
            {"department": "", "district": ""},
            {"kind": "QUERY"},
            {"from_team_id": None},
        ],
    )
    def test_refuses_a_state_without_what_belongs_to_it(self, house, case, changes):
        order = onsite(house, case)
        if "from_team_id" in changes:
            changes = {"from_team_id": order.to_team_id}
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkOrder.objects.filter(pk=order.pk).update(**changes)

    def test_refuses_one_officer_twice_and_confirming_ones_own_answer(self, house, case):
        order = onsite(house, case)
        services.finish_work(
            order,
            text="",
            result="NONE",
            officer1=house.field_officer,
            officer2=house.bailiff,
            at=AT,
            actor=house.field_officer,
        )
        rows = WorkOrder.objects.filter(pk=order.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(officer2=house.field_officer)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(officer2=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state="CONFIRMED", closed_by=house.field_officer, closed_at=AT)


class TestPages:
    def test_the_whole_course_by_the_pages(self, house, case, login):
        officer, assistant = login(house.officer), login(house.assistant)
        tab = reverse("cases:work", args=[case.pk])
        wrong = officer.post(tab, {"kind": "ONSITE", "text": "查<b>车</b>"})
        assert wrong.status_code == 422
        assert "查&lt;b&gt;车&lt;/b&gt;" in wrong.content.decode()
        assert "部门" in " ".join(wrong.context["form"].errors["department"])
        assert officer.post(tab, {"kind": "DOCUMENT", "text": "制作通知书"}).status_code == 302
        order = WorkOrder.objects.get()
        assert order.to_team.kind == "AFFAIRS"
        assert next(item.kind for item in desk.items(house.assistant, today=AT.date())) == "待接单协作"
        assert assistant.post(reverse("cases:accept_work", args=[order.pk])).status_code == 302
        assert "待办协作" in {item.kind for item in desk.items(house.assistant, today=AT.date())}
        empty = assistant.post(reverse("cases:finish_work", args=[order.pk]), {"text": " "})
        assert empty.status_code == 422
        assistant.post(reverse("cases:finish_work", args=[order.pk]), {"text": "已制作"})
        assert "待确认协作" in {item.kind for item in desk.items(house.officer, today=AT.date())}
        assert officer.post(reverse("cases:return_work", args=[order.pk]), {"reason": ""}).status_code == 422
        officer.post(reverse("cases:return_work", args=[order.pk]), {"reason": "有误"})
        assert "协作退回重办" in {item.kind for item in desk.items(house.assistant, today=AT.date())}
        assistant.post(reverse("cases:accept_work", args=[order.pk]))
        assistant.post(reverse("cases:finish_work", args=[order.pk]), {"text": "已更正"})
        assert officer.post(reverse("cases:confirm_work", args=[order.pk])).status_code == 302
        order.refresh_from_db()
        assert (order.state, order.result_text) == ("CONFIRMED", "已更正")
        text = officer.get(reverse("cases:timeline", args=[case.pk])).content.decode()
        for words in ("请求协作", "协作接单", "协作办结", "退回协作结果", "确认协作结果", "制作文书"):
            assert words in text

    def test_the_second_to_accept_is_told_who_was_first(self, house, case, login):
        order = ask(house, case)
        services.accept_work(order, at=AT, actor=house.records_clerk)
        answer = login(house.assistant).post(reverse("cases:accept_work", args=[order.pk]), follow=True)
        assert house.records_clerk.name in answer.content.decode()

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 2),
            ("kind=QUERY", 1),
            ("kind=ONSITE", 0),
            ("state=ACCEPTED", 1),
            ("state=all", 3),
            ("due=overdue", 0),
            ("due=soon", 1),
            ("due=today", 0),
            ("side=in", 2),
            ("side=out", 0),
            ("side=x&kind=%00&state=';--&due=zz&page=-4", 2),
        ],
    )
    def test_filters_are_coded_in_the_address(self, house, case, login, query, count):
        ask(house, case)
        services.accept_work(ask(house, case, "QUERY"), at=AT, actor=house.assistant)
        services.withdraw_work(ask(house, case), reason="x", at=AT, actor=house.officer)
        page = login(house.assistant).get(f"/cases/work/?{query}")
        assert page.status_code == 200
        assert len(page.context["rows"]) == count
        found = login(house.assistant).get(f"/api/v1/cases/work-orders/?{query.replace('&page=-4', '')}")
        assert found.json()["count"] == count

    def test_many_are_accepted_finished_and_confirmed_in_one_act_each(self, house, case, login):
        orders = [ask(house, case), ask(house, case, "QUERY"), ask(house, case)]
        spot = onsite(house, case)
        services.accept_work(orders[2], at=AT, actor=house.records_clerk)
        client = login(house.assistant)
        keys = [order.pk for order in [*orders, spot]]
        answer = client.post("/cases/work/many/?kind=", {"act": "accept", "order": keys}, follow=True)
        text = answer.content.decode()
        assert "已办理 2 项" in text
        assert "已由" in text
        lacking = client.post("/cases/work/many/", {"act": "finish", "order": keys[:2], "text": ""})
        assert lacking.status_code == 422
        assert lacking.content.decode().count("checked") == 2
        client.post("/cases/work/many/", {"act": "finish", "order": keys, "text": "均已办理"})
        assert WorkOrder.objects.filter(state="DONE", result_text="均已办理").count() == 3
        login(house.officer).post("/cases/work/many/", {"act": "confirm", "order": keys})
        assert WorkOrder.objects.filter(state="CONFIRMED").count() == 3
        assert Event.objects.filter(verb="confirm_work").count() == 3
        spot.refresh_from_db()
        assert spot.state == "REQUESTED"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"act": "accept"},
            {"act": "rm -rf", "order": ["1"]},
            {"act": "accept", "order": ["x", "-1", "٣"]},
            {"act": "finish", "order": ["1"], "text": "a\x00b"},
        ],
    )
    def test_a_hostile_batch_is_422(self, house, case, login, body):
        ask(house, case)
        assert login(house.assistant).post("/cases/work/many/", body).status_code == 422

    def test_a_key_beyond_any_number_finds_nothing(self, house, case, login):
        order = ask(house, case)
        body = {"act": "accept", "order": [str(10**18), "9" * 30, str(order.pk)]}
        assert login(house.assistant).post("/cases/work/many/", body).status_code == 302
        order.refresh_from_db()
        assert order.state == "ACCEPTED"

    def test_the_same_work_is_asked_for_all_ticked_cases(self, house, case, login):
        second = kept.running_case(house)
        strange = factories.into_stream(house, factories.file_case(house).case, team="ORDINARY")
        client = login(house.officer)
        assert 'name="case"' in client.get("/cases/").content.decode()
        assert 'name="case"' not in login(house.chief).get("/cases/").content.decode()
        keys = [case.pk, second.pk, strange.pk]
        form = client.post("/cases/work/request/", {"case": keys})
        assert form.status_code == 200
        assert second.number in form.content.decode()
        assert strange.number not in form.content.decode()
        wrong = client.post("/cases/work/request/", {"case": keys, "kind": "QUERY", "text": ""})
        assert wrong.status_code == 422
        assert not WorkOrder.objects.exists()
        client.post("/cases/work/request/", {"case": keys, "kind": "QUERY", "text": "查存款"})
        assert set(WorkOrder.objects.values_list("case", flat=True)) == {case.pk, second.pk}
        assert client.post("/cases/work/request/", {}).status_code == 302

    def test_the_list_costs_the_same_for_many_rows(self, house, case, login, django_assert_max_num_queries):
        for _turn in range(12):
            ask(house, case)
        client = login(house.assistant)
        with django_assert_max_num_queries(12):
            client.get("/cases/work/")


def test_of_sixteen_who_accept_at_once_one_gets_it(transactional_db):
    house = factories.House.build()
    case = kept.running_case(house)
    order = ask(house, case)
    staff = [
        factories.UserFactory(username=f"a{number}", role="ASSISTANT", team=house.teams["AFFAIRS"])
        for number in range(16)
    ]
    answers = race([lambda user=user: services.accept_work(order, at=AT, actor=user) for user in staff])
    winners = [answer for answer in answers if isinstance(answer, WorkOrder)]
    assert len(winners) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 15
    order.refresh_from_db()
    assert order.taken_by == winners[0].taken_by
    assert Event.objects.filter(verb="accept_work").count() == 1


def test_batches_that_cross_do_not_wait_in_a_ring_and_closing_races_with_asking(transactional_db):
    house = factories.House.build()
    cases = [kept.running_case(house) for _turn in range(3)]
    orders = [ask(house, case) for case in cases for _turn in range(2)]
    users = [house.assistant, house.records_clerk]
    jobs = [
        lambda user=user, rows=rows: services.accept_many(rows, at=AT, actor=user)
        for user in users
        for rows in (orders, orders[::-1], orders[::2], orders[1::2])
    ]
    answers = race(jobs)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sum(len(answer.done) for answer in answers) == len(orders)
    assert WorkOrder.objects.filter(state="ACCEPTED").count() == len(orders)

    fresh = kept.running_case(house)
    race(
        [lambda: ask(house, fresh) for _turn in range(7)] + [lambda: factories.close(house, fresh, "TERMINATED", at=AT)]
    )
    fresh = Case.objects.get(pk=fresh.pk)
    assert fresh.is_open or not fresh.work_orders.open().exists()
