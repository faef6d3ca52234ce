"""The case list with its filters and bulk acts, the list of cases put aside, and the board's figures."""

import datetime as dt
import html
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.models import User
from cases import forms, listing, services
from cases.models import Case, Hold, SavedFilter
from tests import factories, kept

DAY = dt.date.fromisoformat


@pytest.fixture
def stand_on(settings):
    """Return a function that moves the product's clock to a moment."""

    def move(moment):
        settings.CLOCK_OFFSET = int((moment - dt.datetime.now(dt.UTC)).total_seconds()) + 1

    return move


@pytest.fixture(autouse=True)
def _clock(stand_on, at):
    stand_on(at(2021, 9, 16))


@pytest.fixture
def fast(house):
    return kept.running_case(house)


def _text(answer):
    return answer.content.decode()


def _listed(client, query):
    """Return the numbers on the list under a query."""
    return re.findall(r'<td class="nowrap"><a href="/cases/\d+/">([^<]+)</a>', _text(client.get(f"/cases/{query}")))


class TestFilters:
    def test_each_keeps_what_it_names(self, house, fast, login, at, stand_on):
        stand_on(at(2021, 9, 22))
        filed = factories.file_case(house, amount=Decimal("900.00")).case
        slow = factories.into_stream(house, factories.file_case(house, amount=Decimal("700000")).case, team="ORDINARY")
        ended = factories.close(house, kept.running_case(house), "TERMINATED")
        client = login(house.chief)
        for query, expected in (
            ("?stage=FILED", [filed]),
            ("?stream=ORDINARY", [slow]),
            ("?stream=NONE", [filed]),
            ("?stream=FAST", [fast, ended]),
            ("?mode=TERMINATED", [ended]),
            ("?team=ORDINARY", [slow]),
            (f"?judge={slow.judge_id}", [slow]),
            ("?court=内0302&set=closed", [ended]),
            ("?court=内0303", []),
            ("?window=W3", []),
            ("?type=执恢", []),
            ("?type=执&stage=FILED", [filed]),
            ("?amount_from=100,000", [slow]),
            ("?amount_to=900", [filed]),
            ("?amount_from=900.01&amount_to=60000", [fast, ended]),
            ("?closed_from=2021-09-21&closed_to=2021-09-21", [ended]),
            ("?closed_from=2021-09-22", []),
            ("?filed_to=2021-08-31", []),
        ):
            assert sorted(_listed(client, query)) == sorted(case.number for case in expected), query

    def test_an_amount_of_zero_is_a_filter(self, house, fast):
        assert forms.Filters({"amount_to": "0"}).chosen() == {"amount_to": Decimal("0")}
        found = listing.filtered(
            Case.objects.all(), {"amount_to": Decimal("0")}, user=house.chief, today=DAY("2021-09-16")
        )
        assert not found.exists()

    def test_red_deadlines(self, house, fast, login, at):
        filed = factories.file_case(house).case
        client = login(house.chief)
        assert _listed(client, "?level=RED") == []
        services.watch(at=at(2021, 9, 8), actor=User.objects.system())
        assert _listed(client, "?level=RED") == [filed.number]

    @pytest.mark.parametrize(
        "query",
        [
            "?amount_from=x&level=PINK&type=民初&stream=SLOW",
            "?amount_from=-1&sort=evil&page=zz",
            "?judge=99999999999999",
        ],
    )
    def test_nonsense_in_the_address_is_dropped(self, house, fast, login, query):
        assert _listed(login(house.chief), query) == [fast.number]

    def test_paging_and_sorting_keep_the_filters_and_the_search(self, house, login):
        for _turn in range(51):
            factories.file_case(house, payee=False)
        client = login(house.chief)
        found = client.post("/cases/search/", {"text": "张安"})["Location"]
        text = html.unescape(_text(client.get(f"{found}&stage=FILED&sort=amount")))
        token = found.partition("?q=")[2]
        assert f"?q={token}&stage=FILED&sort=amount&page=2" in text
        assert f"?q={token}&stage=FILED&sort=-amount" in text
        second = client.get(f"{found}&stage=FILED&sort=amount&page=2")
        assert len(second.context["page"].object_list) == 1

    def test_a_search_that_is_forgotten_finds_nothing_and_says_so(self, house, fast, login):
        client = login(house.chief)
        text = _text(client.get("/cases/?q=zzzz"))
        assert ("这次查找已失效" in text, fast.number in text) == (True, False)
        assert "这次查找已失效" not in _text(client.get("/cases/?q="))
        assert fast.number in _text(client.get("/cases/"))
        sheet = openpyxl.load_workbook(io.BytesIO(client.post("/cases/export/?q=zzzz").content))
        assert fast.number not in {cell.value for row in sheet.active for cell in row}
        queue = _text(login(house.dispatcher).get("/command/?q=zzzz"))
        assert "这次查找已失效" in queue

    def test_usual_filters_lead_to_lists_and_say_which_is_open(self, house, fast, login):
        client = login(fast.owner)
        text = html.unescape(_text(client.get("/cases/?set=open&mine=on&sort=due")))
        assert 'href="/cases/?set=open&mine=on&sort=due" aria-current="true">我的未结' in text
        for address in re.findall(r'class="chip" href="([^"]+)"', text):
            assert client.get(address).status_code == 200
        assert "我的未结" not in _text(login(house.chief).get("/cases/"))

    def test_usual_filters_stand_on_the_page_of_an_impossible_search_too(self, house, fast, login):
        answer = login(house.chief).post("/cases/search/", {"text": "长" * 101})
        assert answer.status_code == 422
        assert 'href="/cases/?set=open"' in _text(answer)

    def test_the_sheet_holds_the_filtered_cases_only(self, house, fast, login):
        factories.file_case(house)
        answer = login(house.chief).post("/cases/export/?stage=FAST")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [fast.number]


class TestSavedFilters:
    def test_a_filter_is_kept_under_a_name_and_opens_again(self, house, fast, login):
        client = login(house.chief)
        asked = "?stage=FAST&sort=due&page=3&q=token&evil=1&team=NOWHERE"
        answer = client.post(f"/cases/filters/save/{asked}", {"name": " 速执到期 "})
        assert answer["Location"] == "/cases/?sort=due&stage=FAST"
        text = html.unescape(_text(client.get(answer["Location"])))
        assert 'href="/cases/?sort=due&stage=FAST" aria-current="true">速执到期' in text
        assert fast.number in text
        saved = SavedFilter.objects.get()
        assert f"/cases/filters/{saved.pk}/forget/" in text
        assert "速执到期" not in _text(login(house.inspector).get("/cases/"))

    def test_the_same_name_again_replaces_it(self, house, login):
        client = login(house.chief)
        for stage in ("FAST", "ORDINARY"):
            client.post(f"/cases/filters/save/?stage={stage}", {"name": "常看"})
        assert SavedFilter.objects.get().query == "stage=ORDINARY"

    @pytest.mark.parametrize(
        ("query", "name", "said"),
        [
            ("?stage=FAST", "", "名称必填"),
            ("?stage=FAST", "长" * 21, "名称必填"),
            ("?stage=NOWHERE", "空的", "请先筛选"),
            ("?q=abc", "找人", "请先筛选"),
        ],
    )
    def test_what_cannot_be_kept_is_said(self, house, login, query, name, said):
        answer = login(house.chief).post(f"/cases/filters/save/{query}", {"name": name}, follow=True)
        assert said in _text(answer)
        assert not SavedFilter.objects.exists()

    def test_there_is_a_limit_and_ones_own_are_forgotten_by_oneself_only(self, house, login):
        client = login(house.chief)
        for number in range(13):
            answer = client.post("/cases/filters/save/?stage=FAST", {"name": f"第{number}个"}, follow=True)
        assert "最多保存 12 个" in _text(answer)
        assert SavedFilter.objects.count() == 12
        first = SavedFilter.objects.order_by("id")[0]
        assert login(house.inspector).post(f"/cases/filters/{first.pk}/forget/").status_code == 404
        with pytest.raises(PermissionDenied):
            services.forget_filter(first, actor=house.inspector)
        assert client.post(f"/cases/filters/{first.pk}/forget/").status_code == 302
        assert SavedFilter.objects.count() == 11


class TestNumberSearch:
    @pytest.mark.parametrize(
        ("text", "is_found"),
        [
            ("(2021)内0302执12号", True),
            ("（2021）内0302执12号", True),
            ("(2021)内0302执1", True),
            ("(2021)执12号", True),
            ("2021内0302执12", True),
            ("内0302执12", True),
            ("0302执12号", True),
            ("302执1", True),
            ("执12号", True),
            ("执1", True),
            ("执", True),
            ("内0302执", True),
            ("12", True),
            ("执2号", False),
            ("执1号", False),
            ("内0303执12", False),
            ("(2020)内0302执12号", False),
            ("执恢12号", False),
            ("执异12号", False),
            ("乌执字第12号", False),
        ],
    )
    def test_it_finds_what_a_number_or_its_part_means(self, house, text, is_found):
        case = factories.file_case(house, payee=False).case
        Case.objects.filter(pk=case.pk).update(number="(2021)内0302执12号", seq=12)
        assert listing.found(Case.objects.all(), text).exists() is is_found

    def test_a_temporary_number_is_found_until_and_after_the_number_is_known(self, house):
        court = house.courts["内0302"]
        court.number_mode = "ENTERED"
        court.save()
        case = factories.file_case(house, payee=False).case
        assert case.provisional_number == "临2021-内0302-0001"
        for text in ("临2021-内0302-0001", "临2021", "临"):
            assert listing.found(Case.objects.all(), text).get() == case
        assert not listing.found(Case.objects.all(), "执1").exists()


class TestBulk:
    def test_several_are_put_aside_and_what_may_not_be_is_said(self, house, fast, login):
        other = kept.running_case(house)
        aside = kept.running_case(house)
        services.hold(
            aside, reason="等待回复", until_on=DAY("2021-09-30"), at=factories.moment(2021, 9, 16), actor=aside.owner
        )
        client, ticked = login(house.officer), [fast.pk, other.pk, aside.pk]
        first = client.post("/cases/holds/many/", {"case": ticked})
        assert first.status_code == 200
        assert fast.number in _text(first)
        assert Hold.objects.count() == 1
        body = {"case": ticked, "reason": "等待评估或拍卖结果", "until_on": "2021-10-08"}
        done = client.post("/cases/holds/many/", body, follow=True)
        assert done.redirect_chain == [("/cases/holds/", 302)]
        assert "已办理 2 项" in _text(done)
        assert f"{aside.number} 未办理：本案已搁置" in _text(done)
        assert set(Hold.objects.filter(reason="等待评估或拍卖结果").values_list("case", flat=True)) == {
            fast.pk,
            other.pk,
        }

    def test_a_day_too_far_or_no_reason_is_refused(self, fast, login):
        client = login(fast.owner)
        empty = client.post("/cases/holds/many/", {"case": [fast.pk], "reason": "", "until_on": ""})
        assert empty.status_code == 422
        far = {"case": [fast.pk], "reason": "等待", "until_on": "2022-09-16"}
        assert "最长 90 天" in _text(client.post("/cases/holds/many/", far, follow=True))
        assert not Hold.objects.exists()

    def test_another_teams_case_does_not_come_along(self, house, fast, login):
        body = {"case": [fast.pk, "x", "9" * 30], "reason": "等待", "until_on": "2021-10-08"}
        answer = login(house.officer3).post("/cases/holds/many/", body, follow=True)
        assert "请先勾选案件" in _text(answer)
        assert not Hold.objects.exists()
        assert login(house.finance).post("/cases/holds/many/", body).status_code == 403

    def test_papers_for_the_ticked_cases_begin_with_them_ticked(self, house, fast, login):
        left_out = kept.running_case(house)
        client = login(house.officer)
        answer = client.post("/cases/papers/many/", {"case": [fast.pk]}, follow=True)
        assert answer.redirect_chain[0][0] == f"/materials/several/?only={fast.pk}"
        link = html.unescape(re.search(r'href="(\?only=[^"]+ENFORCEMENT_NOTICE)"', _text(answer))[1])
        page = _text(client.get(f"/materials/several/{link}"))
        assert re.search(rf'value="{fast.pk}"[^>]* checked', page)
        assert left_out.number not in page
        assert client.post("/cases/papers/many/", follow=True).redirect_chain[0][0] == "/cases/"
        assert client.get("/materials/several/?template=ENFORCEMENT_NOTICE&only=x-;--9").status_code == 200

    def test_only_who_may_do_something_with_many_ticks_rows(self, house, fast, login):
        assert 'name="case"' in _text(login(fast.owner).get("/cases/"))
        for user in (house.finance, house.inspector, house.window_clerk):
            assert 'name="case"' not in _text(login(user).get("/cases/"))


class TestHoldList:
    @pytest.fixture
    def rows(self, house, fast, at):
        """Three holds: one running, one whose day has come, one ended early."""
        other = kept.running_case(house)
        over = factories.into_stream(house, factories.file_case(house).case, team="ORDINARY")
        given = {"at": at(2021, 9, 6)}
        services.hold(fast, reason="等待评估", until_on=DAY("2021-10-08"), actor=fast.owner, **given)
        services.hold(over, reason="等待回复", until_on=DAY("2021-09-10"), actor=over.owner, **given)
        ended = services.hold(other, reason="正在协商", until_on=DAY("2021-09-30"), actor=other.owner, **given)
        services.end_hold(ended, reason="已有结果", at=at(2021, 9, 8), actor=other.owner)
        return {"running": fast, "over": over, "ended": other}

    def _numbers(self, client, query=""):
        return re.findall(
            r'<td class="nowrap"><a href="/cases/\d+/holds/">([^<]+)</a>', _text(client.get(f"/cases/holds/{query}"))
        )

    def test_it_shows_the_running_ones_of_all_cases_by_their_day(self, house, rows, login):
        client = login(house.chief)
        assert self._numbers(client) == [rows["over"].number, rows["running"].number]
        assert self._numbers(client, "?state=over") == [rows["over"].number]
        assert self._numbers(client, "?state=ended") == [rows["ended"].number]
        assert "已有结果" in _text(client.get("/cases/holds/?state=ended"))
        assert self._numbers(client, "?state=x&who=y") == self._numbers(client)

    def test_each_sees_his_scope_and_can_ask_for_his_own(self, house, rows, login):
        assert self._numbers(login(house.officer)) == [rows["running"].number]
        assert self._numbers(login(house.officer3)) == [rows["over"].number]
        assert self._numbers(login(house.officer2), "?who=mine") == []
        assert self._numbers(login(house.officer), "?who=mine") == [rows["running"].number]

    def test_an_empty_list_says_what_will_appear(self, house, login):
        client = login(house.chief)
        assert "现在没有搁置的案件" in _text(client.get("/cases/holds/"))
        assert "没有符合条件的搁置" in _text(client.get("/cases/holds/?state=ended"))

    def test_programs_get_the_same_rows(self, house, rows, login):
        data = login(house.chief).get("/api/v1/cases/holds/?state=over").json()
        assert [(row["case_number"], row["until_on"]) for row in data["results"]] == [
            (rows["over"].number, "2021-09-10")
        ]
        assert login(house.officer).get("/api/v1/cases/holds/").json()["count"] == 1

    def test_it_costs_as_many_queries_for_many_rows(self, house, rows, login):
        client = login(house.chief)

        def queries():
            with CaptureQueriesContext(connection) as caught:
                client.get("/cases/holds/")
            return len(caught)

        few = queries()
        for _turn in range(4):
            case = kept.running_case(house)
            services.hold(
                case, reason="等待", until_on=DAY("2021-10-08"), at=factories.moment(2021, 9, 6), actor=case.owner
            )
        assert queries() == few


class TestBoard:
    def test_every_figure_is_the_length_of_the_list_it_opens(self, house, fast, login, at, stand_on):
        factories.file_case(house)
        factories.assign(house, factories.file_case(house).case)
        old = factories.into_stream(house, factories.file_case(house, at=at(2021, 9, 1)).case, team="ORDINARY")
        stand_on(at(2022, 3, 10))
        services.watch(at=at(2022, 3, 10), actor=User.objects.system())
        client = login(house.chief)
        text = html.unescape(_text(client.get("/cases/board/")))
        counted = re.findall(
            r'<td class="num[^"]*" data-label="(?!本阶段最久)[^"]*"><a[^>]* ?href="([^"]+)">(\d+)</a>', text
        )
        assert len(counted) >= 12
        for address, count in counted:
            assert client.get(address).context["page"].paginator.count == int(count), address
        assert any("level=RED" in address for address, _count in counted)
        longest = re.search(r'href="([^"]+stage=ORDINARY&sort=since)"', text)[1]
        assert client.get(longest).context["page"].object_list[0] == old

    def test_the_board_costs_as_many_queries_for_many_cases(self, house, fast, login):
        client = login(house.chief)

        def queries():
            with CaptureQueriesContext(connection) as caught:
                client.get("/cases/board/")
            return len(caught)

        few = queries()
        for _turn in range(5):
            factories.file_case(house, payee=False)
        assert queries() == few


def test_a_filter_that_cannot_be_used_is_named_and_narrows_nothing(house, login):
    factories.file_case(house)
    page = login(house.chief).get("/cases/?stage=NOWHERE&filed_from=abc").content.decode()
    assert "“阶段”没有用于筛选" in page
    assert "“立案日自”没有用于筛选" in page or "没有用于筛选：请填写日期" in page
    assert "共 1 " in page or "(2021)内0302执1号" in page
    assert "没有用于筛选" not in login(house.chief).get("/cases/?stage=FILED").content.decode()
