"""The transcript of a reception: what is printed of it, its hash, and the PDF that goes into the file."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from documents import numerals
from documents.typesetting import typeset
from intake import questions
from intake.models import Reception
from intake.questions import Question
from intake.signatures import as_svg

SOURCE = Path(__file__).with_name("transcript.typ")
TITLE = "初次接待笔录"
STATEMENT = "以上笔录已向被接待人宣读（交被接待人阅读），被接待人表示与所说一致，没有需要补充、更正的内容。"
LATER, TAIL = "（以后再问）", "尾号"
HASH, SIGNED_APART = "笔录内容摘要（SHA-256）：", "（签名见附后的纸质签名件扫描）"


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer as printed."""

    question: Question
    answer: str
    section: str = ""


def asked_of(record: Reception) -> list[Question]:
    """Return the questions that are asked in this record."""
    rows = questions.questions_of(record.template.content)
    return questions.asked(rows, record.answers, subject=record.subject, flag=record.flag)


def lines(record: Reception) -> list[Line]:
    """Return the questions and answers in the order of the record; of an account the end only.

    What was asked and neither answered nor left for later was not spoken of, and is not printed.
    """
    answers, later = record.answers, set(record.later)
    rows, section = [], ""
    for question in asked_of(record):
        section = question.section or section
        text = answers.get(question.key, "").strip()
        if text and question.key in questions.SECRET:
            text = "".join((TAIL, text[-4:]))
        if not text and question.key in later:
            text = LATER
        if text:
            rows.append(Line(question, text, section))
            section = ""
    return rows


def told(record: Reception) -> list[str]:
    """Return what the person was told, in words."""
    chosen = set(record.told)
    return [text for key, text in questions.told_of(record.template.content) if key in chosen]


def heads(record: Reception) -> list[tuple[str, str]]:
    """Return what stands above the questions."""
    rows = [
        ("时间", _span(record)),
        ("地点", "".join((record.window.name, "（", str(Reception.Place(record.place).label), "）"))),
        ("接待人", record.receptionist.name),
        ("记录人", record.recorder.name),
        ("请求类型", str(record.get_claim_type_display())),
    ]
    if record.flag:
        rows.append(("民生案件", str(Reception.Flag(record.flag).label)))
    return rows


def _span(record: Reception) -> str:
    ends = (record.started_at, record.ended_at)
    return " 至 ".join(f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" for moment in ends if moment)


def hash_of(record: Reception) -> str:
    """Return the hash of everything that was signed: who, where, when, what was asked, said and told, and the sign."""
    parts: dict[str, Any] = {
        "answers": record.answers,
        "later": record.later,
        "told": record.told,
        "template": record.template.sha256,
        "heads": heads(record),
        "subject": record.subject,
        "read_back_at": _moment(record.read_back_at),
        "signed_by": record.signed_by,
        "signed_at": _moment(record.signed_at),
        "signature": [record.signature, record.signature_sha256],
        "corrects": record.corrects_id,
    }
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat() if moment else ""


def pdf(record: Reception, *, on: dt.date, picture: bytes | None = None) -> bytes:
    """Return the transcript as PDF/A; raises CannotPrint for a character that no font has."""
    data = {
        "title": TITLE,
        "year": on.year,
        "month": on.month,
        "day": on.day,
        "heads": [list(row) for row in heads(record)],
        "rows": [
            {"section": line.section, "question": line.question.label, "answer": line.answer} for line in lines(record)
        ],
        "told": told(record),
        "statement": STATEMENT if record.read_back_at else "",
        "svg": as_svg(picture) if picture else "",
        "signed": SIGNED_APART if record.signature == Reception.Signature.SCAN else "",
        "signer": record.signed_by,
        "date": numerals.day(on),
        "receptionist": record.receptionist.name,
        "recorder": record.recorder.name,
        "hash": "".join((HASH, record.content_sha256)) if record.content_sha256 else "",
    }
    return typeset(SOURCE, data, on=on)
