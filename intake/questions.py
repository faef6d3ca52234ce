"""What a version of the questions may say, which of them are asked, and what is missing or wrong in the answers; pure.

A version is data: `{"questions": [{key, label, kind, …}], "told": [{key, text}]}`. A question may depend on one earlier
answer (`when`), or on what the record itself is: `_subject` (PERSON, ORGANISATION) and `_flag` (LABOUR, SUPPORT).
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bureau.forms import YuanField

TEXT, CHOICE, DATE, AMOUNT, YESNO = "text", "choice", "date", "amount", "yesno"
KINDS = (TEXT, CHOICE, DATE, AMOUNT, YESNO)
YES, NO = "是", "否"
# What the record itself is; they may be branched on like an earlier answer.
SUBJECT, FLAG = "_subject", "_flag"
# Asked of everybody and never left for later (domain handbook §3.7); a version may put them in other words only.
TWELVE = {
    "visitor": TEXT,
    "identity_check": CHOICE,
    "relation": CHOICE,
    "contact_phone": TEXT,
    "basis_number": TEXT,
    "demand": TEXT,
    "is_performed": YESNO,
    "debtor": TEXT,
    "debtor_whereabouts": TEXT,
    "has_clues": YESNO,
    "is_seized": YESNO,
    "address": TEXT,
}
# Never printed or shown whole: the number itself stands in the signed confirmation of the account.
SECRET = frozenset({"payee_account"})
# A page of more fields than that is refused by the framework.
QUESTIONS_MAX, TOLD_MAX, OPTIONS_MAX = 80, 30, 30
LABEL_MAX, HINT_MAX, OPTION_MAX, TEXT_MAX, ANSWER_MAX = 120, 200, 60, 300, 2000
KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `section` heads the ones that follow it, `when` is (key, the answers by which it is asked)."""

    key: str
    label: str
    kind: str = TEXT
    is_required: bool = False
    options: tuple[str, ...] = ()
    when: tuple[str, tuple[str, ...]] | None = None
    hint: str = ""
    section: str = ""
    is_long: bool = False

    @property
    def depends_on(self) -> str:
        """Return the key of the answer that it hangs on."""
        return self.when[0] if self.when else ""

    @property
    def answers_wanted(self) -> tuple[str, ...]:
        """Return the answers by which it is asked."""
        return self.when[1] if self.when else ()


def content_of(questions: Iterable[Question], told: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return a version as it is kept."""
    rows = [json.loads(json.dumps(asdict(question))) for question in questions]
    return {"questions": rows, "told": [{"key": key, "text": text} for key, text in told]}


def sha256_of(content: Content) -> str:
    """Return the hash of a version."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def questions_of(content: Content) -> list[Question]:
    """Return the questions of a version."""
    rows = []
    for row in content["questions"]:
        when = (row["when"][0], tuple(row["when"][1])) if row.get("when") else None
        rows.append(Question(**{**row, "options": tuple(row.get("options", ())), "when": when}))
    return rows


def told_of(content: Content) -> list[tuple[str, str]]:
    """Return what everybody is told, by key."""
    return [(row["key"], row["text"]) for row in content["told"]]


def problems(content: Content) -> list[str]:
    """Return every sentence that stands against a version; none means that it may be used."""
    try:
        questions, told = questions_of(content), told_of(content)
    except (KeyError, TypeError, IndexError, AttributeError):
        return [_("问题的格式不完整")]
    said: list[str] = []
    known: dict[str, Question] = {}
    if not 1 <= len(questions) <= QUESTIONS_MAX:
        said.append(_("问题应为 1 至 %(max)d 个") % {"max": QUESTIONS_MAX})
    for number, question in enumerate(questions[:QUESTIONS_MAX], start=1):
        said += [_("第 %(number)d 题：%(text)s") % {"number": number, "text": text} for text in _wrong(question, known)]
        known[question.key] = question
    said += _core(known)
    if not 1 <= len(told) <= TOLD_MAX or any(not text or len(text) > TEXT_MAX for _key, text in told):
        words = {"count": TOLD_MAX, "max": TEXT_MAX}
        said.append(_("告知事项应为 1 至 %(count)d 项，每项不超过 %(max)d 字") % words)
    if len({key for key, _text in told}) < len(told) or not all(KEY.match(str(key)) for key, _text in told):
        said.append(_("告知事项的代码重复或者不对"))
    return said


def _wrong(question: Question, known: Mapping[str, Question]) -> list[str]:
    said = []
    if not isinstance(question.key, str) or not KEY.match(question.key):
        return [_("代码应为小写字母、数字和下划线")]
    if question.key in known:
        said.append(_("代码 %(key)s 重复") % {"key": question.key})
    if not 1 <= len(question.label) <= LABEL_MAX:
        said.append(_("问题应为 1 至 %(max)d 字") % {"max": LABEL_MAX})
    if len(question.hint) > HINT_MAX:
        said.append(_("提示不超过 %(max)d 字") % {"max": HINT_MAX})
    if question.kind not in KINDS:
        said.append(_("没有这种答法"))
    if (question.kind == CHOICE) != bool(question.options) or len(question.options) > OPTIONS_MAX:
        said.append(_("选择题应列出选项，其他题没有选项"))
    if any(not option or len(option) > OPTION_MAX or "|" in option for option in question.options):
        said.append(_("选项不能为空，不超过 %(max)d 字，不含竖线") % {"max": OPTION_MAX})
    if question.when:
        said += _wrong_branch(question, known)
    return said


def _wrong_branch(question: Question, known: Mapping[str, Question]) -> list[str]:
    key, wanted = question.depends_on, question.answers_wanted
    fixed: dict[str, tuple[str, ...]] = {SUBJECT: ("PERSON", "ORGANISATION"), FLAG: ("LABOUR", "SUPPORT")}
    allowed = fixed.get(key)
    if allowed is None:
        parent = known.get(key)
        if parent is None or parent.kind not in (CHOICE, YESNO):
            return [_("只能由在前的选择题或者是否题决定是否发问")]
        allowed = parent.options if parent.kind == CHOICE else (YES, NO)
    if not wanted or not set(wanted) <= set(allowed):
        return [_("决定发问的答案不在选项之中")]
    return []


def _core(known: Mapping[str, Question]) -> list[str]:
    said = []
    for key, kind in TWELVE.items():
        question = known.get(key)
        if question is None or not question.is_required or question.when or question.kind != kind:
            said.append(_("必问事项 %(key)s 不能删去、改变答法、附加条件或者改为可以后再问") % {"key": key})
    return said


def asked(questions: Iterable[Question], answers: Mapping[str, str], *, subject: str, flag: str) -> list[Question]:
    """Return the questions that are asked under these answers, in order; what hangs on an unasked one is not."""
    said = {SUBJECT: subject, FLAG: flag}
    rows = []
    for question in questions:
        if question.when is None or said.get(question.depends_on, "") in question.answers_wanted:
            rows.append(question)
            said[question.key] = answers.get(question.key, "").strip()
    return rows


def possible(questions: Iterable[Question], *, subject: str, flag: str) -> list[Question]:
    """Return the questions that may come up in such a record at all; the page holds these."""
    fixed = {SUBJECT: subject, FLAG: flag}
    rows: list[Question] = []
    gone: set[str] = set()
    for question in questions:
        key = question.depends_on
        if key in gone or (key in fixed and fixed[key] not in question.answers_wanted):
            gone.add(question.key)
        else:
            rows.append(question)
    return rows


def cleaned(questions: Iterable[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """Return what may be kept of what was typed: known questions, no longer than allowed, no control characters."""
    known = {question.key for question in questions}
    rows = {key: _plain(text) for key, text in answers.items() if key in known}
    return {key: text for key, text in rows.items() if text}


def _plain(text: str) -> str:
    kept = "".join(mark for mark in text.replace("\r\n", "\n") if mark in "\n\t" or mark >= " ")
    # A trailing blank is still being typed; only a wholly blank answer is none.
    return kept[:ANSWER_MAX] if kept.strip() else ""


def missing(rows: Iterable[Question], answers: Mapping[str, str], *, today: dt.date) -> dict[str, str]:
    """Return what is wrong before the record is read back, by key: required and empty, or no such day, sum, choice."""
    found = {}
    for question in rows:
        text = answers.get(question.key, "").strip()
        if not text:
            if question.is_required:
                found[question.key] = _("必问事项，请填写")
        elif fault := _fault(question, text, today):
            found[question.key] = fault
    return found


def _fault(question: Question, text: str, today: dt.date) -> str:
    if question.kind == YESNO and text not in (YES, NO):
        return _("请选择是或者否")
    if question.kind == CHOICE and text not in question.options:
        return _("请选择列表中的一项")
    if question.kind == DATE and day_of(text) is None:
        return _("请填写日期，如 2021-12-27")
    if question.kind == AMOUNT and sum_of(text) is None:
        return _("请填写金额，只用数字和小数点")
    return ""


def day_of(text: str) -> dt.date | None:
    """Return the day that was written, or none."""
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


def sum_of(text: str) -> Decimal | None:
    """Return the sum that was written, or none."""
    try:
        amount: Decimal | None = YuanField(required=False).clean(text)
    except ValidationError:
        return None
    return amount
