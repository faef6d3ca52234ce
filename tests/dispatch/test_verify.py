"""Verification: defects found, one complete send-back, the window's clock and count; confirming one or many."""

import dataclasses
import datetime as dt
import re
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import load_workbook

from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case, Party
from dispatch import desk, services, verifyservices
from dispatch.filingchecks import defects_of
from dispatch.models import SendBack, Verdict
from dispatch.queue import by_window
from documents import services as documents
from tests import factories
from tests.at_once import faults, race
from tests.world import PDF

AT = factories.moment(2021, 9, 2)
DAY = AT.date()


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house):
    return factories.file_case(house).case


def codes(case):
    return [row.code for row in defects_of([case], on=DAY)[case.pk]]


def send(house, case, **changes):
    return verifyservices.send_back_filing(
        case, **{"defects": ["MATERIALS"], "note": "", "at": AT, "actor": house.dispatcher, **changes}
    )


def link(case):
    return f'data-href="{reverse("dispatch:case_dispatch", args=[case.pk])}"'


class TestDefects:
    def test_a_plain_filing_lacks_only_its_papers(self, case):
        assert codes(case) == ["MATERIALS"]

    def test_each_defect_has_its_code(self, house):
        plain = factories.filing()
        bare = dataclasses.replace(plain.parties[1], id_number="", phone="", address="")
        basis = dataclasses.replace(plain.basis, effective_on=None, performance_due_on=dt.date(2021, 12, 1))
        claims = (factories.ClaimData(kind="INTEREST", amount=plain.claims[0].amount),)
        case = factories.file_case(
            house, payee=False, parties=(plain.parties[0], bare), basis=basis, claims=claims
        ).case
        expected = ["DEBTOR_ID", "NO_ADDRESS", "NO_EFFECT_PROOF", "NOT_DUE", "WRONG_AMOUNT", "MATERIALS", "NO_ACCOUNT"]
        assert codes(case) == expected

    def test_the_same_paper_twice_is_a_duplicate_and_a_closed_one_a_revival(self, house, case):
        second = factories.file_case(house, basis=factories.filing().basis).case
        assert "DUPLICATE" in codes(case)
        assert "DUPLICATE" in codes(second)
        done = factories.into_stream(house, second)
        factories.close(house, done, "TERMINATED", at=factories.moment(2021, 9, 10))
        assert "REVIVAL" in codes(case)

    def test_a_known_duplicate_of_another_court_passes_only_for_a_reason(self, house, login, case):
        twin = factories.file_case(house, court_code="内0303", basis=factories.filing().basis).case
        for act in (services.verify, services.confirm):
            with pytest.raises(Refused, match=f"已有在办案件：{re.escape(case.display_number)}（"):
                act(twin, at=AT, actor=house.dispatcher)
        client, address = login(house.dispatcher), reverse("dispatch:decide", args=[twin.pk])
        page = client.get(reverse("dispatch:case_dispatch", args=[twin.pk])).content.decode()
        assert ("疑似重复立案" in page, case.display_number in page) == (True, True)
        data = {"action": "triage", "decided": "FAST", "note": "已核对"}
        refused = client.post(address, data)
        assert (refused.status_code, "duplicate_reason" in refused.context["decision"].form.errors) == (422, True)
        assert "已核对" in refused.content.decode()
        assert client.post(address, data | {"duplicate_reason": "同一判决的另一判项"}).status_code == 302
        assert Verdict.objects.get(case=twin).verification.duplicate_reason == "同一判决的另一判项"
        said = Event.objects.of_chain(f"case:{twin.pk}").get(verb="verify").details
        assert ("同一判决的另一判项" in said, f'"duplicates":[{case.pk}]' in said.replace(" ", "")) == (True, True)
        assert "同一判决的另一判项" in client.get(reverse("dispatch:case_dispatch", args=[twin.pk])).content.decode()

    def test_a_duplicate_that_comes_after_the_check_stops_the_verdict(self, house, case):
        services.verify(case, at=AT, actor=house.dispatcher)
        factories.file_case(house, basis=factories.filing().basis)
        with pytest.raises(Refused, match="已有在办案件"):
            services.triage(case, at=AT, actor=house.dispatcher)
        services.verify(case, duplicate_reason="前案将销案，以本案为准", at=AT, actor=house.dispatcher)
        assert services.triage(case, at=AT, actor=house.dispatcher).decided == "FAST"

    def test_many_take_no_more_queries_than_one(self, house, django_assert_max_num_queries):
        cases = [factories.file_case(house).case for _turn in range(6)]
        with django_assert_max_num_queries(8):
            defects_of(cases, on=DAY)


class TestSendBack:
    def test_it_goes_to_the_window_with_every_defect_and_comes_back(self, house, case):
        row = send(house, case, defects=["OTHER", "MATERIALS", "NONSENSE"], note="缺生效证明原件")
        assert (row.defects, row.due_on, row.window_id) == (
            ["MATERIALS", "OTHER"],
            dt.date(2021, 9, 6),
            case.filing_window_id,
        )
        [item] = [item for item in desk.items(house.window_clerk, today=DAY) if item.kind == "立案退回补正"]
        assert item.due_on == row.due_on
        assert not [item for item in desk.items(house.window_clerk2, today=DAY) if item.kind == "立案退回补正"]
        assert not [item for item in desk.items(house.dispatcher, today=DAY) if item.kind == "待分流"]
        with pytest.raises(Refused, match="退回窗口"):
            services.confirm(case, at=AT, actor=house.dispatcher)
        verifyservices.answer_send_back(row, note="已补交", is_unchanged=True, at=AT, actor=house.window_clerk)
        assert services.confirm(case, at=AT, actor=house.dispatcher).decided == "FAST"

    def test_only_the_window_itself_answers_once(self, house, case):
        row = send(house, case)
        for actor in (house.window_clerk2, house.dispatcher, house.chief):
            with pytest.raises(PermissionDenied):
                verifyservices.answer_send_back(row, note="x", at=AT, actor=actor)
        with pytest.raises(Refused, match="补正了什么"):
            verifyservices.answer_send_back(row, note=" ", at=AT, actor=house.window_clerk)
        verifyservices.answer_send_back(row, note="已补", is_unchanged=True, at=AT, actor=house.window_clerk)
        with pytest.raises(Refused, match="已处理"):
            verifyservices.answer_send_back(row, note="再补", at=AT, actor=house.window_clerk)

    def test_an_untouched_filing_comes_back_only_with_that_said(self, house, case, login):
        row, later = send(house, case), AT + dt.timedelta(hours=1)
        client, address = login(house.window_clerk), reverse("dispatch:answer_send_back", args=[row.pk])
        silent = client.post(address, {"note": "已补"})
        assert (silent.status_code, set(silent.context["form"].errors)) == (422, {"is_unchanged"})
        paper = documents.Paper("BASIS", "判决书", PDF)
        documents.receive(case, [paper], at=later, actor=house.window_clerk)
        assert "is_unchanged" not in client.get(address).context["form"].fields
        assert client.post(address, {"note": "已补交判决书"}).status_code == 302
        page = login(house.dispatcher).get(reverse("dispatch:case_dispatch", args=[case.pk])).content.decode()
        assert ("此前退回" in page, "已补交判决书" in page) == (True, True)

    def test_the_figures_of_a_window_say_how_long_it_takes_to_bring_a_filing_back(self, house, login, case):
        for hours in (5, 30):
            row = send(house, factories.file_case(house).case)
            given = {"note": "已补", "is_unchanged": True, "at": AT + dt.timedelta(hours=hours)}
            verifyservices.answer_send_back(row, **given, actor=house.window_clerk)
        send(house, case)
        found = {row["window"].code: (row["usual"], row["longest"]) for row in by_window(today=DAY)}
        assert found["W2"] == ("18 小时", "1 天 6 小时")
        assert found["W3"] == ("—", "—")
        text = login(house.chief).get(reverse("dispatch:send_backs")).content.decode()
        assert ("平均补正用时" in text, "1 天 6 小时" in text) == (True, True)

    @pytest.mark.parametrize(("changes", "said"), [({"defects": []}, "至少选择"), ({"defects": ["OTHER"]}, "写明原因")])
    def test_it_names_defects(self, house, case, changes, said):
        with pytest.raises(Refused, match=said):
            send(house, case, **changes)

    def test_once_at_a_time_and_not_after_assignment(self, house, case):
        send(house, case)
        with pytest.raises(Refused, match="等待补正"):
            send(house, case)
        with pytest.raises(Refused, match="待分案"):
            send(house, factories.assign(house, factories.file_case(house).case))

    def test_windows_are_counted_and_what_was_taken_back_is_not(self, house, case):
        other = factories.file_case(house).case
        row = send(house, case)
        verifyservices.withdraw_send_back(send(house, other), at=AT, actor=house.dispatcher)
        late = AT + dt.timedelta(days=9)
        verifyservices.answer_send_back(row, note="已补", is_unchanged=True, at=late, actor=house.window_clerk)
        [found] = [one for one in by_window(today=DAY) if one["window"].code == "W2"]
        assert {name: found[name] for name in ("filed", "count", "cases", "waiting", "late", "rate")} == {
            "filed": 2,
            "count": 1,
            "cases": 1,
            "waiting": 0,
            "late": 1,
            "rate": "50.0%",
        }

    def test_the_pages(self, house, login, case):
        client = login(house.dispatcher)
        address = reverse("dispatch:send_back", args=[case.pk])
        page = client.get(address)
        assert page.context["form"].initial["defects"] == ["MATERIALS"]
        assert client.post(address, {"note": "x"}).status_code == 422
        assert client.post(address, {"defects": ["MATERIALS"], "note": "缺判决书"}).status_code == 302
        row = SendBack.objects.get()
        clerk = login(house.window_clerk)
        assert "缺判决书" in clerk.get(reverse("dispatch:answer_send_back", args=[row.pk])).content.decode()
        stranger = login(house.window_clerk2)
        assert stranger.get(reverse("dispatch:answer_send_back", args=[row.pk])).status_code == 404
        assert case.number not in stranger.get(reverse("dispatch:send_backs")).content.decode()
        clerk = login(house.window_clerk)
        clerk.post(reverse("dispatch:answer_send_back", args=[row.pk]), {"note": "已补交判决书", "is_unchanged": "on"})
        text = login(house.chief).get(reverse("dispatch:send_backs")).content.decode()
        assert "已补交判决书" in text
        assert login(house.chief).get(f"{reverse('dispatch:send_backs')}?state=x&window=%00").status_code == 200


class TestQueue:
    def test_found_by_name_through_a_token(self, house, login, case):
        plain = factories.filing()
        other = dataclasses.replace(plain.parties[1], id_number="", name="远方贸易有限公司")
        second = factories.file_case(house, parties=(plain.parties[0], other)).case
        client = login(house.dispatcher)
        answer = client.post(reverse("dispatch:search"), {"text": "远方贸易"})
        assert "远方" not in answer.url
        text = client.get(answer.url).content.decode()
        assert link(second) in text
        assert link(case) not in text

    def test_states_and_sorts(self, house, login, case):
        second = factories.file_case(house, amount=factories.Decimal("900.00")).case
        send(house, case)
        client = login(house.dispatcher)
        text = client.get("/command/?state=sent_back").content.decode()
        assert link(case) in text
        assert link(second) not in text
        text = client.get("/command/?sort=amount").content.decode()
        assert text.index(link(second)) < text.index(link(case))
        counted = {row["label"]: row["count"] for row in client.get("/command/").context["counts"]}
        assert (counted["全部"], counted["待分流"], counted["已退回窗口"]) == (2, 1, 1)

    def test_side_by_side(self, house, login, case):
        second = factories.file_case(house, basis=factories.filing().basis).case
        text = login(house.dispatcher).get(reverse("dispatch:compare", args=[case.pk])).content.decode()
        assert second.number in text
        assert "同一执行依据" in text


class TestDefectFilter:
    def test_the_queue_is_narrowed_to_one_defect_and_taken_along_as_a_sheet(self, house, case, login):
        Party.objects.filter(case=case, side="DEBTOR").update(id_number="", id_digest="")
        other = factories.file_case(
            house, basis=dataclasses.replace(factories.filing().basis, number="(2021)内0302民初999号")
        ).case
        client = login(house.dispatcher)
        page = client.get(reverse("dispatch:queue"), {"defect": "DEBTOR_ID"}).content.decode()
        assert case.display_number in page
        assert other.display_number not in page
        answer = client.post(reverse("dispatch:export_queue") + "?defect=DEBTOR_ID")
        sheet = load_workbook(BytesIO(answer.content)).active
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [case.display_number]
        assert "没有证件号码" in sheet.cell(2, 12).value
        assert Event.objects.filter(verb="export").count() == 1


class TestConfirming:
    def test_many_at_once_each_with_its_result(self, house, login, case):
        second, third = factories.file_case(house).case, factories.file_case(house).case
        services.confirm(second, at=AT, actor=house.dispatcher)
        send(house, third)
        data = {"case": [case.pk, second.pk, third.pk, "x", "99999999999999"]}
        answer = login(house.dispatcher).post(reverse("dispatch:confirm_many"), data)
        outcome = answer.context["outcome"]
        assert [number for number, _verdict in outcome.done] == [case.number]
        assert [number for number, _reasons in outcome.left] == [second.number, third.number]
        assert "已由" in outcome.left[0][1][0]
        verdict = Verdict.objects.get(case=case)
        assert (verdict.table.version, verdict.hits, verdict.facts["claimed"]) == (1, ["T4"], "50000.00")
        assert verdict.sources["claimed"] == "CLAIMS"

    def test_whoever_has_not_seen_the_first_decision_is_told_of_it(self, house, login, case):
        client = login(house.dispatcher)
        client.get(reverse("dispatch:case_dispatch", args=[case.pk]))
        other = factories.UserFactory(role="DISPATCHER", team=house.teams["COMMAND"], name="乙分案员")
        services.confirm(case, at=AT, actor=other)
        data = {"action": "triage", "cash_found": "0", "decided": "FAST", "seen": "", "note": "第二人"}
        answer = client.post(reverse("dispatch:decide", args=[case.pk]), data)
        assert answer.status_code == 422
        assert "本案已由乙分案员于 2021-09-02 10:00 分流" in answer.content.decode()
        assert case.verifications.count() == 1
        assert client.post(reverse("dispatch:decide", args=[case.pk]), data | {"seen": "1"}).status_code == 302
        assert Verdict.objects.get().edition == 2

    @pytest.mark.django_db(transaction=True)
    def test_two_dispatchers_at_once_one_wins(self, house):
        case = factories.file_case(house).case
        other = factories.UserFactory(role="DISPATCHER", team=house.teams["COMMAND"], name="乙")

        def confirm(actor):
            return services.confirm(Case.objects.get(pk=case.pk), at=AT, actor=actor)

        refused = faults(race([lambda actor=actor: confirm(actor) for actor in (house.dispatcher, other)]))
        assert [(type(fault), str(fault)[:4]) for fault in refused] == [(Refused, "本案已由")]
        assert Verdict.objects.get().edition == 1
