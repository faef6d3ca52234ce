"""Versions of the decision table: drafted, checked, tried on past cases, approved by another, in force from a day."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from bureau import tasks
from bureau.errors import Refused
from cases.models import Case
from dispatch import rules, services, tableservices
from dispatch.models import DryRun, RuleTable, TriageRule, Verdict
from tests import factories

AT = factories.moment(2021, 9, 2)
DAY = AT.date()
NEXT = DAY + dt.timedelta(days=1)
LINE = {"fact": "claimed", "op": "le", "value": "20000.00"}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def by(house):
    return {"at": AT, "actor": house.dispatcher}


@pytest.fixture
def table(house, by):
    return tableservices.draft_table(note="调整金额线", **by)


def content(**changes):
    return {
        "code": "T20",
        "label": "小额案件",
        "stream": "FAST",
        "weight": 2,
        "is_decisive": False,
        "flag": "",
        "conditions": [LINE],
        "basis": "本地实践",
        "from_on": None,
        "until_on": None,
        **changes,
    }


def lower_the_line(table, by):
    rule = table.rules.get(code="T4")
    conditions = [{"fact": "claimed", "op": "gt", "value": "0.00"}, LINE, {"fact": "debtors", "op": "le", "value": 1}]
    return tableservices.set_rule(table, rule=rule, content=rule.content() | {"conditions": conditions}, **by)


def tried(table, by):
    run = tableservices.ask_dry_run(table, **by)
    tasks.run_jobs()
    run.refresh_from_db()
    return run


def decided(house, **changes):
    case = factories.file_case(house, **changes).case
    services.confirm(case, at=AT, actor=house.dispatcher)
    return case


class TestVersions:
    def test_the_first_table_is_there_once(self, house):
        services.sync_rules()
        table = RuleTable.objects.get()
        assert (table.version, table.state, table.from_on) == (1, "APPROVED", rules.FROM_ON)
        assert [rule.code for rule in table.ordered] == [rule.code for rule in rules.RULES]

    def test_a_draft_copies_what_is_in_force_and_leaves_it(self, table):
        standing = RuleTable.objects.in_force(on=DAY)
        assert (table.version, table.state, table.based_on) == (2, "DRAFT", standing)
        assert [rule.content() for rule in table.ordered] == [rule.content() for rule in standing.ordered]

    def test_drafted_tried_submitted_approved_by_another_and_in_force_on_its_day(self, house, table, by):
        small, large = decided(house, amount=Decimal("10000.00")), decided(house, amount=Decimal("50000.00"))
        lower_the_line(table, by)
        run = tried(table, by)
        assert (run.case_count, [move["case"] for move in run.moves]) == (2, [large.pk])
        assert run.counts == {"FAST>FAST": 1, "FAST>ORDINARY": 1}
        tableservices.submit_table(table, from_on=NEXT, **by)
        done = tableservices.answer_table(table, is_approved=True, at=AT, actor=house.chief)
        assert (done.state, done.approved_by, done.from_on) == ("APPROVED", house.chief, NEXT)
        assert RuleTable.objects.in_force(on=DAY).version == 1
        assert RuleTable.objects.in_force(on=NEXT).version == 2
        later = AT + dt.timedelta(days=1)
        third = factories.file_case(house, amount=Decimal("50000.00")).case
        verdict = services.confirm(third, at=later, actor=house.dispatcher)
        assert (verdict.table.version, verdict.proposed) == (2, "ORDINARY")
        # Open cases keep their verdict.
        assert Verdict.objects.get(case=large).decided == "FAST"
        assert Case.objects.get(pk=small.pk).stream == "FAST"

    def test_whoever_is_decided_so_already_does_not_move_and_both_are_counted(self, house, login, table, by):
        moving, settled = decided(house, amount=Decimal("50000.00")), factories.file_case(house).case
        services.verify(settled, at=AT, actor=house.dispatcher)
        services.triage(settled, decided="ORDINARY", override_reason="宜由普执团队办理", at=AT, actor=house.dispatcher)
        lower_the_line(table, by)
        run = tried(table, by)
        assert {move["case"] for move in run.moves} == {moving.pk, settled.pk}
        assert [move["case"] for move in run.moving] == [moving.pk]
        client, address = login(house.dispatcher), reverse("dispatch:dry_run", args=[run.pk])
        page = client.get(address)
        assert (page.context["moved"], page.context["settled"], page.context["to_ordinary"]) == (1, 1, 1)
        text = page.content.decode()
        assert (moving.number in text, settled.number in text, "另有 1 件建议改变" in text) == (True, False, True)
        sheet = client.post(reverse("dispatch:export_dry_run", args=[run.pk]))
        assert [row[0] for row in load_workbook(BytesIO(sheet.content)).active.values][1:] == [moving.number]

    def test_no_submission_without_a_dry_run_of_this_very_content(self, table, by):
        with pytest.raises(Refused, match="试算"):
            tableservices.submit_table(table, from_on=NEXT, **by)
        tried(table, by)
        lower_the_line(table, by)
        with pytest.raises(Refused, match="试算"):
            tableservices.submit_table(table, from_on=NEXT, **by)
        assert not DryRun.objects.get().is_fresh

    def test_no_submission_with_rows_that_contradict(self, table, by):
        rule = table.rules.get(code="T10")
        twin = rule.content() | {"code": "T99", "stream": "FAST"}
        tableservices.set_rule(table, content=twin, **by)
        tried(table, by)
        with pytest.raises(Refused, match="T10、T99"):
            tableservices.submit_table(table, from_on=NEXT, **by)

    def test_days_are_not_past_and_not_shared(self, table, by):
        tried(table, by)
        with pytest.raises(Refused, match="早于今天"):
            tableservices.submit_table(table, from_on=DAY - dt.timedelta(days=1), **by)
        RuleTable.objects.filter(version=1).update(from_on=DAY)
        with pytest.raises(Refused, match="另选一日"):
            tableservices.submit_table(table, from_on=DAY, **by)

    def test_the_author_does_not_approve(self, house):
        by = {"at": AT, "actor": house.chief}
        table = tableservices.draft_table(note="局长起草", **by)
        tried(table, by)
        tableservices.submit_table(table, from_on=NEXT, **by)
        with pytest.raises(Refused, match="起草人"):
            tableservices.answer_table(table, is_approved=True, **by)
        with transaction.atomic(), pytest.raises(IntegrityError):
            RuleTable.objects.filter(pk=table.pk).update(state="APPROVED", approved_by=house.chief)
        tableservices.answer_table(table, is_approved=True, at=AT, actor=house.vice_president)

    def test_sent_back_with_a_reason_it_is_a_draft_again(self, house, table, by):
        tried(table, by)
        tableservices.submit_table(table, from_on=NEXT, **by)
        with pytest.raises(Refused, match="只有草稿"):
            lower_the_line(table, by)
        with pytest.raises(Refused, match="理由"):
            tableservices.answer_table(table, is_approved=False, at=AT, actor=house.chief)
        back = tableservices.answer_table(table, is_approved=False, note="再议", at=AT, actor=house.chief)
        assert (back.state, back.answer_note) == ("DRAFT", "再议")
        lower_the_line(table, by)

    def test_an_approval_is_taken_back_before_its_day_only(self, house, table, by):
        tried(table, by)
        tableservices.submit_table(table, from_on=NEXT, **by)
        tableservices.answer_table(table, is_approved=True, at=AT, actor=house.chief)
        with pytest.raises(PermissionDenied):
            tableservices.discard_table(table, at=AT + dt.timedelta(days=1), actor=house.chief)
        assert tableservices.discard_table(table, at=AT, actor=house.chief).state == "DISCARDED"
        assert RuleTable.objects.in_force(on=NEXT).version == 1

    def test_only_ones_own_draft(self, house, table):
        other = {"at": AT, "actor": house.chief}
        with pytest.raises(Refused, match="起草人"):
            lower_the_line(table, other)
        with pytest.raises(PermissionDenied):
            tableservices.discard_table(table, **other)

    @pytest.mark.parametrize("duty", ["judge", "officer", "window_clerk", "inspector", "finance"])
    def test_others_may_not(self, house, table, duty):
        by = {"at": AT, "actor": getattr(house, duty)}
        for act in (
            lambda: tableservices.draft_table(note="x", **by),
            lambda: tableservices.set_rule(table, content=content(), **by),
            lambda: tableservices.submit_table(table, from_on=NEXT, **by),
            lambda: tableservices.answer_table(table, is_approved=True, **by),
            lambda: tableservices.ask_dry_run(table, **by),
        ):
            with pytest.raises(PermissionDenied):
                act()

    def test_codes_are_unique_in_a_table(self, table, by):
        with pytest.raises(Refused, match="T4"):
            tableservices.set_rule(table, content=content(code="T4"), **by)


def rule_data(**changes):
    return {
        "code": "T20",
        "label": "小额案件",
        "stream": "FAST",
        "weight": "2",
        "basis": "本地实践",
        "c-0-fact": "claimed",
        "c-0-op": "le",
        "c-0-value": "20,000",
        "c-1-fact": "",
        "action": "save",
        **changes,
    }


class TestPages:
    def test_the_first_table_says_that_nobody_approved_it_and_each_row_on_what_it_rests(self, house, login):
        client = login(house.dispatcher)
        first = RuleTable.objects.get()
        for address in (reverse("dispatch:rules"), reverse("dispatch:table", args=[first.pk])):
            page = client.get(address)
            text = page.content.decode()
            assert "随系统提供，未经" in text
            assert "2021-08-16 起" in text
        assert all(row["rule"].basis in text for row in page.context["rules"])
        found = {rule.code: rule.basis for rule in rules.RULES}
        assert len(set(found.values())) > 10
        assert "第242条" in found["T1"]
        assert all("待执行局确认" in basis for basis in found.values())

    def test_the_list_says_from_when_to_when_a_version_and_its_rows_count(self, house, login, table, by):
        tableservices.set_rule(table, content=content(until_on=DAY + dt.timedelta(days=9)), **by)
        tried(table, by)
        tableservices.submit_table(table, from_on=NEXT, **by)
        tableservices.answer_table(table, is_approved=True, note="", at=AT, actor=house.chief)
        client = login(house.dispatcher)
        page = client.get(reverse("dispatch:rules"))
        spans = {row.version: (row.from_on, row.until_on) for row in page.context["page"].object_list}
        assert spans == {1: (rules.FROM_ON, DAY), 2: (NEXT, None)}
        assert house.chief.name in page.content.decode()
        rows = client.get(reverse("dispatch:table", args=[table.pk])).context["rules"]
        by_code = {row["rule"].code: (row["from_on"], row["until_on"]) for row in rows}
        assert by_code["T20"] == (NEXT, DAY + dt.timedelta(days=9))
        assert by_code["T1"] == (NEXT, None)

    def test_a_row_is_written_from_its_page(self, house, login, table):
        client = login(house.dispatcher)
        address = reverse("dispatch:add_rule", args=[table.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, rule_data()).status_code == 302
        assert table.rules.get(code="T20").conditions == [LINE]
        page = client.get(reverse("dispatch:table", args=[table.pk])).content.decode()
        assert "申请执行标的额 ≤ 20,000.00 元" in page
        assert "新增" in page

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"c-0-value": "abc"}, "只用数字"),
            ({"c-0-value": "-1"}, "不能为负"),
            ({"c-0-value": "NaN"}, "只用数字和小数点"),
            ({"c-0-value": "1e400"}, "只用数字和小数点"),
            ({"c-0-fact": "__class__"}, "请选择列表中的一项"),
            ({"c-0-fact": "debtors", "c-0-value": "1.5"}, "整数"),
            ({"c-0-fact": "act", "c-0-op": "in"}, "至少选择一项"),
            ({"c-0-fact": "act", "c-0-op": "in", "c-0-codes": "NONSENSE"}, "列表中的项目"),
            ({"c-0-fact": "claimed", "c-0-other": "debtors"}, "同类"),
            ({"c-0-fact": "claimed", "c-0-other": "claimed"}, "同类"),
            ({"c-0-fact": ""}, "至少写一项条件"),
            ({"weight": ""}, "要有权重"),
            ({"code": "规则"}, "大写字母"),
            ({"basis": ""}, "请填写"),
            ({"conditions": "[{]"}, "格式不对"),
            ({"conditions": '{"a": 1}'}, "格式不对"),
            ({"conditions": '[{"fact": "claimed"}]'}, "格式不对"),
        ],
    )
    def test_wrong_input_keeps_what_was_typed_and_saves_nothing(self, house, login, table, changes, said):
        answer = login(house.dispatcher).post(reverse("dispatch:add_rule", args=[table.pk]), rule_data(**changes))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert said in text
        assert "小额案件" in text
        assert not table.rules.filter(code="T20").exists()

    def test_choosing_another_fact_draws_what_suits_it_and_saves_nothing(self, house, login, table):
        address = reverse("dispatch:add_rule", args=[table.pk])
        data = rule_data(**{"action": "redraw", "c-0-fact": "sensitive"})
        text = login(house.dispatcher).post(address, data, headers={"HX-Request": "true"}).content.decode()
        assert "涉军" in text
        assert "<html" not in text
        assert not table.rules.filter(code="T20").exists()

    def test_findings_stand_on_the_page_with_their_rows(self, house, login, table, by):
        impossible = [LINE, {"fact": "claimed", "op": "gt", "value": "30000.00"}]
        tableservices.set_rule(table, content=content(conditions=impossible), **by)
        text = login(house.dispatcher).get(reverse("dispatch:table", args=[table.pk])).content.decode()
        assert "互相排斥" in text
        assert 'href="#T20"' in text

    def test_the_dry_run_is_shown_and_exported(self, house, login, table, by):
        case = decided(house, amount=Decimal("50000.00"))
        lower_the_line(table, by)
        client = login(house.dispatcher)
        answer = client.post(reverse("dispatch:try_table", args=[table.pk]))
        run = DryRun.objects.get()
        assert answer.url == reverse("dispatch:dry_run", args=[run.pk])
        assert "排队中" in client.get(answer.url).content.decode()
        tasks.run_jobs()
        assert case.number in client.get(f"{answer.url}?change=FAST%3EORDINARY").content.decode()
        assert case.number not in client.get(f"{answer.url}?change=ORDINARY%3EFAST").content.decode()
        assert client.get(f"{answer.url}?change=%00&page=x").status_code == 200
        sheet = client.post(reverse("dispatch:export_dry_run", args=[run.pk]))
        rows = list(load_workbook(BytesIO(sheet.content)).active.values)
        assert rows[1][0] == case.number
        assert rows[1][6] == "T4"

    def test_the_whole_way_by_pages(self, house, login):
        client = login(house.dispatcher)
        client.post(reverse("dispatch:rules"), {"note": "年度修订"})
        table = RuleTable.objects.get(version=2)
        client.post(reverse("dispatch:set_head", args=[table.pk]), {"fast_weight_min": "3", "note": "年度修订"})
        refused = client.post(reverse("dispatch:submit_table", args=[table.pk]), {"from_on": str(NEXT)})
        assert refused.status_code == 422
        assert "试算" in refused.content.decode()
        client.post(reverse("dispatch:try_table", args=[table.pk]))
        tasks.run_jobs()
        client.post(reverse("dispatch:submit_table", args=[table.pk]), {"from_on": str(NEXT)})
        chief = login(house.chief)
        assert "分流规则表待批准" in chief.get("/").content.decode()
        chief.post(reverse("dispatch:answer_table", args=[table.pk]), {"action": "approve"})
        assert RuleTable.objects.in_force(on=NEXT).fast_weight_min == 3

    def test_the_override_rate_stands_by_rule(self, house, login):
        decided(house)
        case = factories.file_case(house).case
        services.verify(case, at=AT, actor=house.dispatcher)
        services.triage(case, decided="ORDINARY", override_reason="矛盾较大", at=AT, actor=house.dispatcher)
        answer = login(house.chief).get(reverse("dispatch:overrides"))
        [row] = [row for row in answer.context["rows"] if row["rule"].code == "T4"]
        assert (row["hits"], row["otherwise"], row["against"], row["rate"]) == (2, 1, 1, "50.0%")
        assert "矛盾较大" in answer.content.decode()
        asked = [({"rule": "T4"}, 1), ({"rule": "T5"}, 0), ({"reason": "矛盾较大"}, 1), ({"rule": "\x00"}, 1)]
        for chosen, number in asked:
            page = login(house.chief).get(reverse("dispatch:overrides"), chosen).context["page"]
            assert [row.case for row in page] == [case] * number
        assert login(house.chief).get(f"{reverse('dispatch:overrides')}?version=%00x").status_code == 200


class TestApi:
    def test_a_program_writes_tries_and_submits(self, house, login):
        client = login(house.dispatcher)
        made = client.post("/api/v1/dispatch/tables/", {"note": "程序"}, content_type="application/json").json()
        pk = made["id"]
        given = {**content(), "conditions": '[{"fact": "claimed", "op": "le", "value": "20000"}]'}
        answer = client.post(f"/api/v1/dispatch/tables/{pk}/rules/", given, content_type="application/json")
        assert answer.status_code == 200, answer.json()
        assert TriageRule.objects.get(table=pk, code="T20").conditions == [LINE]
        wrong = {**given, "code": "T21", "conditions": '[{"fact": "x", "op": "le", "value": "1"}]'}
        answer = client.post(f"/api/v1/dispatch/tables/{pk}/rules/", wrong, content_type="application/json")
        assert answer.status_code == 422
        assert "conditions" in answer.json()["fields"]
        client.post(f"/api/v1/dispatch/tables/{pk}/try/", content_type="application/json")
        tasks.run_jobs()
        assert client.get("/api/v1/dispatch/dry-runs/").json()["results"][0]["case_count"] == 0
        day = {"from_on": str(NEXT)}
        answer = client.post(f"/api/v1/dispatch/tables/{pk}/submit/", day, content_type="application/json")
        assert answer.status_code == 200, answer.json()
        assert client.get("/api/v1/dispatch/table-versions/").json()["results"][0]["state"] == "SUBMITTED"
