"""The declared documents: every one renders with a full case, cites by day, and leaves no brace and no blank glyph."""

import datetime as dt
import io
import re

import pytest
from pypdf import PdfReader

from documents import filling
from documents.citations import CPL_ARTICLES, article, cite
from documents.facts import facts_of
from documents.library import BY_CODE, LIBRARY
from documents.library.declared import FieldKind, Numbering, Sign, spec_of
from documents.remedies import review_court
from documents.typesetting import CannotPrint, paper
from tests import factories

# Without the mark pytest-django would make no test database for a run of this module alone.
pytestmark = pytest.mark.django_db
ON = dt.date(2021, 9, 1)
SAMPLES = {
    FieldKind.TEXT: "测试内容",
    FieldKind.LONG: "第一项事实；\n第二项事实",
    FieldKind.DAY: "2021-09-30",
    FieldKind.COUNT: "15",
    FieldKind.MONEY: "12345.60",
    FieldKind.ROWS: "电视机｜旧｜一台｜客厅",
}


def full_values(spec, facts):
    """Return a value for every field."""
    values = filling.proposed(spec, facts)
    for field in filling.all_fields(spec):
        if not values[field.name]:
            values[field.name] = field.options[0] if field.options else SAMPLES.get(field.kind, "")
    return values


@pytest.fixture(scope="module")
def facts(django_db_setup, django_db_blocker):
    """The facts of a filed and assigned case."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            house = factories.House.build()
            case = factories.into_stream(house, factories.file_case(house).case)
            yield facts_of(case, on=ON)
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


def _pdf(filled, title="测试"):
    return paper(filled.blocks, title=title, on=ON, token="token", sha256="0" * 64)


def test_the_bureau_s_list_is_covered():
    assert len(LIBRARY) >= 24
    assert len(BY_CODE) == len(LIBRARY)
    wanted = {*range(1, 14), 17, 18, 19, 22, 24, *range(26, 32)}
    assert {int(spec.no) for spec in LIBRARY} == wanted
    assert len([spec for spec in LIBRARY if spec.no == "26"]) == 3


@pytest.mark.parametrize("code", BY_CODE)
def test_every_template_becomes_a_paper_with_its_text_and_its_embedded_font(code, facts):
    spec = BY_CODE[code]
    filled = filling.fill(spec, full_values(spec, facts), facts, number="（2021）内0302执1号", on=ON)
    assert filled.problems == {}
    text = "".join(str(block.get("text", "")) for block in filled.blocks)
    assert "{" not in text
    pdf = PdfReader(io.BytesIO(_pdf(filled)))
    printed = "".join(page.extract_text() for page in pdf.pages)
    squeezed = re.sub(r"\s", "", printed)
    assert "乌海市海勃湾区人民法院" in squeezed
    assert spec.title.partition("（")[0] in squeezed
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert "+" in descendant["/BaseFont"]  # a subset
            assert "/FontFile3" in descendant["/FontDescriptor"].get_object()


@pytest.mark.parametrize("code", BY_CODE)
def test_a_stored_version_reads_back_as_declared(code):
    spec = BY_CODE[code]
    assert spec_of(spec.code, spec.content(), effective_on=spec.effective_on, approval=spec.approval) == spec


def test_the_same_paper_is_the_same_file(facts):
    spec = BY_CODE["ENFORCEMENT_NOTICE"]
    filled = filling.fill(spec, full_values(spec, facts), facts, number="（2021）内0302执1号", on=ON)
    assert _pdf(filled) == _pdf(filled)


@pytest.mark.parametrize("mark", ["😀", "\U00010400", "\x00", "ᠮ"])
def test_a_missing_glyph_is_a_failure_that_names_it(mark):
    with pytest.raises(CannotPrint):
        paper([{"style": "body", "text": f"张{mark}"}], title="测试", on=ON, token="t", sha256="0" * 64)


@pytest.mark.parametrize("text", ["#panic()", "$x$", "*粗*", "= 题", "[x](y)", "<script>", '"', "\\u{41}"])
def test_typed_markup_is_only_text(text):
    made = paper([{"style": "body", "text": text}], title=text, on=ON, token="t", sha256="0" * 64)
    printed = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert re.sub(r"\s", "", text) in re.sub(r"\s", "", printed)


@pytest.mark.parametrize(
    ("day", "notice", "suspend", "term", "objection"),
    [
        (dt.date(2021, 12, 31), 240, 256, 487, 225),
        (dt.date(2022, 1, 1), 247, 263, 487, 232),
        (dt.date(2022, 4, 9), 247, 263, 487, 232),
        (dt.date(2022, 4, 10), 247, 263, 485, 232),
        (dt.date(2023, 12, 31), 247, 263, 485, 232),
        (dt.date(2024, 1, 1), 251, 267, 485, 236),
    ],
)
def test_articles_follow_the_day_of_the_act(day, notice, suspend, term, objection):
    assert [article(key, day) for key in ("NOTICE", "SUSPEND", "TERM", "OBJECTION")] == [
        notice,
        suspend,
        term,
        objection,
    ]


def test_enforcement_articles_moved_by_seven_and_by_four():
    for key, (first, second, third) in CPL_ARTICLES.items():
        if first >= 224:
            assert (second - first, third - second) == (7, 4), key


def test_a_citation_is_printed_in_chinese_numerals():
    assert cite("NOTICE", ON) == "《中华人民共和国民事诉讼法》第二百四十条"


def test_acts_of_each_court_are_reviewed_by_the_one_above():
    assert review_court("INTERMEDIATE") == "内蒙古自治区高级人民法院"
    assert review_court("BASIC") == "乌海市中级人民法院"


@pytest.mark.parametrize("code", ["SEAL_ESTATE", "ASSIST_ESTATE", "SEAL_NOTICE"])
def test_seal_papers_of_real_estate_leave_certificate_and_unit_number_blank_with_the_house_tip(code, facts):
    spec = BY_CODE[code]
    own = filling.proposed(spec, facts)
    fields = {field.name: field for field in spec.fields}
    for name in ("certificate", "unit_number"):
        assert own[name] == ""
        assert not fields[name].is_required
        assert "留空" in fields[name].tip
    values = full_values(spec, facts) | {"certificate": "", "unit_number": ""}
    filled = filling.fill(spec, values, facts, number="", on=ON)
    assert filled.problems == {}
    text = "".join(str(block.get("text", "")) for block in filled.blocks)
    assert "证号" not in text.replace("证件号码", "")
    assert "单元号" not in text


def test_what_is_missing_is_named_by_field(facts):
    spec = BY_CODE["FREEZE"]
    filled = filling.fill(spec, {"cap": "1.234", "from_on": "9月1日", "debtor": "DEBTOR:9"}, facts, number="", on=ON)
    assert set(filled.problems) == {"debtor", "cap", "from_on", "to_on"}
    assert "金额" in filled.problems["cap"]


def test_rulings_are_signed_by_the_judge_and_counted(facts):
    for spec in LIBRARY:
        if spec.title.startswith("执行裁定书"):
            assert spec.numbering == Numbering.SUFFIXED
            assert spec.sign in (Sign.JUDGE, Sign.PRESIDENT)
