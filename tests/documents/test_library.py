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
from documents.library.declared import Numbering, Sign, spec_of
from documents.remedies import review_court
from documents.typesetting import CannotPrint, paper
from tests import factories, kept

# Without the mark pytest-django would make no test database for a run of this module alone.
pytestmark = pytest.mark.django_db
ON = dt.date(2021, 9, 1)


def full_values(spec, facts):
    """Return a value for every field but those that the house leaves blank."""
    values = filling.proposed(spec, facts)
    for field in filling.all_fields(spec):
        if not values[field.name] and field.name not in filling.ESTATE_BLANK:
            values[field.name] = factories.sample(field)
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
            case = kept.running_case(house)
            yield facts_of(case, on=ON)
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


def _pdf(filled, title="测试"):
    return paper(filled.blocks, title=title, on=ON, token="token", sha256="0" * 64)


def test_the_bureau_s_list_is_covered():
    assert len(LIBRARY) >= 60
    assert len(BY_CODE) == len(LIBRARY)
    assert {int(spec.no) for spec in LIBRARY} == set(range(1, 33))
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
    for name, typed in (
        ("certificate", "蒙(2021)乌海市不动产权第0001234号"),
        ("unit_number", "150302001001GB00001F00010001"),
        ("address", "新华街2号，不动产权证号蒙（2021）乌海市不动产权第0001234号"),
        ("address", "新华街2号 150302001001GB00001F00010001"),
        ("supplement", "房权证蒙字第01234号"),
    ):
        found = filling.fill(spec, values | {name: typed}, facts, number="", on=ON).problems
        assert "只写坐落" in found[name], name
    plain = {"address": "乌海市海勃湾区新华街2号楼3单元502号"}
    assert filling.fill(spec, values | plain, facts, number="", on=ON).problems == {}


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


def _filled(code, facts, **changes):
    spec = BY_CODE[code]
    return filling.fill(spec, full_values(spec, facts) | changes, facts, number="（2021）内0302执1号", on=ON)


def _text(filled):
    return "\n".join(str(block.get("text", "")) for block in filled.blocks)


@pytest.mark.parametrize(
    ("code", "name", "good", "bad"),
    [
        ("FINE", "fine", ("1", "100000", "100,000.00"), ("0", "0.50", "100000.01", "-5", "x")),
        ("FINE_UNIT", "fine", ("50000", "1000000"), ("49999.99", "1000000.01")),
        ("DETENTION", "days", ("1", "15"), ("0", "16", "1.5", "99999", "十五")),
    ],
)
def test_penalties_keep_within_the_lawful_bounds(code, name, good, bad, facts):
    for value in good:
        assert _filled(code, facts, **{name: value}).problems == {}
    for value in bad:
        assert set(_filled(code, facts, **{name: value}).problems) == {name}


def test_a_penalty_cites_its_articles_by_the_day_and_names_the_court_of_review(facts):
    text = _text(_filled("DETENTION", facts))
    for number in ("第一百一十一条", "第一百一十五条", "第一百一十六条"):
        assert number in text
    assert "三日内，向乌海市中级人民法院申请复议一次" in text
    assert "不停止本决定的执行" in text
    later = dt.date(2022, 1, 1)
    assert [article(key, later) for key in ("OBSTRUCTION", "FINE", "APPROVAL")] == [114, 118, 119]
    assert [article("SEARCH", day) for day in (ON, later, dt.date(2024, 1, 1))] == [248, 255, 259]
    assert [article("SETTLEMENT", day) for day in (ON, later, dt.date(2024, 1, 1))] == [230, 237, 241]
    assert [article(key, ON) for key in ("AGREED_DEBT", "TITLE", "PRO_RATA", "DISTRIBUTION", "SEIZURE_ORDER")] == [
        491,
        493,
        510,
        511,
        516,
    ]


@pytest.mark.parametrize(
    "number",
    ["", "1号", "(2021)内0302执1号", "(2021)内0303司惩1号", "(2021)内0302司惩1号之一", "(2021)内0302司惩复1号"],
)
def test_a_penalty_has_a_number_of_its_own_court_s_register(number, facts):
    assert set(_filled("FINE", facts, own_number=number).problems) == {"own_number"}


def test_the_own_number_stands_in_the_head_and_the_case_number_in_the_text(facts):
    filled = _filled("FINE", facts, own_number="（2021）内0302司惩 7 号")
    assert filled.blocks[2]["text"] == "（2021）内0302司惩7号"
    assert facts["number"] in _text(filled)


def test_a_party_hears_of_a_sale_otherwise_than_a_holder_of_priority(facts):
    assert "优先竞买代码" in _text(_filled("SALE_NOTICE", facts, role="优先购买权人"))
    text = _text(_filled("SALE_NOTICE", facts, role="当事人"))
    assert "优先竞买代码" not in text
    assert "《最高人民法院关于人民法院网络司法拍卖若干问题的规定》第十六条" in text


def test_title_passes_when_the_ruling_is_served_and_debt_rulings_name_their_ground(facts):
    assert "所有权自本裁定送达买受人时起转移" in _text(_filled("SOLD_RULING", facts))
    unsold = _text(_filled("DEBT_RULING", facts, ground="流拍后以该次保留价抵债"))
    agreed = _text(_filled("DEBT_RULING", facts, ground="经双方当事人同意不经拍卖变卖直接抵债", difference=""))
    assert "流拍" in unsold
    assert "第四百九十一条" not in unsold
    assert "第四百九十一条" in agreed
    assert "应当补交差额" not in agreed
    tips = [field.tip for field in BY_CODE["DEBT_RULING"].fields if field.name == "ground"]
    assert "不得据以作出抵债裁定" in tips[0]


def test_a_plan_of_distribution_follows_its_rule_and_may_be_objected_to(facts):
    shares = "甲公司｜（2021）内0302民初1号｜100000.00｜按比例｜38420.00"
    person = _filled("DISTRIBUTION", facts, shares=shares)
    table = next(block for block in person.blocks if block["style"] == "table")
    assert table["rows"] == [shares.split("｜")]
    assert "第五百一十条" in _text(person)
    assert "十五日内向本院提出书面异议" in _text(person)
    firm = _text(_filled("DISTRIBUTION", facts, rule="按采取执行措施的先后顺序受偿"))
    assert "第五百一十六条" in firm
    assert "第五百一十条" not in firm


def test_a_settlement_is_signed_by_the_parties_and_its_record_bears_the_court(facts):
    assert "seal" not in [block["style"] for block in _filled("SETTLEMENT", facts).blocks]
    assert "seal" in [block["style"] for block in _filled("SETTLEMENT_RECORD", facts).blocks]


def test_who_is_barred_from_leaving_may_ask_the_court_above(facts):
    text = _text(_filled("EXIT_BAN", facts))
    assert "十日内向乌海市中级人民法院申请复议" in text
    assert "第二百五十五条" in text


@pytest.mark.parametrize("code", ["ASSIST", "ASSIST_BANK", "ASSIST_ESTATE", "INVESTIGATION"])
def test_a_paper_to_be_answered_has_its_receipt_after_the_signature(code, facts):
    filled = _filled(code, facts)
    styles = [block["style"] for block in filled.blocks]
    assert styles.index("date") < styles.index("break")
    assert filled.annex[1]["text"].endswith("（回执）")
    assert filled.annex[2]["text"] == "乌海市海勃湾区人民法院："


@pytest.mark.parametrize(
    ("code", "latest"), [("FREEZE", "2022-09-06"), ("SEAL_MOVABLE", "2023-09-06"), ("SEAL_ESTATE", "2024-09-06")]
)
def test_a_control_lasts_no_longer_than_the_law_lets_it(code, latest, facts):
    assert not _filled(code, facts, from_on="2021-09-06", to_on=latest).problems
    later = f"{latest[:-1]}7"
    assert latest in _filled(code, facts, from_on="2021-09-06", to_on=later).problems["to_on"]
    assert "晚于期限起" in _filled(code, facts, from_on="2021-09-06", to_on="2021-09-06").problems["to_on"]


def test_no_more_is_controlled_than_is_owed(facts):
    assert not _filled("FREEZE", facts, cap="60000").problems
    assert "超标的额" in _filled("FREEZE", facts, cap="999999999").problems["cap"]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("审判长：王一、审判员李二，人民陪审员赵三", ["审判长　王一", "审判员　李二", "人民陪审员　赵三"]),
        ("王一 李二 赵三", ["审判长　王一", "审判员　李二", "审判员　赵三"]),
    ],
)
def test_a_panel_signs_line_by_line_and_the_clerk_after_the_day(typed, lines, facts):
    signature = [row["text"] for row in _filled("ENDED", facts, panel=typed).signature]
    assert signature[: len(lines)] == lines
    assert str(signature[-1]).startswith("书记员")


def test_a_release_does_not_say_that_nothing_was_performed(facts):
    assert "至今未履行" not in _text(_filled("RELEASE", facts, ground="履行完毕"))
    assert "至今未履行" in _text(_filled("FREEZE", facts))


@pytest.mark.parametrize(
    ("ground", "law"),
    [("被执行人提供担保并经申请执行人同意", "第二百三十一条"), ("上级人民法院通知暂缓", "第七十七条")],
)
def test_a_stay_cites_the_rule_of_its_ground(ground, law, facts):
    text = _text(_filled("STAY", facts, ground=ground))
    assert law in text
    assert ("第二百三十一条" in text) == (law == "第二百三十一条")


def test_what_a_paper_says_has_happened_is_not_to_come(facts):
    assert not _filled("FULFILMENT", facts, fulfilled_on=ON.isoformat()).problems
    later = (ON + dt.timedelta(days=1)).isoformat()
    assert "不能晚于今天" in _filled("FULFILMENT", facts, fulfilled_on=later).problems["fulfilled_on"]
    assert "不能早于今天" in _filled("CLUES_NOTICE", facts, until="2021-01-01").problems["until"]
