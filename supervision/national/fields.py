"""What is compared with the national system field by field, and the headings and words of its files; no ORM."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from cases.casenumber import basis_key
from cases.models.codes import ClosingMode, Stage

Kind = Literal["number", "day", "money", "text", "names", "code", "document"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: how its cell is read, and the headings under which exports usually print it."""

    code: str
    label: Any
    kind: Kind
    headings: tuple[str, ...]


FIELDS: tuple[Field, ...] = (
    Field("number", _("案号"), "number", ("案号", "执行案号", "案件编号", "本院案号")),
    Field("filed_on", _("立案日期"), "day", ("立案日期", "立案时间", "收案日期")),
    Field("handler", _("承办人"), "text", ("承办人", "承办法官", "主办人", "执行法官")),
    Field("state", _("案件状态"), "code", ("案件状态", "状态", "办理状态", "执行状态")),
    Field("closed_on", _("结案日期"), "day", ("结案日期", "结案时间")),
    Field("closing_mode", _("结案方式"), "code", ("结案方式",)),
    Field("amount", _("申请执行标的"), "money", ("申请执行标的", "申请执行标的额", "执行标的", "标的金额", "申请标的")),
    Field("parties", _("当事人"), "names", ("当事人", "当事人姓名")),
    Field("applicants", _("申请执行人"), "names", ("申请执行人", "申请人")),
    Field("debtors", _("被执行人"), "names", ("被执行人", "被申请人")),
    Field("cause", _("案由"), "text", ("案由", "执行案由", "立案案由")),
    Field("basis_number", _("执行依据文号"), "document", ("执行依据文号", "执行依据案号", "依据文号", "原审案号")),
    Field("received", _("案款到账总额"), "money", ("案款到账总额", "到账金额", "已到账金额", "案款到账金额")),
)
BY_CODE = {field.code: field for field in FIELDS}
CODED = tuple(field.code for field in FIELDS if field.kind == "code")
COMPARED = FIELDS[1:]
# A heading that counts in 10,000 yuan says so.
WAN = "万元"
OPEN, RESTING, CLOSED = "OPEN", "RESTING", "CLOSED"
STATES = {OPEN: _("在办"), RESTING: _("中止、暂缓"), CLOSED: _("已结")}
STATE_OF = {
    **dict.fromkeys(Stage.values, OPEN),
    Stage.SUSPENDED: RESTING,
    Stage.STAYED: RESTING,
    Stage.CLOSED: CLOSED,
    Stage.ARCHIVED: CLOSED,
}
# What exports usually print; a mapping adds its court's own words.
USUAL: dict[str, dict[str, str]] = {
    "state": {
        **dict.fromkeys(("在办", "未结", "立案", "已立案", "执行中", "办理中", "和解履行中", "待分案", "已分案"), OPEN),
        **dict.fromkeys(("中止", "暂缓", "中止、暂缓", "中止执行", "暂缓执行"), RESTING),
        **dict.fromkeys(("已结", "结案", "已结案", "归档", "已归档", "报结"), CLOSED),
    },
    "closing_mode": {
        "执行完毕": ClosingMode.FULFILLED.value,
        **dict.fromkeys(("终结本次执行程序", "终结本次执行", "终本"), ClosingMode.PROCEDURAL.value),
        **dict.fromkeys(("终结执行", "终结"), ClosingMode.TERMINATED.value),
        "销案": ClosingMode.REMOVED.value,
        "不予执行": ClosingMode.NOT_ENFORCED.value,
        **dict.fromkeys(("驳回申请", "驳回执行申请"), ClosingMode.DISMISSED.value),
    },
}
LABELS: dict[str, dict[str, Any]] = {"state": STATES, "closing_mode": dict(ClosingMode.choices)}
_SIDE = re.compile(r"^(申请执行人|被执行人|申请人|被申请人|利害关系人|案外人)[:：]")
_BETWEEN = re.compile(r"[、，,；;／/|\n\r\t]+")


def plain(text: str) -> str:
    """Return a text without blanks, in half width, upper case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def names(text: str) -> list[str]:
    """Return the names in a cell, in order, without what says the side."""
    parts = (_SIDE.sub("", part.strip()).strip() for part in _BETWEEN.split(text))
    return [part for part in parts if part]


def comparable(code: str, text: str) -> Any:
    """Return that by which two values of a field are equal; blanks, width and the order of names say nothing."""
    kind = BY_CODE[code].kind
    if kind == "names":
        return frozenset(plain(name) for name in names(text))
    return basis_key(text) if kind == "document" else plain(text)


def printed(code: str, text: str) -> str:
    """Return a value as a page prints it."""
    return str(LABELS[code].get(text, text)) if code in LABELS else text


def guess(heading: list[str]) -> dict[str, str]:
    """Return which heading is most likely which field."""
    said = {plain(re.sub(r"\(.*\)$", "", unicodedata.normalize("NFKC", cell))): cell for cell in heading if cell}
    found: dict[str, str] = {}
    for field in FIELDS:
        for word in field.headings:
            if word in said and said[word] not in found.values():
                found[field.code] = said[word]
                break
    return found
