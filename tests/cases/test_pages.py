"""The pages of a case as their users see them."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau import clock
from bureau.models import Event
from cases import services as cases
from cases.models import Case, Handover
from tests import factories
from tests.at_once import faults, race
from wuhai_exec.demo import proofs


@pytest.fixture
def case(house) -> Case:
    return factories.file_case(house).case


def _text(response) -> str:
    return response.content.decode()


class TestList:
    def test_lists_what_is_in_scope_and_opens_each(self, house, case, login):
        page = login(house.chief).get("/cases/")
        assert page.status_code == 200
        assert case.number in _text(page)
        assert case.get_absolute_url() in _text(page)

    def test_another_windows_case_is_neither_listed_nor_opened(self, house, case, login):
        client = login(house.window_clerk2)
        assert case.number not in _text(client.get("/cases/"))
        assert client.get(case.get_absolute_url()).status_code == 404

    def test_empty_list_says_what_will_appear(self, house, login):
        assert "这里将列出您职责范围内的案件" in _text(login(house.chief).get("/cases/"))

    @pytest.mark.parametrize(
        ("query", "is_listed"),
        [
            ("stage=FILED", True),
            ("stage=FAST", False),
            ("court=内0302", True),
            ("court=内0303", False),
            ("window=W2", True),
            ("filed_from=2021-09-01&filed_to=2021-09-01", True),
            ("filed_from=2021-09-02", False),
            ("set=accepted&as_of=2021-08-31", False),
            ("set=open&as_of=2021-09-01", True),
            ("set=closed&as_of=2021-12-27", False),
            ("set=overdue&as_of=2022-03-02", True),
            ("set=overdue&as_of=2021-12-27", False),
            ("mine=on", False),
            ("stage=NONSENSE&judge=abc&sort=;drop&page=zzz", True),
        ],
    )
    def test_filters_are_coded_in_the_address(self, house, case, login, query, is_listed):
        assert (case.number in _text(login(house.chief).get(f"/cases/?{query}"))) is is_listed

    @pytest.mark.parametrize("sort", ["due", "-due", "filed", "number", "-number", "amount", "-amount", "since"])
    def test_sorts(self, house, case, login, sort):
        assert login(house.chief).get(f"/cases/?sort={sort}").status_code == 200

    def test_costs_as_many_queries_for_thirty_rows_as_for_three(self, house, login):
        client = login(house.chief)

        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                client.get("/cases/")
            return len(caught)

        for _ in range(3):
            factories.file_case(house, payee=False)
        few = queries()
        for _ in range(27):
            factories.file_case(house, payee=False)
        assert queries() == few


class TestSearch:
    @pytest.mark.parametrize(
        "text",
        [
            "(2021)内0302执1号",
            "（2021）内0302执1号",
            "内0302执1",
            "1",
            "张安然",
            "安然",
            "张",
            "测试商贸",
            "11010519491231002x",
            "13800001234",
            "91350100M000100Y43",
            "0473-2990001",
        ],
    )
    def test_finds_by_number_name_id_and_phone(self, house, case, login, text):
        client = login(house.chief)
        answer = client.post("/cases/search/", {"text": text})
        assert answer.status_code == 302
        assert "?q=" in answer["Location"]
        assert case.number in _text(client.get(answer["Location"]))

    @pytest.mark.parametrize("text", ["%", "'", "_", "李不在", "'; DROP TABLE cases_case; --", "9" * 100, "<script>"])
    def test_hostile_or_unknown_text_finds_nothing_and_breaks_nothing(self, house, case, login, text):
        client = login(house.chief)
        page = client.post("/cases/search/", {"text": text}, follow=True)
        assert page.status_code == 200
        assert case.number not in _text(page)
        assert "<script>" not in _text(page).split("</head>")[1].replace("<script src", "")

    @pytest.mark.parametrize("text", ["张\x00然", "长" * 101])
    def test_impossible_text_is_an_error_beside_the_box(self, house, case, login, text):
        assert login(house.chief).post("/cases/search/", {"text": text}).status_code == 422

    def test_what_was_searched_for_stands_neither_in_the_address_nor_readable_in_the_session(self, house, case, login):
        client = login(house.chief)
        answer = client.post("/cases/search/", {"text": "11010519491231002X"})
        assert "11010519491231002X" not in answer["Location"]
        assert "11010519491231002X" not in str(dict(client.session))

    def test_the_token_of_another_session_finds_everything_visible_only(self, house, case, login):
        token = login(house.chief).post("/cases/search/", {"text": "李不在"})["Location"]
        assert login(house.chief).get(token).status_code == 200


class TestExport:
    def test_gives_a_sheet_of_the_filtered_list_and_records_it(self, house, case, login):
        answer = login(house.chief).post("/cases/export/?stage=FILED")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert [cell.value for cell in sheet[2]][:3] == [case.number, "张安然", "乌海市测试商贸有限公司"]
        assert Event.objects.filter(verb="export").count() == 1

    def test_a_typed_formula_stays_text(self, house, login):
        parties = list(factories.filing().parties)
        parties[0] = type(parties[0])(side="APPLICANT", kind="PERSON", name="=1+1")
        factories.file_case(house, payee=False, parties=tuple(parties))
        answer = login(house.chief).post("/cases/export/")
        cell = openpyxl.load_workbook(io.BytesIO(answer.content)).active["B2"]
        assert (cell.value, cell.data_type) == ("=1+1", "s")


class TestCasePage:
    def test_shows_masked_numbers_only(self, house, case, login):
        text = _text(login(house.window_clerk).get(case.get_absolute_url()))
        assert "110105********002X" in text
        assert "138****1234" in text
        assert "11010519491231002X" not in text
        assert "13800001234" not in text

    def test_says_how_the_limit_was_counted(self, house, case, login):
        text = _text(login(house.chief).get(case.get_absolute_url()))
        assert "2022-03-01" in text
        assert "怎么算的" in text

    def test_timeline_is_in_words_and_free_of_whole_numbers(self, house, case, login):
        case = factories.into_stream(house, case)
        text = _text(login(house.chief).get(reverse("cases:timeline", args=[case.pk])))
        for sentence in ("登记立案", "完成繁简分流", "启动案件", "移交办理团队", "办理团队接收案件"):
            assert sentence in text
        assert "11010519491231002X" not in text

    def test_costs_a_bounded_number_of_queries(self, house, case, login, django_assert_max_num_queries):
        case = factories.into_stream(house, case)
        client = login(case.judge)
        with django_assert_max_num_queries(40):
            client.get(case.get_absolute_url())


class TestActs:
    def test_the_stages_go_by_their_pages(self, house, case, login, at):
        case = factories.assign(house, case)
        team = login(house.assistant)
        assert team.get(f"/cases/{case.pk}/start/").status_code == 200
        assert team.post(f"/cases/{case.pk}/start/").status_code == 302
        again = team.post(f"/cases/{case.pk}/start/")
        assert again.status_code == 422
        assert "不能启动" in _text(again)
        lacking = team.post(f"/cases/{case.pk}/hand-over/", {"note": "先移交一部分"})
        assert lacking.status_code == 422
        assert "先移交一部分" in _text(lacking)
        assert "移交清单缺少" in _text(lacking)
        assert "网络查控已发起" in _text(lacking)
        launched = team.post(f"/cases/{case.pk}/launch-query/", {"provider": "NATIONAL"})
        assert launched.url == f"/cases/{case.pk}/hand-over/"
        made = {f"number_{item}": case.number for item in ("notice", "report_order")}
        made |= {f"made_on_{item}": "2021-09-03" for item in ("notice", "report_order")}
        assert "先扫描入卷" in _text(team.post(f"/cases/{case.pk}/hand-over/", made))
        scan, _event = proofs.scan(case, "执行通知书、报告财产令", kind="COURT", at=clock.now(), actor=house.assistant)
        made |= {f"paper_{item}": scan for item in ("notice", "report_order")}
        free = team.post(f"/cases/{case.pk}/hand-over/", {**made, "number_notice": "已经发过了"})
        assert free.status_code == 422
        assert team.post(f"/cases/{case.pk}/hand-over/", made).status_code == 302
        handover = Handover.objects.get(case=case)
        officer = login(house.officer)
        assert f"（系统外制作）{case.number} 2021-09-03" in _text(officer.get(f"/cases/hand-overs/{handover.pk}/"))
        assert officer.post(f"/cases/hand-overs/{handover.pk}/", {"answer": "send_back"}).status_code == 422
        back = officer.post(f"/cases/hand-overs/{handover.pk}/", {"answer": "send_back", "defects": ["WRONG_AMOUNT"]})
        assert back.status_code == 302
        silent = team.post(f"/cases/{case.pk}/hand-over/", made)
        assert (silent.status_code, "写明上次退回的问题如何补正" in _text(silent)) == (422, True)
        assert team.post(f"/cases/{case.pk}/hand-over/", {**made, "note": "已核对金额"}).status_code == 302
        handover = Handover.objects.get(case=case, state="PENDING")
        assert officer.post(f"/cases/hand-overs/{handover.pk}/", {"answer": "accept"}).status_code == 302
        assert Case.objects.get(pk=case.pk).stage == "FAST"

    def test_a_case_rests_goes_on_and_is_closed_by_three_people(self, house, case, login):
        case = factories.into_stream(house, case)
        judge = login(case.judge)
        scanned, notice = (factories.ruling(case, at=clock.now()).paper for _turn in range(2))
        made = {"paper": scanned, "number": f"{case.number}之一", "made_on": "2021-09-06"}
        typed = judge.post(f"/cases/{case.pk}/suspend/", {**made, "ground": "CONSENT", "number": "任意文字"})
        assert typed.status_code == 422
        assert "任意文字" in _text(typed)
        judge.post(f"/cases/{case.pk}/suspend/", {**made, "ground": "CONSENT"})
        assert Case.objects.get(pk=case.pk).stage == "SUSPENDED"
        assert judge.get(case.get_absolute_url()).status_code == 200
        judge.post(f"/cases/{case.pk}/resume/", {**made, "paper": notice, "note": "期限届满"})
        assert Case.objects.get(pk=case.pk).stage == "FAST"
        owner = login(case.owner)
        modes = _text(owner.get(f"/cases/{case.pk}/propose-closing/"))
        assert "标的额尚有" in modes
        address = f"/cases/{case.pk}/propose-closing/?mode=TERMINATED"
        ruling, ruled = proofs.scan(case, "终结执行裁定书", kind="COURT", at=clock.now(), actor=case.owner)
        _ref, asked = proofs.scan(case, "撤回执行申请书", at=clock.now(), actor=case.owner)
        text = _text(owner.get(address))
        assert f"{clock.today()} 收到材料 撤回执行申请书" in text
        body = {"ground": "WITHDRAWN", "document": ruling, "number": f"{case.number}之二", "event_GROUND": asked}
        typed = owner.post(address, body)
        assert typed.status_code == 422
        assert "请说明该凭据证明了什么" in _text(typed)
        assert "缺少凭据：裁定书已作出" in _text(typed)
        body |= {"note_GROUND": "申请人撤回申请", "event_RULING": ruled, "note_RULING": "裁定书原件"}
        assert owner.post(address, {**body, "document": "随便写的文书"}).status_code == 422
        assert owner.post(address, body).status_code == 302
        closing = case.closings.get()
        page = f"/cases/closings/{closing.pk}/"
        assert "同意并签署" not in _text(owner.get(page))
        material = case.materials.get(title="撤回执行申请书")
        assert f'<a href="/materials/{material.pk}/">撤回执行申请书</a>' in _text(owner.get(page))
        assert owner.post(page, {"answer": "sign"}).status_code == 403
        assert judge.post(page, {"answer": "return"}).status_code == 422
        judge.post(page, {"answer": "sign"})
        assert Case.objects.get(pk=case.pk).stage == "CLOSING"
        assert "同意结案" not in _text(judge.get(case.get_absolute_url()))
        assert f'href="{page}"' in _text(judge.get(case.get_absolute_url()))
        assert "结案审查" in _text(login(house.chief).get("/"))
        login(house.chief).post(page, {"answer": "sign"})
        assert Case.objects.get(pk=case.pk).stage == "CLOSING"
        assert "尚未送达" in _text(login(house.chief).get(page))
        proofs.scan(case, "终结执行裁定书送达回证", kind="SERVICE", at=clock.now(), actor=case.owner)
        login(house.chief).post(page, {"answer": "sign"})
        assert Case.objects.get(pk=case.pk).closing_mode == "TERMINATED"
        clerk = login(house.assistant)
        for address in (case.get_absolute_url(), f"/cases/{case.pk}/timeline/"):
            assert f'href="{page}"' in _text(clerk.get(address))
        assert "缺少必备材料" in _text(clerk.get(f"/cases/{case.pk}/archive/"))
        factories.archive_ready(house, case)
        assert clerk.post(f"/cases/{case.pk}/archive/", {"note": ""}).status_code == 422
        clerk.post(f"/cases/{case.pk}/archive/", {"note": "", "confirmed": "on"})
        assert Case.objects.get(pk=case.pk).stage == "ARCHIVED"

    def test_what_a_reviewer_sent_back_waits_for_whoever_proposed(self, house, case, login, at):
        case = factories.into_stream(house, case)
        closing = factories.propose_closing(house, case, "TERMINATED", at=at(2021, 9, 6))
        cases.return_closing(closing, defects="交接笔录缺签名", at=at(2021, 9, 7), actor=case.judge)
        owner = login(case.owner)
        assert "交接笔录缺签名" in _text(owner.get("/"))
        for query in ("", "?mode=TERMINATED"):
            assert "交接笔录缺签名" in _text(owner.get(f"/cases/{case.pk}/propose-closing/{query}"))
        assert "交接笔录缺签名" not in _text(login(house.records_clerk).get("/"))

    def test_a_colleague_with_the_permission_may_not(self, house, case, login):
        case = factories.into_stream(house, case)
        other = house.judge2 if case.judge == house.judge else house.judge
        body = {"ground": "CONSENT", "number": case.number, "made_on": "2021-09-06"}
        assert login(other).post(f"/cases/{case.pk}/suspend/", body).status_code == 404
        assert login(house.officer).post(f"/cases/{case.pk}/suspend/", body).status_code == 403

    def test_another_teams_pack_does_not_exist(self, house, case, login, at):
        case = factories.assign(house, case)
        cases.start(case, at=at(2021, 9, 3), actor=house.assistant)
        handover = factories.hand_over(house, case, at=at(2021, 9, 3))
        assert login(house.officer3).get(f"/cases/hand-overs/{handover.pk}/").status_code == 404

    def test_number_from_the_national_system_is_entered_later(self, house, login):
        court = house.courts["内0302"]
        court.number_mode = "ENTERED"
        court.save()
        case = factories.file_case(house).case
        assert case.display_number == "临2021-内0302-0001"
        clerk = login(house.window_clerk)
        for wrong in ("无", "(2020)内0302执15号", "(2021)内0303执15号", "(2021)内0302执恢15号"):
            assert clerk.post(f"/cases/{case.pk}/number/", {"number": wrong}).status_code == 422
        clerk.post(f"/cases/{case.pk}/number/", {"number": "（2021）内0302执15号"})
        assert Case.objects.get(pk=case.pk).number == "(2021)内0302执15号"


class TestBoard:
    def test_judge_sees_own_cases_by_stage_each_with_its_list(self, house, case, login):
        case = factories.into_stream(house, case)
        client = login(case.judge)
        text = _text(client.get("/cases/board/"))
        assert "?stage=FAST" in text
        assert case.number in text
        other = house.judge2 if case.judge == house.judge else house.judge
        assert case.number not in _text(login(other).get("/cases/board/"))

    def test_a_clerk_has_no_board(self, house, login):
        assert login(house.window_clerk).get("/cases/board/").status_code == 403


def test_numbers_are_gapless_when_sixteen_file_at_once(transactional_db):
    house = factories.House.build()
    factories.file_case(house, payee=False)
    at, clerk = factories.moment(2021, 9, 1), house.window_clerk
    assert faults(race([lambda: cases.register(factories.filing(), at=at, actor=clerk)] * 16)) == []
    assert sorted(Case.objects.values_list("seq", flat=True)) == list(range(1, 18))


class TestNotAvailable:
    """A page of an act that is not to be had says why, and offers no form that would fail."""

    def page(self, client, address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200
        return _text(answer)

    @pytest.mark.parametrize(
        ("move", "said"),
        [
            ("resume", "案件处于“速执”阶段，不能恢复执行"),
            ("break_settlement", "案件处于“速执”阶段，不能和解未履行，恢复执行"),
        ],
    )
    def test_a_case_that_is_not_halted_does_not_go_on(self, house, case, login, move, said):
        case = factories.into_stream(house, case)
        page = self.page(login(case.judge), reverse(f"cases:{move}", args=[case.pk]))
        assert "现在不能办理" in page
        assert said in page
        assert 'type="submit"' not in page.split('class="narrow stack"')[1].split("</main>")[0]

    def test_the_words_are_those_of_the_greyed_button(self, house, case, login):
        case = factories.into_stream(house, case)
        asked = {"kind": "QUERY", "to_team": house.assistant.team, "text": "补查"}
        cases.request_work(case, **asked, at=factories.moment(2021, 9, 6), actor=house.officer)
        client = login(case.owner)
        words = "有 1 件协作未办结，请先确认或撤回"
        assert words in self.page(client, case.get_absolute_url())
        page = self.page(client, reverse("cases:propose_closing", args=[case.pk]) + "?mode=TERMINATED")
        assert words in page
        assert 'name="ground"' not in page

    @pytest.mark.parametrize(
        ("who", "name", "said"),
        [
            ("assistant", "hand_over", "只有启动阶段的案件可以移交"),
            ("window_clerk", "enter_number", "本案已有案号"),
            ("dispatcher", "coordinate", "本案没有需要协调的移交"),
            ("judge", "change_stream", "只有速执、普执阶段的案件可以转换"),
        ],
    )
    def test_other_acts_say_why_too(self, house, case, login, who, name, said):
        case = factories.assign(house, case)
        user = case.judge if who == "judge" else getattr(house, who)
        assert said in self.page(login(user), reverse(f"cases:{name}", args=[case.pk]))

    def test_who_does_not_hold_the_case_is_told_so(self, house, case, login):
        case = factories.into_stream(house, case)
        colleague = house.officer2 if case.owner == house.officer else house.officer
        said = "本案的这一步由承办人办理，您不能办理"
        assert said in self.page(
            login(colleague), reverse("cases:propose_closing", args=[case.pk]) + "?mode=TERMINATED"
        )

    def test_what_was_typed_for_an_act_that_is_gone_meanwhile_is_refused_and_kept(self, house, case, login):
        case = factories.into_stream(house, case)
        typed = {"note": "事由消失", "number": case.number, "made_on": "2021-09-06"}
        answer = login(case.judge).post(reverse("cases:resume", args=[case.pk]), typed)
        assert answer.status_code == 422
        assert "事由消失" in _text(answer)
