"""Two people edit one thing: the second is shown both versions, loses nothing and decides anew."""

import pytest
from django.urls import reverse

from accounts.models import BankFormat
from assets import services as assets
from assets.models import Control
from cases.models import Sanction
from documents import revising
from documents import services as documents
from documents.models import AddressConfirmation, Revision, Template
from tests import factories, kept
from tests import statements as banks
from tests.factories import moment

pytestmark = pytest.mark.django_db

AT = moment(2021, 9, 6)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house):
    return kept.running_case(house)


def opened(client, address: str) -> str:
    """Return the mark in the page that somebody has open."""
    return client.get(address).context["form"]["seen"].value()


def second(client, address: str, typed: dict, seen: str):
    """Send what was typed on the page opened before the other's; return the page that shows both versions."""
    page = client.post(address, typed | {"seen": seen})
    assert page.status_code == 422
    assert "他人已改动这一内容" in page.content.decode()
    assert "现在的内容" in page.content.decode()
    return page


def again(client, address: str, typed: dict, page) -> None:
    """Send the same once more from the page that showed both: a new decision."""
    form = page.context["form"]
    assert f'value="{form["seen"].value()}"' in page.content.decode()
    assert client.post(address, typed | {"seen": form["seen"].value()}).status_code == 302


def test_the_address_that_a_party_confirmed(house, case, login):
    address = reverse("documents:address", args=[case.parties.get(side="DEBTOR").pk])
    mine, theirs = login(house.officer), login(house.officer2)
    seen = opened(mine, address)
    first = {"recipient": "李守信", "address": "工业路3号", "has_e_consent": "on", "e_address": "a@b.example"}
    assert theirs.post(address, first | {"seen": opened(theirs, address)}).status_code == 302
    typed = {"recipient": "李守信", "address": "和平街9号"}
    page = second(mine, address, typed, seen)
    assert f"与{house.officer2.name}的内容对照" in page.content.decode()
    rows = {row.label: (row.theirs, row.mine) for row in page.context["form"].differences}
    assert rows["送达地址"] == ("工业路3号", "和平街9号")
    assert rows["同意电子送达"] == ("是", "否")
    assert AddressConfirmation.objects.get().address == "工业路3号"
    again(mine, address, typed, page)
    assert AddressConfirmation.objects.filter(replaced_at=None).get().address == "和平街9号"


def test_who_renews_what_is_controlled(house, case, login):
    factories.control(case)
    address = reverse("assets:name_keeper", args=[case.pk])
    mine, theirs = login(case.owner), login(case.judge)
    seen = opened(mine, address)
    assert theirs.post(address, {"keeper": house.assistant.pk}).status_code == 302
    typed = {"keeper": case.owner.pk}
    page = second(mine, address, typed, seen)
    [row] = page.context["form"].differences
    assert house.assistant.name in row.theirs
    assert case.owner.name in row.mine
    assert Control.objects.get().keeper == house.assistant
    again(mine, address, typed, page)
    assert Control.objects.get().keeper == case.owner


def test_the_last_day_of_a_control(house, case, login):
    control = factories.control(factories.rulings(case))
    address = reverse("assets:renew_control", args=[control.pk])
    client = login(case.owner)
    seen = opened(client, address)
    assets.renew_control(control, ruling="(2021)内0302执1号之五", at=AT, actor=case.judge)
    typed = {"to_on": "2023-12-31", "ruling": "(2021)内0302执1号之八"}
    page = second(client, address, typed, seen)
    [row] = page.context["form"].differences
    assert (row.label, row.theirs, row.mine) == ("新届满日", str(Control.objects.get().to_on), "2023-12-31")
    assert control.renewals.count() == 1


def test_the_paper_of_a_sanction(house, case, login):
    row = factories.sanction(house, factories.rulings(case))
    address = reverse("cases:name_document", args=[row.pk])
    mine, theirs = login(case.owner), login(case.judge)
    seen = opened(mine, address)
    assert theirs.post(address, {"document": "(2021)内0302执1号 令甲"}).status_code == 302
    page = second(mine, address, {"document": "(2021)内0302执1号 令乙"}, seen)
    assert Sanction.objects.get(pk=row.pk).document == "(2021)内0302执1号 令甲"
    again(mine, address, {"document": "(2021)内0302执1号 令乙"}, page)
    assert Sanction.objects.get(pk=row.pk).document == "(2021)内0302执1号 令乙"


def test_how_a_bank_writes_its_statements(house, login):
    row = banks.bank_format(house.finance, AT)
    address = reverse("accounts:bank_format", args=[row.pk])
    mine, theirs = login(house.finance), login(house.finance2)
    page = mine.get(address)
    typed = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    typed |= {"save": "1", "is_active": "on"}
    assert theirs.post(address, typed | {"header_row": "7"}).status_code == 302
    page = second(mine, address, typed | {"header_row": "4"}, typed["seen"])
    assert f"与{house.finance2.name}的内容对照" in page.content.decode()
    rows = [(row.label, row.theirs, row.mine) for row in page.context["form"].differences if row.is_different]
    assert rows == [("表头在第几行", "7", "4")]
    assert BankFormat.objects.get().header_row == 7
    again(mine, address, typed | {"header_row": "4"}, page)
    assert BankFormat.objects.get().header_row == 4


def test_the_words_of_a_template(house, login):
    notice = Template.objects.get(code="ENFORCEMENT_NOTICE")
    address = reverse("documents:edit_template", args=[notice.pk])
    client = login(house.chief)
    seen = opened(client, address)
    written = revising.written(notice.spec)
    other = documents.propose_revision(
        notice,
        values=written | {"text_0": "{debtor}（甲）："},
        approval="局务会",
        effective_on=AT.date(),
        at=AT,
        actor=house.chief,
    )
    documents.approve_revision(other, at=AT, actor=house.president)
    typed = {name: ("on" if words else None) if isinstance(words, bool) else words for name, words in written.items()}
    typed = {name: words for name, words in typed.items() if words is not None}
    typed |= {"text_0": "{debtor}（乙）：", "approval": "局务会", "effective_on": "2021-09-06", "act": "propose"}
    page = second(client, address, typed, seen)
    rows = [(row.theirs, row.mine) for row in page.context["form"].differences if row.is_different]
    assert rows == [("{debtor}（甲）：", "{debtor}（乙）：")]
    assert not Revision.objects.waiting().exists()
    again(client, address, typed, page)
    assert Revision.objects.waiting().get().base.version == 2
