"""Cases judged anew: by new facts, on purpose, answered by a person; a new table alone moves nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from assets import triagefacts
from bureau import tasks
from bureau.errors import Refused
from bureau.models import User
from cases import services as cases
from cases.models import Case
from dispatch import asking, assigning, desk, retriageservices, services
from dispatch.factsources import gather, gather_one
from dispatch.models import AssignmentRequest, Retriage, RuleTable, Verdict
from tests import factories, kept

AT = factories.moment(2021, 9, 16)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house):
    """A simple case with its team."""
    return kept.running_case(house)


def look(house):
    return retriageservices.find_changed(at=AT, actor=User.objects.system())


def objected(house, case):
    """An objection is registered: a fact that the table holds to make a case complex."""
    return cases.register_related(
        case,
        relation="OBJECTION",
        number="",
        court=case.number_court,
        court_name="",
        raised_by="王五",
        matter="异议",
        received_on=AT.date(),
        filed_on=AT.date(),
        reviewer=None,
        at=AT,
        actor=house.window_clerk,
    )


class TestFacts:
    def test_each_comes_from_its_record(self, house, case):
        known = gather_one(case)
        assert (known.values["claimed"], known.values["need"]) == (Decimal("50000.00"), Decimal("50650.00"))
        assert (known.values["debtors"], known.values["parties"], known.values["query"]) == (1, 2, "PENDING")
        assert known.values["property_found"] is None
        assert known.sources["query"] == "QUERY"
        objected(house, case)
        assert gather_one(case).values["pending"] == ("OBJECTION",)

    def test_property_under_control_counts(self, house, case):
        factories.control(case, at=AT)
        found = triagefacts.facts([case.pk])[case.pk]
        assert found["property_count"] == 1
        assert gather_one(case).values["property_found"] == 1

    def test_a_series_counts_open_cases_of_the_same_debtor(self, house, case):
        for _turn in range(2):
            factories.file_case(house)
        assert gather_one(case).values["series"] == 3

    def test_many_take_no_more_queries_than_one(self, house, django_assert_max_num_queries):
        several = [factories.file_case(house).case for _turn in range(5)]
        with django_assert_max_num_queries(13):
            gather(several)


class TestAssignedAndNotBegun:
    """Nobody has begun: the case goes back and is drawn anew in its new stream, once another person agrees."""

    def confirm(self, house):
        case = factories.assign(house, factories.file_case(house).case)
        objected(house, case)
        look(house)
        retriageservices.answer_retriage(Retriage.objects.get(), is_confirmed=True, at=AT, actor=house.dispatcher)
        return case

    def test_taking_back_is_asked_for_in_the_same_act(self, house, login):
        case = self.confirm(house)
        request = AssignmentRequest.objects.waiting().get()
        assert (request.kind, request.requested_by, list(request.cases.all())) == (
            "TAKE_BACK",
            house.dispatcher,
            [case],
        )
        assert request.reason == "重新分流：简案速执 → 繁案普执"
        address = reverse("dispatch:case_dispatch", args=[case.pk])
        assert "已申请收回分案" in login(house.dispatcher).get(address).content.decode()
        assert reverse("dispatch:decide_request", args=[request.pk]) in login(house.chief).get(address).content.decode()
        asking.decide_assignment(request, is_approved=True, at=AT, actor=house.chief)
        case = Case.objects.get(pk=case.pk)
        assert (case.stage, case.stream, case.judge) == ("FILED", "ORDINARY", None)
        assert assigning.assign(case, at=AT, actor=house.dispatcher).judge == house.judge3

    def test_where_something_is_asked_already_nothing_more_is(self, house, login):
        case = factories.assign(house, factories.file_case(house).case)
        given = {"wanted": [case], "kind": "REDRAW", "reason": "应当回避", "at": AT, "actor": house.dispatcher}
        asked = asking.ask_assignment(**given)
        objected(house, case)
        look(house)
        retriageservices.answer_retriage(Retriage.objects.get(), is_confirmed=True, at=AT, actor=house.dispatcher)
        assert AssignmentRequest.objects.get() == asked

    def test_a_refused_request_is_asked_for_again_from_the_page(self, house, login):
        case = self.confirm(house)
        request = AssignmentRequest.objects.waiting().get()
        asking.decide_assignment(request, is_approved=False, note="暂缓", at=AT, actor=house.chief)
        text = login(house.dispatcher).get(reverse("dispatch:case_dispatch", args=[case.pk])).content.decode()
        assert "仍按简案速执分案" in text
        assert reverse("dispatch:ask", args=[case.pk]) in text

    def test_what_is_kept_asks_for_nothing(self, house):
        case = factories.assign(house, factories.file_case(house).case)
        objected(house, case)
        look(house)
        row = Retriage.objects.get()
        retriageservices.answer_retriage(row, is_confirmed=False, note="异议即将驳回", at=AT, actor=house.dispatcher)
        assert not AssignmentRequest.objects.exists()


class TestProposing:
    def test_nothing_new_proposes_nothing(self, house, case):
        assert look(house) == 0

    def test_new_facts_propose_once_and_a_person_confirms(self, house, case, login):
        objected(house, case)
        assert (look(house), look(house)) == (1, 0)
        row = Retriage.objects.get()
        assert (row.why, row.before, row.proposed, row.changed) == (
            "NEW_FACTS",
            "FAST",
            "ORDINARY",
            ["query", "pending"],
        )
        assert Verdict.objects.get(case=case).decided == "FAST"
        kinds = [item.kind for item in desk.items(house.dispatcher, today=AT.date())]
        assert "建议重新分流" in kinds
        text = login(house.dispatcher).get(reverse("dispatch:retriages")).content.decode()
        assert "未决程序 执行异议、复议" in text
        retriageservices.answer_retriage(row, is_confirmed=True, at=AT, actor=house.dispatcher)
        verdict = Verdict.objects.get(case=case)
        assert (verdict.decided, verdict.edition, verdict.hits) == ("ORDINARY", 2, ["T4", "T11"])
        # The team has it: the stream changes by a hand-over, to which the judge is called.
        assert Case.objects.get(pk=case.pk).stream == "FAST"
        row.refresh_from_db()
        assert (row.replaced["decided"], row.replaced["edition"]) == ("FAST", 1)
        judge = Case.objects.get(pk=case.pk).judge
        assert "按重新分流转换" in [item.kind for item in desk.items(judge, today=AT.date())]

    def test_kept_with_a_reason_it_is_not_asked_again_on_these_facts(self, house, case):
        objected(house, case)
        look(house)
        row = Retriage.objects.get()
        with pytest.raises(Refused, match="理由"):
            retriageservices.answer_retriage(row, is_confirmed=False, at=AT, actor=house.dispatcher)
        retriageservices.answer_retriage(row, is_confirmed=False, note="即将办结", at=AT, actor=house.dispatcher)
        assert look(house) == 0
        with pytest.raises(Refused, match="已由"):
            retriageservices.answer_retriage(row, is_confirmed=True, at=AT, actor=house.dispatcher)

    def test_facts_that_change_back_let_it_lapse(self, house, case):
        related = objected(house, case)
        look(house)
        type(related).objects.filter(pk=related.pk).update(
            state="DECIDED", result="REJECTED", document="裁定", decided_on=AT.date()
        )
        look(house)
        assert Retriage.objects.get().state == "LAPSED"

    def test_a_case_still_here_changes_its_stream_at_once(self, house):
        waiting = factories.file_case(house).case
        services.confirm(waiting, at=AT, actor=house.dispatcher)
        objected(house, waiting)
        assert look(house) == 1
        retriageservices.answer_retriage(Retriage.objects.get(), is_confirmed=True, at=AT, actor=house.dispatcher)
        assert Case.objects.get(pk=waiting.pk).stream == "ORDINARY"

    def test_a_new_table_moves_no_open_case_until_asked_on_purpose(self, house, case, login):
        RuleTable.objects.create(
            version=2,
            state="APPROVED",
            fast_weight_min=9,
            from_on=AT.date(),
            authored_by=house.dispatcher,
            authored_at=AT,
            approved_by=house.chief,
            approved_at=AT,
        )
        assert look(house) == 0
        client = login(house.dispatcher)
        assert client.post(reverse("dispatch:retriages"), {"reason": ""}).status_code == 422
        answer = client.post(reverse("dispatch:retriages"), {"reason": "新表施行，统一复核"})
        tasks.run_jobs()
        assert "建议重新分流 1 件" in client.get(answer.url).content.decode()
        row = Retriage.objects.get()
        assert (row.why, row.table.version, row.reason) == ("ON_PURPOSE", 2, "新表施行，统一复核")
        data = {"retriage": [row.pk], "action": "confirm"}
        assert client.post(reverse("dispatch:answer_retriages"), data).status_code == 200
        assert Verdict.objects.get(case=case).table.version == 2

    def test_many_kept_need_a_reason(self, house, case, login):
        objected(house, case)
        look(house)
        client = login(house.dispatcher)
        data = {"retriage": [Retriage.objects.get().pk], "action": "keep"}
        assert client.post(reverse("dispatch:answer_retriages"), data).status_code == 422
        assert client.post(reverse("dispatch:answer_retriages"), {**data, "note": "即将办结"}).status_code == 200
        assert Retriage.objects.get().state == "DISMISSED"

    def test_on_purpose_for_one_case_with_a_reason(self, house, case, login):
        client = login(house.dispatcher)
        client.post(reverse("dispatch:propose_anew", args=[case.pk]), {"reason": " "})
        assert not Retriage.objects.exists()
        client.post(reverse("dispatch:propose_anew", args=[case.pk]), {"reason": "申请人反映"})
        assert Retriage.objects.get().state == "OPEN"
        client.post(reverse("dispatch:propose_anew", args=[case.pk]), {"reason": "再次"})
        assert Retriage.objects.count() == 1

    def test_days_of_the_table_count_as_of_now(self, house, case):
        assert retriageservices.find_changed(at=AT + dt.timedelta(days=30), actor=User.objects.system()) == 0
