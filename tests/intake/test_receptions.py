"""First receptions: saved as typed, twelve required, signed for good, filed with what they say, asked later."""

import base64
import dataclasses
import hashlib
import zlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from bureau.errors import Refused
from bureau.models import Event
from documents import services as documents
from documents.models import Material
from intake import (
    filingsources,
    later,
    questionbook,
    questions,
    questiontemplates,
    receptions,
    services,
    signatures,
    transcripts,
)
from intake.filingsources import Unreceived
from intake.models import ClaimType, FilingSource, LaterQuestion, Reception, ReceptionTemplate
from intake.prefill import prefill
from intake.questions import Question
from tests import factories

AT = factories.moment(2021, 9, 1)
LATER_AT = factories.moment(2021, 9, 1, 11)
TWELVE = sorted(questions.TWELVE)


def save(row, clerk, *, seq, page, answers=None, **more):
    return receptions.save(row, answers=answers or {}, seq=seq, page=page, at=LATER_AT, actor=clerk, **more)


def file(house, row, **changes):
    return services.file_case(factories.filing(**changes), reception=row, at=LATER_AT, actor=house.window_clerk).case


def text_of(sha256):
    reader = PdfReader(documents.content_path(sha256))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")


class TestQuestions:
    @pytest.mark.parametrize("claim_type", ClaimType.values)
    def test_every_claim_type_has_a_first_version_with_the_twelve(self, db, claim_type):
        row = ReceptionTemplate.objects.in_force(claim_type, on=AT.date())
        found = {q.key: q for q in questions.questions_of(row.content)}
        assert len(TWELVE) == 12
        assert all(found[key].is_required and found[key].when is None for key in TWELVE)
        assert sum(question.is_required for question in found.values()) == 12

    def test_no_version_before_its_day(self, db):
        assert ReceptionTemplate.objects.in_force("MONEY", on=questionbook.FROM_ON.replace(year=2020)) is None

    def test_what_hangs_on_an_unasked_question_is_not_asked(self):
        rows = [
            Question("a", "甲", questions.YESNO),
            Question("b", "乙", questions.YESNO, when=("a", ("是",))),
            Question("c", "丙", when=("b", ("是",))),
            Question("d", "丁", when=("_flag", ("LABOUR",))),
        ]

        def keys(answers, flag=""):
            return [row.key for row in questions.asked(rows, answers, subject="PERSON", flag=flag)]

        assert keys({}) == ["a"]
        assert keys({"a": "是", "b": "是"}) == ["a", "b", "c"]
        assert keys({"a": "否", "b": "是"}) == ["a"]
        assert keys({}, "LABOUR") == ["a", "d"]
        assert [row.key for row in questions.possible(rows, subject="PERSON", flag="")] == ["a", "b", "c"]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"is_required": False}, "必问事项"),
            ({"kind": "date"}, "必问事项"),
            ({"key": "Other"}, "小写"),
            ({"label": ""}, "1 至"),
            ({"when": ("_subject", ("PERSON",))}, "必问事项"),
            ({"when": ("nobody", ("是",))}, "在前的"),
            ({"kind": "choice", "options": ()}, "列出选项"),
            ({"kind": "choice", "options": ("甲|乙",)}, "竖线"),
            ({"kind": "magic"}, "没有这种答法"),
        ],
    )
    def test_a_version_cannot_lose_a_rule(self, change, words):
        content = questionbook.content("MONEY")
        rows = [
            dataclasses.replace(row, **change) if row.key == "demand" else row
            for row in questions.questions_of(content)
        ]
        changed = questions.content_of(rows, questions.told_of(content))
        assert words in "".join(questions.problems(changed))
        assert questions.problems(content) == []

    @pytest.mark.parametrize(
        "content",
        [{}, {"questions": [], "told": []}, {"questions": [{"key": 1}], "told": []}, {"questions": 5, "told": 5}],
    )
    def test_a_broken_version_is_refused_in_words(self, content):
        assert questions.problems(content)


class TestVersions:
    def _changed(self):
        base = ReceptionTemplate.objects.get(claim_type="MONEY", version=1)
        rows = [
            dataclasses.replace(row, label="您要求执行什么") if row.key == "demand" else row
            for row in questions.questions_of(base.content)
        ]
        return base, questions.content_of(rows, questions.told_of(base.content))

    def _propose(self, house, **changes):
        base, content = self._changed()
        given = {"content": content, "note": "改措辞", "effective_on": AT.date(), "at": AT, "actor": house.chief}
        return questiontemplates.propose_questions(base, **given | changes)

    def test_another_person_puts_it_in_force_and_begun_records_keep_theirs(self, house):
        begun = factories.reception(house.window_clerk, until="DRAFT")
        row = self._propose(house)
        with pytest.raises(Refused, match="不得批准自己"):
            questiontemplates.approve_questions(row, at=AT, actor=house.chief)
        with pytest.raises(PermissionDenied):
            questiontemplates.approve_questions(row, at=AT, actor=house.window_clerk)
        questiontemplates.approve_questions(row, at=AT, actor=house.vice_president)
        assert factories.reception(house.window_clerk, until="DRAFT").template == row
        begun.refresh_from_db()
        assert begun.template.version == 1

    def test_it_is_sent_back_with_a_reason(self, house):
        row = self._propose(house)
        with pytest.raises(Refused, match="退回意见"):
            questiontemplates.send_back_questions(row, note=" ", at=AT, actor=house.president)
        assert (
            questiontemplates.send_back_questions(row, note="不妥", at=AT, actor=house.president).state == "SENT_BACK"
        )
        with pytest.raises(Refused, match="已处理"):
            questiontemplates.approve_questions(row, at=AT, actor=house.president)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"note": " "}, "说明"),
            ({"effective_on": AT.date().replace(year=2020)}, "不得早于"),
            ({"content": {}}, "格式"),
        ],
    )
    def test_what_is_wrong_is_refused(self, house, changes, words):
        with pytest.raises(Refused, match=words):
            self._propose(house, **changes)
        assert not ReceptionTemplate.objects.waiting().exists()

    def test_one_at_a_time_and_not_without_a_change(self, house):
        self._propose(house)
        with pytest.raises(Refused, match="待批准"):
            self._propose(house)
        base = ReceptionTemplate.objects.get(claim_type="ACT")
        given = {"note": "改", "effective_on": AT.date(), "at": AT, "actor": house.chief}
        with pytest.raises(Refused, match="没有改动"):
            questiontemplates.propose_questions(base, content=base.content, **given)
        with pytest.raises(PermissionDenied):
            questiontemplates.propose_questions(base, content=base.content, **given | {"actor": house.judge})

    def test_the_database_keeps_a_version_as_it_is(self, house):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            ReceptionTemplate.objects.filter(claim_type="MONEY").update(note="x")


class TestSaving:
    def test_whatever_stands_so_far_is_kept_encrypted(self, house):
        row = factories.reception(house.window_clerk, until="DRAFT")
        row = save(row, house.window_clerk, seq=2, page=row.editor, answers={"visitor": "张安", "nonsense": "x"})
        assert Reception.objects.get(pk=row.pk).answers == {"visitor": "张安"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM intake_reception WHERE id = %s", [row.pk])
            assert "张安" not in cursor.fetchone()[0]

    def test_the_same_save_twice_is_one_and_an_older_one_is_refused(self, house):
        clerk = house.window_clerk
        row = factories.reception(clerk, until="DRAFT")
        page = row.editor
        events = Event.objects.count()
        for _turn in range(2):
            save(row, clerk, seq=5, page=page, answers={"visitor": "张安然"})
        with pytest.raises(Refused, match="没有保存"):
            save(row, clerk, seq=4, page=page, answers={"visitor": "张"})
        with pytest.raises(Refused, match="没有保存"):
            save(row, clerk, seq=5, page=page, answers={"visitor": "李"})
        row.refresh_from_db()
        assert (row.seq, row.answers) == (5, {"visitor": "张安然"})
        assert Event.objects.count() == events

    def test_a_page_opened_before_another_one_saved_overwrites_nothing(self, house):
        clerk = house.window_clerk
        row = factories.reception(clerk, until="DRAFT")
        first, second = receptions.page_mark(row, "first"), receptions.page_mark(row, "second")
        row = save(row, clerk, seq=row.seq + 1, page=first, answers={"visitor": "甲"})
        with pytest.raises(Refused, match="别处"):
            save(row, clerk, seq=99, page=second, answers={"visitor": "乙"})
        again = receptions.page_mark(Reception.objects.get(pk=row.pk), "third")
        assert save(row, clerk, seq=row.seq + 1, page=again, answers={"visitor": "丙"}).answers == {"visitor": "丙"}
        with pytest.raises(Refused, match="别处"):
            save(row, clerk, seq=row.seq + 9, page=first, answers={"visitor": "丁"})

    @pytest.mark.parametrize("page", ["", "x", "-1-a", "99999999999999999999-a", "²-a"])
    def test_a_made_up_page_is_refused(self, house, page):
        row = factories.reception(house.window_clerk, until="DRAFT")
        with pytest.raises(Refused):
            save(row, house.window_clerk, seq=2, page=page, answers={"visitor": "x"})

    def test_hostile_text_is_kept_as_text_and_cut(self, house):
        row = factories.reception(house.window_clerk, until="DRAFT")
        said = {"visitor": "a\x00b\x07<script>", "demand": "长" * 5000, "debtor": "  \n "}
        row = save(row, house.window_clerk, seq=2, page=row.editor, answers=said, told=["made up"], later=["visitor"])
        assert row.answers == {"visitor": "ab<script>", "demand": "长" * questions.ANSWER_MAX}
        assert (row.told, row.later) == ([], [])

    def test_another_window_and_another_role_change_nothing(self, house):
        row = factories.reception(house.window_clerk, until="DRAFT")
        for actor in (house.window_clerk2, house.judge, house.dispatcher):
            for act in (
                lambda actor=actor: save(row, actor, seq=2, page=row.editor),
                lambda actor=actor: receptions.read_back(row, at=AT, actor=actor),
                lambda actor=actor: receptions.void(row, reason="x", at=AT, actor=actor),
            ):
                with pytest.raises(PermissionDenied):
                    act()
        assert save(row, house.receptionist, seq=2, page=row.editor, answers={"visitor": "甲"}).seq == 2


class TestReadBack:
    @pytest.mark.parametrize("key", TWELVE)
    def test_each_of_the_twelve_is_required(self, house, key):
        row = factories.reception(house.window_clerk, until="DRAFT", answers={key: ""})
        with pytest.raises(Refused) as refused:
            receptions.read_back(row, at=AT, actor=house.window_clerk)
        assert list(refused.value.by_field) == [f"q-{key}"]

    @pytest.mark.parametrize(
        ("key", "text", "words"),
        [
            ("basis_made_on", "去年", "日期"),
            ("basis_made_on", "2021-13-45", "日期"),
            ("principal", "很多", "金额"),
            ("principal", "NaN", "金额"),
            ("is_performed", "也许", "是或者否"),
            ("relation", "路人", "列表"),
        ],
    )
    def test_a_wrong_answer_stands_beside_its_question(self, house, key, text, words):
        row = factories.reception(house.window_clerk, until="DRAFT", answers={key: text})
        with pytest.raises(Refused) as refused:
            receptions.read_back(row, at=AT, actor=house.window_clerk)
        assert words in refused.value.by_field[f"q-{key}"][0]

    def test_something_must_have_been_told(self, house):
        row = factories.reception(house.window_clerk, until="DRAFT")
        row = save(row, house.window_clerk, seq=2, page=row.editor, answers=factories.ANSWERS)
        with pytest.raises(Refused, match="告知"):
            receptions.read_back(row, at=AT, actor=house.window_clerk)

    def test_a_character_that_cannot_be_printed_is_said_before_the_signature(self, house):
        row = factories.reception(house.window_clerk, until="DRAFT", answers={"demand": "\U0001f980"})
        with pytest.raises(Refused, match="不能印刷"):
            receptions.read_back(row, at=AT, actor=house.window_clerk)

    def test_a_change_after_it_has_to_be_read_out_again(self, house):
        clerk = house.window_clerk
        row = factories.reception(clerk, until="READ_BACK")
        told = row.told
        same = save(row, clerk, seq=2, page=row.editor, answers=factories.ANSWERS, told=told)
        assert same.state == "READ_BACK"
        row = save(row, clerk, seq=3, page=row.editor, answers=factories.ANSWERS | {"cause": "买卖"}, told=told)
        assert (row.state, row.read_back_at) == ("DRAFT", None)
        with pytest.raises(Refused, match="先宣读"):
            receptions.sign(row, signed_by="张", drawn=factories.stroke(), at=AT, actor=clerk)


class TestSigning:
    def test_the_transcript_is_set_with_everything_and_its_hash(self, house):
        row = factories.reception(house.window_clerk, answers={"payee_account": "6222020200112230004"})
        said = text_of(row.pdf_sha256)
        for words in ("初次接待笔录", "要求对方还清货款", "12368", "尾号0004", "与本案的关系"):
            assert words in said, words
        assert row.content_sha256 in said
        assert "6222020200112230004" not in said
        assert row.content_sha256 == transcripts.hash_of(Reception.objects.for_page().get(pk=row.pk))

    def test_nothing_changes_a_signed_record_not_even_sql(self, house):
        row = factories.reception(house.window_clerk)
        with pytest.raises(Refused, match="不能再改"):
            save(row, house.window_clerk, seq=9, page=row.editor, answers={"visitor": "x"})
        before = Reception.objects.values().get(pk=row.pk)
        for column, value in (
            ("words", "x"),
            ("content_sha256", "0" * 64),
            ("signature_sha256", "0" * 64),
            ("state", "DRAFT"),
            ("told", []),
            ("signed_at", LATER_AT),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Reception.objects.filter(pk=row.pk).update(**{column: value})
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM intake_reception WHERE id = %s", [row.pk])
        assert Reception.objects.values().get(pk=row.pk) == before

    def test_a_draft_cannot_be_made_signed_by_sql(self, house):
        row = factories.reception(house.window_clerk, until="DRAFT")
        with pytest.raises(IntegrityError), transaction.atomic():
            Reception.objects.filter(pk=row.pk).update(state="SIGNED")

    def test_a_signed_paper_is_kept_beside_it(self, house):
        row = factories.reception(house.window_clerk, until="READ_BACK")
        scan = SimpleUploadedFile("笔录.pdf", factories.PDF)
        row = receptions.sign(row, signed_by="张安然", scan=scan, at=AT, actor=house.window_clerk)
        assert row.signature == "SCAN"
        assert row.signature_sha256 == hashlib.sha256(factories.PDF).hexdigest()
        case = file(house, row)
        titles = case.materials.order_by("id").values_list("title", flat=True)
        assert list(titles) == [filingsources.TITLE, filingsources.SCAN_TITLE]

    def test_neither_both_nor_nothing_nor_nobody(self, house):
        row = factories.reception(house.window_clerk, until="READ_BACK")
        scan, stroke = SimpleUploadedFile("x.pdf", factories.PDF), factories.stroke()
        given = {"at": AT, "actor": house.window_clerk}
        for name, parts in (("张", {}), ("张", {"scan": scan, "drawn": stroke}), (" ", {"drawn": stroke})):
            with pytest.raises(Refused):
                receptions.sign(row, signed_by=name, **parts, **given)
        with pytest.raises(Refused, match="PDF"):
            receptions.sign(row, signed_by="张", scan=SimpleUploadedFile("x.pdf", b"MZ not a paper"), **given)
        assert Reception.objects.get(pk=row.pk).state == "READ_BACK"

    def test_an_empty_or_made_up_picture_is_refused(self):
        whole = factories.stroke()
        raw = base64.b64decode(whole.partition(",")[2])
        for text in (
            "",
            "data:text/html;base64,PHNjcmlwdD4=",
            signatures.PREFIX + "****",
            signatures.PREFIX + base64.b64encode(raw[:-20]).decode(),
            signatures.PREFIX + base64.b64encode(raw.replace(b"IDAT", b"IDAX")).decode(),
            signatures.PREFIX + "A" * 2_000_000,
            factories.stroke(width=5000),
            factories.stroke(width=1, height=1),
        ):
            with pytest.raises(Refused):
                signatures.drawn(text)
        assert signatures.drawn(whole) == raw

    def test_what_a_browser_added_to_the_picture_is_left_out(self):
        raw = base64.b64decode(factories.stroke().partition(",")[2])
        note = b"\x00\x00\x00\x02tEXtab"
        more = raw[:33] + note + zlib.crc32(note[4:]).to_bytes(4, "big") + raw[33:]
        assert signatures.drawn(signatures.PREFIX + base64.b64encode(more).decode()) == raw


class TestEnding:
    def test_void_with_a_reason_only_and_never_a_filed_one(self, house):
        row = factories.reception(house.window_clerk)
        with pytest.raises(Refused, match="理由"):
            receptions.void(row, reason=" ", at=AT, actor=house.window_clerk)
        file(house, row)
        with pytest.raises(Refused, match="已立案"):
            receptions.void(row, reason="误", at=AT, actor=house.window_clerk)
        other = receptions.void(factories.reception(house.window_clerk), reason="误", at=AT, actor=house.window_clerk)
        with pytest.raises(Refused, match="尚未签名"):
            file(house, other)

    def test_a_correction_names_the_old_one_and_leaves_it(self, house):
        row = factories.reception(house.window_clerk)
        made = receptions.correct(row, reason="金额有误", at=AT, actor=house.window_clerk)
        row.refresh_from_db()
        assert (made.corrects, made.answers, made.state) == (row, row.answers, "DRAFT")
        assert row.state == "VOID"
        with pytest.raises(Refused):
            receptions.correct(row, reason="再改", at=AT, actor=house.window_clerk)

    def test_the_correction_of_a_filed_one_joins_its_case(self, house):
        clerk = house.window_clerk
        row = factories.reception(clerk, later=("cause",))
        case = file(house, row)
        made = receptions.correct(row, reason="补充", at=AT, actor=clerk)
        assert later.of_case(case, clerk)
        with pytest.raises(Refused, match="已有更正"):
            receptions.correct(row, reason="又改", at=AT, actor=clerk)
        page = receptions.page_mark(made, "p")
        made = save(made, clerk, seq=1, page=page, answers=made.answers | {"cause": "买卖合同"}, told=made.told)
        made = receptions.read_back(made, at=AT, actor=clerk)
        receptions.sign(made, signed_by="张安然", drawn=factories.stroke(), at=AT, actor=clerk)
        made.refresh_from_db()
        assert (made.state, made.case) == ("FILED", case)
        assert Reception.objects.get(pk=row.pk).state == "FILED"
        assert case.materials.filter(title=filingsources.TITLE).count() == 2
        # What the old one left open is answered by the new one.
        assert not LaterQuestion.objects.of_case(case).waiting().exists()
        with pytest.raises(PermissionDenied):
            receptions.correct(made, reason="改", at=AT, actor=house.receptionist)


class TestFiling:
    def test_no_filing_without_a_record_or_a_reason(self, house):
        given = {"at": AT, "actor": house.window_clerk}
        row = factories.reception(house.window_clerk)
        draft = factories.reception(house.window_clerk, until="READ_BACK")
        for source in (
            {},
            {"reception": draft},
            {"reception": row, "without_reception": factories.BY_POST},
            {"without_reception": Unreceived("POST", " ")},
            {"without_reception": Unreceived("BECAUSE", "x")},
        ):
            with pytest.raises(Refused):
                services.file_case(factories.filing(), **source, **given)
        assert not FilingSource.objects.exists()

    def test_a_record_of_another_window_files_nothing(self, house):
        row = factories.reception(house.window_clerk2)
        with pytest.raises(PermissionDenied):
            file(house, row)

    def test_a_record_is_filed_once_with_its_transcript_in_the_file(self, house):
        row = factories.reception(house.window_clerk)
        case = file(house, row)
        paper = Material.objects.get(case=case)
        assert (paper.title, paper.sha256) == (filingsources.TITLE, row.pdf_sha256)
        assert case.filing_source.reception == row
        [source] = filingsources.of_cases([case.pk]).values()
        assert (source.signed_on, source.url) == (AT.date(), reverse("documents:open", args=[paper.pk]))
        with pytest.raises(Refused, match="已用于立案"):
            file(house, row)

    def test_another_paper_of_the_same_title_is_not_taken_for_it(self, house):
        case = file(house, factories.reception(house.window_clerk))
        true = Material.objects.get(case=case)
        false = documents.Paper(Material.Kind.OTHER, filingsources.TITLE, b"%PDF-1.4\n%false\n")
        documents.receive(case, [false], at=AT, actor=house.window_clerk)
        [source] = filingsources.of_cases([case.pk]).values()
        assert source.url == reverse("documents:open", args=[true.pk])

    def test_the_source_of_a_filing_stays(self, house):
        case = factories.file_case(house).case
        with pytest.raises(IntegrityError), transaction.atomic():
            FilingSource.objects.filter(case=case).update(words="x")
        assert filingsources.of_cases([case.pk])[case.pk].words == "挂号信1号"

    def test_a_revival_says_where_it_comes_from(self, house):
        case = factories.into_stream(house, factories.file_case(house).case)
        factories.close(house, case, "PROCEDURAL", at=factories.moment(2021, 12, 20))
        case.refresh_from_db()
        at = factories.moment(2022, 1, 10)
        revived = services.revive_case(
            case, application=factories.scan_upload(), ground="发现财产", at=at, actor=house.window_clerk
        ).case
        assert (revived.filing_source.reason, revived.filing_source.words) == ("REVIVAL", case.number)


class TestPrefill:
    def test_money_with_interest_and_what_was_preserved(self, house):
        answers = {
            "basis_kind": "民事调解书",
            "basis_made_on": "2021-05-10",
            "principal": "50,000.00",
            "has_interest": "是",
            "interest": "1200",
            "interest_rate": "LPR",
            "interest_from": "2021-01-01",
            "court_fee": "525",
            "has_clues": "是",
            "clue_vehicle": "蒙C00001",
            "is_seized": "是",
            "seized_kind": "车辆",
            "seized_thing": "蒙C00001",
            "seized_from": "2021-06-01",
            "seized_to": "2023-05-31",
            "payee_account": "6222020200112230004",
            "debtor_kind": "法人或其他组织",
        }
        found = prefill(factories.reception(house.window_clerk, answers=answers))
        assert found.basis["basis_kind"] == "J2"
        assert found.basis["clues"] == "车辆（车牌号、停放地）：蒙C00001"
        assert [(row["kind"], str(row["amount"])) for row in found.claims] == [
            ("PRINCIPAL", "50000.00"),
            ("INTEREST", "1200"),
            ("COURT_FEE", "525"),
        ]
        [applicant], [debtor], [kept] = found.applicants, found.debtors, found.preserved
        assert (applicant["name"], applicant["account"]) == ("张安然", "6222020200112230004")
        assert "account_again" not in applicant
        assert (debtor["kind"], debtor["name"]) == ("ORGANISATION", "乌海市测试商贸有限公司")
        assert (kept["kind"], kept["thing"], str(kept["to_on"])) == ("VEHICLE", "蒙C00001", "2023-05-31")

    @pytest.mark.parametrize(
        ("claim_type", "flag", "answers", "kind"),
        [
            ("MONEY", "LABOUR", {"principal": "1"}, "WAGES"),
            ("MONEY", "SUPPORT", {"principal": "1"}, "SUPPORT"),
            ("DELIVERY", "", {"thing": "钢琴一架"}, "DELIVERY"),
            ("ACT", "", {"act": "赔礼道歉"}, "ACT"),
            ("EVICTION", "", {"premises": "某号房屋"}, "ACT"),
        ],
    )
    def test_the_kind_of_claim_follows(self, house, claim_type, flag, answers, kind):
        row = factories.reception(house.window_clerk, claim_type=claim_type, flag=flag, answers=answers)
        [claim] = prefill(row).claims
        assert claim["kind"] == kind
        assert claim.get("amount") or any(text in claim["note"] for text in answers.values())

    def test_what_is_not_asked_any_more_is_not_taken_over(self, house):
        row = factories.reception(
            house.window_clerk, answers={"has_interest": "否", "interest": "99", "principal": "1"}
        )
        assert [claim["kind"] for claim in prefill(row).claims] == ["PRINCIPAL"]


class TestLater:
    def test_it_follows_the_case_until_it_is_answered(self, house):
        row = factories.reception(house.window_clerk, later=("cause", "debtor_id", "visitor"))
        assert set(row.later_questions.values_list("key", flat=True)) == {"cause", "debtor_id"}
        case = factories.into_stream(house, file(house, row))
        [tip] = later.of_case(case, case.owner)
        assert "案由" in tip.text
        assert later.of_case(case, house.finance) == []
        assert [item.kind for item in later.items(case.owner, today=AT.date())] == ["补问接待笔录"]
        for question in row.later_questions.all():
            filingsources.answer_later(question, answer="已问", at=LATER_AT, actor=case.owner)
        assert later.of_case(case, case.owner) == []
        with pytest.raises(Refused, match="已有答复"):
            filingsources.answer_later(question, answer="又问", at=LATER_AT, actor=case.owner)
        with pytest.raises(IntegrityError), transaction.atomic():
            LaterQuestion.objects.filter(pk=question.pk).update(answer="x")

    def test_a_stranger_and_an_empty_answer_are_refused(self, house):
        row = factories.reception(house.window_clerk, later=("cause",))
        question = row.later_questions.get()
        with pytest.raises(PermissionDenied):
            filingsources.answer_later(question, answer="x", at=AT, actor=house.window_clerk)
        file(house, row)
        with pytest.raises(PermissionDenied):
            filingsources.answer_later(question, answer="x", at=AT, actor=house.window_clerk2)
        with pytest.raises(Refused, match="填写"):
            filingsources.answer_later(question, answer=" \x00", at=AT, actor=house.window_clerk)

    def test_unfinished_records_wait_on_the_desk_of_the_window(self, house):
        factories.reception(house.window_clerk, until="DRAFT")
        [item] = later.items(house.receptionist, today=AT.date())
        assert not item.is_red
        assert next(iter(later.items(house.window_clerk, today=LATER_AT.date().replace(day=2)))).is_red
        assert list(later.items(house.window_clerk2, today=AT.date())) == []


def test_events_hold_nothing_that_was_said(house):
    row = factories.reception(house.window_clerk, answers={"payee_account": "6222020200112230004"})
    file(house, row)
    told = " ".join(Event.objects.values_list("details", flat=True))
    for secret in ("张安然", "13800001234", "还清货款", "6222020200112230004"):
        assert secret not in told


class TestImpossible:
    @pytest.mark.parametrize(
        ("answers", "key", "words"),
        [
            ({"contact_phone": "12345"}, "contact_phone", "11位手机号"),
            ({"debtor_phone": "12345"}, "debtor_phone", "11位手机号"),
            ({"applicant_id": "110105194912310021"}, "applicant_id", "校验位"),
            ({"debtor_kind": "单位", "debtor_id": "123"}, "debtor_id", "18位"),
            ({"payee_account": "6222020200112230008"}, "payee_account", "校验不符"),
            ({"basis_made_on": "2021-05-10", "basis_effective_on": "2021-05-01"}, "basis_effective_on", "早于"),
            ({"basis_made_on": "2022-01-01"}, "basis_made_on", "晚于今天"),
            ({"principal": "1000", "is_performed": "是", "performed_amount": "1001"}, "performed_amount", "超过"),
        ],
    )
    def test_it_is_not_read_back_and_the_reason_stands_beside_the_question(self, house, answers, key, words):
        if "debtor_kind" in answers:
            answers = answers | {"debtor_kind": questionbook.ORGANISATION}
        with pytest.raises(Refused) as refusal:
            factories.reception(house.window_clerk, until="READ_BACK", answers=answers)
        assert list(refusal.value.by_field) == [f"q-{key}"]
        assert words in refusal.value.by_field[f"q-{key}"][0]

    def test_what_is_possible_passes_and_what_is_left_open_too(self, house):
        said = {
            "applicant_id": "11010519491231002x",
            "payee_account": "6222 0202 0011 2230 004",
            "debtor_phone": "不详",
        }
        assert factories.reception(house.window_clerk, until="READ_BACK", answers=said).state == "READ_BACK"
