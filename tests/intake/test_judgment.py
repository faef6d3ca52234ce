"""Reading judgments: samples with invented people, what is read, what is left, and that nothing ever breaks it."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau.errors import Refused
from cases import basis
from cases.models import Case, Claim
from documents.scanning import EICAR
from intake import judgment, judgmentclaims, judgmentfiles, judgmentwords
from intake.models import Condition
from tests import factories
from tests.intake.test_views import NEW, typed

HEAD = """内蒙古自治区乌海市海勃湾区人民法院
民事判决书
（2021）内0302民初100号
原告：张某某，男，1949年12月31日出生，汉族，住内蒙古自治区乌海市海勃湾区某小区1号，公民身份号码11010519491231002X。
被告：乌海市样例商贸有限公司，住所地乌海市海南区某路2号，统一社会信用代码91350100M000100Y43。
法定代表人：李某某，经理。
被告：王某某，男，住乌海市乌达区某街3号。
原告张某某与被告乌海市样例商贸有限公司、王某某民间借贷纠纷一案，本院依法审理终结。
"""
FULL = (
    HEAD
    + """判决如下：
一、被告乌海市样例商贸有限公司于本判决生效之日起十日内偿还原告张某某借款本金500,000元及利息30000元（截至2021年3月1日），并支付自2021年3月2日起至实际付清之日止，以500000元为基数，按照全国银行间同业拆借中心公布的一年期贷款市场报价利率四倍计算的利息；
二、被告王某某对上述第一项债务承担连带清偿责任；
三、驳回原告张某某的其他诉讼请求。
如果未按本判决指定的期间履行给付金钱义务，应当依照规定，加倍支付迟延履行期间的债务利息。
案件受理费8800元，减半收取4400元，由被告乌海市样例商贸有限公司、王某某负担。
如不服本判决，可以在判决书送达之日起十五日内提起上诉。
审判员赵某某
二〇二一年五月十日"""
)


def claims(text):
    rows = [row.values for row in judgment.read(text).proposals if row.kind == "CLAIM"]
    return [(row["kind"], row.get("amount", "")) for row in rows]


def side(text, kind):
    return [row.values["name"] for row in judgment.read(text).proposals if row.kind == kind]


def reasons(text):
    return "；".join(row.reason for row in judgment.read(text).left)


def one(operative):
    return "判决如下：" + operative


class TestParties:
    @pytest.mark.parametrize("owed", ["违约金二万元", "利息3000元", "货款五万元", "赔偿金1万元"])
    def test_what_is_owed_to_somebody_without_a_name_is_nobodys_name(self, owed):
        assert side(one(f"一、被告王某某给付原告{owed}；"), "APPLICANT") == []

    def test_what_stands_in_a_sentence_of_its_own_belongs_to_the_party_before(self):
        head = HEAD.replace(
            "，公民身份号码11010519491231002X。", "。公民身份号码：11010519491231002X。联系电话：13800001234。"
        )
        rows = judgment.read(head + FULL.removeprefix(HEAD)).proposals
        by_name = {row.values["name"]: row.values for row in rows if row.kind in ("APPLICANT", "DEBTOR")}
        assert by_name["张某某"]["id_number"] == "11010519491231002X"
        assert by_name["张某某"]["phone"] == "13800001234"
        assert by_name["乌海市样例商贸有限公司"]["legal_representative"] == "李某某"
        assert "id_number" not in by_name["王某某"]


class TestWhole:
    def test_a_whole_judgment_fills_basis_parties_claims_and_due(self):
        reading = judgment.read(FULL)
        basis_values = {}
        for row in reading.proposals:
            if row.kind in ("BASIS", "DUE"):
                basis_values |= row.values
        assert basis_values == {
            "basis_issuer": "内蒙古自治区乌海市海勃湾区人民法院",
            "basis_kind": "J1",
            "basis_number": "(2021)内0302民初100号",
            "cause": "民间借贷纠纷",
            "basis_made_on": "2021-05-10",
            "due_count": "10",
            "due_unit": "day",
        }
        assert side(FULL, "APPLICANT") == ["张某某"]
        assert side(FULL, "DEBTOR") == ["乌海市样例商贸有限公司", "王某某"]
        assert claims(FULL) == [
            ("PRINCIPAL", "500000.00"),
            ("INTEREST", "30000.00"),
            ("INTEREST", ""),
            ("COURT_FEE", "4400.00"),
        ]
        running = next(row.values for row in reading.proposals if row.values.get("rate"))
        assert running["base"] == "500000.00"
        assert running["from_on"] == "2021-03-02"
        assert "四倍" in running["rate"]
        for words in ("连带责任", "驳回部分", "加倍部分"):
            assert words in reasons(FULL)
        assert judgment.total(reading) == 534400

    def test_every_span_is_the_source_of_its_value(self):
        reading = judgment.read(FULL)
        for row in reading.proposals:
            words = reading.text[row.start : row.end]
            assert words, row
            if amount := row.values.get("amount"):
                assert amount.split(".")[0] in words.replace(",", "")
        assert "".join(text for text, _tone in reading.segments()) == FULL

    def test_details_of_parties_come_from_their_own_line(self):
        rows = {row.values["name"]: row.values for row in judgment.read(FULL).proposals if "name" in row.values}
        assert rows["张某某"]["id_number"] == "11010519491231002X"
        assert rows["乌海市样例商贸有限公司"]["id_number"] == "91350100M000100Y43"
        assert rows["乌海市样例商贸有限公司"]["legal_representative"] == "李某某"
        assert "id_number" not in rows["王某某"]

    def test_line_breaks_of_a_pdf_within_words_do_not_matter(self):
        broken = FULL.replace("本金500", "本\n金 500").replace("生效之日起", "生效之\n日起")
        assert claims(broken) == claims(FULL)


class TestSamples:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("一、被告李某某于本判决生效后十日内给付原告张某某货款人民币５万元。", [("PRINCIPAL", "50000.00")]),
            ("被告李某某偿还原告张某某借款本金人民币伍万零叁佰元整。", [("PRINCIPAL", "50300.00")]),
            ("被告李某某支付原告张某某借款50,000.50元（大写：伍万元整）。", [("PRINCIPAL", "50000.50")]),
            ("被告李某某支付原告张某某违约金1.2万元。", [("PENALTY", "12000.00")]),
            (
                "被告某某厂支付原告张某某2021年1月至3月工资15000元、经济补偿金5000元，合计20000元。",
                [("WAGES", "15000.00"), ("WAGES", "5000.00")],
            ),
            (
                "被告李某某赔偿原告张某某医疗费3000元、误工费2000元、护理费1000元，共计6000元。",
                [("COMPENSATION", "3000.00"), ("COMPENSATION", "2000.00"), ("COMPENSATION", "1000.00")],
            ),
            ("被告李某某自2021年1月起每月支付张某某抚养费800元。", []),
            ("被告李某某于本判决生效之日起十日内腾退位于海勃湾区某路的房屋。", [("ACT", "")]),
            ("被告李某某向原告张某某交付某牌小型轿车一辆。", [("DELIVERY", "")]),
            ("维持乌海市海勃湾区人民法院(2021)内0302民初100号民事判决第一项。", []),
            ("被告李某某在20万元限额内承担责任。", []),
            ("被告李某某支付原告张某某某某事项3000元。", []),
            ("案件受理费1050元，由原告张某某负担。", [("COURT_FEE", "1050.00")]),
            (
                "案件受理费1050元、保全费520元，由被告李某某负担。",
                [("COURT_FEE", "1050.00"), ("PRESERVATION_FEE", "520.00")],
            ),
        ],
    )
    def test_claims_of_one_item(self, text, expected):
        assert claims(one(text)) == expected

    def test_costs_of_the_plaintiff_himself_are_left(self):
        text = HEAD + "判决如下：一、被告王某某偿还原告张某某借款1000元。案件受理费50元，由原告张某某负担。"
        assert claims(text) == [("PRINCIPAL", "1000.00")]
        assert "由申请一方负担" in reasons(text)

    def test_sums_in_words_and_figures_that_differ_are_pointed_out(self):
        text = one("被告李某某支付原告张某某借款50,000元（大写：陆万元整）。")
        [row] = [row for row in judgment.read(text).proposals if row.kind == "CLAIM"]
        assert not row.is_sure
        assert "不一致" in row.note

    @pytest.mark.parametrize(("total", "words"), [("3000", "相符"), ("3001", "不符")])
    def test_a_stated_total_is_added_up(self, total, words):
        text = one("".join(("被告李某某支付原告张某某本金1000元、利息2000元，合计", total, "元。")))
        assert words in reasons(text).replace("不符", "不符" if words == "不符" else "")

    @pytest.mark.parametrize(
        ("text", "values"),
        [
            ("被告李某某于2021年6月30日前付清借款1000元。", {"performance_due_on": "2021-06-30"}),
            ("被告李某某于2021年6月30日前付500元，2021年12月31日前付500元。", {"performance_due_on": "2021-12-31"}),
            ("被告李某某于本裁决书生效之日起15日内支付1000元。", {"due_count": "15", "due_unit": "day"}),
            ("被告李某某于本判决送达之日起十日内支付1000元。", {}),
        ],
    )
    def test_the_time_for_performance(self, text, values):
        [row] = [row for row in judgment.read(one(text)).proposals if row.kind == "DUE"]
        assert dict(row.values) == values

    @pytest.mark.parametrize(
        ("rate", "written"),
        [
            ("年利率6%", "年利率6%"),
            ("月利率１.５％", "月利率1.5%"),
            ("日万分之五", "日万分之五"),
            ("一年期LPR的1.5倍", "LPR"),
        ],
    )
    def test_rates(self, rate, written):
        text = one(
            "".join(
                ("被告李某某支付原告张某某利息，以50000元为基数，按", rate, "计算，自2020年2月29日起至付清之日止。")
            )
        )
        [row] = [row for row in judgment.read(text).proposals if row.kind == "CLAIM"]
        assert written in row.values["rate"]
        assert row.values["base"] == "50000.00"
        assert row.values["from_on"] == "2020-02-29"

    @pytest.mark.parametrize(
        ("head", "kind"),
        [
            ("乌海仲裁委员会\n裁决书\n乌仲裁字（2021）第12号\n", "A1"),
            ("乌海市劳动人事争议仲裁委员会\n仲裁裁决书\n乌劳人仲字〔2021〕12号\n", "A2"),
            ("乌海市乌达区人民法院\n民事调解书\n（2021）内0304民初7号\n", "J2"),
            ("乌海市海南区人民法院\n支付令\n（2021）内0303民督7号\n", "J3"),
        ],
    )
    def test_kind_of_the_paper(self, head, kind):
        text = (
            head
            + "申请人：张某某，男。\n被申请人：乌海市样例商贸有限公司。\n"
            + "裁决如下：一、被申请人乌海市样例商贸有限公司支付申请人张某某工资8000元。"
        )
        values = {}
        for row in judgment.read(text).proposals:
            values |= row.values if row.kind == "BASIS" else {}
        assert values["basis_kind"] == kind
        assert values["basis_number"]
        assert side(text, "APPLICANT") == ["张某某"]
        assert side(text, "DEBTOR") == ["乌海市样例商贸有限公司"]

    def test_mediation_without_a_named_creditor_is_only_a_question(self):
        text = (
            HEAD
            + "自愿达成如下协议：一、被告王某某于2021年8月1日前支付货款1000元。上述协议，不违反法律规定，本院予以确认。"
        )
        [row] = [row for row in judgment.read(text).proposals if row.kind == "APPLICANT"]
        assert not row.is_sure
        assert row.values["name"] == "张某某"

    @pytest.mark.parametrize("day", ["2021年2月30日", "2021年13月1日"])
    def test_a_day_that_does_not_exist_is_no_due_day(self, day):
        text = one("".join(("被告李某某于", day, "前付清借款1000元。")))
        assert not [row for row in judgment.read(text).proposals if row.kind == "DUE"]


PIECES = st.sampled_from(
    [
        *"一二三、；。（）()，：\n０９9.%元万",
        "判决如下：",
        "原告",
        "被告",
        "张某某",
        "有限公司",
        "支付",
        "利息",
        "以",
        "为基数",
        "自",
        "2021年2月30日",
        "起",
        "案件受理费",
        "负担",
        "1,000",
        "年利率",
        "连带责任",
        "维持",
        "生效之日起",
        "十日内",
        "\x00",
        "身份证号码",
        "伍万",
        "合计",
    ]
)


class TestFuzz:
    @settings(max_examples=150, deadline=None)
    @given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=120).map("".join)))
    def test_never_raises_and_spans_lie_within(self, text):
        reading = judgment.read(text)
        for row in (*reading.proposals, *reading.left):
            assert 0 <= row.start <= row.end <= len(reading.text)
        assert "".join(piece for piece, _tone in reading.segments()) == reading.text

    @pytest.mark.timeout(20)
    @pytest.mark.parametrize("sign", ["一、", "被告", "(", "1,000", "以", "张", "自2021年1月1日", "伍", "住", "。\n"])
    def test_the_longest_text_is_read_in_time(self, sign):
        judgment.read(one(sign * (judgment.TEXT_MAX // len(sign) - 10)))

    def test_codes_are_those_of_the_case_file(self):
        assert {kind for kind, _names in judgmentclaims._KINDS} <= set(Claim.Kind.values)
        choices = {code for _group, rows in basis.choices() for code, _label in rows}
        assert {choice for _title, choice in judgment._TITLES} | {"A2:仲裁调解书"} <= choices

    def test_numerals(self):
        for text, number in (
            ("伍万零叁佰", 50300),
            ("十", 10),
            ("一百二十", 120),
            ("两亿零五", 200000005),
            ("某", None),
        ):
            assert judgmentwords.number_in_words(text) == number


class TestFiles:
    def test_word_and_text_are_read(self):
        paper = docx.Document()
        for line in FULL.split("\n"):
            paper.add_paragraph(line)
        content = io.BytesIO()
        paper.save(content)
        for name, data in (("a.docx", content.getvalue()), ("a.txt", FULL.encode("gb18030"))):
            assert claims(judgmentfiles.text_of(SimpleUploadedFile(name, data))) == claims(FULL)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "空"),
            (b"%PDF-1.4 broken", "PDF"),
            (b"PK\x03\x04 broken", "docx"),
            (b"\x00\xff\x00\xff", "只接受"),
            (EICAR, "病毒"),
        ],
    )
    def test_others_are_refused_with_a_reason(self, content, words):
        with pytest.raises(Refused, match=words):
            judgmentfiles.text_of(SimpleUploadedFile("a", content))


@pytest.mark.django_db
class TestPage:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch):
        moment = factories.moment(2021, 9, 1)
        monkeypatch.setattr("bureau.clock.now", lambda: moment)
        monkeypatch.setattr("bureau.clock.today", moment.date)

    def blank(self, **changes):
        data = {
            f"{name}-{part}_FORMS": str(int(part == "TOTAL"))
            for name in ("applicants", "debtors", "claims", "materials")
            for part in ("TOTAL", "INITIAL")
        }
        return {
            **data,
            "applicants-0-kind": "PERSON",
            "debtors-0-kind": "PERSON",
            "claims-0-kind": "PRINCIPAL",
            **changes,
        }

    def test_reading_marks_the_source_and_files_nothing(self, house, login):
        answer = login(house.window_clerk).post(NEW, self.blank(judgment=FULL, do="read", clues="某小区房产"))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert '<mark class="read">' in page
        assert "某小区房产" in page
        assert "请改正" not in page
        assert not Case.objects.exists()

    def test_what_is_chosen_fills_the_form_and_the_case_can_be_filed_from_it(self, house, login):
        client = login(house.window_clerk)
        numbers = [str(row) for row in range(len(judgment.read(FULL).proposals))]
        answer = client.post(
            NEW, self.blank(judgment=FULL, do="take", take=numbers, basis_effective_on="2021-06-01", clues="某")
        )
        page = answer.context["filing"]
        assert answer.status_code == 200
        assert page.data["applicants-0-name"] == "张某某"
        assert page.data["debtors-TOTAL_FORMS"] == "2"
        assert page.data["claims-TOTAL_FORMS"] == "4"
        assert page.data["performance_due_on"] == "2021-06-11"
        assert page.data["clues"] == "某"
        sent = {name: page.data[name] for name in page.data if name not in ("do", "take")}
        sent["claims-2-amount"] = "1000"
        sent["court"] = "内0302"
        sent |= {"source-reason": "POST", "source-words": "挂号信1号"}
        sent |= {"met": Condition.values, "seen": ["APPLICATION", "DOCUMENT"]}
        answer = client.post(NEW, sent)
        if answer.status_code == 422:
            assert not answer.context["filing"].has_errors
            answer = client.post(NEW, {**sent, "checked": answer.context["filing"].warnings_key})
        assert answer.status_code == 302
        claims = Case.objects.get().claims
        assert claims.count() == 4
        doubled = {row.kind: row.is_doubled for row in claims.all()}
        assert (doubled["PRINCIPAL"], doubled["COURT_FEE"]) == (True, False)

    def test_what_is_typed_stays(self, house, login):
        numbers = [str(row) for row in range(len(judgment.read(FULL).proposals))]
        answer = login(house.window_clerk).post(
            NEW, {**typed(cause="买卖合同纠纷"), "judgment": FULL, "do": "take", "take": numbers}
        )
        page = answer.context["filing"]
        assert page.data["cause"] == "买卖合同纠纷"
        assert page.data["applicants-0-name"] == "张安然"
        assert page.data["applicants-1-name"] == "张某某"
        assert "未改动" in answer.content.decode()

    @pytest.mark.parametrize(
        "data",
        [{}, {"judgment": ""}, {"judgment": "长" * 60_001}, {"judgment": "<script>x</script>"}, {"take": ["9", "x"]}],
    )
    def test_hostile_and_empty_input(self, house, login, data):
        for act in ("read", "take"):
            answer = login(house.window_clerk).post(NEW, {**data, "do": act})
            assert answer.status_code == 200
            assert "<script>x" not in answer.content.decode()

    def test_other_roles_read_nothing(self, house, login):
        assert login(house.judge).post(NEW, {"judgment": FULL, "do": "read"}).status_code == 403


@pytest.mark.django_db
class TestScanner:
    def test_an_infected_scan_is_not_kept(self, house, login):
        content = b"%PDF-1.4\n" + EICAR
        answer = login(house.window_clerk).post(
            NEW, {**typed(), "materials-0-file": SimpleUploadedFile("a.pdf", content)}
        )
        assert "病毒" in answer.content.decode()

    def test_a_scanner_that_fails_lets_nothing_in(self, house, login, settings):
        settings.SCANNER = "documents.scanning.NoSuch"
        answer = login(house.window_clerk).post(
            NEW, {**typed(), "materials-0-file": SimpleUploadedFile("a.pdf", b"%PDF-1.4\n")}
        )
        assert "没有完成" in answer.content.decode()
