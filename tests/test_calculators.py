"""Calculators by command line, API and page: the worked examples, and a sentence for anything else."""

import json
import os
import subprocess
import sys

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from bureau.calendar import WorkCalendar
from tests import processes
from wuhai_exec import calculators

DAYS = WorkCalendar()
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
    {"kind": "case-number", "text": "2021内执1"},
    {"kind": "case-number", "text": "(2021)内0302执0号"},
    {"kind": "case-number"},
    {"kind": "id-number", "text": "110105194912310021"},
    {"kind": "id-number", "text": "11010519490230002X"},
    {"kind": "uscc", "text": "91350100M000100Y44"},
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
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(
    kind=st.sampled_from(list(calculators.ALL)),
    payload=st.dictionaries(
        st.sampled_from(["from", "count", "unit", "text"]), VALUES | st.sampled_from(["day", "2021-09-16"])
    ),
)
def test_no_question_crashes_a_calculator(kind, payload):
    answer = json.loads(calculators.answer_line(json.dumps({"kind": kind, **payload}), DAYS))
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
        assert client.post("/api/v1/calculators/due-day/", "{", content_type="application/json").status_code == 400
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
