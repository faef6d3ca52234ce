"""A draft edited in Word comes back: only its text may differ, and nothing but words is taken in."""

import hashlib
import io
import json
import zipfile

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from docx.oxml import OxmlElement

from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Case, Party
from documents import desk, editing, filling, pages, revising, services, word, word_reading
from documents.library import BY_CODE
from documents.library.declared import canonical
from documents.models import Document, Draft
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 8)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-08."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case with its stream team."""
    return kept.running_case(house)


def _taken_out(case, code, values=None):
    values = values or factories.values_of(case, code)
    blocks = pages.preview(case, factories.template(code), values, today=AT.date()).blocks
    return docx.Document(io.BytesIO(word.word_file(blocks)))


def _bytes(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _find(document, text):
    return next(row for row in document.paragraphs if text in row.text)


def _propose(case, code, content, *, actor=None, at=AT, values=None):
    return services.propose_edited(
        case,
        template=factories.template(code),
        values=values or factories.values_of(case, code),
        content=content,
        at=at,
        actor=actor or case.owner,
    )


def _packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name, body in parts.items():
            pack.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return out.getvalue()


def _with(content, name, body):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, body)
    return out.getvalue()


class TestEdited:
    def test_the_text_is_the_edited_one_and_head_remedy_and_signature_the_court_s(self, house, case):
        paper = _taken_out(case, "FREEZE")
        _find(paper, "至今未履行").text = "本院在执行中查明，被执行人有履行能力而拒不履行。"
        _find(paper, "本裁定立即执行").insert_paragraph_before("新增：冻结期间不得设立质权。")
        draft = _propose(case, "FREEZE", _bytes(paper))
        assert draft.edited_count == 2
        document = services.issue(
            case, template=draft.template, values=draft.typed(), draft=draft, at=AT, actor=case.judge
        )
        texts = [block.get("text", "") for block in document.blocks()]
        assert "本院在执行中查明，被执行人有履行能力而拒不履行。" in texts
        assert texts.index("新增：冻结期间不得设立质权。") == texts.index("本裁定立即执行。") - 1
        plain = factories.issue(case, "FREEZE", actor=case.judge, at=AT)
        own = [block.get("text", "") for block in plain.blocks()]
        assert texts[:2] == own[:2]
        assert texts[-5:] == own[-5:]
        assert "申请复议" in texts[-5]
        assert (document.edited_count, plain.edited_count) == (2, 0)
        whole = canonical([document.number, document.template.sha256, document.body, document.values])
        assert document.content_sha256 == hashlib.sha256(whole.encode()).hexdigest()
        details = [json.loads(row.details) for row in Event.objects.filter(verb="issue_document").order_by("id")]
        assert [row.get("edited_count") for row in details] == [2, None]
        assert "查明" not in Event.objects.get(verb="edit_draft").details
        services.print_waiting(at=AT, actor=User.objects.system())
        document.refresh_from_db()
        assert document.pdf_sha256

    def test_cells_and_rows_of_a_table_may_be_edited(self, case):
        paper = _taken_out(case, "SEAL_LIST")
        paper.tables[0].cell(1, 2).text = "两台"
        row = paper.tables[0].add_row()
        row.cells[0].text = "冰箱"
        draft = _propose(case, "SEAL_LIST", _bytes(paper))
        table = next(block for block in draft.own_text() if block["style"] == "table")
        assert table["rows"][0][2] == "两台"
        assert table["rows"][1][0] == "冰箱"
        document = services.issue(
            case, template=draft.template, values=draft.typed(), draft=draft, at=AT, actor=case.owner
        )
        services.print_waiting(at=AT, actor=User.objects.system())
        document.refresh_from_db()
        assert document.pdf_sha256

    def test_a_receipt_follows_the_signature_and_may_not_be_changed(self, house, case):
        paper = _taken_out(case, "ASSIST")
        _find(paper, "请协助执行以下事项").text = "请协助执行下列事项："
        draft = _propose(case, "ASSIST", _bytes(paper))
        assert draft.edited_count == 1
        document = services.issue(
            case, template=draft.template, values=draft.typed(), draft=draft, at=AT, actor=house.officer2
        )
        styles = [block["style"] for block in document.blocks()]
        assert styles.index("break") > styles.index("date")
        assert document.blocks()[-1]["text"].startswith("协助单位（盖章）")
        _find(paper, "协助单位（盖章）").text = "不用回执"
        with pytest.raises(Refused) as refusal:
            _propose(case, "ASSIST", _bytes(paper))
        assert "回执" in str(refusal.value)

    def test_the_text_is_encrypted_at_rest_and_the_draft_says_it_was_edited(self, case, login):
        paper = _taken_out(case, "FREEZE")
        _find(paper, "至今未履行").text = "改动后的一段"
        draft = _propose(case, "FREEZE", _bytes(paper))
        page = login(case.judge).get(reverse("documents:draft", args=[draft.pk])).content.decode()
        assert "已人工改动" in page
        assert "<del>" in page
        assert "改动后的一段" in page

    @pytest.mark.parametrize(
        ("text", "new", "said"),
        [
            ("向本院提出书面异议", None, "救济条款不能删去或者改动"),
            ("向本院提出书面异议", "可以向上级反映。", "救济条款不能删去或者改动"),
            ("执行裁定书", "判决书", "法院名称、标题和文号"),
            ("签发时编号", "（2021）内0302执999号", "法院名称、标题和文号"),
            ("审判员", "审判员　某某", "落款由系统生成"),
            ("二〇二一年", "今天", "落款由系统生成"),
        ],
    )
    def test_what_belongs_to_the_court_may_not_vanish(self, case, text, new, said):
        paper = _taken_out(case, "FREEZE")
        found = _find(paper, text)
        if new is None:
            found._element.getparent().remove(found._element)
        else:
            found.text = new
        with pytest.raises(Refused) as refusal:
            _propose(case, "FREEZE", _bytes(paper))
        assert said in str(refusal.value)
        assert not Draft.objects.exists()

    def test_a_line_for_signatures_may_not_vanish(self, case):
        paper = _taken_out(case, "SEARCH_ORDER")
        found = _find(paper, "院　长")
        found._element.getparent().remove(found._element)
        with pytest.raises(Refused) as refusal:
            _propose(case, "SEARCH_ORDER", _bytes(paper))
        assert "签名行" in str(refusal.value)

    def test_nothing_changed_or_nothing_left_is_refused(self, case):
        with pytest.raises(Refused) as same:
            _propose(case, "FREEZE", _bytes(_taken_out(case, "FREEZE")))
        assert "没有改动" in str(same.value)
        paper = _taken_out(case, "SUMMONS")
        for row in paper.paragraphs[3:-3]:
            row._element.getparent().remove(row._element)
        with pytest.raises(Refused):
            _propose(case, "SUMMONS", _bytes(paper))

    def test_when_the_case_changes_after_the_edit_it_is_drawn_up_anew(self, case):
        paper = _taken_out(case, "FREEZE")
        _find(paper, "至今未履行").text = "改动后的一段"
        draft = _propose(case, "FREEZE", _bytes(paper))
        given = {"template": draft.template, "values": draft.typed(), "draft": draft, "actor": case.judge}
        with pytest.raises(Refused), transaction.atomic():
            services.issue(case, **given, at=moment(2022, 1, 4))  # another article from 2022 on
        with pytest.raises(Refused), transaction.atomic():
            services.issue(case, **(given | {"values": draft.typed() | {"cap": "1"}}), at=AT)
        Party.objects.filter(case=case, side="DEBTOR").update(name="改名有限公司")
        with pytest.raises(Refused), transaction.atomic():
            services.issue(case, **given, at=AT)
        assert not Document.objects.exists()

    def test_the_number_printed_is_the_one_of_issue(self, case):
        factories.issue(case, "FREEZE", actor=case.judge, at=AT)
        paper = _taken_out(case, "FREEZE")
        _find(paper, "至今未履行").text = "改动后的一段"
        draft = _propose(case, "FREEZE", _bytes(paper))
        document = services.issue(
            case, template=draft.template, values=draft.typed(), draft=draft, at=AT, actor=case.judge
        )
        assert document.blocks()[2]["text"].endswith("之一")

    def test_an_edit_without_its_base_does_not_exist_in_the_database(self, case):
        paper = _taken_out(case, "FREEZE")
        _find(paper, "至今未履行").text = "改动后的一段"
        draft = _propose(case, "FREEZE", _bytes(paper))
        with pytest.raises(IntegrityError), transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(base_sha256="")


@pytest.mark.parametrize("code", BY_CODE)
def test_every_template_goes_out_and_comes_back_as_it_was(code):
    spec, known = BY_CODE[code], revising.sample_facts(AT.date())
    filled = filling.fill(spec, revising.sample_values(spec, known), known, number="（签发时编号）", on=AT.date())
    assert filled.problems == {}
    with pytest.raises(Refused) as refusal:
        editing.edited(filled, word_reading.read(word.word_file(filled.blocks)))
    assert "没有改动" in str(refusal.value)


class TestWho:
    def test_author_and_signer_may_edit_a_waiting_draft_others_not(self, house, case):
        paper = _taken_out(case, "FREEZE")
        _find(paper, "至今未履行").text = "一稿"
        draft = _propose(case, "FREEZE", _bytes(paper))
        _find(paper, "一稿").text = "二稿"
        draft = services.edit_draft(draft, content=_bytes(paper), at=AT, actor=case.judge)
        assert any(block.get("text") == "二稿" for block in draft.own_text())
        for user in (house.officer3, house.president, house.chief):
            with pytest.raises(PermissionDenied), transaction.atomic():
                services.edit_draft(draft, content=_bytes(paper), at=AT, actor=user)
        services.send_back_draft(draft, note="不妥", at=AT, actor=case.judge)
        with pytest.raises(Refused):
            services.edit_draft(draft, content=_bytes(paper), at=AT, actor=case.owner)

    def test_what_two_persons_must_do_is_not_edited_by_its_signer(self, house, case):
        values = factories.proposed_for(case, "DETENTION", at=AT)
        paper = _taken_out(case, "DETENTION", values)
        _find(paper, "改正错误").text = "拘留期间应当遵守规定。"
        draft = _propose(case, "DETENTION", _bytes(paper), values=values)
        with pytest.raises(PermissionDenied):
            services.edit_draft(draft, content=_bytes(paper), at=AT, actor=house.president)

    def test_what_bears_the_seal_alone_is_issued_by_another_than_who_worded_it(self, house, case, login):
        paper = _taken_out(case, "ENFORCEMENT_NOTICE")
        _find(paper, "联系").text = "自己写的一段"
        draft = _propose(case, "ENFORCEMENT_NOTICE", _bytes(paper))
        given = {"template": draft.template, "values": draft.typed(), "draft": draft, "at": AT}
        with pytest.raises(Refused, match="其他有权签发的人"):
            services.issue(case, **given, actor=case.owner)
        page = login(case.owner).get(draft.get_absolute_url()).content.decode()
        assert ("其他有权签发的人" in page, 'value="issue"' in page) == (True, False)
        assert not [item for item in desk.items(case.owner, today=AT.date()) if item.kind == "待签发文书"]
        assert [item.url for item in desk.items(house.officer2, today=AT.date()) if item.kind == "待签发文书"] == [
            draft.get_absolute_url()
        ]
        assert services.issue(case, **given, actor=house.officer2).edited_count == 1


class TestDangerous:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "不是有效的"),
            (b"plain text", "不是有效的"),
            (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧版"),
            (b"PK\x03\x04 broken", "不是有效的"),
            (b"x" * (word_reading.BYTES_MAX + 1), "超过2 MB"),
            (_packed(a="x"), "不是有效的"),
            (_packed(_Content_Types_="x"), "不是有效的"),
        ],
        ids=["empty", "text", "ole", "broken", "large", "no types", "odd"],
    )
    def test_what_is_no_word_file_is_refused(self, content, said):
        with pytest.raises(Refused) as refusal:
            word_reading.read(content)
        assert said in str(refusal.value)

    def test_a_bomb_is_refused_before_it_is_unpacked(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr("[Content_Types].xml", "x")
            pack.writestr("word/document.xml", b"\0" * (word_reading.UNPACKED_MAX + 1))
        assert len(out.getvalue()) < 100_000
        with pytest.raises(Refused) as refusal:
            word_reading.read(out.getvalue())
        assert "解压后过大" in str(refusal.value)

    @pytest.mark.parametrize(
        ("name", "body", "said"),
        [
            ("word/vbaProject.bin", b"x", "宏"),
            ("word/embeddings/sheet.xlsx", b"x", "宏"),
            ("word/activeX/activeX1.xml", b"<x/>", "宏"),
            ("[Content_Types].xml", b"<Types>macroEnabled</Types>", "宏"),
            ("[Content_Types].xml", b"<Types>spreadsheet</Types>", "不是有效的"),
            ("word/settings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "内部结构异常"),
            ("word/settings.xml", "<x/>".encode("utf-16"), "内部结构异常"),
            ("word/document.xml", b"<x", "已损坏"),
        ],
    )
    def test_macros_objects_entities_and_broken_parts_are_refused(self, name, body, said):
        content = _with(_bytes(docx.Document()), name, body)
        with pytest.raises(Refused) as refusal:
            word_reading.read(content)
        assert said in str(refusal.value)

    @pytest.mark.parametrize(
        ("tag", "said"),
        [
            ("w:ins", "修订痕迹"),
            ("w:del", "修订痕迹"),
            ("w:drawing", "图片"),
            ("w:sdt", "内容控件"),
            ("w:numPr", "自动编号"),
            ("w:vanish", "隐藏文字"),
            ("w:commentReference", "批注"),
        ],
    )
    def test_what_would_be_lost_or_hidden_is_refused(self, tag, said):
        document = docx.Document()
        document.add_paragraph("x")._p.append(OxmlElement(tag))
        with pytest.raises(Refused) as refusal:
            word_reading.read(_bytes(document))
        assert said in str(refusal.value)

    def test_numbers_of_a_style_and_words_in_an_unknown_element_are_refused(self):
        document = docx.Document()
        document.add_paragraph("一项", style="List Number")
        with pytest.raises(Refused) as numbered:
            word_reading.read(_bytes(document))
        document = docx.Document()
        row, wrapped = document.add_paragraph("看得见"), OxmlElement("w:smartTag")
        wrapped.append(document.add_paragraph("看不见").runs[0]._r)
        row._p.append(wrapped)
        with pytest.raises(Refused) as hidden:
            word_reading.read(_bytes(document))
        for refusal in (numbered, hidden):
            assert "自动编号" in str(refusal.value)

    def test_merged_cells_and_endless_texts_are_refused(self):
        document = docx.Document()
        table = document.add_table(rows=2, cols=2)
        table.rows[1]._tr.remove(table.rows[1].cells[0]._tc)
        with pytest.raises(Refused):
            word_reading.read(_bytes(document))
        document = docx.Document()
        document.add_paragraph("长" * (word_reading.TEXT_MAX + 1))
        with pytest.raises(Refused):
            word_reading.read(_bytes(document))


class TestPages:
    def test_upload_at_compose_shows_the_difference_and_is_issued(self, house, case, login):
        client, code = login(case.judge), "FREEZE"
        compose = reverse("documents:compose", args=[case.pk]) + f"?template={code}"
        values = factories.values_of(case, code)
        out = client.post(compose, values | {"act": "word"})
        paper = docx.Document(io.BytesIO(out.content))
        _find(paper, "至今未履行").text = "网页上改动的一段"
        upload = SimpleUploadedFile("稿.docx", _bytes(paper))
        assert client.post(compose, values | {"act": "take_in"}).status_code == 422
        broken = client.post(compose, values | {"act": "take_in", "upload": SimpleUploadedFile("x.docx", b"x")})
        assert broken.status_code == 422
        assert "不是有效的" in broken.content.decode()
        answer = client.post(compose, values | {"act": "take_in", "upload": upload})
        draft = Draft.objects.get()
        assert answer.url == draft.get_absolute_url()
        page = client.get(answer.url).content.decode()
        assert "<ins>" in page
        edit = reverse("documents:edit_draft", args=[draft.pk])
        assert edit in page
        assert client.post(edit, {}).status_code == 422
        _find(paper, "网页上改动的一段").text = "再改的一段"
        seen = client.get(edit).context["form"]["seen"].value()
        again = {"upload": SimpleUploadedFile("稿.docx", _bytes(paper)), "seen": seen}
        assert client.post(edit, again).status_code == 302
        stale = client.post(edit, {"upload": SimpleUploadedFile("另稿.docx", _bytes(paper)), "seen": seen})
        assert stale.status_code == 422
        [row] = stale.context["form"].differences
        assert "改动 1 段" in row.theirs
        assert row.mine == "另稿.docx"
        assert client.post(answer.url, {"act": "issue"}).status_code == 302
        document = Document.objects.get()
        assert document.edited_count == 1
        shown = client.get(document.get_absolute_url()).content.decode()
        assert "再改的一段" in shown
        assert "已人工改动" in shown
        assert login(house.officer3).get(edit).status_code == 404
