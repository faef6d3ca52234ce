"""What a document template is made of: plain data, the same for the declared library and for a stored version."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_APPROVAL = "综合执行局格式文书（2021年8月版）"
# A penalty is a case of its own with its own number, which the register of 司惩 cases gives out.
OWN_NUMBER = "own_number"
FIRST_DAY = dt.date(2021, 1, 1)  # in force before the first case of the bureau


class Kind(models.TextChoices):
    """What sort of paper it is."""

    RULING = "RULING", _("裁定")
    DECISION = "DECISION", _("决定")
    ORDER = "ORDER", _("令")
    NOTICE = "NOTICE", _("通知")
    PUBLIC_NOTICE = "PUBLIC_NOTICE", _("公告")
    SUMMONS = "SUMMONS", _("传票")
    RECORD = "RECORD", _("笔录")
    LIST = "LIST", _("清单")
    LETTER = "LETTER", _("函")
    FORM = "FORM", _("表格")


class Phase(models.TextChoices):
    """Which part of the enforcement issues it; groups the list of templates."""

    FILING = "FILING", _("立案")
    START = "START", _("启动")
    CONTROL = "CONTROL", _("查控")
    SALE = "SALE", _("处置")
    MONEY = "MONEY", _("案款发放")
    SANCTION = "SANCTION", _("强制措施")
    PAUSE = "PAUSE", _("中止、暂缓与恢复")
    CLOSING = "CLOSING", _("结案")


class Sign(models.TextChoices):
    """Who issues it (domain handbook §9): court seal, the judge with the seal, or the president."""

    SEAL = "L", _("加盖院印")
    JUDGE = "J", _("承办法官署名并加盖院印")
    PRESIDENT = "P", _("院长签发")
    PARTIES = "S", _("当事人签名，不盖院印")


class Numbering(models.TextChoices):
    """The plain case number, one that counts 之一, 之二, or a case number of its own (法〔2015〕137号)."""

    PLAIN = "PLAIN", _("案号")
    SUFFIXED = "SUFFIXED", _("案号，第二份起加之一、之二")
    OWN = "OWN", _("另立案号，签发时填写")


class Service(models.TextChoices):
    """Which ways of service the law leaves open."""

    ANY = "ANY", _("依法送达")
    DIRECT = "DIRECT", _("只能直接送达")


class Remedy(models.TextChoices):
    """Which remedy clause is printed before the signature."""

    NONE = "NONE", _("无")
    OBJECTION = "OBJECTION", _("执行行为异议")
    REVIEW = "REVIEW", _("十日内复议")
    RECTIFY = "RECTIFY", _("申请纠正")
    THIRD_PARTY = "THIRD_PARTY", _("第三人十五日内异议")
    SUIT = "SUIT", _("另行仲裁或起诉")
    REVIVAL = "REVIVAL", _("执行行为异议及申请恢复执行")
    PENALTY = "PENALTY", _("三日内复议一次")
    EXIT = "EXIT", _("十日内复议，不停止执行")
    DISTRIBUTION = "DISTRIBUTION", _("十五日内对分配方案提出异议")


class FieldKind(models.TextChoices):
    """How a value is typed and printed."""

    TEXT = "TEXT", _("文字")
    LONG = "LONG", _("长文字")
    DAY = "DAY", _("日期")
    COUNT = "COUNT", _("数字")
    MONEY = "MONEY", _("金额")
    CHOICE = "CHOICE", _("选项")
    PARTY = "PARTY", _("当事人")
    ROWS = "ROWS", _("清单")


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a document; `source` names the fact of the case that fills it, `side` whose parties are offered."""

    name: str
    label: str
    kind: str = FieldKind.TEXT
    is_required: bool = True
    tip: str = ""
    source: str = ""
    default: str = ""
    side: str = ""
    options: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()  # of a ROWS field: the columns, separated by ｜ in what is typed
    at_least: str = ""  # of a MONEY or COUNT field: the lawful bounds, both included
    at_most: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph; `when` prints it only if that field is filled, or `field=value` if it has that value."""

    text: str
    style: str = "body"
    when: str = ""
    table: str = ""  # the ROWS field that is printed here as a table


@dataclass(frozen=True, slots=True)
class Spec:
    """One template; `no` is its number in the bureau's list (domain handbook §9).

    `annex` is printed after the signature, such as the receipt that an assisting unit fills in and sends back.
    `is_two_person`: who signs it must not have drawn it up, because the law wants a proposal and an approval.
    """

    code: str
    no: str
    title: str
    kind: str
    phase: str
    sign: str
    blocks: tuple[Block, ...]
    fields: tuple[Field, ...] = ()
    numbering: str = Numbering.PLAIN
    service: str = Service.ANY
    remedy: str = Remedy.NONE
    is_restricted: bool = False
    is_two_person: bool = False
    annex: tuple[Block, ...] = ()
    effective_on: dt.date = field(default=FIRST_DAY)
    approval: str = FIRST_APPROVAL

    def content(self) -> str:
        """Return fields, paragraphs and rules as canonical JSON: what a version is compared by."""
        rules = asdict(self)
        for name in ("code", "effective_on", "approval"):
            del rules[name]
        # What came later is left out while it is empty, so that a stored version keeps its hash.
        for name in ("is_two_person", "annex"):
            if not rules[name]:
                del rules[name]
        for row in rules["fields"]:
            for name in ("at_least", "at_most"):
                if not row[name]:
                    del row[name]
        return canonical(rules)

    def sha256(self) -> str:
        """Return the hash of the content."""
        return hashlib.sha256(self.content().encode()).hexdigest()


def canonical(value: Any) -> str:
    """Return the value as JSON of which there is only one spelling."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def spec_of(code: str, content: str, *, effective_on: dt.date, approval: str) -> Spec:
    """Return a stored version as it was declared."""
    data = json.loads(content)
    fields = tuple(
        Field(**(row | {"options": tuple(row["options"]), "heads": tuple(row["heads"])})) for row in data.pop("fields")
    )
    blocks, annex = (tuple(Block(**row) for row in data.pop(name, ())) for name in ("blocks", "annex"))
    return Spec(
        code=code, fields=fields, blocks=blocks, annex=annex, effective_on=effective_on, approval=approval, **data
    )


def body(*texts: str) -> tuple[Block, ...]:
    """Return ordinary paragraphs."""
    return tuple(Block(text) for text in texts)


def to(text: str) -> Block:
    """Return the line that names the addressee."""
    return Block(text, "flush")


def items(*texts: str) -> tuple[Block, ...]:
    """Return the points of an enumeration."""
    return tuple(Block(text, "item") for text in texts)
