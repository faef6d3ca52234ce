"""Sanctions as their users see them: tab, proposing, the president's page and list, export, desk, API, closing."""

import datetime as dt
import io
from dataclasses import replace

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.models import Event
from cases import sanctiondesk, services
from cases.models import Case, Sanction, SanctionRequest
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 16)
DAY = dt.date.fromisoformat
THREE_WORKDAYS_AGO = DAY("2021-09-13")


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


def text_of(answer) -> str:
    return answer.content.decode()


def address(name, *args) -> str:
    return reverse(f"cases:{name}", args=args)


def propose(client, case, kind="LIMIT_CONSUMPTION", **typed):
    party = case.parties.get(side="DEBTOR").pk
    data = {"party": party, "ground": "UNPERFORMED", "facts": "通知书已送达，逾期未履行", **typed}
    return client.post(f"{address('propose_sanction', case.pk)}?kind={kind}", data)


def due(house, case, arose=THREE_WORKDAYS_AGO, ground="UNPERFORMED") -> Sanction:
    row = factories.sanction(house, case, ground)
    given = {"ending": "PERFORMED", "arose_on": arose, "note": "案款已付清"}
    return services.note_removal_ground(row, **given, at=AT, actor=case.owner)


class TestProposing:
    def test_the_handler_proposes_with_the_only_debtor_and_his_representative_filled_in(self, house, case, login):
        client = login(house.officer)
        page = text_of(client.get(address("propose_sanction", case.pk)))
        for words in ("未按执行通知书指定的期间履行给付义务", "李守信", "纳入失信名单", "selected"):
            assert words in page
        assert page.index("未按执行通知书") < page.index("已纳入失信被执行人名单，应当限制消费")
        answer = propose(client, case, persons="李守信\n  \n王某")
        assert answer.status_code == 302
        row = Sanction.objects.get()
        assert (row.kind, row.persons, row.proposed_at) == ("LIMIT_CONSUMPTION", ["李守信", "王某"], AT)
        tab = text_of(client.get(answer.url))
        assert "待审批" in tab
        assert f"{reverse('documents:compose', args=[case.pk])}?template=CONSUMPTION" in tab

    @pytest.mark.parametrize(
        ("kind", "typed", "said"),
        [
            ("LIMIT_CONSUMPTION", {"facts": ""}, "请填写"),
            ("LIMIT_CONSUMPTION", {"ground": ""}, "请选择"),
            ("LIMIT_CONSUMPTION", {"ground": "NO_REPORT"}, "请选择列表中的一项"),
            ("LIMIT_CONSUMPTION", {"party": "0"}, "请选择列表中的一项"),
            ("LIMIT_CONSUMPTION", {"party": "x' OR 1=1"}, "请选择列表中的一项"),
            ("LIMIT_CONSUMPTION", {"facts": "坏\0字"}, "含有不能识别的字符"),
            ("FINE", {"ground": "FINE_REPORT", "amount": "49999.99"}, "对单位的罚款为"),
            ("FINE", {"ground": "FINE_REPORT", "amount": "很多"}, "请填写金额"),
            ("DETENTION", {"ground": "DETENTION_REPORT", "days": "16", "persons": "李守信"}, "不能大于 15"),
            ("DETENTION", {"ground": "DETENTION_REPORT", "days": "3", "persons": ""}, "责任人员姓名"),
            ("DISHONEST", {"ground": "NO_REPORT", "extra_years": "2"}, "延长一至三年"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, house, case, login, kind, typed, said):
        answer = propose(login(house.officer), case, kind, **typed)
        assert answer.status_code == 422
        assert said in text_of(answer)
        if "facts" not in typed:
            assert "通知书已送达，逾期未履行" in text_of(answer)
        assert not Sanction.objects.exists()

    def test_what_is_typed_is_shown_as_text(self, house, case, login):
        propose(login(house.officer), case, facts="<script>alert(1)</script>")
        page = text_of(login(house.president).get(Sanction.objects.get().get_absolute_url()))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_another_teams_case_does_not_exist_and_who_sees_it_may_not_all_propose(self, house, case, login):
        assert propose(login(house.officer3), case).status_code == 404
        assert propose(login(house.chief), case).status_code == 403
        row = factories.propose_sanction(case)
        for name in ("sanction", "withdraw_sanction", "note_removal", "remove_sanction", "request_correction"):
            assert login(house.officer3).get(address(name, row.pk)).status_code == 404, name
        assert login(house.officer3).get(reverse("cases_api:case_sanctions", args=[case.pk])).status_code == 404

    def test_an_unstarted_case_says_why_not(self, house, login):
        case = factories.assign(house, factories.file_case(house).case)
        page = text_of(login(case.judge).get(address("propose_sanction", case.pk)))
        assert "案件尚未启动，不能采取强制措施" in page


class TestDeciding:
    def test_the_president_sees_facts_article_and_earlier_ones_and_approves(self, house, case, login):
        other = kept.running_case(house)
        factories.sanction(house, other, "NO_REPORT")
        row = factories.propose_sanction(case, "NO_REPORT")
        client = login(house.president)
        page = text_of(client.get(row.get_absolute_url()))
        for words in (
            "逾期未履行，有执行通知书送达回证",
            "《失信名单规定》法释〔2017〕7号第1条",
            other.number,
            "执行中",
        ):
            assert words in page
        answer = client.post(row.get_absolute_url(), {"answer": "approve", "document": "(2021)内0302执1号失信决定"})
        assert answer.url == address("sanction_approvals")
        row.refresh_from_db()
        assert (row.state, row.document, row.term_until) == (
            "IN_FORCE",
            "(2021)内0302执1号失信决定",
            DAY("2023-09-16"),
        )

    def test_a_refusal_needs_its_reason_beside_the_field(self, house, case, login):
        row, client = factories.propose_sanction(case), login(house.vice_president)
        answer = client.post(row.get_absolute_url(), {"answer": "refuse", "reason": " "})
        assert answer.status_code == 422
        assert "证据不足，请补充" in text_of(answer)
        assert "请填写" in text_of(answer)
        assert client.post(row.get_absolute_url(), {"answer": "refuse", "reason": "证据不足"}).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.decision_reason) == ("REFUSED", "证据不足")
        # A second answer, from another tab, changes nothing.
        assert client.post(row.get_absolute_url(), {"answer": "approve"}).status_code == 422

    def test_nobody_else_decides_and_an_odd_answer_does_nothing(self, house, case, login):
        row = factories.propose_sanction(case)
        for user in (house.chief, house.officer, case.judge):
            assert login(user).post(row.get_absolute_url(), {"answer": "approve"}).status_code == 403
            assert "批准</button>" not in text_of(login(user).get(row.get_absolute_url()))
        assert login(house.president).post(row.get_absolute_url(), {"answer": "delete"}).status_code == 422
        row.refresh_from_db()
        assert row.state == "PROPOSED"

    def test_many_at_once_from_the_list(self, house, case, login):
        first, ending = factories.propose_sanction(case), due(house, case, ground="ABLE_REFUSES")
        client = login(house.president)
        page = text_of(client.get(address("sanction_approvals")))
        assert page.count('name="sanction"') == 2
        ticked = [first.pk, ending.pk, "abc", "-1", "9" * 30, "²"]
        answer = client.post(address("sanction_approvals"), {"sanction": ticked}, follow=True)
        assert "已批准 2 项" in text_of(answer)
        assert "没有待审批的强制措施" in text_of(answer)
        ending.refresh_from_db()
        assert ending.is_removal_decided

    def test_an_end_that_is_decided_is_carried_out_by_the_team(self, house, case, login):
        row = due(house, case)
        answer = login(house.officer).post(address("remove_sanction", row.pk), {"way": "LIFTED", "document": "解除令"})
        assert answer.status_code == 422
        assert "解除尚待院长或主管副院长批准" in text_of(answer)
        login(house.president).post(row.get_absolute_url(), {"answer": "approve", "document": "解除令1号"})
        client = login(house.officer)
        assert "办理解除" in text_of(client.get(address("case_sanctions", case.pk)))
        assert 'value="LIFTED"' in text_of(client.get(address("remove_sanction", row.pk)))
        assert client.post(address("remove_sanction", row.pk), {"way": "LIFTED", "document": ""}).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.removal_document) == ("REMOVED", "解除令1号")


class TestEnding:
    def test_the_number_of_the_paper_is_added_once_it_is_issued(self, house, case, login):
        row, client = factories.sanction(house, case), login(house.officer)
        factories.ruled(case, case.number)
        assert address("name_document", row.pk) in text_of(client.get(address("case_sanctions", case.pk)))
        assert client.post(address("name_document", row.pk), {"document": " "}).status_code == 422
        typed = {"document": "(2021)内0302执1号限制消费令"}
        assert client.post(address("name_document", row.pk), typed).status_code == 302
        row.refresh_from_db()
        assert row.document == typed["document"]
        assert Event.objects.of_chain(f"case:{case.pk}").last().verb == "name_document"
        assert address("name_document", row.pk) not in text_of(client.get(address("case_sanctions", case.pk)))
        waiting = factories.propose_sanction(case, "NO_REPORT")
        assert client.post(address("name_document", waiting.pk), typed).status_code == 422

    def test_the_listed_are_to_be_limited_as_well(self, house, case, login):
        client, url = login(house.officer), address("case_sanctions", case.pk)
        factories.sanction(house, case, "NO_REPORT")
        assert "应当一并限制消费" in text_of(client.get(url))
        factories.propose_sanction(case, "LISTED")
        assert "应当一并限制消费" not in text_of(client.get(url))

    def test_the_ground_is_noted_with_its_day_and_the_clock_shows(self, house, case, login):
        row, client = factories.sanction(house, case), login(house.officer)
        page = text_of(client.get(address("note_removal", row.pk)))
        assert "TERM_ENDED" not in page
        typed = {"ending": "PERFORMED", "arose_on": "2021-09-13", "note": "案款已全部到账并发放"}
        wrong = client.post(address("note_removal", row.pk), typed | {"arose_on": "2021-09-30"})
        assert (wrong.status_code, "不能晚于今天" in text_of(wrong)) == (422, True)
        assert client.post(address("note_removal", row.pk), typed).status_code == 302
        tab = text_of(client.get(address("case_sanctions", case.pk)))
        assert "应予解除" in tab
        # 09-14, 09-15, 09-16: due on the day itself.
        assert "今天到期" in tab
        assert "待院长批准" in tab

    def test_a_detention_is_begun_and_a_proposal_taken_back(self, house, case, login):
        client = login(house.officer)
        row = factories.sanction(house, case, "DETENTION_REPORT", days=10, persons=["李守信"])
        answer = client.post(address("begin_detention", row.pk), {"on": "2021-09-16", "document": "回执"})
        assert answer.status_code == 302
        row.refresh_from_db()
        assert row.term_until == DAY("2021-09-26")
        proposal = factories.propose_sanction(case)
        assert client.post(address("withdraw_sanction", proposal.pk), {"reason": ""}).status_code == 422
        assert client.post(address("withdraw_sanction", proposal.pk), {"reason": "已履行"}).status_code == 302

    def test_written_requests_are_taken_and_answered(self, house, case, login):
        party = case.parties.get(side="DEBTOR").pk
        typed = {"party": party, "text": "申请将其纳入失信名单", "received_on": "2021-09-15"}
        taken = login(house.window_clerk).post(address("request_listing", case.pk), typed)
        assert taken.status_code == 302
        assert login(house.window_clerk2).post(address("request_listing", case.pk), typed).status_code == 404
        asked = SanctionRequest.objects.get()
        judge = login(case.judge)
        assert asked.get_purpose_display() in [item.kind for item in sanctiondesk.items(case.judge, today=AT.date())]
        page = text_of(judge.get(address("answer_request", asked.pk)))
        assert "GRANTED" not in page
        answer = {"result": "DECLINED", "reason": "已控制财产足以清偿债务"}
        assert login(house.officer).post(address("answer_request", asked.pk), answer).status_code == 403
        assert judge.post(address("answer_request", asked.pk), answer).status_code == 302
        assert "不予支持" in text_of(judge.get(address("case_sanctions", case.pk)))


class TestDesk:
    def test_each_finds_what_waits_for_him(self, house, case):
        proposal = factories.propose_sanction(case, "NO_REPORT")
        ending = due(house, case)

        def kinds(user):
            return [(item.kind, item.is_red, item.due_on) for item in sanctiondesk.items(user, today=AT.date())]

        assert sorted(kinds(house.president), key=str) == [
            ("审批强制措施", False, None),
            ("审批解除措施", True, DAY("2021-09-16")),
        ]
        assert kinds(house.chief) == kinds(house.officer2) == []
        assert kinds(case.owner) == [("补录决定文书", True, ending.in_force_from + dt.timedelta(days=3))]
        services.approve_removal(ending, at=AT, actor=house.president)
        services.refuse_sanction(proposal, reason="不足", at=AT, actor=house.president)
        factories.ruled(case, case.number)
        services.name_document(ending, document=case.number, at=AT, actor=case.owner)
        assert kinds(case.owner) == [("办理解除措施", True, DAY("2021-09-16"))]
        assert kinds(house.president) == []

    def test_after_the_end_the_affairs_team_finds_it(self, house, case):
        factories.sanction(house, case)
        case = factories.close(house, case, "TERMINATED", at=AT)
        row = Sanction.objects.get()
        services.approve_removal(row, at=AT, actor=house.vice_president)
        item = next(iter(sanctiondesk.items(house.records_clerk, today=AT.date())))
        assert (item.kind, item.due_on, item.is_red) == ("办理解除措施", DAY("2021-09-22"), False)

    def test_the_pages_open_for_their_users(self, house, case, login):
        factories.propose_sanction(case)
        assert "审批强制措施" in text_of(login(house.president).get(reverse("desk")))


class TestList:
    @pytest.fixture
    def rows(self, house, case):
        """A limit without a term, a listing for two years, one whose removal is late, and a refused one."""
        listed = kept.running_case(house)
        late = kept.running_case(house)
        refused = factories.propose_sanction(late, "EXIT_UNPERFORMED", persons=["李守信"])
        return {
            "limit": factories.sanction(house, case),
            "listing": factories.sanction(house, listed, "NO_REPORT"),
            "late": due(house, late, DAY("2021-09-10")),
            "refused": services.refuse_sanction(refused, reason="不足", at=AT, actor=house.president),
        }

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["late", "listing", "limit"]),
            ("state=all", ["late", "listing", "refused", "limit"]),
            ("kind=DISHONEST", ["listing"]),
            ("state=REFUSED", ["refused"]),
            ("due=overdue", ["late"]),
            ("due=month", []),
            ("kind=NOTHING&state=%00&due=x", ["late", "listing", "limit"]),
        ],
    )
    def test_coded_filters_on_page_export_and_api(self, house, rows, login, query, found):
        client = login(house.chief)
        page = client.get(f"{address('sanctions')}?{query}")
        assert [row.sanction.pk for row in page.context["rows"]] == [rows[name].pk for name in found]
        given = client.get(f"{reverse('cases_api:sanctions')}?{query}").json()["results"]
        assert [row["id"] for row in given] == [rows[name].pk for name in found]
        sheet = client.post(f"{address('export_sanctions')}?{query}")
        lines = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)
        assert [line[0] for line in lines[1:]] == [rows[name].case.number for name in found]
        event = Event.objects.filter(verb="export").latest("id")
        assert f'"count":{len(found)}' in event.details

    def test_everybody_sees_his_own_scope(self, house, rows, login):
        assert login(house.officer3).get(address("sanctions")).context["rows"] == []
        assert login(house.officer3).get(reverse("cases_api:sanctions")).json()["results"] == []
        assert "没有符合条件的强制措施" in text_of(login(house.officer3).get(address("sanctions")))

    def test_api_of_a_case_tells_ground_days_and_no_number(self, house, rows, login):
        late = rows["late"]
        given = login(house.officer).get(reverse("cases_api:case_sanctions", args=[late.case_id])).json()["results"]
        row = next(row for row in given if row["id"] == late.pk)
        assert (row["state"], row["next_due_on"], row["arose_on"]) == ("REMOVAL_DUE", "2021-09-15", "2021-09-10")
        assert "91350100M000100Y43" not in str(given)

    def test_a_longer_list_costs_no_more_statements(self, house, rows, login):
        client = login(house.chief)
        client.get(address("sanctions"))

        def count():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address("sanctions")).status_code == 200
            return len(queries)

        before = count()
        for _turn in range(3):
            due(house, kept.running_case(house))
        assert count() == before


class TestApi:
    NAMES = {"approve": "approve_sanction", "removal": "note_removal_ground", "remove": "remove_sanction"}

    def act(self, client, row, act, **typed):
        address = reverse(f"cases_api:{self.NAMES[act]}", args=[row.pk])
        return client.post(address, typed, content_type="application/json")

    def test_the_whole_course_by_the_same_services(self, house, case, login):
        officer, president = login(house.officer), login(house.president)
        url = reverse("cases_api:propose_sanction", args=[case.pk])
        typed = {"ground": "UNPERFORMED", "facts": "逾期未履行", "persons": "李守信"}
        answer = officer.post(url, typed, content_type="application/json")
        row = Sanction.objects.get()
        assert (answer.status_code, answer.json()) == (200, {"kind": "sanction", "id": row.pk})
        assert (row.state, row.persons) == ("PROPOSED", ["李守信"])
        assert self.act(president, row, "approve", document="令1号").status_code == 422
        assert self.act(president, row, "approve").status_code == 200
        typed = {"ending": "CONSENT", "arose_on": "2021-09-16", "note": "书面同意"}
        assert self.act(officer, row, "removal", **typed).status_code == 200
        [listed] = officer.get(reverse("cases_api:case_sanctions", args=[case.pk])).json()["results"]
        assert (listed["in_force_from"], listed["next_due_on"]) == ("2021-09-16", "2021-09-22")
        assert self.act(president, row, "approve").status_code == 200
        assert self.act(officer, row, "remove", way="LIFTED", document="令2号").status_code == 200
        assert Sanction.objects.get().state == "REMOVED"
        again = self.act(officer, row, "remove", way="LIFTED", document="令2号")
        assert (again.status_code, again.json()["reasons"]) == (422, ["没有登记解除事由，不能办理解除"])

    def test_requests_by_the_window_and_their_answer(self, house, case, login):
        url = reverse("cases_api:request_listing", args=[case.pk])
        clerk, judge = login(house.window_clerk), login(case.judge)
        typed = {"party": 1, "text": "申请纳入", "received_on": "2021-09-15"}
        taken = clerk.post(url, typed, content_type="application/json")
        assert taken.status_code == 200
        answer = reverse("cases_api:answer_request", args=[taken.json()["id"]])
        typed = {"result": "DECLINED", "reason": "不符合"}
        assert login(house.officer).post(answer, typed, content_type="application/json").status_code == 403
        assert judge.post(answer, typed, content_type="application/json").status_code == 200
        [row] = clerk.get(reverse("cases_api:sanction_requests", args=[case.pk])).json()["results"]
        assert (row["purpose"], row["result"], row["reason"]) == ("LIST", "DECLINED", "不符合")

    @pytest.mark.parametrize(
        "typed",
        [{}, [], {"ground": "NOTHING"}, {"ground": "UNPERFORMED", "facts": "x", "party": 9}, {"ground": {"a": 1}}],
    )
    def test_empty_and_odd_input_is_refused_in_words(self, house, case, login, typed):
        url = reverse("cases_api:propose_sanction", args=[case.pk])
        answer = login(house.officer).post(url, typed, content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["reasons"] or answer.json()["fields"]
        good = {"ground": "UNPERFORMED", "facts": "x"}
        assert login(house.chief).post(url, good, content_type="application/json").status_code == 403
        assert not Sanction.objects.exists()


EVENTS = ("event_LIMITED", "event_LISTED")


class TestClosing:
    def test_the_page_says_what_the_closing_will_end_and_offers_the_decisions_as_proofs(self, house, case, login):
        factories.sanction(house, case)
        factories.sanction(house, case, "NO_REPORT")
        client = login(case.owner)
        page = text_of(client.get(f"{address('propose_closing', case.pk)}?mode=TERMINATED"))
        assert "结案即产生解除义务" in page
        answer = client.get(f"{address('propose_closing', case.pk)}?mode=PROCEDURAL")
        page = text_of(answer)
        assert "结案即产生解除义务" not in page
        assert "批准强制措施 限制消费" in page
        events = Event.objects.of_chain(f"case:{case.pk}").filter(verb="approve_sanction").order_by("seq")
        offered = {name: [pk for pk, _label in answer.context["form"].fields[name].choices if pk] for name in EVENTS}
        limit, listing = events.values_list("pk", flat=True)
        assert offered == {"event_LIMITED": [limit], "event_LISTED": [listing]}

    def test_a_person_without_birth_in_his_number_is_to_be_looked_at(self, house, login):
        applicant, debtor = factories.filing().parties
        person = replace(debtor, kind="PERSON", name="阿木尔", id_kind="PASSPORT", id_number="E12345678")
        filed = factories.file_case(house, parties=(applicant, replace(person, legal_representative="")))
        case = factories.into_stream(house, filed.case)
        row = factories.propose_sanction(case, "NO_REPORT")
        assert "请核对是否成年" in text_of(login(house.president).get(row.get_absolute_url()))
