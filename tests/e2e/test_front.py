"""The front of house in a real browser: a filing without the mouse, and one click from the queue to the next case."""

import datetime as dt
import os
from pathlib import Path

import pytest

from cases.models import Case
from documents.models import Material
from tests import factories, world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TODAY = factories.moment(2021, 9, 2)
# By name of the field, in any order; Tab reaches each.
TYPED = {
    "source-words": "挂号信1号",
    "basis_issuer": "乌海市海勃湾区人民法院",
    "basis_number": "(2021)内0302民初100号",
    "applicants-0-name": "张安然",
    "applicants-0-id_number": "11010519491231002X",
    "applicants-0-phone": "13800001234",
    "applicants-0-account": "6222020200112230004",
    "applicants-0-account_again": "6222020200112230004",
    "applicants-0-bank_name": "中国银行乌海分行",
    "debtors-0-name": "李守信",
    "debtors-0-id_number": "11010519491231002X",
    "claims-0-amount": "50000",
}
DAYS = {"basis_made_on": "2021-05-10", "basis_effective_on": "2021-06-01", "performance_due_on": "2021-06-30"}


@pytest.fixture(autouse=True)
def _september(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: TODAY)
    monkeypatch.setattr("bureau.clock.today", TODAY.date)


def picture(page, name):
    """Keep a picture where a folder is asked for, and hold the page to its width."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def confirm(page):
    """Tick the conditions of acceptance and the two papers that are on the desk."""
    for box in page.locator("[name=met]").all():
        box.check()
    page.locator("#seen-APPLICATION").check()
    page.locator("#seen-DOCUMENT").check()


def press_to(page, name):
    """Walk with Tab to the field of that name."""
    for _turn in range(120):
        if page.evaluate("document.activeElement.name || document.activeElement.dataset.add || ''") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


class TestFiling:
    def test_a_case_is_filed_without_the_mouse(self, house, visit, live_server):
        page = visit(house.window_clerk)
        page.goto(f"{live_server.url}/filing/new/")
        press_to(page, "source-reason")
        page.keyboard.press("ArrowDown")
        for name in ("source-words", "basis_issuer", "basis_number", *DAYS, *list(TYPED)[3:]):
            press_to(page, name)
            if name in DAYS:
                day = dt.date.fromisoformat(DAYS[name])
                page.locator(f"[name={name}]").fill(day.isoformat())
            else:
                page.keyboard.type(TYPED[name])
            if name == "applicants-0-phone":
                assert "1949-12-31" in page.locator("[data-told]").first.inner_text()
        for name in ("met", "met", "met", "met", "met", "seen", "seen"):
            page.keyboard.press("Tab")
            press_to(page, name)
            page.keyboard.press("Space")
        assert page.locator("[data-total]").inner_text() == "50,000.00"
        picture(page, "filing-typed")
        page.keyboard.press("Enter")
        # The same person on both sides, on purpose: a warning to be ticked.
        page.locator("#warnings").wait_for()
        picture(page, "filing-warned")
        press_to(page, "checked")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.locator("[data-code]").wait_for()
        picture(page, "filing-receipt")
        assert Case.objects.get().number == "(2021)内0302执1号"
        # Chromium reports the intended 422 as a failed resource.
        assert not [fault for fault in page.faults if "422" not in fault]

    def test_rows_and_files_survive_a_mistake(self, house, visit, live_server):
        page = visit(house.window_clerk, 390)
        page.goto(f"{live_server.url}/filing/new/")
        page.locator("[name=source-reason]").select_option("POST")
        for name, value in {**TYPED, **DAYS, "debtors-0-id_number": "110105194912310021"}.items():
            page.locator(f"[name={name}]").fill(value)
        confirm(page)
        page.locator("[data-add=debtors]").click()
        page.locator("[name=debtors-1-name]").fill("王守约")
        page.locator("[name=materials-0-file]").set_input_files(
            {"name": "申请执行书.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        page.locator("form[data-guard] .bar.end button.primary").click()
        page.locator(".summary").first.wait_for()
        picture(page, "filing-mistake-narrow")
        assert page.locator("[name=debtors-1-name]").input_value() == "王守约"
        page.locator("[name=debtors-0-id_number]").fill("")
        page.locator("form[data-guard] .bar.end button.primary").click()
        page.locator("[name=checked]").check()
        page.locator("#warnings button").click()
        page.locator("[data-code]").wait_for()
        picture(page, "filing-receipt-narrow")
        assert Material.objects.get().title in ("申请执行书", "")
        assert Case.objects.get().parties.count() == 3

    def test_a_scan_is_seen_as_soon_as_it_is_chosen(self, house, visit, live_server):
        page = visit(house.window_clerk)
        page.goto(f"{live_server.url}/filing/new/")
        row = page.locator("[data-formset=materials] [data-row]").first
        scan = {"name": "判决书.pdf", "mimeType": "application/pdf", "buffer": world.PDF}
        row.locator("input[type=file]").set_input_files({**scan, "buffer": b"MZ"})
        row.locator("[data-kept] .error").wait_for()
        assert "PDF" in row.locator("[data-kept]").inner_text()
        row.locator("input[type=file]").set_input_files(scan)
        row.locator("[data-kept] img").wait_for()
        row.locator("[data-kept] img").evaluate("(image) => image.decode()")
        assert row.locator("[data-kept] img").evaluate("(image) => image.naturalWidth") == 1240
        assert row.locator("input[name$='-token']").input_value()
        assert row.locator("input[type=file]").input_value() == ""
        picture(page, "filing-scan")
        page.locator("[name=source-reason]").select_option("POST")
        for name, value in {**TYPED, **DAYS, "debtors-0-id_number": ""}.items():
            page.locator(f"[name={name}]").fill(value)
        confirm(page)
        page.locator("form[data-guard] .bar.end button.primary").click()
        page.locator("[data-code], #warnings").first.wait_for()
        if page.locator("[name=checked]").count():
            page.locator("[name=checked]").check()
            page.locator("#warnings button").click()
        page.locator("[data-code]").wait_for()
        assert Material.objects.get().byte_count == len(world.PDF)
        assert not [fault for fault in page.faults if "422" not in fault]


class TestCommandCentre:
    def test_a_stray_enter_draws_nobody_ctrl_enter_decides_and_enter_opens_the_next(self, house, visit, live_server):
        first = factories.file_case(house).case
        second = factories.file_case(house).case
        page = visit(house.dispatcher)
        page.goto(f"{live_server.url}/command/")
        picture(page, "command-queue")
        page.goto(f"{live_server.url}/command/case/{first.pk}/")
        picture(page, "command-case")
        page.keyboard.press("Enter")
        page.locator("[name=note]").fill("已核对")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator("[name=note]").input_value() == "已核对"
        assert Case.objects.get(pk=first.pk).stage == "FILED"
        page.keyboard.press("Control+Enter")
        page.locator(".message").wait_for()
        assert Case.objects.get(pk=first.pk).stage == "ALLOCATED"
        picture(page, "command-decided")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/command/case/{second.pk}/")
        assert not page.faults

    def test_facts_change_the_proposal_at_once(self, house, visit, live_server):
        case = factories.file_case(house).case
        page = visit(house.dispatcher, 390)
        page.goto(f"{live_server.url}/command/case/{case.pk}/")
        page.locator("[name=disposal]").select_option("REAL_ESTATE")
        page.locator("text=决定性规则 T7 命中").wait_for()
        assert page.locator("[name=decided]:checked").input_value() == "ORDINARY"
        picture(page, "command-case-narrow")
        page.locator("[name=decided][value=FAST]").check()
        page.locator(f"#proposal >> text={house.judge.name}").wait_for()
        assert page.locator("[name=decided]:checked").input_value() == "FAST"
        page.goto(f"{live_server.url}/command/conflicts/")
        picture(page, "conflicts-narrow")
        page.goto(f"{live_server.url}/command/rules/")
        picture(page, "rules-narrow")
        assert not page.faults
