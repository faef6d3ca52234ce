"""The case list in a real browser: by keyboard alone, many at once, and the month at both widths."""

import pytest
from django.urls import reverse

from cases.models import Hold
from tests import factories, kept, walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = factories.moment(2021, 9, 3)


@pytest.fixture(autouse=True)
def _september(monkeypatch, settings):
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False
    monkeypatch.setattr("bureau.clock.now", lambda: TODAY)
    monkeypatch.setattr("bureau.clock.today", TODAY.date)


@pytest.fixture
def visit(browser, live_server):
    """Return a page of that member of staff at a width."""
    contexts = []

    def enter(user, width=1440):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        contexts.append(context)
        context.add_cookies([walker.session_cookie(user, live_server.url)])
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


def test_search_walk_and_open_without_the_mouse(visit, live_server):
    house = factories.House.build()
    cases = [factories.file_case(house, payee=False).case for _turn in range(3)]
    page = visit(house.chief)
    page.goto(f"{live_server.url}/cases/")
    page.keyboard.press("/")
    page.keyboard.type("安然")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "安然" not in page.url
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.keyboard.press("k")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # The newest stands first; two down and one up of three is the middle one.
    assert page.locator("h1").inner_text() == cases[1].number


def test_several_are_ticked_and_put_aside_in_one_go(visit, live_server):
    house = factories.House.build()
    cases = [kept.running_case(house) for _turn in range(2)]
    page = visit(house.officer)
    page.goto(f"{live_server.url}/cases/")
    page.locator("[data-all=case]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="搁置所选案件").click()
    page.locator("[name=reason]").fill("等待评估或拍卖结果")
    page.locator("[name=until_on]").fill("2021-10-08")
    with page.expect_navigation():
        page.locator("button.primary").click()
    assert page.locator("h1").inner_text() == "搁置一览"
    assert page.locator("tbody tr").count() == 2
    assert {row.case for row in Hold.objects.all()} == set(cases)


@pytest.mark.parametrize(("width", "is_sheet"), [("wide", True), ("narrow", False)])
def test_the_month_is_a_sheet_on_a_desk_and_a_list_on_a_phone(visit, live_server, width, is_sheet):
    house = factories.House.build()
    case = factories.file_case(house, at=factories.moment(2021, 9, 1)).case
    page = visit(house.dispatcher, walker.WIDTHS[width])
    page.goto(f"{live_server.url}{reverse('cases:deadlines')}")
    assert page.locator("table.month").is_visible() is is_sheet
    assert page.locator(".month-list").get_by_text(case.number).first.is_visible()
    if is_sheet:
        boxes = [page.locator("table.month th").nth(number).bounding_box()["width"] for number in range(7)]
        assert max(boxes) - min(boxes) < 2
        with page.expect_navigation():
            page.locator("table.month td a strong").first.click()
        assert "day=2021-09-08" in page.url
