"""The live board: every number opens a list of that many, court and role scope it, and its queries do not grow."""

import re

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau import clock
from cases.models import Case
from dispatch import asking, duties, retriageservices
from tests import factories, once, world

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="([^"]+)" data-count="(\d+)"')


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _full():
    house = factories.House.build()
    world.more_stages(house)
    factories.file_case(house, at=clock.now())
    case = factories.assign(house, factories.file_case(house, window_code="W2").case)
    for wanted in (case, factories.assign(house, factories.file_case(house).case)):
        given = {
            "kind": "REDRAW",
            "reason": "离岗",
            "split_reason": "只此一件",
            "at": clock.now(),
            "actor": house.dispatcher,
        }
        row = asking.ask_assignment(wanted=[wanted], **given)
    asking.withdraw_assignment(row, at=clock.now(), actor=house.dispatcher)
    retriageservices.propose_anew(case, reason="复核", at=clock.now(), actor=house.dispatcher)
    return house


def links(client, name, **query):
    page = client.get(reverse(name), query)
    assert page.status_code == 200
    return [(href.replace("&amp;", "&"), int(count)) for href, count in LINK.findall(page.content.decode())]


def test_both_say_who_is_on_duty_or_that_nobody_is(house):
    client = signed_in(house.dispatcher)
    for name in ("dispatch:board", "dispatch:wall"):
        text = client.get(reverse(name)).content.decode()
        assert "未排" in text
        assert house.judge2.name not in text
    duties.plan_duty({clock.today(): house.judge2}, at=clock.now(), actor=house.dispatcher)
    for name in ("dispatch:board", "dispatch:wall"):
        text = client.get(reverse(name)).content.decode()
        assert "未排" not in text
        assert house.judge2.name in text


full = once.fixture(_full, scope="class")


class TestFull:
    """Cases in every queue."""

    @pytest.mark.parametrize("who", ["dispatcher", "chief", "judge"])
    @pytest.mark.parametrize("name", ["dispatch:board", "dispatch:wall"])
    def test_every_number_opens_a_list_of_that_many(self, full, who, name):
        client = signed_in(getattr(full, who))
        found = links(client, name)
        assert len(found) >= 6
        for href, count in dict.fromkeys(found):
            assert client.get(href).context["page"].paginator.count == count, href

    @pytest.mark.parametrize("name", ["dispatch:board", "dispatch:wall"])
    def test_every_stage_has_its_queue_with_age_and_reds(self, full, name):
        board = signed_in(full.chief).get(reverse(name)).context["board"]
        open_ = Case.objects.open().of_bureau()
        assert {row.label: row.total.count for row in board.stages} == {
            Case.Stage(row["stage"]).label: row["count"]
            for row in open_.order_by().values("stage").annotate(count=Count("pk"))
        }
        assert sum(row.total.count for row in board.stages) == open_.count()
        first = min(open_.filter(stage="FILED").values_list("stage_since_on", flat=True))
        assert board.stages[0].age.oldest == (clock.today() - first).days
        text = signed_in(full.chief).get(reverse(name)).content.decode()
        assert all(f'<th scope="row">{row.label}</th>' in text for row in board.stages)

    def test_ages_are_said_oldest_and_on_average_and_open_the_list_by_age(self, full):
        client = signed_in(full.chief)
        board = client.get(reverse("dispatch:board")).context["board"]
        for row in [*board.stages, *board.teams, *board.people, *board.judges]:
            page = client.get(row.age.url).context["page"]
            days = [
                (clock.today() - since).days
                for since in page.paginator.object_list.values_list("stage_since_on", flat=True)
            ]
            assert len(days) == row.total.count
            assert row.age.oldest == max(days) == days[0]
            assert row.age.mean == f"{sum(days) / len(days):.1f}"

    @pytest.mark.parametrize("name", ["dispatch:board", "dispatch:wall"])
    def test_no_figure_stands_without_its_list(self, full, name):
        text = signed_in(full.chief).get(reverse(name)).content.decode()
        cells = re.findall(r"<td[^>]*>(.*?)</td>", text, re.DOTALL)
        figures = [cell for cell in cells if re.search(r"[1-9]", re.sub(r"<[^>]+>", "", cell))]
        assert len(figures) >= 10
        bare = [cell for cell in figures if "<a " not in cell]
        assert [cell for cell in bare if re.fullmatch(r"[\d.\s-]+", re.sub(r"<[^>]+>", "", cell))] == []
        assert "平均" in text

    @pytest.mark.parametrize("name", ["dispatch:board", "dispatch:wall"])
    def test_what_waits_in_the_centre_stands_on_both(self, full, name):
        for who, labels in (
            (full.dispatcher, {"待分案", "已退回窗口", "待批准的指定和重抽", "待确认的重新分流"}),
            (full.chief, {"待分案", "待批准的指定和重抽"}),
        ):
            page = signed_in(who).get(reverse(name))
            assert labels <= {str(cell.label) for cell in page.context["board"].queue}
            assert all(label in page.content.decode() for label in labels)

    def test_people_beyond_the_list_are_counted(self, full, monkeypatch):
        monkeypatch.setattr("dispatch.board.PEOPLE_MAX", 1)
        page = signed_in(full.chief).get(reverse("dispatch:board"))
        more = page.context["board"].more
        assert more["people"] > 0
        assert f"另有 {more['people']} 人未列出" in page.content.decode()

    def test_judges_have_what_is_in_their_name_beside_who_holds_the_stage(self, full):
        board = signed_in(full.chief).get(reverse("dispatch:board")).context["board"]
        expected = dict(
            Case.objects.open()
            .of_bureau()
            .filter(judge__isnull=False)
            .order_by()
            .values_list("judge__name")
            .annotate(Count("pk"))
        )
        assert {row.name: row.total.count for row in board.judges} == expected
        assert full.judge.name in expected or full.judge2.name in expected
        assert {row.name for row in board.people} != set(expected)

    def test_a_court_narrows_it_and_its_lists(self, full):
        client = signed_in(full.dispatcher)
        factories.file_case(full, at=clock.now(), court_code="内0303")
        found = links(client, "dispatch:board", court="内0303")
        assert sum(count for href, count in found if "stage=FILED" in href and "triage_" in href) == 1
        for href, count in found:
            assert client.get(href).context["page"].paginator.count == count, href

    def test_it_asks_again_with_and_without_javascript(self, full):
        for name in ("dispatch:board", "dispatch:wall"):
            page = signed_in(full.chief).get(reverse(name)).content.decode()
            assert 'hx-trigger="every 20s"' in page
            assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page

    def test_its_queries_do_not_grow(self, full):
        client = signed_in(full.dispatcher)

        def count():
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("dispatch:board"))
            return len(queries)

        before = count()
        world.more_stages(full)
        assert count() == before


def test_nothing_is_there_yet(house):
    assert "没有在办案件" in signed_in(house.chief).get(reverse("dispatch:board")).content.decode()


def test_whoever_may_not_see_stages_sees_no_board(house):
    for who in (house.officer, house.finance, house.window_clerk):
        assert signed_in(who).get(reverse("dispatch:wall")).status_code == 403
