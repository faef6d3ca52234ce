"""Seals: each use once and on record, verified on the public page, never by one person where the law wants two."""

import io
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from bureau.errors import Refused
from bureau.models import Event, User
from cases import sanctionpapers
from cases.models import Case, Party
from documents import seal, services
from documents.models import Document, SealUse
from documents.services.content import content_path
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 6)


class Closed(seal.Simulator):
    """A seal whose keeper does not answer."""

    def stamp(self, order):
        """Refuse."""
        raise seal.CannotSeal("印章服务未响应")


@pytest.fixture
def case(house) -> Case:
    """A case with its stream team."""
    return kept.running_case(house)


def _printed(document):
    services.print_waiting(at=AT, actor=User.objects.system())
    return Document.objects.get(pk=document.pk)


class TestUse:
    def test_a_printed_paper_is_sealed_once_and_it_is_on_record(self, case):
        document = _printed(factories.issue(case, "FREEZE", actor=case.judge))
        use = SealUse.objects.get(document=document)
        assert (use.seal_id, use.pdf_sha256, use.signed_by) == ("SIM-内0302", document.pdf_sha256, case.judge)
        assert services.is_genuine(use)
        event = json.loads(Event.objects.get(verb="seal_document").details)
        assert (event["seal"], event["seal_keeper"], event["sha256"]) == (use.seal_id, use.keeper, document.pdf_sha256)
        text = PdfReader(io.BytesIO(content_path(document.pdf_sha256).read_bytes())).pages[-1].extract_text()
        assert "院印" in text

    def test_what_only_the_parties_sign_bears_no_seal(self, case):
        document = _printed(factories.issue(case, "SETTLEMENT", actor=case.owner))
        assert document.pdf_sha256
        assert not SealUse.objects.exists()
        assert [block["style"] for block in document.blocks()].count("seal") == 0

    def test_each_court_has_its_own_key(self, house):
        orders = [seal.Order("t", court, "n", "标题", AT.date(), "0" * 64, "1" * 64) for court in ("内0302", "内0303")]
        simulator = seal.Simulator()
        one, two = (simulator.stamp(order) for order in orders)
        assert simulator.is_genuine(orders[0], one)
        assert not simulator.is_genuine(orders[1], one)
        assert not simulator.is_genuine(orders[0], two)
        for wrong in ("", "zz", one.signature[:-2], "00" * 64):
            assert not simulator.is_genuine(orders[0], seal.Stamp(one.seal_id, one.keeper, "Ed25519", wrong))

    @pytest.mark.parametrize("name", ["reference", "number", "title", "content_sha256", "pdf_sha256"])
    def test_another_paper_does_not_verify(self, name):
        from dataclasses import replace

        order = seal.Order("t", "内0302", "n", "标题", AT.date(), "0" * 64, "1" * 64)
        stamp = seal.Simulator().stamp(order)
        assert not seal.Simulator().is_genuine(replace(order, **{name: "x"}), stamp)

    def test_when_the_seal_is_not_available_there_is_no_pdf_until_it_is_tried_again(self, case, settings):
        settings.SEAL = "tests.documents.test_seal.Closed"
        document = _printed(factories.issue(case, "FREEZE", actor=case.judge))
        assert (document.pdf_sha256, document.pdf_error) == ("", "印章服务未响应")
        assert not SealUse.objects.exists()
        settings.SEAL = "documents.seal.Simulator"
        services.retry_printing(document, at=AT, actor=case.judge)
        assert _printed(document).pdf_sha256
        assert SealUse.objects.count() == 1

    @pytest.mark.parametrize("change", ["UPDATE documents_sealuse SET keeper = 'x'", "DELETE FROM documents_sealuse"])
    def test_the_log_is_written_once(self, case, change):
        _printed(factories.issue(case, "FREEZE", actor=case.judge))
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


class TestTwoPersons:
    @pytest.mark.parametrize("code", ["FINE", "FINE_UNIT", "DETENTION", "SEARCH_ORDER", "ARREST_SUMMONS"])
    def test_who_signs_has_not_drawn_it_up(self, house, case, code):
        is_sanction = code in sanctionpapers.KINDS
        values = factories.proposed_for(case, code, at=AT) if is_sanction else factories.values_of(case, code)
        given = {"template": factories.template(code), "values": values, "at": AT}
        with pytest.raises(Refused), transaction.atomic():
            services.issue(case, **given, actor=house.president)
        own = services.propose(case, **given, actor=house.president)
        with pytest.raises(Refused), transaction.atomic():
            services.issue(case, **given, draft=own, actor=house.president)
        draft = services.propose(case, **given, actor=case.owner)
        with pytest.raises(PermissionDenied), transaction.atomic():
            services.issue(case, **given, draft=draft, actor=case.judge)
        document = services.issue(case, **given, draft=draft, actor=house.president)
        _printed(document)
        use = SealUse.objects.get()
        assert (use.drafted_by, use.signed_by, use.is_two_person) == (case.owner, house.president, True)

    def test_the_database_refuses_the_seal_of_one_person(self, house, case):
        document = _printed(factories.issue(case, "CONSUMPTION", actor=house.president))
        SealUse.objects.filter(pk=0)
        row = SealUse.objects.get()
        other = factories.issue(case, "CONSUMPTION", actor=house.president)
        for drafted_by in (None, house.president):
            copy = SealUse(
                document=other,
                seal_id=row.seal_id,
                keeper=row.keeper,
                pdf_sha256=document.pdf_sha256,
                algorithm=row.algorithm,
                signature=row.signature,
                sealed_at=AT,
                drafted_by=drafted_by,
                signed_by=house.president,
                is_two_person=True,
            )
            with pytest.raises(IntegrityError), transaction.atomic():
                copy.save(force_insert=True)

    def test_the_page_offers_to_lay_it_before_the_signer_only(self, house, case, login):
        page = reverse("documents:compose", args=[case.pk]) + "?template=DETENTION"
        shown = login(house.president).get(page).content.decode()
        assert 'value="issue"' not in shown
        assert 'value="propose"' in shown


class TestCode:
    def test_the_code_on_a_paper_holds_the_public_address(self, case, settings):
        settings.PORTAL_URL = "https://portal.example.test"
        document = _printed(factories.issue(case, "FREEZE", actor=case.judge))
        pdf = PdfReader(io.BytesIO(content_path(document.pdf_sha256).read_bytes()))
        text = "".join(page.extract_text() for page in pdf.pages)
        assert f"https://portal.example.test/verify/{document.token}/" in text

    def test_whom_a_paper_names_is_fixed_with_it_masked(self, case):
        document = factories.issue(case, "FREEZE", actor=case.judge)
        assert document.masked_names.split("、") == ["张*然", "乌海市测试商贸有限公司"]
        Party.objects.filter(case=case).update(name="别人")
        assert Document.objects.get(pk=document.pk).masked_names == document.masked_names


class TestPages:
    def test_the_page_of_a_paper_says_whether_the_seal_holds(self, case, login):
        waiting = factories.issue(case, "FREEZE", actor=case.judge)
        address, client = waiting.get_absolute_url(), login(case.judge)
        assert "未用印" in client.get(address).content.decode()
        _printed(waiting)
        assert "印章签名有效" in client.get(address).content.decode()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE documents_document SET title = '别的文书'")
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        assert "印章签名不符" in client.get(address).content.decode()

    def test_the_log_is_the_inspector_s(self, house, case, login, django_assert_max_num_queries):
        for _turn in range(3):
            factories.issue(case, "FREEZE", actor=case.judge)
        document = _printed(factories.issue(case, "DETENTION", actor=house.president))
        address, client = reverse("documents:seal_log"), login(house.inspector)
        with django_assert_max_num_queries(14):
            page = client.get(address).content.decode()
        assert page.count("SIM-内0302") == 4
        assert document.get_absolute_url() in page
        assert "两人" in page
        assert client.get(address, {"on": "2021-09-07"}).content.decode().count("SIM-") == 0
        assert client.get(address, {"number": "司惩"}).content.decode().count("SIM-") == 1
        assert client.get(address, {"on": "x", "page": "x"}).status_code == 200
        assert login(house.chief).get(address).status_code == 403
        rows = client.get(reverse("documents_api:seal_log")).json()["results"]
        assert [row["is_two_person"] for row in rows].count(True) == 1
        assert document.pdf_sha256 in {row["pdf_sha256"] for row in rows}
        shown = client.get(document.get_absolute_url()).content.decode()
        assert "印章签名有效" in shown
