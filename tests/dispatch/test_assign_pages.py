"""Pages and API of assignment: preview, why me, draws, chains, requests, leave, spread; scope and bad input."""

import datetime as dt
import json
import re
import subprocess
import sys
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from bureau.models import Job
from cases.models import Case
from dispatch import assigning, desk, leaves, services
from dispatch.models import Assignment, AssignmentRequest, Draw, Leave, SeedChain
from tests import factories
from tests.dispatch.test_assigning import AT, ask, assign, ready


@pytest.fixture(autouse=True)
def _today(monkeypatch, settings):
    settings.ASSIGNMENT_MODE = "DRAW"
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


def text_of(answer):
    return answer.content.decode()


class TestBatch:
    def test_preview_then_confirm(self, house, login):
        rows = [ready(house, number) for number in range(3)]
        client, address = login(house.dispatcher), reverse("dispatch:batch")
        assert text_of(client.get(address)).count('name="cases"') == 3
        shown = client.post(address, {"cases": [case.pk for case in rows], "action": "preview"})
        assert shown.status_code == 200
        assert "尚未抽签" in text_of(shown)
        assert not Draw.objects.exists()
        expected = shown.context["preview"].expected
        data = {"cases": [case.pk for case in rows], "action": "confirm", "expected": expected}
        done = client.post(address, data, follow=True)
        assert "已分案 3 件" in text_of(done)
        assert Draw.objects.get().assignments.count() == 3

    def test_the_preview_says_of_each_case_who_could_have_it_the_line_and_why_not_others(self, house, login):
        case = ready(house)
        debtor = case.parties.get(side="DEBTOR")
        given = {"party_name": debtor.name, "id_number": "", "relation": "近亲属", "at": AT, "actor": house.dispatcher}
        services.declare_conflict(user=house.judge, **given)
        data = {"cases": [case.pk], "action": "preview"}
        shown = login(house.dispatcher).post(reverse("dispatch:batch"), data)
        [row] = shown.context["preview"].pools[0]["blocks"]
        assert row["eligible"] == [house.judge2.name]
        assert row["compared"].line == row["compared"].least + row["compared"].heaviest
        assert [(one.person.name, "应当回避" in one.why) for one in row["excluded"]] == [(house.judge.name, True)]
        text = text_of(shown)
        assert f"{row['compared'].line / 100:.2f}" in text
        assert f"{house.judge.name}：已申报" in text
        assert "只有一人，无须抽签" in text

    def test_no_button_that_draws_has_the_focus_and_enter_in_a_field_only_reckons(self, house, login):
        case, filed = ready(house), factories.file_case(house).case
        client = login(house.dispatcher)
        preview = text_of(client.post(reverse("dispatch:batch"), {"cases": [case.pk], "action": "preview"}))
        decision = text_of(client.get(reverse("dispatch:case_dispatch", args=[filed.pk])))
        for page, act in ((preview, "confirm"), (decision, "assign")):
            [button] = re.findall(rf'<button[^>]*value="{act}"[^>]*>', page)
            assert ("autofocus" in button, '"Control+Enter"' in button) == (False, True)
        assert re.findall(r'<button[^>]*name="action" value="(\w+)"', decision)[0] == "propose"

    def test_what_changed_is_shown_again_and_nothing_is_drawn(self, house, login):
        case = ready(house)
        data = {"cases": [case.pk], "action": "confirm", "expected": "0" * 64}
        answer = login(house.dispatcher).post(reverse("dispatch:batch"), data)
        assert answer.status_code == 422
        assert "预览后" in text_of(answer)
        assert answer.context["preview"].count == 1
        assert not Draw.objects.exists()

    def test_all_of_them_at_once_and_many_become_a_job(self, house, login, monkeypatch):
        monkeypatch.setattr("dispatch.views_assigning.CHUNK", 2)
        for number in range(3):
            ready(house, number)
        client, address = login(house.dispatcher), reverse("dispatch:batch")
        shown = client.post(address, {"every": "1", "action": "preview"})
        assert 'name="every" value="1"' in text_of(shown)
        answer = client.post(address, {"every": "1", "action": "confirm"})
        job = Job.objects.get()
        assert answer.url == reverse("bureau:job", args=[job.pk])
        assert len(job.arguments["cases"]) == 3

    @pytest.mark.parametrize("cases", [[], ["x"], ["999999999"], ["1' OR 1=1"]])
    def test_wrong_input_is_said(self, house, login, cases):
        answer = login(house.dispatcher).post(reverse("dispatch:batch"), {"cases": cases, "action": "confirm"})
        assert answer.status_code == 422

    def test_an_empty_list_says_what_comes_here(self, house, login):
        assert "没有等待分案" in text_of(login(house.dispatcher).get(reverse("dispatch:batch")))


class TestWhy:
    def test_where_one_alone_could_have_it_nothing_pretends_a_draw(self, house, login):
        case = ready(house)
        given = {"party_name": "", "case": case, "relation": "近亲属", "at": AT}
        services.declare_own_conflict(**given, actor=house.judge)
        row = assign(house, case)
        assert (row.judge, row.way) == (house.judge2, "ONLY")
        text = text_of(login(house.dispatcher).get(reverse("dispatch:why", args=[row.pk])))
        judge, starter = text.split("<h2>启动承办人")
        assert f"只有 {house.judge2.name} 一人可抽，结果不由抽签决定" in judge
        assert "可抽名单中编号" not in judge
        assert "可抽名单中编号" in starter
        assert "唯一可抽，未抽签" in judge

    def test_a_draw_of_a_book_played_again_says_why_its_moments_lie_apart(self, house, login):
        row = assign(house, ready(house))
        client = login(house.dispatcher)
        draw = Draw.objects.get(pk=row.draw_id)
        # The tests stand in 2021, the database's clock does not.
        assert draw.is_recorded_later
        assert "不在同一天" in text_of(client.get(reverse("dispatch:draw", args=[draw.pk])))
        draw.committed_at = draw.at + dt.timedelta(seconds=1)
        assert not draw.is_recorded_later

    def test_the_judge_reads_why_and_runs_the_draw_again_offline(self, house, login, tmp_path):
        row = assign(house, ready(house))
        client = login(row.judge)
        page = text_of(client.get(reverse("dispatch:why", args=[row.pk])))
        said = ("承诺时间", "启用时间", f"{row.judge.pk} 号")
        for word in (row.judge.name, row.draw.commitment, row.draw.seed, row.draw.chain.tip, "人可抽", "余", *said):
            assert word in page
        data = tmp_path / "draw.json"
        data.write_bytes(client.get(reverse("dispatch:draw_file", args=[row.draw_id])).content)
        script = tmp_path / "redraw.py"
        script.write_bytes(b"".join(client.get(reverse("dispatch:script")).streaming_content))
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(script), str(data), "--tip", SeedChain.objects.get().tip],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        assert row.judge.name in done.stdout
        assert "张安然" not in data.read_text(encoding="utf-8")

    def test_every_member_of_staff_finds_chains_and_draws_by_number_and_runs_them_again(self, house, login, tmp_path):
        row = assign(house, ready(house))
        row.draw.refresh_from_db()
        for user in (house.judge3, house.window_clerk2, house.system_admin):
            client = login(user)
            page = text_of(client.get(reverse("dispatch:published_draws")))
            for word in (row.draw.commitment, row.draw.seed, row.draw.chain.tip, f"您的编号是 {user.pk}"):
                assert word in page
            content = client.get(reverse("dispatch:published_draw", args=[row.draw_id])).content
            assert row.judge.name not in page + content.decode()
        data, copy = tmp_path / "draw.json", tmp_path / "redraw.py"
        data.write_bytes(content)
        copy.write_bytes(b"".join(client.get(reverse("dispatch:script")).streaming_content))
        command = [sys.executable, "-I", "-S", str(copy), str(data), "--tip", row.draw.chain.tip]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, f" {row.judge.pk} same" in done.stdout) == (0, True), done.stdout

    def test_a_stranger_gets_404(self, house, login):
        row = assign(house, ready(house))
        other = next(user for user in (house.judge, house.judge2) if user != row.judge)
        for user in (other, house.judge3, house.window_clerk2):
            assert login(user).get(reverse("dispatch:why", args=[row.pk])).status_code == 404
            assert login(user).get(reverse("dispatch:draw_file", args=[row.draw_id])).status_code == 404

    def test_in_a_batch_each_sees_only_his_own_cases(self, house, login):
        done = assigning.assign_many([ready(house, number) for number in range(6)], at=AT, actor=house.dispatcher)
        judge = done.made[0].judge
        page = login(judge).get(reverse("dispatch:draw", args=[done.made[0].draw_id]))
        assert {row.judge for row in page.context["page"]} == {judge}

    def test_the_tab_of_the_case_leads_there(self, house, login):
        row = assign(house, ready(house))
        page = text_of(login(house.dispatcher).get(reverse("dispatch:case_dispatch", args=[row.case_id])))
        assert reverse("dispatch:why", args=[row.pk]) in page
        assert reverse("dispatch:ask", args=[row.case_id]) in page


class TestChains:
    def test_the_inspector_makes_one_and_everybody_concerned_sees_its_tip(self, house, login):
        client, address = login(house.inspector), reverse("dispatch:chains")
        assert client.post(address, {"length": "500"}).status_code == 302
        chain = SeedChain.objects.latest("id")
        assert chain.tip in text_of(login(house.dispatcher).get(address))
        assert chain.root not in text_of(client.get(address))

    @pytest.mark.parametrize("length", ["", "1", "1e9", "-5", "x", "100001"])
    def test_wrong_lengths_are_said(self, house, login, length):
        answer = login(house.inspector).post(reverse("dispatch:chains"), {"length": length})
        assert answer.status_code == 422
        assert "length" in answer.context["form"].errors

    def test_others_do_not_make_one(self, house, login):
        for user in (house.dispatcher, house.chief):
            assert login(user).post(reverse("dispatch:chains"), {"length": "500"}).status_code == 403
        assert SeedChain.objects.count() == 1

    def test_few_seeds_are_said_to_the_inspector_and_to_the_dispatcher(self, house, login, monkeypatch):
        assert not [item for item in desk.items(house.inspector, today=AT.date()) if item.kind == "抽签种子"]
        monkeypatch.setattr("dispatch.assignpages.SEEDS_FEW", 6000)
        [item] = [item for item in desk.items(house.inspector, today=AT.date()) if item.kind == "抽签种子"]
        assert "5000" in item.title
        assert "5000" in text_of(login(house.dispatcher).get(reverse("dispatch:batch")))


class TestRequests:
    def test_from_the_case_to_the_chiefs_desk_and_done(self, house, login):
        case = ready(house)
        data = {"kind": "NAMED", "judge": house.judge2.pk, "reason": "并案办理"}
        answer = login(house.dispatcher).post(reverse("dispatch:ask", args=[case.pk]), data)
        assert answer.url == reverse("dispatch:requests")
        [item] = [item for item in desk.items(house.chief, today=AT.date()) if "待批准" in item.kind]
        client = login(house.chief)
        assert "并案办理" in text_of(client.get(item.url))
        assert client.post(item.url, {"is_approved": "no", "note": ""}).status_code == 422
        assert client.post(item.url, {"is_approved": "yes"}).status_code == 302
        assert Assignment.objects.get().judge == house.judge2
        assert "已批准" in text_of(client.get(reverse("dispatch:requests")))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"reason": ""}, "reason"),
            ({"judge": ""}, "judge"),
            ({"judge": "999999"}, "judge"),
            ({"kind": "STEAL"}, "kind"),
            ({"reason": "长" * 301}, "reason"),
        ],
    )
    def test_wrong_input_is_answered_beside_its_field(self, house, login, changes, field):
        case = ready(house)
        data = {"kind": "NAMED", "judge": house.judge2.pk, "reason": "并案办理", **changes}
        answer = login(house.dispatcher).post(reverse("dispatch:ask", args=[case.pk]), data)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not AssignmentRequest.objects.exists()

    def test_a_whole_judges_cases_are_drawn_again(self, house, login):
        judge = assign(house, ready(house, 1)).judge
        for number in range(2, 8):
            assign(house, ready(house, number))
        count = Case.objects.filter(judge=judge).count()
        address = reverse("dispatch:redistribute", args=[judge.pk])
        client = login(house.dispatcher)
        assert f"申请重抽 {count} 件" in text_of(client.get(address))
        assert client.post(address, {"reason": "借调或调离"}).status_code == 302
        request = AssignmentRequest.objects.get()
        login(house.chief).post(reverse("dispatch:decide_request", args=[request.pk]), {"is_approved": "yes"})
        assert not Case.objects.filter(judge=judge).exists()

    def test_withdrawn_by_whoever_asked(self, house, login):
        request = ask(house, ready(house), "NAMED", judge=house.judge)
        address = reverse("dispatch:withdraw_request", args=[request.pk])
        assert login(house.dispatcher).post(address).status_code == 302
        request.refresh_from_db()
        assert request.state == "WITHDRAWN"


class TestLeave:
    def test_registered_shown_and_ended(self, house, login):
        client, address = login(house.dispatcher), reverse("dispatch:leaves")
        data = {
            "user": house.judge.pk,
            "cover": house.judge2.pk,
            "from_on": "2021-09-02",
            "until_on": "2021-09-10",
            "reason": "年休假",
        }
        assert client.post(address, {**data, "until_on": "2021-09-01"}).status_code == 422
        assert client.post(address, {**data, "cover": house.judge.pk}).status_code == 422
        assert client.post(address, data).status_code == 302
        assert "请假中" in text_of(client.get(address))
        leave = Leave.objects.get()
        client.post(reverse("dispatch:end_leave", args=[leave.pk]))
        assert "已结束" in text_of(client.get(address))

    def test_the_page_before_the_draw_says_who_is_away(self, house, login):
        case = ready(house)
        days = {"from_on": AT.date(), "until_on": AT.date()}
        leaves.register_leave(
            user=house.judge, cover=house.judge2, **days, reason="病假", at=AT, actor=house.dispatcher
        )
        page = text_of(login(house.dispatcher).get(reverse("dispatch:case_dispatch", args=[case.pk])))
        assert "请假" in page


class TestSpread:
    def test_page_sheet_and_api_say_the_same(self, house, login):
        for number in range(4):
            assign(house, ready(house, number))
        client = login(house.chief)
        page = text_of(client.get(reverse("dispatch:spread")))
        assert "抽签 4 次" in page
        sheet = client.get(reverse("dispatch:spread"), {"format": "xlsx"})
        rows = list(load_workbook(BytesIO(sheet.content)).active.iter_rows(values_only=True))
        found = client.get(reverse("dispatch_api:spread")).json()
        assert found["draws"] == 4
        assert [(row[2], row[3], row[6]) for row in rows[1:]] == [
            (share["name"], share["cases"], share["real"]) for share in found["shares"]
        ]
        for share in found["shares"]:
            assert share["difference"] == pytest.approx(sum(share["reasons"].values()), abs=0.03)

    def test_a_monday_without_a_draw_shows_the_week_that_was(self, house, login, monkeypatch):
        assign(house, ready(house, 1))
        monkeypatch.setattr("bureau.clock.today", lambda: AT.date() + dt.timedelta(days=9))
        page = text_of(login(house.chief).get(reverse("dispatch:spread")))
        assert "抽签 1 次" in page
        assert f'value="{AT.date()}"' in page

    def test_another_week_is_empty_and_nonsense_is_this_week(self, house, login):
        client = login(house.dispatcher)
        assert "本周没有分案" in text_of(client.get(reverse("dispatch:spread"), {"on": "2020-01-01"}))
        assert client.get(reverse("dispatch:spread"), {"on": "x"}).status_code == 200

    def test_its_queries_do_not_grow(self, house, login, django_assert_max_num_queries):
        for number in range(3):
            assign(house, ready(house, number))
        client = login(house.dispatcher)
        with django_assert_max_num_queries(14):
            client.get(reverse("dispatch:spread"))


class TestApi:
    def _post(self, client, name, body, *args):
        return client.post(reverse(f"dispatch_api:{name}", args=args), body, content_type="application/json")

    def test_assign_explain_and_publish(self, house, login):
        rows = [ready(house, number) for number in range(2)]
        client = login(house.dispatcher)
        done = self._post(client, "assign_cases", {"cases": [case.pk for case in rows]})
        assert done.status_code == 200
        assert done.json()["kind"] == "draw"
        [published] = client.get(reverse("dispatch_api:draws")).json()["results"]
        assert json.loads(published["inputs"])["mode"] == "DRAW"
        found = client.get(reverse("dispatch_api:assignments")).json()["results"]
        assert {row["number"] for row in found} == {case.number for case in rows}
        seats = client.get(reverse("dispatch_api:why", args=[found[0]["id"]])).json()
        assert [sum(person["is_chosen"] for person in seat["people"]) for seat in seats] == [1, 1]
        again = self._post(client, "assign_cases", {"cases": [rows[0].pk]})
        assert again.status_code == 422

    def test_ask_decide_and_leave(self, house, login):
        case = ready(house)
        client = login(house.dispatcher)
        body = {"cases": [case.pk], "kind": "NAMED", "judge": house.judge.pk, "reason": "并案"}
        made = self._post(client, "ask_assignment", body)
        assert made.status_code == 200, made.json()
        decided = self._post(login(house.chief), "decide_assignment", {"is_approved": "yes"}, made.json()["id"])
        assert decided.status_code == 200, decided.json()
        assert Assignment.objects.get().way == "NAMED"
        assert self._post(client, "register_leave", {"user": house.judge.pk}).status_code == 422
        assert self._post(login(house.chief), "make_chain", {"length": 500}).status_code == 403
