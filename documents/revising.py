"""Edits the words of a template, never its rules: applies changes to a version and says what is wrong; pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from documents import facts, filling, numerals
from documents.citations import citations
from documents.library.declared import OWN_NUMBER, Block, Field, FieldKind, Numbering, Remedy, Spec

TITLE_MAX, TEXT_MAX, LABEL_MAX, TIP_MAX = 60, 4000, 60, 200
SAMPLE_MONEY, SAMPLE_PAST_DAY, SAMPLE_DAY, SAMPLE_LAST_DAY = "12345.60", "2021-08-31", "2021-09-30", "2021-12-31"


@dataclass(frozen=True, slots=True)
class Place:
    """One paragraph that may be edited: its place among the blocks, its number for the reader, and its text."""

    index: int
    number: int
    block: Block

    @property
    def name(self) -> str:
        """Return the name of its field in the form."""
        return f"text_{self.index}"


def places(spec: Spec) -> list[Place]:
    """Return the paragraphs of words; a table or a page break is a rule and stays."""
    rows = [(index, block) for index, block in enumerate(spec.blocks) if not block.table and block.style != "break"]
    return [Place(index, number, block) for number, (index, block) in enumerate(rows, start=1)]


def written(spec: Spec) -> dict[str, Any]:
    """Return what the form of an edit begins with."""
    values: dict[str, Any] = {"title": spec.title, "remedy": spec.remedy}
    values |= {place.name: place.block.text for place in places(spec)}
    for field in spec.fields:
        values |= {f"label_{field.name}": field.label, f"tip_{field.name}": field.tip}
        values[f"required_{field.name}"] = field.is_required
    return values


def revised(spec: Spec, values: Mapping[str, Any]) -> Spec:
    """Return the template with other words; an emptied paragraph goes, a new line begins another paragraph."""
    own = written(spec) | {name: value for name, value in values.items() if value is not None}
    texts = {place.index: _clean(own[place.name]) for place in places(spec)}
    blocks = tuple(replace(block, text=texts.get(index, block.text)) for index, block in enumerate(spec.blocks))
    fields = tuple(
        replace(
            field,
            label=own[f"label_{field.name}"].strip(),
            tip=own[f"tip_{field.name}"].strip(),
            is_required=bool(own[f"required_{field.name}"]),
        )
        for field in spec.fields
    )
    kept = tuple(block for index, block in enumerate(blocks) if block.text or index not in texts)
    remedy = own["remedy"] if own["remedy"] in Remedy.values else spec.remedy
    return replace(spec, title=own["title"].strip(), remedy=remedy, blocks=kept, fields=fields)


def _clean(text: str) -> str:
    lines = (line.rstrip(" \t") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    # A line of full-width blanks is room to write by hand; only truly empty lines go.
    return "\n".join(line for line in lines if line)


def objections(spec: Spec, new: Spec, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what stands against the new words, by field of the form: unknown names, braces, a lost remedy."""
    found: dict[str, list[str]] = {}
    own, known = written(spec) | dict(values), known_names(spec)
    for place in places(spec):
        if said := _wrong_text(place, _clean(own[place.name] or ""), known):
            found[place.name] = said
    if not new.title or len(new.title) > TITLE_MAX:
        found["title"] = [_("名称应为1至%(count)d个字") % {"count": TITLE_MAX}]
    if own["remedy"] not in Remedy.values:
        found["remedy"] = [_("请选择救济条款")]
    if spec.remedy != Remedy.NONE and new.remedy == Remedy.NONE:
        found["remedy"] = [_("本文书应当写明救济途径，救济条款不能去掉")]
    for field in new.fields:
        found |= _wrong_field(field, new)
    if not any(block.text for block in new.blocks):
        found.setdefault("title", []).append(_("正文不能为空"))
    return found


def known_names(spec: Spec) -> set[str]:
    """Return every name that the text may call in braces."""
    names = set(facts.NAMES) | set(citations(dt.date.max)) | {filling.SUPPLEMENT.name}
    for field in spec.fields:
        names.add(field.name)
        if field.kind == FieldKind.PARTY:
            names |= {f"{field.name}_identity", f"{field.name}_id"}
    return names


def _wrong_text(place: Place, text: str, known: set[str]) -> list[str]:
    where = {"place": place.number}
    unknown = [name for name in dict.fromkeys(filling.PLACEHOLDER.findall(text)) if name not in known]
    said = [
        _("第%(place)d段：没有法条引用 {%(name)s}") % (where | {"name": name})
        if name.startswith("law_")
        else _("第%(place)d段：没有字段 {%(name)s}") % (where | {"name": name})
        for name in unknown
    ]
    rest = filling.PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        said.append(_("第%(place)d段：花括号不成对，或者括号内不是字段代码") % where)
    if len(text) > TEXT_MAX:
        said.append(_("第%(place)d段：超过%(count)d字") % (where | {"count": TEXT_MAX}))
    if any(mark < " " and mark != "\n" for mark in text):
        said.append(_("第%(place)d段：含有不能印刷的控制字符") % where)
    return said


def _wrong_field(field: Field, spec: Spec) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not field.label or len(field.label) > LABEL_MAX:
        found[f"label_{field.name}"] = [_("项目名称应为1至%(count)d个字") % {"count": LABEL_MAX}]
    if len(field.tip) > TIP_MAX:
        found[f"tip_{field.name}"] = [_("提示不超过%(count)d个字") % {"count": TIP_MAX}]
    # The names of a panel stand below the text, one on a line.
    if field.is_required and field.name != filling.PANEL and not _is_used(field, spec):
        found[f"required_{field.name}"] = [_("必填项目“%(label)s”在正文中没有用到") % {"label": field.label}]
    return found


def _is_used(field: Field, spec: Spec) -> bool:
    # A penalty's own number is printed in the head, not in the text.
    if field.name == OWN_NUMBER and spec.numbering == Numbering.OWN:
        return True
    names = {field.name, f"{field.name}_identity", f"{field.name}_id"}
    called = {name for block in (*spec.blocks, *spec.annex) for name in filling.PLACEHOLDER.findall(block.text)}
    ruling = {name for block in spec.blocks for name in (block.table, block.when.partition("=")[0])}
    return bool(names & (called | ruling))


def sample_facts(on: dt.date) -> dict[str, str]:
    """Return made-up facts of a case that never was, for a preview without one."""
    said = {
        "court": "乌海市海勃湾区人民法院",
        "court_code": "内0302",
        "review_court": "乌海市中级人民法院",
        "number": "（2021）内0302执1号",
        "cause": "买卖合同纠纷",
        "filed_on": numerals.day(on),
        "today": numerals.day(on),
        "basis": "乌海市海勃湾区人民法院（2021）内0302民初1号民事判决书",
        "amount_raw": SAMPLE_MONEY,
        "claims": "1. 本金50,000.00元。",
        "judge": "（法官姓名）",
        "phone": "0473-0000000",
        "matter": "（申请执行人）与（被执行人）买卖合同纠纷",
        "sub_account": "（案款账号）",
        "debt_url": "",
        "first_applicant": "APPLICANT:1",
        "first_debtor": "DEBTOR:1",
    }
    said |= {"amount_claimed": "50,000.00元（大写：人民币伍万元整）"}
    for side, word in facts.SIDE_WORDS.items():
        name = "".join(("（", word, "）"))
        said |= {f"{side.lower()}s": name, f"{side.lower()}_lines": "".join((word, "：", name, "。"))}
        said |= {f"name:{side}:1": name, f"identity:{side}:1": "".join((name, "。")), f"id:{side}:1": "（证件号码）"}
    said["party_lines"] = "\n".join((said["applicant_lines"], said["debtor_lines"]))
    return citations(on) | said


def sample_values(spec: Spec, known: Mapping[str, str]) -> dict[str, str]:
    """Return a value for every field: what the case proposes, else a stand-in that can be printed."""
    values = filling.proposed(spec, known)
    return {field.name: values[field.name] or _sample(field, known) for field in filling.all_fields(spec)}


def _sample_day(field: Field) -> str:
    if field.name in filling.PAST_DAYS.values():
        return SAMPLE_PAST_DAY
    return SAMPLE_LAST_DAY if field.name == "to_on" else SAMPLE_DAY


def _sample(field: Field, known: Mapping[str, str]) -> str:
    if field.name == filling.SUPPLEMENT.name or field.name in filling.ESTATE_BLANK:
        return ""
    if field.name == OWN_NUMBER:
        return "".join(("(2021)", known["court_code"], filling.OWN_TYPE, "1号"))
    if field.kind == FieldKind.CHOICE:
        return field.options[0]
    if field.kind == FieldKind.PARTY:
        return known["first_debtor"]
    stand_ins = {
        FieldKind.MONEY: field.at_least or SAMPLE_MONEY,
        FieldKind.COUNT: field.at_least or "1",
        FieldKind.DAY: _sample_day(field),
        FieldKind.ROWS: filling.CELL.join("—" for _head in field.heads),
    }
    return stand_ins.get(FieldKind(field.kind), "".join(("（", field.label, "）")))
