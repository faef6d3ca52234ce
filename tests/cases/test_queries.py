"""The network query: fanned out from filing on, answered provider by provider, what was found, asking again."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, User
from cases import found, propertynetwork, services
from cases.models import Case, Deadline, Lead, NetworkQuery, Party, QueryAnswer
from cases.propertynetwork import Said, Thing
from cases.record import record
from dispatch import retriageservices
from dispatch import services as dispatch
from dispatch.factsources import gather_one
from tests import factories
from tests.at_once import faults, race
from tests.factories import moment

AT = moment(2021, 9, 1, 11)
LATER = moment(2021, 9, 3, 9)


class Network:
    """A network that says what a test wants of each provider; of the others, that nothing was found."""

    said: dict[str, Said] = {}

    def submit(self, requests):
        return {row.reference: Said("ACCEPTED") for row in requests}

    def answers(self, requests, *, at):
        nothing = Said("NOT_FOUND")
        found = {row.reference: self.said.get(row.source, nothing) for row in requests}
        return {reference: said for reference, said in found.items() if said.state != "ACCEPTED"}


@pytest.fixture
def network(settings, monkeypatch):
    settings.NETWORK_QUERY = "tests.cases.test_queries.Network"
    settings.NETWORK_SOURCES = ["BANK", "ESTATE"]
    monkeypatch.setattr(Network, "said", {})
    return Network.said


@pytest.fixture
def filed(house) -> Case:
    return factories.file_case(house).case


def launch(house, case, **changes):
    given = {"provider": "NATIONAL", "judge": house.judge, "at": AT, "actor": house.assistant} | changes
    return services.launch_query(case, **given)


def exchange(at=AT):
    return services.exchange_queries(at=at, actor=User.objects.system())


def deposit(amount="60000.00"):
    return Said("FOUND", things=(Thing("DEPOSIT", "中国银行，尾号1", "中国银行", Decimal(amount), True),))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestLaunching:
    def test_affairs_ask_on_the_day_of_filing_in_the_duty_judges_name(self, house, filed):
        launch(house, filed)
        query = filed.network_queries.get()
        assert (query.judge, query.launched_by, query.is_networked) == (house.judge, house.assistant, True)
        assert {row.state for row in query.answers.all()} == {"WAITING"}
        assert query.answers.count() == len(propertynetwork.sources()) == 8
        assert filed.deadlines.get(node="QUERY_LAUNCH").state == "FULFILLED"
        assert Case.objects.get(pk=filed.pk).stage == "FILED"

    def test_without_a_judge_of_its_own_one_on_duty_must_be_named(self, house, filed):
        for wrong in (None, house.officer):
            with pytest.raises(Refused, match="请选择值班法官"):
                launch(house, filed, judge=wrong)
        case = factories.assign(house, filed)
        launch(house, case, judge=None)
        assert case.network_queries.get().judge == case.judge

    def test_nobody_else_may(self, house, filed):
        for stranger in (house.officer, house.dispatcher, house.window_clerk, house.judge):
            with pytest.raises(PermissionDenied):
                launch(house, filed, actor=stranger)

    def test_what_another_platform_says_is_noted_by_hand(self, house, filed):
        launch(house, filed, provider="OTHER")
        assert filed.network_queries.get().answers.count() == 0
        services.note_query_answered(filed, answer="无存款", at=AT, actor=house.assistant)
        assert filed.network_queries.get().answer == "无存款"

    def test_the_database_takes_no_applicant_and_no_strangers_debtor(self, house, filed):
        other = factories.file_case(house).case
        for party in (filed.parties.get(side="APPLICANT"), other.parties.get(side="DEBTOR")):
            row = NetworkQuery(case=filed, party=party, provider="NATIONAL", launched_by=house.judge, launched_at=AT)
            with pytest.raises(IntegrityError, match="only a debtor"), transaction.atomic():
                row.save()

    def test_many_at_once_leave_what_may_not_be_asked(self, house, filed):
        launch(house, filed)
        more = [factories.file_case(house).case for _turn in range(3)]
        batch = services.launch_many(
            [filed, *more], provider="NATIONAL", judge=house.judge, at=AT, actor=house.assistant
        )
        assert (len(batch.done), [row.key for row in batch.left]) == (3, [filed.pk])


class TestAnswers:
    def test_each_provider_answers_and_what_it_found_is_kept_with_its_amount(self, house, filed, network):
        network["BANK"] = deposit()
        launch(house, filed)
        assert exchange() == 2
        query = NetworkQuery.objects.for_list().get()
        assert {row.source: row.state for row in query.answers.all()} == {"BANK": "FOUND", "ESTATE": "NOT_FOUND"}
        assert (query.total, query.answered_on, query.is_lacking) == (Decimal("60000.00"), AT.date(), False)
        event = Event.objects.get(verb="receive_query")
        assert '"cash_found":"60000.00"' in event.details.replace(" ", "")

    def test_an_answer_and_a_lead_never_change(self, house, filed, network):
        network["BANK"] = deposit()
        launch(house, filed)
        exchange()
        for rows, change in (
            (QueryAnswer.objects.filter(source="BANK"), {"state": "NOT_FOUND"}),
            (Lead.objects.all(), {"amount": Decimal("1.00")}),
            (NetworkQuery.objects.all(), {"answer": "x"}),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**change)

    def test_who_has_not_answered_is_asked_for_again_at_the_next_beat(self, house, filed, network):
        network["BANK"] = Said("ACCEPTED")
        launch(house, filed)
        assert exchange() == 1
        assert NetworkQuery.objects.running().count() == 1
        network["BANK"] = Said("NOT_FOUND")
        assert exchange(LATER) == 1
        assert exchange(LATER) == 0
        assert NetworkQuery.objects.get().answered_on == LATER.date()

    def test_a_failure_is_seen_and_asked_again_once(self, house, filed, network):
        network["BANK"] = Said("FAILED", "系统超时")
        launch(house, filed)
        exchange()
        query = NetworkQuery.objects.for_list().get()
        assert query.is_lacking
        network["BANK"] = deposit()
        again = services.ask_query_again(query, at=LATER, actor=house.assistant)
        assert [row.source for row in again.answers.all()] == ["BANK"]
        with pytest.raises(Refused, match="已重查"):
            services.ask_query_again(query, at=LATER, actor=house.assistant)
        exchange(LATER)
        assert not NetworkQuery.objects.lacking().exists()
        assert QueryAnswer.objects.get(query=query, source="BANK").reason == "系统超时"

    def test_the_simulator_is_the_same_at_every_run_and_refuses_whom_it_cannot_tell(self, house, filed):
        row = propertynetwork.Request("1", "NATIONAL", "BANK", "甲", "91350100M000100Y43", "号", sent_at=AT)
        simulator, in_days = propertynetwork.Simulator(), AT + dt.timedelta(days=3)
        assert simulator.answers([row], at=in_days) == simulator.answers([row], at=in_days)
        assert simulator.answers([row], at=AT) == {}
        Party.objects.filter(case=filed, side="DEBTOR").update(id_number="")
        launch(house, filed)
        exchange()
        assert {answer.state for answer in filed.network_queries.get().answers.all()} == {"REJECTED"}

    def test_an_unreachable_network_loses_nothing(self, house, filed, network, monkeypatch):
        def away(self, requests):
            raise propertynetwork.Unreachable("down")

        launch(house, filed)
        monkeypatch.setattr(Network, "submit", away)
        assert exchange() == 0
        assert set(QueryAnswer.objects.values_list("state", flat=True)) == {"WAITING"}

    def test_a_note_by_hand_ends_the_waiting(self, house, filed, network):
        network["BANK"] = Said("ACCEPTED")
        launch(house, filed)
        exchange()
        services.note_query_answered(filed, answer="银行书面答复无存款", at=LATER, actor=house.assistant)
        assert QueryAnswer.objects.get(source="BANK").state == "BY_HAND"
        assert exchange(LATER) == 0


class TestClocks:
    def test_what_was_found_is_to_be_controlled_online_in_two_days_offline_in_ten_workdays(self, house, filed, network):
        network["BANK"] = deposit()
        network["ESTATE"] = Said("FOUND", things=(Thing("REAL_ESTATE", "新华街1号", "不动产登记中心"),))
        launch(house, filed)
        exchange()
        online, offline = (filed.deadlines.get(node=node) for node in ("ONLINE_CONTROL", "OFFLINE_CONTROL"))
        assert (online.due_on, offline.due_on) == (dt.date(2021, 9, 3), dt.date(2021, 9, 15))
        factories.control(filed, actor=house.assistant, at=LATER, from_on=LATER.date())
        online.refresh_from_db()
        offline.refresh_from_db()
        assert (online.state, offline.state) == ("FULFILLED", "RUNNING")

    def test_before_anybody_holds_the_case_the_affairs_team_owes_it_and_says_what_is_not_controlled(
        self, house, filed, network
    ):
        network["BANK"] = deposit()
        launch(house, filed)
        exchange()
        duty = filed.deadlines.get(node="ONLINE_CONTROL")
        assert Deadline.objects.owned_by(house.assistant).filter(pk=duty.pk).exists()
        assert not Deadline.objects.owned_by(house.officer).filter(pk=duty.pk).exists()
        given = {"excuse": "GONE", "note": "经核实款项已支取，账户无余额", "at": LATER}
        for stranger in (house.officer, house.dispatcher, house.window_clerk):
            with pytest.raises(PermissionDenied):
                services.note_done(duty, **given, actor=stranger)
        assert services.note_done(duty, **given, actor=house.assistant).state == "FULFILLED"

    def test_of_two_accounts_one_freeze_does_not_speak_for_the_other(self, house, filed, network):
        both = tuple(Thing("DEPOSIT", tail, "乌海银行", is_online=True) for tail in ("尾号1234", "尾号5678"))
        network["BANK"] = Said("FOUND", things=both)
        launch(house, filed)
        exchange()
        duty = filed.deadlines.get(node="ONLINE_CONTROL")
        for state in ("RUNNING", "FULFILLED"):
            factories.control(filed, actor=house.assistant, at=LATER, from_on=LATER.date())
            duty.refresh_from_db()
            assert duty.state == state


class TestProceduralClosing:
    """What the network found stands in the way of 终本 until the record answers for it."""

    def test_money_is_never_too_little_because_somebody_says_so(self, house, filed, network):
        network["BANK"] = deposit()
        launch(house, filed)
        exchange()
        duty = filed.deadlines.get(node="ONLINE_CONTROL")
        given = {"note": "余额很少，控制不经济", "at": LATER, "actor": house.assistant}
        with pytest.raises(Refused, match="不属于价值过小"):
            services.note_done(duty, excuse="SMALL", **given)

    @pytest.mark.parametrize(("excuse", "is_answered"), [("AHEAD", False), ("ENOUGH", False), ("GONE", True)])
    def test_a_reason_given_before_is_measured_again(self, house, filed, network, excuse, is_answered):
        network["BANK"] = deposit()
        launch(house, filed)
        exchange()
        duty = filed.deadlines.get(node="ONLINE_CONTROL")
        assert found.unanswered(filed) == [f"银行存款 {deposit().things[0].thing}"]
        told = {"node": duty.node, "excuse": excuse, "note": "如前所述"}
        event = record(duty, "note_done", at=LATER, case=filed, actor=house.assistant, **told)
        duty.state, duty.ended_on, duty.closing_event = "FULFILLED", LATER.date(), event
        duty.save()
        assert (found.unanswered(filed) == []) is is_answered

    def test_what_was_found_before_an_answer_by_hand_is_owed_too(self, house, filed, network):
        network["BANK"] = deposit()
        network["ESTATE"] = Said("ACCEPTED")
        launch(house, filed)
        exchange()
        services.note_query_answered(filed, answer="其余单位未反馈", at=LATER, actor=house.assistant)
        assert filed.deadlines.get(node="ONLINE_CONTROL").state == "RUNNING"
        assert found.unanswered(filed)
        assert filed.network_queries.get().answer == "其余单位未反馈"

    def test_a_control_answers_for_it(self, house, filed, network):
        network["BANK"] = deposit()
        launch(house, filed)
        exchange()
        factories.control(filed, actor=house.assistant, at=LATER, from_on=LATER.date())
        assert found.unanswered(filed) == []


class TestTriage:
    def test_a_verdict_does_not_wait_and_what_arrives_proposes_another(self, house, network):
        case = factories.file_case(house, amount=Decimal("300000.00")).case
        launch(house, case)
        known = gather_one(case)
        assert (known.values["query"], known.values["cash_found"]) == ("PENDING", None)
        case = factories.assign(house, case, team="ORDINARY", at=AT)
        network["BANK"] = deposit("400000.00")
        exchange(LATER)
        known = gather_one(case)
        assert (known.values["query"], known.values["cash_found"], known.sources["cash_found"]) == (
            *("ANSWERED", Decimal("400000.00")),
            "QUERY",
        )
        assert retriageservices.find_changed(at=LATER, actor=User.objects.system()) == 1
        assert case.retriages.open().get().proposed == "FAST"

    def test_nobody_says_that_nothing_is_there_while_a_bank_has_failed(self, house, filed, network):
        network["BANK"] = Said("FAILED", "系统超时")
        launch(house, filed)
        exchange()
        known = gather_one(filed)
        assert (known.values["query"], known.values["property_found"]) == ("PENDING", None)

    def test_a_flat_found_has_to_be_sold_where_the_money_does_not_reach(self, house, filed, network):
        network["ESTATE"] = Said("FOUND", things=(Thing("REAL_ESTATE", "新华街1号", "不动产登记中心"),))
        launch(house, filed)
        exchange()
        known = gather_one(filed)
        assert (known.values["disposal"], known.values["property_found"]) == ("REAL_ESTATE", 1)


class TestSecrecy:
    """What the network found is read by those alone who may see what is controlled (domain handbook §13.1)."""

    WORDS = ("43,210.00", "43210", "可控存款", "尾号9876", "网络查控已反馈", "全部反馈", "余额不多")

    @pytest.fixture
    def found(self, house, filed, network):
        network["BANK"] = Said(
            "FOUND", things=(Thing("DEPOSIT", "存款，尾号9876", "某银行", Decimal("43210.00"), True),)
        )
        launch(house, filed)
        exchange()
        launch(house, filed, provider="REGIONAL")
        services.note_query_answered(filed, answer="余额不多", at=LATER, actor=house.assistant)
        given = {"at": LATER, "actor": house.dispatcher}
        dispatch.verify(filed, cash_found=Decimal("43210.00"), note="余额不多", **given)
        proposed = dispatch.propose(filed, on=LATER.date()).stream
        dispatch.triage(filed, decided=proposed, override_reason="", **given)
        return Case.objects.get(pk=filed.pk)

    def read(self, user, case):
        client = signed_in(user)
        pages = ("cases:detail", "cases:timeline", "dispatch:case_dispatch")
        told = [client.get(reverse(name, args=[case.pk])) for name in pages]
        told += [client.get(reverse("cases_api:record", args=[case.pk]), {"page_size": 200})]
        told += [client.get(reverse("dispatch_api:verdicts"))]
        assert {answer.status_code for answer in told} == {200}
        text = "".join(answer.content.decode() for answer in told)
        return {word for word in self.WORDS if word in text}

    @pytest.mark.parametrize("duty", ["window_clerk", "receptionist", "finance"])
    def test_the_counter_and_finance_read_none_of_it(self, house, found, duty):
        user = getattr(house, duty)
        assert self.read(user, found) == set()
        assert signed_in(user).get(reverse("cases_api:queries", args=[found.pk])).status_code == 403
        assert "发起网络查控" in signed_in(user).get(reverse("cases:timeline", args=[found.pk])).content.decode()

    def test_who_sees_what_is_controlled_reads_all_of_it(self, house, found):
        assert self.read(house.dispatcher, found) == set(self.WORDS)


class TestPages:
    def test_affairs_see_a_filed_case_as_far_as_a_query_needs_it(self, house, filed, network):
        network["BANK"] = Said("FAILED", "系统超时")
        client = signed_in(house.assistant)
        listed = client.get(reverse("cases:queries")).content.decode()
        assert filed.display_number in listed
        address = reverse("cases:query_case", args=[filed.pk])
        page = client.get(address).content.decode()
        assert "乌海市测试商贸有限公司" in page
        assert "91350100M000100Y43" not in page
        assert "13800001234" not in page
        assert client.get(filed.get_absolute_url()).status_code == 404
        assert client.get(reverse("cases:launch_query", args=[filed.pk])).url == address
        assert address in client.get(reverse("desk")).content.decode()
        assert client.post(address, {"provider": "NATIONAL"}).status_code == 422
        assert client.post(address, {"provider": "NATIONAL", "judge": house.judge.pk}).status_code == 302
        exchange()
        page = client.get(address).content.decode()
        assert "银行存款 查询失败" in page
        assert "系统超时" in page
        query = filed.network_queries.get()
        assert client.post(reverse("cases:ask_query_again", args=[query.pk])).status_code == 302
        assert NetworkQuery.objects.count() == 2

    def test_the_officer_of_another_team_sees_none_of_it(self, house, filed):
        client = signed_in(house.officer)
        assert filed.display_number not in client.get(reverse("cases:queries")).content.decode()
        assert client.get(reverse("cases:query_case", args=[filed.pk])).status_code == 404

    def test_ticked_cases_are_asked_at_once(self, house, filed):
        other, client = factories.file_case(house).case, signed_in(house.assistant)
        address = reverse("cases:launch_many")
        assert client.post(address, {"case": [filed.pk], "provider": "NATIONAL"}).status_code == 422
        data = {"case": [filed.pk, other.pk], "provider": "NATIONAL", "judge": house.judge.pk}
        assert client.post(address, data).status_code == 302
        assert NetworkQuery.objects.count() == 2

    def test_an_urgent_freeze_is_taken_before_triage(self, house, filed):
        client = signed_in(house.assistant)
        data = {
            **{"debtor": filed.parties.get(side="DEBTOR").pk, "kind": "DEPOSIT", "measure": "FREEZE", "rank": "1"},
            **{"thing": "中国银行，尾号8765", "unit": "中国银行", "ruling": "(2021)内0302执1号之一"},
            "from_on": f"{clock.today()}",
        }
        factories.ruled(filed, f"{filed.number}之一")
        answer = client.post(reverse("assets:take_control", args=[filed.pk]), data)
        assert answer.status_code == 302, answer.content.decode()
        assert answer.url == reverse("cases:query_case", args=[filed.pk])
        assert filed.controls.get().taken_by == house.assistant

    def test_a_program_asks_and_reads(self, house, filed, network):
        client = signed_in(house.assistant)
        listed = client.get(reverse("cases_api:to_query")).json()["results"]
        assert [row["id"] for row in listed] == [filed.pk]
        body = {"provider": "NATIONAL", "judge": house.judge.pk}
        answer = client.post(reverse("cases_api:launch_query", args=[filed.pk]), body, content_type="application/json")
        assert answer.status_code == 200
        exchange()
        rows = client.get(reverse("cases_api:queries", args=[filed.pk])).json()["results"]
        assert {row["state"] for row in rows[0]["answers"]} == {"NOT_FOUND"}
        assert signed_in(house.officer).get(reverse("cases_api:queries", args=[filed.pk])).status_code == 404

    def test_a_program_launches_many_at_once_and_hears_what_was_left(self, house, filed):
        launch(house, filed)
        fresh = factories.file_case(house).case
        client, address = signed_in(house.assistant), reverse("cases_api:launch_many")
        body = {"cases": [filed.pk, fresh.pk], "provider": "NATIONAL"}
        assert client.post(address, body, content_type="application/json").json()["fields"]["judge"]
        body["judge"] = house.judge.pk
        said = client.post(address, body, content_type="application/json").json()
        assert said["done"] == [fresh.pk]
        assert [(row["case"], row["number"]) for row in said["left"]] == [(filed.pk, filed.display_number)]
        assert said["left"][0]["reasons"]
        body["cases"] = [999_999]
        assert list(client.post(address, body, content_type="application/json").json()["fields"]) == ["cases"]
        assert signed_in(house.judge).post(address, body, content_type="application/json").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_four_workers_keep_each_answer_once(house, network):
    network["BANK"] = deposit()
    filed = [factories.file_case(house).case for _turn in range(6)]
    for case in filed:
        launch(house, case)
    assert faults(race([exchange] * 4)) == []
    exchange()
    assert Lead.objects.count() == len(filed)
    assert Event.objects.filter(verb="receive_query").count() == len(filed)
    assert NetworkQuery.objects.running().count() == 0
