"""The nightly comparison: three lists and missing files, kept as found; reasons that hold until a value moves."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from bureau import clock
from bureau.errors import Refused
from bureau.models import Job, User
from bureau.tasks import run_jobs
from cases.models import Case
from supervision import desk
from supervision.models import NationalComparison, NationalDifference
from supervision.national import comparing
from tests import factories
from tests.factories import moment
from tests.nationalsheets import HEADING, book, line, mapping, take_in

AT = moment(2021, 9, 28, 1, 50)  # the night after a Monday
DAY = dt.date(2021, 9, 27)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)


@pytest.fixture
def clerk(house):
    return house.window_clerk


@pytest.fixture
def how(clerk):
    return mapping(clerk.window.court, at=moment(2021, 9, 1), actor=clerk)


@pytest.fixture
def case(house):
    return factories.file_case(house).case


def night(how, *rows, at=AT, day=DAY, actor=None):
    """Take the rows in as the day's file and compare."""
    take_in(book(list(rows)), how, day=day, at=at, actor=how.saved_by)
    return comparing.compare(how.court, day=day, at=at, actor=actor or User.objects.system())


def found(comparison):
    return {(row.kind, row.number, row.field, row.ours, row.theirs) for row in comparison.differences.all()}


class TestLists:
    def test_what_agrees_is_in_no_list(self, how, case):
        made = night(how, line(case.number))
        assert found(made) == set()
        assert (made.ours_count, made.theirs_count) == (1, 1)

    def test_only_here(self, house, how, case):
        other = factories.file_case(house).case
        made = night(how, line(case.number))
        assert found(made) == {("ONLY_HERE", other.number, "", "", "")}
        assert (made.only_here_count, made.only_there_count, made.different_count) == (1, 0, 0)

    def test_only_there(self, how, case):
        made = night(how, line(case.number), line("(2021)内0302执99号"))
        assert found(made) == {("ONLY_THERE", "(2021)内0302执99号", "", "", "")}

    @pytest.mark.parametrize(
        ("field", "there", "ours", "theirs"),
        [
            ("filed_on", "2021-09-02", "2021-09-01", "2021-09-02"),
            ("handler", "程明哲", "", "程明哲"),
            ("state", "已结", "OPEN", "CLOSED"),
            ("closed_on", "2021-09-10", "", "2021-09-10"),
            ("closing_mode", "终本", "", "PROCEDURAL"),
            ("amount", "50000.01", "50000.00", "50000.01"),
            ("applicants", "张安然、李四", "张安然", "张安然、李四"),
            ("debtors", "", "乌海市测试商贸有限公司", ""),
            ("cause", "借款合同纠纷", "买卖合同纠纷", "借款合同纠纷"),
        ],
    )
    def test_different_field_by_field(self, how, case, field, there, ours, theirs):
        made = night(how, line(case.number, **{field: there}))
        assert found(made) == {("DIFFERENT", case.number, field, ours, theirs)}
        assert made.different_count == 1

    def test_blanks_width_and_the_order_of_names_are_no_difference(self, house, how):
        party = factories.filing().parties[0]
        more = factories.filing(
            parties=(*factories.filing().parties, factories.PartyData(side="APPLICANT", kind="PERSON", name="李四"))
        )
        assert party.name == "张安然"
        case = factories.intake.file_case(
            more, payees={}, without_reception=factories.BY_POST, at=moment(2021, 9, 1), actor=house.window_clerk
        ).case
        made = night(how, line(case.number, applicants="申请执行人：李四，张 安然", cause="买卖合同 纠纷"))
        assert found(made) == set()

    def test_closing_here_is_compared_once_it_is_closed(self, house, how, case):
        case = factories.into_stream(house, case)
        factories.close(house, case, "TERMINATED", at=moment(2021, 9, 20))
        case = Case.objects.get(pk=case.pk)
        told = {"handler": case.judge.name, "state": "归档", "closing_mode": "终结执行"}
        assert found(night(how, line(case.number, closed_on="2021-09-20", **told))) == set()
        later = night(how, line(case.number, handler=case.judge.name), at=AT + dt.timedelta(hours=1))
        assert {row[2] for row in found(later)} == {"state", "closed_on", "closing_mode"}

    def test_columns_that_the_file_has_not_are_not_compared(self, house, clerk, case):
        columns = {name: HEADING[name] for name in ("number", "handler")}
        how = mapping(clerk.window.court, at=moment(2021, 9, 1), actor=clerk, columns=columns)
        assert found(night(how, line(case.number, cause="其他"))) == set()

    def test_money_that_arrived_is_compared_where_the_file_says_it(self, house, clerk, case):
        case = factories.into_stream(house, case)
        factories.deposit(house, case, "300.00", serial="A", at=moment(2021, 9, 15))
        heading = {"number": "案号", "received": "到账金额"}
        how = mapping(clerk.window.court, at=moment(2021, 9, 1), actor=clerk, columns=heading)
        content = book([{"number": case.number, "received": "299.00"}], heading=heading)
        take_in(content, how, day=DAY, at=AT, actor=clerk)
        made = comparing.compare(how.court, day=DAY, at=AT, actor=clerk)
        assert found(made) == {("DIFFERENT", case.number, "received", "300.00", "299.00")}

    def test_what_the_file_should_not_hold_is_not_missed(self, house, clerk, case):
        how = mapping(clerk.window.court, at=moment(2021, 9, 1), actor=clerk, covers_from=dt.date(2021, 9, 10))
        later = factories.file_case(house, at=moment(2021, 9, 12)).case
        assert found(night(how, line(later.number, filed_on="2021-09-12"))) == set()
        # It may hold more than it should: that is compared all the same.
        made = night(
            how, line(later.number, filed_on="2021-09-12"), line(case.number, cause="x"), at=AT + dt.timedelta(hours=1)
        )
        assert {row[:3] for row in found(made)} == {("DIFFERENT", case.number, "cause")}

    def test_a_case_of_another_court_is_not_looked_for(self, house, how, case):
        factories.intake.file_case(
            factories.filing(window_code="W3", court_code="内0303"),
            payees={1: factories.PAYEE},
            without_reception=factories.BY_POST,
            at=moment(2021, 9, 1),
            actor=house.window_clerk2,
        )
        assert found(night(how, line(case.number))) == set()


class TestNight:
    def test_every_court_is_compared_once_for_the_day_before(self, how, case, clerk):
        take_in(book([line(case.number)]), how, day=DAY, at=AT, actor=clerk)
        assert comparing.run_night(at=AT, actor=User.objects.system()) == 1
        assert comparing.run_night(at=AT, actor=User.objects.system()) == 0
        assert NationalComparison.objects.get().day == DAY

    def test_a_working_day_without_a_file_is_raised_once_and_stands_on_the_desk(self, house, how, clerk):
        assert comparing.run_night(at=AT, actor=User.objects.system()) == 1
        assert comparing.run_night(at=AT, actor=User.objects.system()) == 0
        assert NationalDifference.objects.get().kind == "NO_FILE"
        for user in (clerk, house.assistant, house.inspector):
            item = next(iter(desk.items(user, today=AT.date())))
            assert item.is_red
            assert "2021-09-27" in item.title
        assert not list(desk.items(house.window_clerk2, today=AT.date()))
        assert not list(desk.items(house.judge, today=AT.date()))

    def test_no_file_is_missed_on_a_day_of_rest_or_before_there_was_a_mapping(self, how, house, clerk):
        sunday_night = moment(2021, 9, 13, 1, 50)
        assert comparing.run_night(at=sunday_night, actor=User.objects.system()) == 0
        assert comparing.run_night(at=moment(2021, 8, 31, 1, 50), actor=User.objects.system()) == 0
        # Saturday 2021-09-18 was a working day by the notice of the State Council.
        assert comparing.run_night(at=moment(2021, 9, 19, 1, 50), actor=User.objects.system()) == 1

    def test_a_late_file_ends_the_lack_and_is_compared_the_next_night(self, how, case, clerk):
        comparing.run_night(at=AT, actor=User.objects.system())
        take_in(book([line(case.number)]), how, day=DAY, at=AT + dt.timedelta(hours=8), actor=clerk)
        assert not [item for item in desk.items(clerk, today=AT.date()) if item.is_red]
        rest = moment(2021, 9, 29, 1, 50)
        assert comparing.run_night(at=rest, actor=User.objects.system()) == 1
        made = NationalComparison.objects.latest("id")
        # The next day has no file of its own yet: that is what the night says first.
        assert (made.day, made.file) == (dt.date(2021, 9, 28), None)

    def test_a_late_file_is_compared_on_a_night_after_a_day_of_rest(self, how, case, clerk):
        take_in(book([line(case.number)]), how, day=dt.date(2021, 9, 10), at=moment(2021, 9, 12), actor=clerk)
        assert comparing.run_night(at=moment(2021, 9, 13, 1, 50), actor=User.objects.system()) == 1
        assert NationalComparison.objects.get().day == dt.date(2021, 9, 10)

    def test_a_new_version_of_the_day_is_compared_again(self, how, case, clerk):
        take_in(book([line(case.number, cause="x")]), how, day=DAY, at=AT, actor=clerk)
        comparing.run_night(at=AT, actor=User.objects.system())
        take_in(book([line(case.number)]), how, day=DAY, at=AT, actor=clerk)
        assert comparing.run_night(at=AT, actor=User.objects.system()) == 1
        assert NationalComparison.objects.latest("id").different_count == 0

    def test_an_old_day_is_not_compared_with_the_books_of_today(self, how, case, clerk):
        night(how, line(case.number))
        take_in(book([line(case.number, cause="x")]), how, day=dt.date(2021, 9, 17), at=AT, actor=clerk)
        with pytest.raises(Refused, match="更晚业务日"):
            comparing.compare(how.court, day=dt.date(2021, 9, 17), at=AT, actor=clerk)

    def test_by_command(self, how, case, capsys):
        call_command("compare_national")
        assert "1 cases followed, 1 comparisons made" in capsys.readouterr().out

    def test_the_button_compares_the_newest_file(self, house, how, case, clerk, login):
        client = login(clerk)
        address = reverse("supervision:compare_national", args=[how.court_id])
        assert "还没有导入" in client.post(address, follow=True).content.decode()
        take_in(book([line(case.number, cause="x")]), how, day=DAY, at=AT, actor=clerk)
        assert client.post(address).status_code == 302
        run_jobs()
        job = Job.objects.latest("id")
        made = NationalComparison.objects.get()
        assert job.result == {"comparison": made.pk}
        assert made.run_by == clerk
        assert (
            made.get_absolute_url() in client.get(reverse("supervision:national_job", args=[job.pk])).content.decode()
        )
        assert login(house.window_clerk2).post(address).status_code == 404


class TestReason:
    def test_it_holds_as_long_as_the_two_values_stand(self, how, case, clerk):
        first = night(how, line(case.number, cause="x"))
        comparing.explain(first.differences.get(), reason="两系统口径不同", at=AT, actor=clerk)
        again = night(how, line(case.number, cause="x"), day=dt.date(2021, 9, 28), at=AT + dt.timedelta(days=1))
        row = again.differences.with_explanation().get()
        assert (row.reason, row.explained_name) == ("两系统口径不同", clerk.name)
        assert row.since_at == AT
        assert not NationalDifference.objects.standing().unexplained().exists()

    def test_it_ends_when_a_value_moves_and_does_not_come_back_with_the_value(self, how, case, clerk):
        day = dt.timedelta(days=1)
        first = night(how, line(case.number, cause="x"))
        comparing.explain(first.differences.get(), reason="待改", at=AT, actor=clerk)
        moved = night(how, line(case.number, cause="y"), day=DAY + day, at=AT + day)
        assert moved.differences.with_explanation().get().reason is None
        back = night(how, line(case.number, cause="x"), day=DAY + 2 * day, at=AT + 2 * day)
        row = back.differences.with_explanation().get()
        assert row.reason is None
        assert row.since_at == AT + 2 * day
        assert NationalDifference.objects.standing().unexplained().get() == row

    def test_past_figures_stay_what_they_were(self, how, case, clerk, login):
        night(how, line(case.number, cause="x"))
        later = AT + dt.timedelta(days=2)
        second = night(how, line(case.number), day=dt.date(2021, 9, 29), at=later)
        client = login(clerk)
        page = client.get(reverse("supervision:national"), {"as_of": "2021-09-28"})
        row = page.context["rows"][0]
        assert (row.comparison.different_count, row.open_count, row.last_day) == (1, 1, DAY)
        assert second.different_count == 0

    def test_a_reason_given_later_does_not_change_the_figure_of_that_night(self, how, case, clerk, monkeypatch, login):
        made = night(how, line(case.number, cause="x"))
        later = AT + dt.timedelta(days=2)
        comparing.explain(made.differences.get(), reason="已核", at=later, actor=clerk)
        monkeypatch.setattr(clock, "today", later.date)
        client = login(clerk)
        rows = [
            client.get(reverse("supervision:national"), {"as_of": day}).context["rows"][0]
            for day in ("2021-09-28", "2021-09-30")
        ]
        assert [row.open_count for row in rows] == [1, 0]

    def test_without_words_or_by_a_stranger_nothing_is_said(self, house, how, case, clerk, login):
        row = night(how, line(case.number, cause="x")).differences.get()
        with pytest.raises(Refused):
            comparing.explain(row, reason=" ", at=AT, actor=clerk)
        for stranger in (house.window_clerk2, house.inspector, house.judge):
            with pytest.raises(PermissionDenied):
                comparing.explain(row, reason="a", at=AT, actor=stranger)
        assert login(house.window_clerk2).get(row.get_absolute_url()).status_code == 404
        assert login(clerk).post(row.get_absolute_url(), {"reason": ""}).status_code == 422

    def test_what_is_gone_needs_no_reason(self, how, case, clerk):
        row = night(how, line(case.number, cause="x")).differences.get()
        night(how, line(case.number), day=dt.date(2021, 9, 28), at=AT + dt.timedelta(days=1))
        with pytest.raises(Refused, match="不必再说明"):
            comparing.explain(row, reason="a", at=AT + dt.timedelta(days=1), actor=clerk)

    def test_on_the_page_with_its_history(self, how, case, clerk, login):
        made = night(how, line(case.number, cause="x"))
        row, client = made.differences.get(), login(clerk)
        answer = client.post(row.get_absolute_url(), {"reason": "全国系统有误，已申请修改"})
        assert answer.url == made.get_absolute_url()
        assert "全国系统有误，已申请修改" in client.get(answer.url).content.decode()
        assert "全国系统有误，已申请修改" in client.get(row.get_absolute_url()).content.decode()


class TestPages:
    def test_filters_paging_and_export(self, house, how, case, clerk, login):
        other = factories.file_case(house).case
        made = night(how, line(case.number, cause="x", handler="甲"), line("(2021)内0302执99号"))
        client, address = login(clerk), made.get_absolute_url()
        assert len(client.get(address).context["lines"]) == 4
        assert [line_.row.number for line_ in client.get(address, {"kind": "ONLY_HERE"}).context["lines"]] == [
            other.number
        ]
        assert [line_.row.field for line_ in client.get(address, {"field": "cause"}).context["lines"]] == ["cause"]
        comparing.explain(made.differences.get(field="cause"), reason="已核", at=AT, actor=clerk)
        assert len(client.get(address, {"said": "NO"}).context["lines"]) == 3
        assert [line_.row.field for line_ in client.get(address, {"said": "YES"}).context["lines"]] == ["cause"]
        assert len(client.get(address, {"number": "执99"}).context["lines"]) == 1
        assert client.get(address, {"kind": "NONSENSE"}).status_code == 422
        answer = client.post(reverse("supervision:export_night", args=[made.pk]) + "?field=cause")
        rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
        assert rows[1][1] == case.number
        assert rows[1][4:6] == ("买卖合同纠纷", "x")
        assert rows[1][7] == "已核"
        listed = client.get(reverse("supervision:national_nights"), {"from_on": "2021-09-27", "court": "内0302"})
        assert list(listed.context["page"]) == [made]
        assert not list(client.get(reverse("supervision:national_nights"), {"from_on": "2021-09-28"}).context["page"])

    def test_who_has_the_case_sees_what_concerns_it_and_nothing_else(self, house, how, case, login):
        case = factories.into_stream(house, case)
        other = factories.file_case(house).case
        made = night(how, line(case.number, handler=case.judge.name, cause="x"), line(other.number, cause="y"))
        item = next(item for item in desk.items(case.judge, today=AT.date()))
        assert item.title.startswith("1 处")
        client = login(case.judge)
        lines = client.get(reverse("supervision:national_differences")).context["lines"]
        assert [(row.row.number, row.is_open_to) for row in lines] == [(case.number, True)]
        assert client.get(made.get_absolute_url()).status_code == 404
        assert client.get(reverse("supervision:national")).context["rows"] == []

    def test_differences_count_on_the_desk_of_the_book_keeper(self, house, how, case, clerk):
        made = night(how, line(case.number, cause="x"))
        titles = [item.title for item in desk.items(clerk, today=AT.date())]
        assert titles[0].startswith("1 处与全国系统不一致")
        comparing.explain(made.differences.get(), reason="已核", at=AT, actor=clerk)
        assert not [item for item in desk.items(clerk, today=AT.date()) if "不一致" in item.title]
        assert not list(desk.items(house.window_clerk2, today=AT.date()))

    def test_another_court_does_not_exist_by_page_and_api(self, house, how, case, login):
        made = night(how, line(case.number, cause="x"))
        client = login(house.window_clerk2)
        assert client.get(made.get_absolute_url()).status_code == 404
        assert client.post(reverse("supervision:export_night", args=[made.pk])).status_code == 404
        for name in ("national_nights", "national_differences", "national_files"):
            assert client.get(reverse(f"supervision_api:{name}")).json()["results"] == []
        assert client.get(reverse("supervision_api:national_night", args=[made.pk])).status_code == 404

    def test_the_api_gives_the_lists_and_takes_a_reason(self, how, case, clerk, login):
        made = night(how, line(case.number, cause="x", handler="甲"))
        client = login(clerk)
        rows = client.get(reverse("supervision_api:national_night", args=[made.pk]), {"field": "cause"}).json()[
            "results"
        ]
        assert [(row["ours"], row["theirs"], row["reason"]) for row in rows] == [("买卖合同纠纷", "x", None)]
        address = reverse("supervision_api:explain", args=[rows[0]["id"]])
        assert client.post(address, {"reason": "口径"}, content_type="application/json").status_code == 200
        assert (
            client.get(reverse("supervision_api:national_differences"), {"said": "YES"}).json()["results"][0]["reason"]
            == "口径"
        )

    def test_who_works_on_a_case_may_say_why_it_differs_and_nothing_of_others(self, house, how, case, login):
        case = factories.into_stream(house, case)
        other = factories.file_case(house).case
        made = night(how, line(case.number, handler=case.judge.name, cause="x"), line(other.number, cause="y"))
        own, strange = (made.differences.get(number=row.number, field="cause") for row in (case, other))
        item = next(item for item in desk.items(case.owner, today=AT.date()) if "不一致" in item.title)
        client = login(case.owner)
        assert [row.row for row in client.get(item.url).context["lines"]] == [own]
        answer = client.post(own.get_absolute_url(), {"reason": "两系统口径不同"})
        assert answer.url == reverse("supervision:national_differences")
        assert client.get(strange.get_absolute_url()).status_code == 404
        with pytest.raises(PermissionDenied):
            comparing.explain(strange, reason="a", at=AT, actor=case.owner)
        assert not [item for item in desk.items(case.owner, today=AT.date()) if "不一致" in item.title]
