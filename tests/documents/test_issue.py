"""Issue: number, text and hash at once; who may sign; nothing changes afterwards; void only by another document."""

import hashlib
import io
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse
from pypdf import PdfReader

from bureau import grants
from bureau.errors import Refused
from bureau.models import Event, User
from cases import services as cases
from cases.models import Case
from cases.sanctionlaw import Outsider
from documents import services
from documents.library.declared import canonical
from documents.models import Document, Draft, Template
from documents.services.content import content_path
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 6)


@pytest.fixture
def case(house) -> Case:
    """A case with its stream team."""
    return kept.running_case(house)


class TestIssue:
    def test_number_text_and_hash_are_fixed_at_once_and_recorded(self, case):
        document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        row = Document.objects.get(pk=document.pk)
        assert row.number == case.number
        whole = canonical([row.number, row.template.sha256, row.body, row.values])
        assert row.content_sha256 == hashlib.sha256(whole.encode()).hexdigest()
        text = "".join(block.get("text", "") for block in row.blocks())
        assert case.escrow.number in text
        assert "50,000.00元（大写：人民币伍万元整）" in text
        assert "第二百四十条" in text
        event = Event.objects.get(verb="issue_document")
        assert json.loads(event.details)["sha256"] == row.content_sha256
        assert "张安然" not in event.details

    def test_text_and_values_are_encrypted_at_rest(self, case):
        document = factories.issue(case, "FREEZE", actor=case.judge)
        with connection.cursor() as cursor:
            cursor.execute('SELECT body, "values" FROM documents_document WHERE id = %s', [document.pk])
            stored = "".join(cursor.fetchone())
        assert "张安然" not in stored
        assert "11010519491231002X" not in stored
        assert "11010519491231002X" in Document.objects.get(pk=document.pk).body

    def test_rulings_count_over_the_case_and_notices_do_not(self, case):
        codes = ("FREEZE", "DEDUCT", "ENFORCEMENT_NOTICE", "SEAL_ESTATE")
        rows = [factories.issue(case, code, actor=case.judge) for code in codes]
        plain = case.number
        assert [row.number for row in rows] == [plain, f"{plain}之一", plain, f"{plain}之二"]

    def test_rulings_may_count_by_template(self, case, settings):
        settings.SUFFIX_PER_TEMPLATE = True
        rows = [factories.issue(case, code, actor=case.judge) for code in ("FREEZE", "DEDUCT", "FREEZE")]
        assert [row.number.removeprefix(case.number) for row in rows] == ["", "", "之一"]

    def test_a_number_of_its_own_register_is_used_once(self, house, case):
        other = kept.running_case(house)
        first = factories.issue(case, "FINE", actor=house.president, own_number="（2021）内0302司惩3号")
        assert (first.number, first.number_book, first.number_index) == ("(2021)内0302司惩3号", "OWN", None)
        with pytest.raises(Refused) as refusal, transaction.atomic():
            factories.issue(other, "DETENTION", actor=house.president, own_number="(2021)内0302司惩3号")
        assert "已经使用" in str(refusal.value)
        with pytest.raises(IntegrityError), transaction.atomic():
            Document(
                case=other,
                template=first.template,
                number=first.number,
                number_book="OWN",
                title="x",
                kind="DECISION",
                court_name="x",
                values="{}",
                body="[]",
                content_sha256="0" * 64,
                token="t",
                issued_on=AT.date(),
                issued_at=AT,
                issued_by=house.president,
            ).save()
        assert factories.issue(case, "FREEZE", actor=case.judge).number == case.number

    def test_a_refusal_takes_no_number(self, case):
        with pytest.raises(Refused) as refusal:
            factories.issue(case, "FREEZE", actor=case.judge, cap="", to_on="later")
        assert len(refusal.value.reasons) == 2
        assert factories.issue(case, "FREEZE", actor=case.judge).number == case.number

    def test_a_case_without_number_issues_nothing(self, house, case):
        Case.objects.filter(pk=case.pk).update(number=None, provisional_number="临1")
        with pytest.raises(Refused):
            factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)

    @pytest.mark.parametrize(
        ("court", "reviewer"), [("内0302", "乌海市中级人民法院"), ("内03", "内蒙古自治区高级人民法院")]
    )
    def test_the_remedy_names_the_court_above(self, house, court, reviewer):
        case = factories.into_stream(house, factories.file_case(house, court_code=court).case)
        document = factories.issue(case, "FREEZE", actor=case.judge)
        assert any(f"向{reviewer}申请复议" in block.get("text", "") for block in document.blocks())

    def test_articles_follow_the_day(self, house, case):
        for at, article in ((moment(2021, 12, 31), "二百四十条"), (moment(2022, 1, 1), "二百四十七条")):
            document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=at)
            assert any(f"第{article}" in block.get("text", "") for block in document.blocks())


class TestSign:
    def test_a_notice_by_whoever_issues_a_ruling_by_the_judge_a_decision_by_the_president(self, house, case):
        factories.issue(case, "CONSUMPTION", actor=house.president)
        factories.issue(case, "DISHONEST", actor=house.vice_president)
        factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        factories.issue(case, "FREEZE", actor=case.judge)

    @pytest.mark.parametrize(
        ("code", "duty"),
        [
            ("ENFORCEMENT_NOTICE", "chief"),
            ("ENFORCEMENT_NOTICE", "inspector"),
            ("ENFORCEMENT_NOTICE", "window_clerk"),
            ("FREEZE", "president"),
            ("FREEZE", "officer"),
            ("CONSUMPTION", "officer"),
        ],
    )
    def test_others_may_not(self, house, case, code, duty):
        with pytest.raises(PermissionDenied):
            factories.issue(case, code, actor=getattr(house, duty))

    def test_another_judge_and_another_team_may_not(self, house, case):
        other = next(row for row in (house.judge, house.judge2) if row != case.judge)
        for code, user in (("FREEZE", other), ("ENFORCEMENT_NOTICE", house.officer3)):
            with pytest.raises(PermissionDenied):
                factories.issue(case, code, actor=user)

    def test_a_draft_is_issued_once_or_sent_back(self, house, case):
        values = factories.proposed_for(case, "CONSUMPTION", at=AT)
        template = factories.template("CONSUMPTION")
        draft = services.propose(case, template=template, values=values, at=AT, actor=case.owner)
        other = services.propose(case, template=template, values=values, at=AT, actor=case.owner)
        document = services.issue(
            case, template=template, values=draft.typed(), draft=draft, at=AT, actor=house.president
        )
        draft.refresh_from_db()
        assert (draft.state, draft.document) == ("ISSUED", document)
        with pytest.raises(Refused), transaction.atomic():
            services.issue(case, template=template, values=values, draft=draft, at=AT, actor=house.president)
        assert Document.objects.count() == 1
        with pytest.raises(PermissionDenied), transaction.atomic():
            services.send_back_draft(other, note="理由不足", at=AT, actor=case.judge)
        services.send_back_draft(other, note="理由不足", at=AT, actor=house.president)
        assert Draft.objects.get(pk=other.pk).answer_note == "理由不足"


class TestImmutable:
    @pytest.mark.parametrize(
        "change",
        ["number = 'x'", "body = 'x'", "content_sha256 = 'x'", "issued_on = '2020-01-01'", "token = 'x'", "kind = 'x'"],
    )
    def test_the_trigger_refuses_another_content(self, case, change):
        document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE documents_document SET {change} WHERE id = %s", [document.pk])

    def test_the_trigger_refuses_removal_a_second_pdf_and_a_second_void(self, case):
        one, two, three = (factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner) for _turn in range(3))
        services.print_waiting(at=AT, actor=User.objects.system())
        services.void(one, by=two, reason="金额有误", at=AT, actor=case.owner)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no deferred check
        for statement in (
            "DELETE FROM documents_document",
            "TRUNCATE documents_document CASCADE",
            "UPDATE documents_document SET pdf_sha256 = 'x'",
            "UPDATE documents_document SET pdf_sha256 = ''",
            f"UPDATE documents_document SET voided_by_id = {three.pk} WHERE id = {one.pk}",
            "UPDATE documents_document SET voided_by_id = NULL, voided_at = NULL, void_reason = ''",
            "UPDATE documents_template SET title = 'x'",
            "DELETE FROM documents_template",
        ):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

    @pytest.mark.parametrize(
        ("statement", "is_allowed"),
        [
            ("UPDATE documents_document SET number = 'x'", False),
            ("UPDATE documents_document SET body = body", False),
            ("DELETE FROM documents_document", False),
            ("TRUNCATE documents_document CASCADE", False),
            ("UPDATE documents_template SET title = title", False),
            ("DELETE FROM documents_template", False),
            ("SELECT id FROM documents_document FOR UPDATE", True),
            ("UPDATE documents_document SET pdf_error = ''", True),
        ],
    )
    def test_the_app_s_role_has_no_right_to(self, case, statement, is_allowed):
        factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        role = connection.ops.quote_name(grants.role_name("app"))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            if is_allowed:
                cursor.execute(statement)
            else:
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(statement)
            cursor.execute("RESET ROLE")


class TestSanctioning:
    """A paper that puts a sanction on somebody follows a proposal for that person (失信名单规定 5)."""

    CODES = ("CONSUMPTION", "DISHONEST", "FINE", "FINE_UNIT", "DETENTION", "EXIT_BAN")

    def given(self, case, code, **changes):
        values = factories.values_of(case, code) | changes
        return {"template": factories.template(code), "values": values, "at": AT}

    @pytest.mark.parametrize("code", CODES)
    def test_none_is_drawn_up_or_signed_without_a_proposal(self, house, case, code):
        for act, actor in ((services.propose, case.owner), (services.issue, house.president)):
            with pytest.raises(Refused, match="先在“强制措施”页提请"), transaction.atomic():
                act(case, **self.given(case, code), actor=actor)
        assert not Document.objects.exists()
        assert not Draft.objects.exists()

    def test_a_proposal_of_another_kind_person_or_end_is_none(self, house, case):
        listing = factories.propose_sanction(case, "NO_REPORT")
        with pytest.raises(Refused, match="没有对该被执行人"), transaction.atomic():
            services.issue(case, **self.given(case, "CONSUMPTION"), actor=house.president)
        with pytest.raises(Refused, match="没有对该被执行人"), transaction.atomic():
            services.issue(case, **self.given(case, "DISHONEST", person="DEBTOR:2"), actor=house.president)
        draft = services.propose(case, **self.given(case, "DISHONEST"), actor=case.owner)
        cases.refuse_sanction(listing, reason="证据不足", at=AT, actor=house.president)
        with pytest.raises(Refused, match="没有对该被执行人"), transaction.atomic():
            services.issue(case, **self.given(case, "DISHONEST"), draft=draft, actor=house.president)
        assert not Document.objects.exists()

    @pytest.mark.parametrize("code", ["CONSUMPTION", "DISHONEST", "FINE", "DETENTION", "EXIT_BAN"])
    def test_the_signature_decides_the_proposal_and_the_paper_is_named(self, house, case, code):
        document = factories.issue(case, code, actor=house.president, at=AT)
        row = case.sanctions.get()
        assert (row.state, row.decided_by, row.document) == (
            "IN_FORCE",
            house.president,
            f"{document.number} {document.title}",
        )

    def test_a_measure_approved_before_gets_its_paper(self, house, case):
        row = factories.sanction(house, case)
        assert row.document == ""
        document = factories.issue(case, "CONSUMPTION", actor=house.president, at=AT)
        row.refresh_from_db()
        assert row.document == f"{document.number} {document.title}"

    def test_the_sum_is_the_proposed_one(self, house, case):
        factories.propose_sanction(case, "FINE_REPORT", amount=Decimal("60000"), at=AT)
        with pytest.raises(Refused, match="与提请审批的") as refusal:
            services.propose(case, **self.given(case, "FINE_UNIT", fine="100000"), actor=case.owner)
        assert set(refusal.value.by_field) == {"fine"}
        assert services.propose(case, **self.given(case, "FINE_UNIT", fine="60000"), actor=case.owner).pk

    def test_a_fine_on_a_unit_that_refuses_to_help_names_the_unit_that_was_proposed(self, house, case):
        bank = Outsider("乌海某银行", "ORGANISATION")
        row = factories.propose_sanction(case, "FINE_ASSIST", outsider=bank, amount=Decimal("60000"), at=AT)
        with pytest.raises(Refused, match="没有对该被执行人"), transaction.atomic():
            services.propose(case, **self.given(case, "FINE_UNIT", fine="60000"), actor=case.owner)
        given = self.given(case, "FINE_UNIT", fine="60000", punished="乌海某银行")
        draft = services.propose(case, **given, actor=case.owner)
        document = services.issue(case, **given, draft=draft, actor=house.president)
        row.refresh_from_db()
        assert (row.state, row.document) == ("IN_FORCE", f"{document.number} {document.title}")
        assert "被处罚人：乌海某银行" in document.body

    def test_the_pages_say_so_and_lead_there(self, house, case, login):
        client, page = login(case.owner), reverse("documents:compose", args=[case.pk])
        assert "先在强制措施页提请" in client.get(page).content.decode()
        answer = client.get(page + "?template=CONSUMPTION").content.decode()
        assert "本案没有对该被执行人" in answer
        assert f'<a href="{reverse("cases:case_sanctions", args=[case.pk])}">去强制措施页' in answer
        values = factories.values_of(case, "CONSUMPTION")
        assert client.post(page + "?template=CONSUMPTION", values | {"act": "propose"}).status_code == 422
        factories.propose_sanction(case)
        assert "本案没有对该被执行人" not in client.get(page + "?template=CONSUMPTION").content.decode()


class TestEnded:
    """What still goes out once a case has ended (domain handbook §6.5)."""

    def test_a_case_that_ended_for_good_undoes_and_tells_and_enforces_no_more(self, house, case):
        closed = factories.close(house, case, "TERMINATED", at=moment(2021, 9, 20))
        later = moment(2021, 9, 21)
        for code in ("FREEZE", "ENFORCEMENT_NOTICE", "CONSUMPTION"):
            with pytest.raises(Refused, match="先恢复执行"):
                factories.issue(closed, code, actor=closed.judge if code == "FREEZE" else house.president, at=later)
        assert factories.issue(closed, "RELEASE", actor=closed.judge, at=later).pk

    def test_after_a_procedural_closing_controls_are_renewed_and_nothing_is_taken(self, house, case, login):
        closed = factories.close(house, case, "PROCEDURAL", at=moment(2021, 12, 20))
        later = moment(2021, 12, 21)
        days = {"from_on": "2021-12-21", "to_on": "2022-12-20"}
        assert factories.issue(closed, "FREEZE", actor=closed.judge, at=later, **days).pk
        with pytest.raises(Refused, match="先恢复执行"):
            factories.issue(closed, "DEDUCT", actor=closed.judge, at=later)
        page = login(closed.judge).get(reverse("documents:compose", args=[closed.pk])).content.decode()
        assert ("?template=FREEZE" in page, "?template=DEDUCT" in page) == (True, False)


class TestVoid:
    def test_both_are_kept_and_marked(self, case):
        one = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        two = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        services.void(one, by=two, reason="金额有误", at=AT, actor=case.owner)
        one.refresh_from_db()
        assert (one.voided_by, one.void_reason) == (two, "金额有误")
        assert list(two.replaces.all()) == [one]
        assert Event.objects.filter(verb="void_document").count() == 1

    def test_only_by_a_later_living_document_of_the_same_case_with_a_reason(self, house, case):
        one, two, three = (factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner) for _turn in range(3))
        other = kept.running_case(house)
        foreign = factories.issue(other, "ENFORCEMENT_NOTICE", actor=other.owner)
        for old, new, reason in ((two, one, "错"), (one, one, "错"), (one, foreign, "错"), (one, two, " ")):
            with pytest.raises(Refused), transaction.atomic():
                services.void(old, by=new, reason=reason, at=AT, actor=case.owner)
        services.void(two, by=three, reason="错", at=AT, actor=case.owner)
        for old, new in ((one, two), (two, three)):
            with pytest.raises(Refused), transaction.atomic():
                services.void(old, by=new, reason="错", at=AT, actor=case.owner)

    def test_a_decision_of_the_president_is_not_voided_by_an_officer(self, house, case):
        one, two = (factories.issue(case, "CONSUMPTION", actor=house.president) for _turn in range(2))
        with pytest.raises(PermissionDenied):
            services.void(one, by=two, reason="错", at=AT, actor=case.owner)


class TestPrinting:
    def test_the_task_makes_the_pdf_once_with_its_verification_address(self, case, settings):
        settings.PORTAL_URL = "https://court.example.test"
        document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        assert document.pdf_state == "WAITING"
        assert services.print_waiting(at=AT, actor=User.objects.system()) == 1
        assert services.print_waiting(at=AT, actor=User.objects.system()) == 0
        row = Document.objects.get(pk=document.pk)
        content = content_path(row.pdf_sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.pdf_sha256
        pdf = PdfReader(io.BytesIO(content))
        assert len(pdf.pages) == row.page_count
        text = "".join(page.extract_text() for page in pdf.pages)
        assert f"https://court.example.test/verify/{row.token}/" in text
        assert row.content_sha256 in text

    def test_what_cannot_be_printed_is_refused_beside_its_field_before_it_has_a_number(self, case, login):
        client = login(case.judge)
        compose = reverse("documents:compose", args=[case.pk]) + "?template=FREEZE"
        values = factories.values_of(case, "FREEZE") | {"bank": "银行😀"}
        answer = client.post(compose, values | {"act": "issue"})
        assert answer.status_code == 422
        assert "“😀”印不出来" in answer.content.decode()
        case.parties.filter(side="DEBTOR").update(name="张\U00010400")
        with pytest.raises(Refused, match="请先更正案件信息"):
            factories.issue(case, "DEDUCT", actor=case.judge)
        assert not Document.objects.exists()

    def test_what_the_font_loses_later_is_a_visible_failure_and_can_be_tried_again(self, case, login, monkeypatch):
        monkeypatch.setattr("documents.glyphs.lacking", lambda text: "")
        document = factories.issue(case, "FREEZE", actor=case.judge, bank="银行😀")
        fine = factories.issue(case, "DEDUCT", actor=case.judge)
        assert services.print_waiting(at=AT, actor=User.objects.system()) == 2
        row = Document.objects.get(pk=document.pk)
        assert row.pdf_state == "FAILED"
        assert "😀" in row.pdf_error
        assert Document.objects.get(pk=fine.pk).pdf_state == "READY"
        page = login(case.judge).get(row.get_absolute_url()).content.decode()
        assert "制作失败" in page
        assert Event.objects.filter(verb="fail_printing").count() == 1
        services.retry_printing(row, at=AT, actor=case.judge)
        assert Document.objects.get(pk=row.pk).pdf_state == "WAITING"
        with pytest.raises(Refused):
            services.retry_printing(fine, at=AT, actor=case.judge)


class TestTemplates:
    def test_the_library_is_stored_and_an_unchanged_one_adds_nothing(self, house):
        assert services.sync_templates() == 0
        assert Template.objects.filter(version=1).count() == Template.objects.count()

    def test_a_changed_text_is_a_new_version_from_its_day_and_old_documents_keep_theirs(self, case, monkeypatch):
        from dataclasses import replace

        from documents.library import LIBRARY
        from documents.services import templates

        old = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        changed = [
            replace(spec, blocks=spec.blocks[:-1], effective_on=moment(2021, 10, 1).date())
            if spec.code == "ENFORCEMENT_NOTICE"
            else spec
            for spec in LIBRARY
        ]
        monkeypatch.setattr(templates, "LIBRARY", changed)
        assert services.sync_templates() == 1
        versions = Template.objects.filter(code="ENFORCEMENT_NOTICE")
        assert versions.in_force(on=moment(2021, 9, 30).date()).get().version == 1
        assert versions.in_force(on=moment(2021, 10, 1).date()).get().version == 2
        with pytest.raises(Refused):
            factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=moment(2021, 9, 30))
        new = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=moment(2021, 10, 8))
        assert (old.template.version, new.template.version) == (1, 2)
        assert len(new.blocks()) == len(old.blocks()) - 1
