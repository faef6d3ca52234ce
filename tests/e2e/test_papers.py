"""A paper in a real browser: every button of its form does what it says, though the file for Word is folded away."""

import pytest
from django.urls import reverse

from documents.models import Document
from tests import factories, kept

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = factories.moment(2021, 9, 16)


@pytest.fixture(autouse=True)
def _september(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: TODAY)
    monkeypatch.setattr("bureau.clock.today", TODAY.date)


def test_a_paper_is_previewed_taken_to_word_and_issued(house, visit, live_server):
    case = kept.running_case(house)
    page = visit(case.judge)
    address = live_server.url + reverse("documents:compose", args=[case.pk]) + "?template=FREEZE"
    page.goto(address)
    page.fill("[name=bank]", "乌海银行")
    page.get_by_role("button", name="更新预览").click()
    page.wait_for_load_state()
    assert "乌海银行" in page.inner_text(".paper")
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载Word稿").click()
    assert coming.value.suggested_filename == "freeze.docx"
    for name, value in factories.values_of(case, "FREEZE").items():
        if page.locator(f"input[name={name}]:visible").count():
            page.fill(f"[name={name}]", value)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="签发", exact=True).click()
    page.wait_for_url("**/materials/paper/*/")
    assert Document.objects.filter(case=case, template__code="FREEZE").count() == 1
    assert not [fault for fault in page.faults if "422" not in fault]
