"""Calculators by command line, API and page: the worked examples, and a sentence for anything else."""

import datetime as dt
import json
import os
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureau.calendar import WorkCalendar
from tests import processes
from tests.portal.browsers import PUBLIC
from wuhai_exec import calculators

DAYS = WorkCalendar()
DELAY = {
    "kind": "delay-interest",
    "base": "200000.00",
    "period_ended_on": "2021-05-31",
    "payments": [{"on": "2021-07-31", "amount": "80000.00"}],
    "excluded": [{"from": "2021-08-01", "to": "2021-08-10"}],
    "until": "2021-10-31",
}
GENERAL = {"kind": "general-interest", "principal": "100000.00", "from": "2021-01-01", "until": "2021-12-28"}
SHARED = {
    "kind": "distribution",
    "pool": "192100.00",
    "debtor": "person",
    "claims": [
        {"id": "A", "amount": "100000.00", "secured": False, "rank": 1},
        {"id": "B", "amount": "250000.00", "secured": False, "rank": 2},
        {"id": "C", "amount": "150000.00", "secured": False, "rank": 3},
    ],
}
SETTLED = {
    "kind": "settle",
    "pay": "120000.00",
    "items": [
        {"kind": "cost", "amount": "1650.00"},
        {"kind": "interest", "amount": "13758.90"},
        {"kind": "principal", "amount": "150000.00"},
        {"kind": "doubled", "amount": "4803.75"},
    ],
}
NO_AMOUNTS = (
    None, "", "-1", "+1", "1.234", "1e3", "NaN", "Infinity", "1,000.00", " 1", "1\n", ".5", "5.", "１", "0x1", "abc",
    -1, 1.5, float("nan"), float("inf"), True, [], {}, "100000000000000.01", 10**15, "9" * 300,
)  # fmt: skip
EXAMPLES = [
    ({"kind": "due-day", "from": "2021-09-16", "count": 15, "unit": "day"}, {"due_on": "2021-10-08"}),
    ({"kind": "due-day", "from": "2021-09-24", "count": 15, "unit": "day"}, {"due_on": "2021-10-09"}),
    ({"kind": "due-day", "from": "2021-09-29", "count": 3, "unit": "workday"}, {"due_on": "2021-10-09"}),
    ({"kind": "due-day", "from": "2021-08-31", "count": 6, "unit": "month"}, {"due_on": "2022-02-28"}),
    ({"kind": "due-day", "from": "2020-02-29", "count": 1, "unit": "year"}, {"due_on": "2021-03-01"}),
    (
        {"kind": "case-number", "text": "（2021）内0302执15号"},
        {"canonical": "(2021)内0302执15号", "year": 2021, "court": "内0302", "type": "执", "seq": 15, "suffix": None},
    ),
    ({"kind": "case-number", "text": "(2021) 内03 执恢 2 号 之一"}, {"type": "执恢", "seq": 2, "suffix": "之一"}),
    ({"kind": "case-number", "text": "(2014)海执字第123号"}, {"canonical": "(2014)海执字第123号", "legacy": True}),
    (
        {"kind": "id-number", "text": "11010519491231002x"},
        {"canonical": "11010519491231002X", "birth_on": "1949-12-31", "sex": "F"},
    ),
    ({"kind": "uscc", "text": "91350100m000100y43"}, {"canonical": "91350100M000100Y43"}),
    ({"kind": "application-fee", "amount": "12345.67"}, {"fee": "85.19"}),
    ({"kind": "application-fee", "amount": 8000}, {"fee": "50.00"}),
    ({"kind": "application-fee", "amount": "12345.67", "round_to": "1"}, {"fee": "85.00"}),
    ({"kind": "application-fee", "amount": "100000000000000"}, {"fee": "100000067400.00"}),
    ({"kind": "preservation-fee", "amount": "100000.00"}, {"fee": "1020.00"}),
    (DELAY, {"interest": "3857.00"}),
    (DELAY | {"until": ""}, {"interest": "2135.00"}),
    (DELAY | {"excluded": [], "until": "2021-05-31"}, {"interest": "0.00"}),
    (
        {
            "kind": "delay-interest",
            "debts": [{"base": "30000", "period_ended_on": f"2021-{day}"} for day in ("03-31", "06-30", "09-30")],
            "until": "2021-12-20",
        },
        {"interest": "2719.50"},
    ),
    (GENERAL | {"rate": "3.85", "day_basis": 365}, {"interest": "3807.81"}),
    (GENERAL | {"lpr": "1y"}, {"interest": "3806.71"}),
    (GENERAL | {"lpr": "1y", "day_basis": "360"}, {"interest": "3859.58"}),
    (GENERAL | {"lpr": "1y", "multiple": "1.30"}, {"interest": "4948.73"}),
    (GENERAL | {"lpr": "1y", "lpr_on": "2021-12-20"}, {"interest": "3758.36"}),
    (
        {**GENERAL, "principal": "40000", "rate": "0.05", "rate_unit": "day", "from": "2021-09-27"},
        {"interest": "1840.00"},
    ),
    (GENERAL | {"rate": "3.65", "payments": [{"on": "2021-01-11", "amount": "100000.00"}]}, {"interest": "100.00"}),
    (SHARED, {"shares": {"A": "38420.00", "B": "96050.00", "C": "57630.00"}, "left": "0.00"}),
    (
        SHARED | {"debtor": "enterprise"},
        {"shares": {"A": "100000.00", "B": "92100.00", "C": "0.00"}, "left": "0.00"},
    ),
    (
        SHARED | {"claims": [*SHARED["claims"], {"id": "M", "amount": "80000.00", "secured": True, "rank": 1}]},
        {"shares": {"A": "22420.00", "B": "56050.00", "C": "33630.00", "M": "80000.00"}, "left": "0.00"},
    ),
    (SHARED | {"claims": []}, {"shares": {}, "left": "192100.00"}),
    (
        SETTLED,
        {
            "paid": {"cost": "1650.00", "interest": "13758.90", "principal": "104591.10", "doubled": "0.00"},
            "left": {"cost": "0.00", "interest": "0.00", "principal": "45408.90", "doubled": "4803.75"},
        },
    ),
    (
        SETTLED | {"order": ["principal", "cost", "interest", "doubled"]},
        {"paid": {"principal": "120000.00", "cost": "0.00", "interest": "0.00", "doubled": "0.00"}},
    ),
    (SETTLED | {"pay": "170212.75"}, {"surplus": "0.10"}),
]
WRONG = [
    {"kind": "due-day", "from": "2021-02-30", "count": 1, "unit": "day"},
    {"kind": "due-day", "from": "2021-02-03", "count": True, "unit": "day"},
    {"kind": "due-day", "from": "2021-02-03", "count": 1.5, "unit": "day"},
    {"kind": "due-day", "from": "2021-02-03", "count": -1, "unit": "day"},
    {"kind": "due-day", "from": "2021-02-03", "count": 1, "unit": "hour"},
    {"kind": "due-day", "from": "9999-12-30", "count": 5, "unit": "day"},
    {"kind": "due-day", "from": "9999-12-30", "count": 5, "unit": "workday"},
    {"kind": "due-day", "from": "2021-12-30", "count": 36600, "unit": "year"},
    {"kind": "due-day", "from": 20210203, "count": 1, "unit": "day"},
    {"kind": "due-day", "from": "2021-W37-4", "count": 1, "unit": "day"},
    {"kind": "case-number", "text": "2021内执1"},
    {"kind": "case-number", "text": "(2021)内0302执0号"},
    {"kind": "case-number", "text": "(2021)内030执1号"},
    {"kind": "case-number", "text": "(2021)内3执1号"},
    {"kind": "case-number"},
    {"kind": "id-number", "text": "110105194912310021"},
    {"kind": "id-number", "text": "11010519490230002X"},
    {"kind": "uscc", "text": "91350100M000100Y44"},
    *({"kind": "application-fee", "amount": amount} for amount in NO_AMOUNTS),
    {"kind": "application-fee", "amount": "1", "round_to": "0.1"},
    *(DELAY | {"base": amount} for amount in NO_AMOUNTS),
    DELAY | {"debts": [{"base": "1", "period_ended_on": "2021-05-31"}]},
    DELAY | {"until": "2021-13-01"},
    DELAY | {"until": "3000-01-01"},
    DELAY | {"payments": None, "until": None},
    DELAY | {"payments": {"on": "2021-07-31", "amount": "1"}},
    DELAY | {"payments": ["2021-07-31 1"]},
    DELAY | {"payments": [{"on": "2021-07-31", "amount": "-1"}]},
    DELAY | {"payments": [{"on": "2021-07-31", "amount": "1"}] * 1001},
    DELAY | {"excluded": [{"from": "2021-08-10", "to": "2021-08-01"}]},
    DELAY | {"excluded": [{"from": "2021-08-10"}]},
    DELAY | {"period_ended_on": "2014-07-30"},
    GENERAL,
    GENERAL | {"rate": "3.85", "lpr": "1y"},
    GENERAL | {"rate": "3.85", "multiple": "1.30"},
    GENERAL | {"rate": "3.85", "day_basis": 364},
    GENERAL | {"rate": "3.85", "day_basis": True},
    GENERAL | {"rate": "3.85", "until": "2020-12-31"},
    GENERAL | {"rate": "1000.01"},
    GENERAL | {"rate": 3.85},
    GENERAL | {"rate": "1", "rate_unit": "week"},
    GENERAL | {"lpr": "2y"},
    GENERAL | {"lpr": "1y", "from": "2019-08-19"},
    GENERAL | {"lpr": "1y", "multiple": "-1"},
    SHARED | {"debtor": "PERSON"},
    SHARED | {"claims": None},
    SHARED | {"claims": [*SHARED["claims"], {"id": "A", "amount": "1", "secured": False, "rank": 9}]},
    SHARED | {"claims": [{"id": "A", "amount": "1", "secured": "no", "rank": 9}]},
    SHARED | {"claims": [{"id": "A", "amount": "1", "secured": False, "rank": -1}]},
    SHARED | {"claims": [{"id": "", "amount": "1", "secured": False, "rank": 1}]},
    SHARED | {"claims": [{"id": "\ud800", "amount": "1", "secured": False, "rank": 1}]},
    SHARED | {"claims": [{"id": 1, "amount": "1", "secured": False, "rank": 1}]},
    SETTLED | {"items": [{"kind": "fine", "amount": "1"}]},
    SETTLED | {"order": ["cost"]},
    SETTLED | {"order": "cost"},
    SETTLED | {"order": [[], {}, None, 1]},
    {"kind": "nothing"},
    {},
    [],
    "x",
    None,
]


@pytest.mark.parametrize(("question", "said"), EXAMPLES)
def test_worked_examples(question, said):
    answer = calculators.calculate(question, DAYS)
    assert {name: answer[name] for name in said} == said


@pytest.mark.parametrize("question", WRONG, ids=str)
def test_a_bad_question_gets_a_chinese_sentence(question):
    answer = json.loads(calculators.answer_line(json.dumps(question), DAYS))
    assert set(answer) == {"error"}
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer["error"])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=4,
)

SOUND = st.sampled_from(["day", "2021-09-16", "12.34", "1y", "person", 365, "cost", True])
ROW_NAMES = st.sampled_from(["on", "amount", "from", "to", "id", "rank", "secured", "kind", "base", "period_ended_on"])
ROWS = st.lists(st.dictionaries(ROW_NAMES, VALUES | SOUND, max_size=4), max_size=2)
FIELD_NAMES = sorted({name for question, _said in EXAMPLES for name in question} - {"kind"})


@settings(suppress_health_check=[HealthCheck.too_slow])  # of making the questions, on a busy machine
@given(
    question=st.sampled_from([question for question, _said in EXAMPLES]),
    changed=st.dictionaries(st.sampled_from(FIELD_NAMES), VALUES | SOUND | ROWS, max_size=2),
)
def test_no_question_crashes_a_calculator(question, changed):
    answer = json.loads(calculators.answer_line(json.dumps({**question, **changed}), DAYS))
    assert isinstance(answer, dict)


@given(st.text(max_size=60))
def test_no_line_crashes_it_either(line):
    assert json.loads(calculators.answer_line(line, DAYS))


def test_the_command_answers_line_by_line_without_a_database():
    lines = [json.dumps(question, ensure_ascii=False) for question, _said in EXAMPLES] + ["not json", ""]
    # No server answers at this address: the command must not ask.
    environment = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "manage.py", "calculate"],
        input="\n".join(lines).encode() + b"\n\xff\xfe\n",
        cwd=processes.ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert len(answers) == len(lines) + 1
    for answer, (_question, said) in zip(answers, EXAMPLES, strict=False):
        assert {name: answer[name] for name in said} == said
    assert all(set(answer) == {"error"} for answer in answers[len(EXAMPLES) :])


@pytest.mark.django_db
class TestApiAndPages:
    def test_the_api_is_public_and_says_what_is_wrong(self, client):
        cache.clear()
        question = {"from": "2021-09-16", "count": 15, "unit": "day"}
        answer = client.post("/api/v1/calculators/due-day/", question, content_type="application/json")
        assert (answer.status_code, answer.json()["due_on"]) == (200, "2021-10-08")
        assert client.post("/api/v1/calculators/due-day/", {}, content_type="application/json").status_code == 422
        assert client.post("/api/v1/calculators/due-day/", "[]", content_type="application/json").status_code == 422
        broken = client.post("/api/v1/calculators/due-day/", "{", content_type="application/json")
        assert (broken.status_code, broken.json()) == (400, {"error": "请求不是正确的JSON"})
        other = client.post("/api/v1/calculators/due-day/", "x", content_type="text/plain")
        assert (other.status_code, list(other.json())) == (415, ["error"])
        assert client.post("/api/v1/calculators/x/", {}, content_type="application/json").status_code == 404

    def test_the_api_is_throttled(self, client):
        cache.clear()
        ask = [client.post("/api/v1/calculators/uscc/", {}, content_type="application/json") for _turn in range(61)]
        assert [answer.status_code for answer in ask[-2:]] == [422, 429]

    def test_pages_show_the_arithmetic_and_keep_what_was_typed(self, house, login):
        client = login(house.bailiff)
        page = client.post("/calculators/due-day/", {"from": "2021-09-16", "count": "15", "unit": "day"})
        assert "2021-10-08" in page.content.decode()
        assert "届满日为休息日" in page.content.decode()
        wrong = client.post("/calculators/id-number/", {"text": "<b>1</b>"})
        assert wrong.status_code == 422
        assert "&lt;b&gt;1&lt;/b&gt;" in wrong.content.decode()
        assert client.get("/calculators/none/").status_code == 404

    @pytest.mark.parametrize("kind", calculators.ALL)
    def test_every_page_opens_and_says_what_is_missing_beside_a_field(self, house, login, kind):
        client = login(house.bailiff)
        assert client.get(f"/calculators/{kind}/").status_code == 200
        empty = client.post(f"/calculators/{kind}/", {})
        assert empty.status_code == 422
        assert 'aria-invalid="true"' in empty.content.decode()

    def test_lists_are_typed_line_by_line_as_people_write_numbers(self, house, login):
        client = login(house.bailiff)
        asked = {"debts": "200,000.00 2021-05-31", "payments": "\n2021-07-31\t80,000.00\n\n", "excluded": ""}
        text = client.post("/calculators/delay-interest/", asked | {"until": "2021-10-31"}).content.decode()
        assert "<strong>4,067.00</strong>" in text
        assert "120,000.00 × 0.0175% × 153 = 3,213.00" in text
        assert "2021-07-31\t80,000.00" in text

    @pytest.mark.parametrize(
        ("kind", "asked", "said"),
        [
            ("delay-interest", {"debts": "1 2021-05-31\n\n1"}, "“债务”第 2 行：每行应依次为：金额 履行期届满日"),
            ("delay-interest", {"debts": "1 2021-05-31\n1,00 2021-05-31"}, "“债务”第 2 行：“金额”应为不带符号的数字"),
            (
                "delay-interest",
                {"debts": "1 2021-05-31", "payments": "2021-02-30 1"},
                "“已付”第 1 行：“付款日”应为日期",
            ),
            ("distribution", {"pool": "1", "debtor": "person", "claims": "A 1 也许 1"}, "“优先或普通”应为"),
            ("settle", {"pay": "1", "items": "本金 1\n罚金 1"}, "“应付项目”第 2 行：“项目”应为以下之一"),
            ("general-interest", GENERAL | {"until": "2020-01-01", "rate": "1"}, "“截止日”不应早于“起算日”"),
            ("settle", {"pay": "1", "items": "本金 1\n" * 1001}, "“应付项目”至多 1000 行"),
        ],
    )
    def test_a_wrong_line_is_named_by_number_in_the_words_of_the_page(self, house, login, kind, asked, said):
        answer = login(house.bailiff).post(f"/calculators/{kind}/", asked)
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_sums_by_row_are_shown_under_their_names(self, house, login):
        client = login(house.bailiff)
        lines = "A 100000.00 普通 1\nM 80000 优先 1\nB 250000 普通 2\n<i> 150000 普通 3"
        asked = {"pool": "192,100.00", "debtor": "person", "claims": lines}
        text = client.post("/calculators/distribution/", asked).content.decode()
        assert '<td>M</td><td class="num">80,000.00</td>' in text
        assert '<td>&lt;i&gt;</td><td class="num">33,630.00</td>' in text
        asked = {"pay": "2000", "items": "费用 1650\n利息 13,758.90\n本金 1\n加倍 1"}
        text = client.post("/calculators/settle/", asked).content.decode()
        assert '<td>利息</td><td class="num">350.00</td><td class="num">13,408.90</td>' in text

    def test_the_api_answers_and_refuses_lists(self, client):
        cache.clear()
        answer = client.post("/api/v1/calculators/distribution/", SHARED, content_type="application/json")
        assert answer.json()["shares"] == {"A": "38420.00", "B": "96050.00", "C": "57630.00"}
        wrong = SETTLED | {"items": [{"kind": "cost", "amount": "1"}, {"kind": "cost"}]}
        answer = client.post("/api/v1/calculators/settle/", wrong, content_type="application/json")
        assert answer.status_code == 422
        assert "“items”第 2 行" in answer.json()["error"]


def test_what_is_cited_is_of_the_day(monkeypatch):
    question = {"kind": "distribution", "pool": "100.00", "debtor": "person"}
    question["claims"] = [{"id": "A", "amount": "1.00", "secured": False, "rank": 1}]
    monkeypatch.setattr("bureau.clock.today", lambda: dt.date(2021, 9, 20))
    then = calculators.calculate(question, DAYS)["steps"][-1]
    assert "508" in then
    assert "510" in then
    assert "2022年修正前文本" in then
    now = calculators.calculate({**question, "on": "2023-01-01"}, DAYS)["steps"][-1]
    assert "506" in now


@pytest.mark.django_db
def test_one_basis_line_stands_on_the_page(monkeypatch):
    monkeypatch.setattr("bureau.clock.today", lambda: dt.date(2021, 9, 20))
    asked = {"pool": "100.00", "debtor": "person", "claims": "A 1.00 普通 1", "on": "2021-09-20"}
    with PUBLIC:
        client = Client()
        address = "/calculators/distribution/"
        assert 'value="2021-09-20"' in client.get(address).content.decode()
        text = client.post(address, asked).content.decode()
    assert text.count("依据：") == 1
