"""A new clerk's path from the ticket to the receipt: counted, printed, at most three minutes of clicks and typing."""

import pytest

from cases.models import Case
from intake import tickets
from intake.models import Reception, Ticket
from tests import factories
from tests.e2e.hands import Hands
from tests.intake.test_judgment import FULL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = factories.moment(2021, 9, 2)
SECONDS_MAX = 180


@pytest.fixture(autouse=True)
def _september(monkeypatch, settings):
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False
    monkeypatch.setattr("bureau.clock.now", lambda: TODAY)
    monkeypatch.setattr("bureau.clock.today", TODAY.date)


def call(hands: Hands) -> None:
    """Call the one who waits, receive him, and open his record."""
    hands.click("button:has-text('呼叫下一位')")
    hands.click("button:has-text('到了，开始接待')")
    hands.click("main a:has-text('初次接待笔录')")
    hands.click("main form button[type=submit]")


def ask(hands: Hands) -> None:
    """Ask the twelve questions, tell what is to be told, read it back and have it signed."""
    hands.type("[name=q-visitor]", "张某某")
    hands.choose("[name=q-identity_check]", "居民身份证原件")
    hands.choose("[name=q-relation]", "申请执行人本人")
    hands.type("[name=q-contact_phone]", "13800001234")
    hands.type("[name=q-basis_number]", "(2021)内0302民初100号")
    hands.type("[name=q-demand]", "还清借款本金和利息")
    hands.click("[name=q-is_performed][value=否]")
    hands.type("[name=q-debtor]", "乌海市样例商贸有限公司")
    hands.type("[name=q-debtor_whereabouts]", "仍在海南区经营")
    hands.click("[name=q-has_clues][value=否]")
    hands.click("[name=q-is_seized][value=否]")
    hands.type("[name=q-address]", "海勃湾区某小区1号")
    for place in range(hands.page.locator("[name=told]").count()):
        hands.click(f":nth-match([name=told], {place + 1})")
    hands.click("button:has-text('宣读核对')")
    hands.click(".button.primary")
    hands.draw("[data-pad]")
    hands.click("main form .bar.end button")
    hands.click("a[href*='?reception=']")


def file(hands: Hands) -> None:
    """Paste the judgment, take over what it proposes, type what it cannot know, and file."""
    # First, for the day by which was to be performed is reckoned from it.
    hands.type("[name=basis_effective_on]", "2021-06-01")
    hands.click("#judgment summary")
    hands.paste("[name=judgment]", FULL)
    hands.click("button[value=read]")
    hands.click("[data-all=take]")
    hands.click("button[value=take]")
    hands.page.locator("[name=claims-3-amount]").wait_for()
    # Interest that still runs: its sum as of today is the applicant's, from his application.
    hands.type("[name=claims-2-amount]", "39260.27")
    hands.type("[name=applicants-0-account]", "6222020200112230004")
    hands.type("[name=applicants-0-account_again]", "6222020200112230004")
    hands.type("[name=applicants-0-bank_name]", "中国银行乌海分行")
    for place in range(5):
        hands.click(f":nth-match([name=met], {place + 1})")
    hands.click("#seen-DOCUMENT")
    hands.click("form[data-guard] .bar.end button.primary")


def test_from_ticket_to_receipt_in_three_minutes(house, visit, live_server, capsys):
    clerk = house.window_clerk
    tickets.take_ticket(category=Ticket.Category.FILING, at=TODAY, actor=clerk)
    page = visit(clerk)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{live_server.url}/filing/hall/")
    hands = Hands(page)
    call(hands)
    ask(hands)
    file(hands)
    page.locator("[data-code], #warnings, main .summary").first.wait_for()
    if page.locator("[name=checked]").count():
        hands.click("[name=checked]")
        hands.click("#warnings button")
    page.locator("[data-code]").wait_for()
    case = Case.objects.get()
    # Where it may be loaded again without filing again.
    assert page.url == f"{live_server.url}/filing/{case.pk}/receipt/"
    assert case.parties.count() == 3
    assert case.claims.count() == 4
    assert str(case.performance_due_on) == "2021-06-11"
    assert case.parties.get(name="张某某").id_number == "11010519491231002X"
    assert Reception.objects.get().state == Reception.State.FILED
    told = f"{hands.keys:.0f} keys, {hands.clicks} clicks, {hands.seconds:.0f} s of clicks and typing"
    with capsys.disabled():
        print(f"\nfrom ticket to receipt: {told}")
    assert hands.seconds <= SECONDS_MAX, told
    assert not [fault for fault in page.faults if "422" not in fault]
