"""The public pages themselves: light, usable without JavaScript, large type, letters, papers, guides, calculators."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings

from documents import services as documents
from portal import guides, releasing, services
from portal.models import ReleasedCopy
from tests import factories, kept
from tests.portal.browsers import PUBLIC, opened, projected, signed_in, stand_on

AT = factories.moment(2021, 9, 20)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PAGE_BYTES_MAX = 100_000


@pytest.fixture
def case(house, monkeypatch):
    case = kept.running_case(house)
    factories.deposit(house, case, "50000.00", serial="P", at=AT)
    services.project(at=AT)
    stand_on(monkeypatch, AT)
    return case


@pytest.fixture
def applicant(case):
    with PUBLIC:
        yield signed_in(opened(case))


def bytes_of(page):
    """Return what a first look costs: the page and everything it names."""
    names = set(re.findall(r'(?:href|src)="/?static/([^"]+)"', page))
    assert names
    return len(page.encode()) + sum(Path(finders.find(name)).stat().st_size for name in names)


class TestWeight:
    def test_the_first_page_and_the_status_page_weigh_less_than_100_kb_with_all_they_name(self, applicant):
        for address in ("/", "/status/"):
            page = applicant.get(address).content.decode()
            assert bytes_of(page) < PAGE_BYTES_MAX, address

    def test_nothing_needs_a_script(self, applicant):
        page = applicant.get("/status/").content.decode()
        scripts = re.findall(r"<script[^>]*>", page)
        assert scripts == ['<script src="/static/js/portal.js" defer>']
        # The one button that only a script can work is not there without it.
        assert re.findall(r"<button[^>]*type=.button.[^>]*>", page) == re.findall(
            r"<button[^>]*data-read[^>]* hidden>", page
        )

    def test_nothing_personal_stands_in_an_address(self, applicant, case):
        addresses = re.findall(r'(?:href|action)="([^"]+)"', applicant.get("/status/").content.decode())
        assert not [address for address in addresses if case.number in address or "002" in address or "?" in address]


class TestType:
    def test_large_type_is_kept_and_put_back(self, applicant):
        assert 'class="large"' not in applicant.get("/").content.decode()
        assert applicant.post("/type/", {"type": "large", "next": "/phone/"}).url == "/phone/"
        assert 'class="large"' in applicant.get("/").content.decode()
        applicant.post("/type/", {"type": "usual", "next": "/"})
        assert 'class="large"' not in applicant.get("/").content.decode()

    @pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/nowhere/", ""])
    def test_it_leads_nowhere_else(self, applicant, address):
        assert applicant.post("/type/", {"type": "large", "next": address}).url == "/"


class TestKept:
    """What a page looks like is kept until anything of it is another."""

    def test_reading_again_costs_one_query_and_has_a_token_of_its_own(self, applicant, django_assert_num_queries):
        first = applicant.get("/status/").content.decode()
        with django_assert_num_queries(1):
            again = applicant.get("/status/").content.decode()
        tokens = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', first + again)
        assert len(set(tokens)) == 2
        assert {len(token) for token in tokens} == {64}
        assert len(first) == len(again)

    def test_content_reader_language_type_and_day_make_it_another(self, house, case, applicant, monkeypatch):
        looks = [applicant.get("/status/").content.decode()]
        applicant.post("/type/", {"type": "large", "next": "/status/"})
        looks.append(applicant.get("/status/").content.decode())
        looks.append(applicant.get("/status/", headers={"accept-language": "en"}).content.decode())
        looks.append(signed_in(opened(case, "link:0")).get("/status/", follow=True).content.decode())
        stand_on(monkeypatch, AT + dt.timedelta(days=30))
        looks.append(applicant.get("/status/").content.decode())
        factories.payout(house, case, "20000.00", reference="K", at=AT)
        services.project(at=AT + dt.timedelta(hours=1))
        looks.append(applicant.get("/status/").content.decode())
        assert len({re.sub('csrfmiddlewaretoken" value="[^"]+"', "", look) for look in looks}) == len(looks)
        assert "20,000.00" in looks[-1]

    def test_it_is_kept_by_no_browser(self, applicant):
        assert "no-store" in applicant.get("/status/")["Cache-Control"]


class TestLetter:
    def test_the_letter_says_what_the_page_says(self, applicant):
        page, letter = (applicant.get(address).content.decode() for address in ("/status/", "/status/letter/"))
        assert "案件进度告知单" in letter
        for words in re.findall(r"<dd>([^<]+)</dd>|<strong>([^<]+)</strong>", page):
            assert "".join(words).strip() in letter

    def test_window_staff_print_the_same_inside(self, house, case, login):
        client = login(house.window_clerk)
        letter = client.get(f"/public/{case.pk}/letter/").content.decode()
        assert "案件进度告知单" in letter
        assert "50,000.00" in letter
        assert "张安然" not in letter
        assert login(house.window_clerk2).get(f"/public/{case.pk}/letter/").status_code == 404
        assert f"/public/{case.pk}/letter/" in client.get(case.get_absolute_url()).content.decode()


class TestPapers:
    def served(self, house, case, side="APPLICANT"):
        code = "ACCEPTANCE" if side == "APPLICANT" else "RISK_NOTICE"
        document = factories.issue(case, code, at=AT, actor=case.owner)
        documents.print_document(document, at=AT, actor=case.owner)
        party = case.parties.filter(side=side).order_by("position")[0]
        delivery = documents.send(document, way="DIRECT", party=party, at=AT, actor=case.owner)
        proof = documents.receive(case, [documents.Paper("SERVICE", "送达回证", PDF)], at=AT, actor=case.owner)[0]
        documents.deliver(delivery, on=AT.date(), proof=proof, **factories.signed(delivery), at=AT, actor=case.owner)
        return document

    def test_what_was_served_on_me_is_there_to_download(self, house, case, applicant):
        document = self.served(house, case)
        assert releasing.release(at=AT) == 1
        assert releasing.release(at=AT) == 0
        [paper] = projected(case, AT)["people"][opened(case).who]["papers"]
        assert document.title in applicant.get("/status/").content.decode()
        answer = applicant.get(f"/status/papers/{paper['pk']}/")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert case.number not in answer["Content-Disposition"]

    def test_what_was_served_on_the_debtor_is_nobody_elses(self, house, case, applicant):
        self.served(house, case, side="DEBTOR")
        assert releasing.release(at=AT) == 0

    def test_another_cases_paper_does_not_exist(self, house, case, applicant):
        with override_settings(ROOT_URLCONF="wuhai_exec.urls"):
            other = kept.running_case(house)
        services.project(at=AT)
        self.served(house, other)
        releasing.release(at=AT)
        assert applicant.get(f"/status/papers/{ReleasedCopy.objects.get().pk}/").status_code == 404


class TestOpen:
    def test_every_guide_paper_and_calculator_opens_without_login(self, db):
        with PUBLIC:
            client = Client()
            page = client.get("/guides/").content.decode()
            for row in guides.GUIDES:
                assert row.title in page
                assert client.get(f"/guides/{row.slug}/").status_code == 200
            for row in guides.PAPERS:
                assert row.title in client.get(f"/papers/{row.slug}/").content.decode()
            for address in set(
                re.findall(r'href="(/calculators/[^"]+)"', client.get("/calculators/").content.decode())
            ):
                assert client.get(address).status_code == 200
            assert "85.19" in client.post("/calculators/application-fee/", {"amount": "12345.67"}).content.decode()
            assert client.post("/calculators/application-fee/", {"amount": "x"}).status_code == 422
            assert client.get("/guides/nothing/").status_code == 404
            assert client.get("/calculators/id-number/").status_code == 404
