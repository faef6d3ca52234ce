"""The pages: choose, fill with tips, preview, Word, issue, draft, service, verify, and the API."""

import io

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bureau.models import User
from cases.models import Case
from documents import services
from documents.desk import items
from documents.models import AddressConfirmation, Delivery, Document, Draft
from tests import factories, kept
from tests.factories import moment
from tests.world import PDF

TODAY = moment(2021, 9, 8)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-08."""
    settings.CLOCK_OFFSET = int((TODAY - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case with its stream team."""
    return kept.running_case(house)


def _compose(case, code):
    return reverse("documents:compose", args=[case.pk]) + f"?template={code}"


class TestCompose:
    def test_the_list_offers_every_template_and_the_form_is_filled_from_the_case(self, case, login):
        client = login(case.owner)
        listed = client.get(reverse("documents:compose", args=[case.pk])).content.decode()
        assert listed.count("?template=") >= 24
        page = client.get(_compose(case, "ENFORCEMENT_NOTICE")).content.decode()
        assert "50,000.00元（大写：人民币伍万元整）" in page
        assert case.escrow.number in page
        assert "内容齐备" in page
        assert 'value="issue"' in page

    def test_house_tips_stand_beside_their_fields(self, case, login):
        page = login(case.judge).get(_compose(case, "SEAL_ESTATE")).content.decode()
        field = page.split('id="id_certificate"')[1].split("</div>")[0]
        assert "留空" in field
        assert "value=" not in field.split(">")[0]

    def test_preview_says_what_is_missing_and_keeps_what_was_typed(self, case, login):
        answer = login(case.judge).post(_compose(case, "FREEZE"), {"act": "preview", "bank": "乌海银行", "cap": "x"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="乌海银行"' in page
        assert "限额（元）应为金额" in page
        assert 'href="#id_to_on"' in page
        assert not Document.objects.exists()

    def test_an_empty_post_is_422(self, case, login):
        for act in ("issue", "propose", "preview"):
            assert login(case.judge).post(_compose(case, "FREEZE"), {"act": act}).status_code == 422

    def test_word_holds_the_text_and_says_that_it_is_a_draft(self, case, login):
        values = factories.values_of(case, "SEAL_LIST") | {"act": "word", "place": "工业路 2号"}
        answer = login(case.owner).post(_compose(case, "SEAL_LIST"), values)
        document = docx.Document(io.BytesIO(answer.content))
        text = "".join(paragraph.text for paragraph in document.paragraphs)
        assert "工业路 2号" in text
        assert document.tables[0].cell(1, 0).text == "电视机"
        assert "未签发" in document.sections[0].header.paragraphs[0].text
        assert not Document.objects.exists()

    def test_issue_shows_the_document_and_its_pdf_when_it_is_made(self, case, login):
        client = login(case.judge)
        answer = client.post(_compose(case, "FREEZE"), factories.values_of(case, "FREEZE") | {"act": "issue"})
        document = Document.objects.get()
        assert answer.url == document.get_absolute_url()
        pdf = reverse("documents:pdf", args=[document.pk])
        assert client.get(pdf).status_code == 404
        services.print_waiting(at=TODAY, actor=User.objects.system())
        assert pdf in client.get(answer.url).content.decode()
        sent = client.get(pdf)
        assert sent["Content-Type"] == "application/pdf"
        assert sent["Content-Security-Policy"] == "sandbox"
        copied = client.get(_compose(case, "FREEZE") + f"&from={document.pk}").content.decode()
        assert 'value="2021-09-30"' in copied

    def test_who_may_not_sign_lays_it_before_the_signer(self, house, case, login):
        client = login(case.owner)
        assert 'value="issue"' not in client.get(_compose(case, "CONSUMPTION")).content.decode()
        values = factories.proposed_for(case, "CONSUMPTION", at=TODAY)
        assert client.post(_compose(case, "CONSUMPTION"), values | {"act": "issue"}).status_code == 403
        assert client.post(_compose(case, "CONSUMPTION"), values | {"act": "propose"}).status_code == 302
        draft = Draft.objects.get()
        page = reverse("documents:draft", args=[draft.pk])
        assert [item.url for item in items(house.president, today=TODAY.date())] == [page]
        assert list(items(case.judge, today=TODAY.date())) == []
        assert login(case.judge).post(page, {"act": "issue"}).status_code == 403
        president = login(house.president)
        assert president.post(page, {"act": "send_back"}).status_code == 422
        assert president.post(page, {"act": "issue"}).status_code == 302
        assert president.post(page, {"act": "issue"}).status_code == 422
        assert Document.objects.get().issued_by == house.president

    def test_a_draft_sent_back_returns_to_the_desk_of_its_author(self, house, case, login):
        values = factories.values_of(case, "FREEZE")
        login(case.owner).post(_compose(case, "FREEZE"), values | {"act": "propose"})
        page = reverse("documents:draft", args=[Draft.objects.get().pk])
        assert login(case.judge).post(page, {"act": "send_back", "note": "账户不全"}).status_code == 302
        assert [item.note for item in items(case.owner, today=TODAY.date())] == ["账户不全"]


class TestService:
    def test_address_send_attempt_and_deliver_by_pages(self, case, login):
        document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        debtor, client = case.parties.get(side="DEBTOR"), login(case.owner)
        confirm = reverse("documents:address", args=[debtor.pk])
        assert debtor.address in client.get(confirm).content.decode()
        data = {"recipient": "李守信", "address": "工业路3号", "has_e_consent": "on"}
        assert client.post(confirm, data).status_code == 422
        assert client.post(confirm, data | {"e_address": "a@b.example"}).status_code == 302
        assert AddressConfirmation.objects.get().e_address == "a@b.example"
        send = reverse("documents:send", args=[document.pk])
        assert client.post(send, {"way": "DIRECT"}).status_code == 422
        assert client.post(send, {"way": "DIRECT", "party": debtor.pk}).status_code == 302
        row = Delivery.objects.get()
        attempt, deliver = (reverse(f"documents:{name}", args=[row.pk]) for name in ("attempt", "deliver"))
        assert client.post(attempt, {"reason": "OTHER", "tried_on": "2021-09-08"}).status_code == 422
        assert client.post(attempt, {"reason": "ABSENT", "tried_on": "2021-09-08"}).status_code == 302
        scan = io.BytesIO(PDF)
        scan.name = "回证.pdf"
        signed = {"receiver_kind": "LEGAL_REP", "receiver": "李守信"}
        late = {"on": "2021-09-09", "upload": scan, **signed}
        assert client.post(deliver, late).status_code == 422
        scan.seek(0)
        assert client.post(deliver, {"on": "2021-09-08", "upload": scan, **signed}).status_code == 302
        ended = client.get(deliver).content.decode()
        assert "该送达已办结：已送达" in ended
        assert 'name="upload"' not in ended
        page = client.get(document.get_absolute_url()).content.decode()
        assert "受送达人不在" in page
        assert "第八十四条" in page
        row.refresh_from_db()
        assert row.proof.kind == "SERVICE"
        api = client.get(reverse("documents_api:case_deliveries", args=[case.pk])).json()["results"]
        assert api[0]["deemed_on"] == "2021-09-08"
        assert api[0]["attempts"][0]["reason"] == "ABSENT"

    def test_void_by_page(self, case, login):
        one, two = (factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner) for _turn in range(2))
        client = login(case.owner)
        page = reverse("documents:void", args=[one.pk])
        assert client.post(page, {"by": two.pk}).status_code == 422
        assert client.post(page, {"by": two.pk, "reason": "金额有误"}).status_code == 302
        assert "已作废" in client.get(one.get_absolute_url()).content.decode()
        assert "金额有误" in client.get(one.get_absolute_url()).content.decode()
        assert one.get_absolute_url() in client.get(two.get_absolute_url()).content.decode()

    def test_voiding_offers_papers_of_the_same_kind_first(self, case, login):
        codes = ("ENFORCEMENT_NOTICE", "ENFORCEMENT_NOTICE", "REPORT_ORDER")
        one, alike, other = (factories.issue(case, code, actor=case.owner) for code in codes)
        page = login(case.owner).get(reverse("documents:void", args=[one.pk])).content.decode()
        places = [page.index(text) for text in ("同种文书", f'value="{alike.pk}"', "其他文书", f'value="{other.pk}"')]
        assert places == sorted(places)


class TestVerify:
    def test_the_address_that_older_papers_carry_leads_everybody_on_to_the_portal(self, case, settings):
        document = factories.issue(case, "FREEZE", actor=case.judge)
        settings.PORTAL_URL = "https://portal.example.test/"
        answer = Client().get(reverse("verify", args=[document.token]))
        assert (answer.status_code, answer.url) == (302, f"https://portal.example.test/verify/{document.token}/")
        settings.PORTAL_URL = ""
        assert Client().get(reverse("verify", args=[document.token])).status_code == 404

    def test_the_page_of_a_paper_names_the_public_one_where_there_is_a_portal(self, case, login, settings):
        document = factories.issue(case, "FREEZE", actor=case.judge)
        settings.PORTAL_URL = "https://portal.example.test/"
        address = f"https://portal.example.test/verify/{document.token}/"
        assert address in login(case.judge).get(document.get_absolute_url()).content.decode()


class TestApi:
    def test_documents_and_templates_without_their_content(self, house, case, login):
        factories.issue(case, "FREEZE", actor=case.judge)
        factories.issue(case, "COLLECT_NOTICE", actor=case.owner)
        address = reverse("documents_api:case_documents", args=[case.pk])
        rows = login(case.judge).get(address).json()["results"]
        assert [row["template"] for row in rows] == ["FREEZE", "COLLECT_NOTICE"]
        assert "body" not in rows[0]
        assert [row["template"] for row in login(house.chief).get(address).json()["results"]] == ["FREEZE"]
        assert login(house.officer3).get(address).status_code == 404
        assert login(house.chief).get(reverse("documents_api:templates")).json()["count"] >= 24

    def test_a_restricted_document_does_not_exist_for_others(self, house, case, login):
        document = factories.issue(case, "COLLECT_NOTICE", actor=case.owner)
        assert login(house.chief).get(document.get_absolute_url()).status_code == 404
        assert login(case.judge).get(document.get_absolute_url()).status_code == 200
