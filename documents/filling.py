"""Fills a template: typed values and facts of the case become paragraphs; says what is missing or wrong. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from bureau.calendar import same_day
from bureau.money import plain_decimal
from cases import casenumber
from documents import bounds, glyphs, numerals
from documents.library.declared import OWN_NUMBER, Block, Field, FieldKind, Kind, Numbering, Remedy, Sign, Spec
from documents.remedies import CLAUSES

PLACEHOLDER = re.compile(r"\{(\w+)\}")
CELL = "｜"
LONG_MAX, TEXT_MAX, ROWS_MAX, COUNT_MAX = 4000, 300, 60, 3650
OWN_TYPE = "司惩"
PANEL = "panel"
# The sum up to which property is controlled; interest of years does not bring a debt to so many times the claim.
CAP, ABOVE, FAR_ABOVE = "cap", Decimal("1.3"), 3
GLYPHS = "glyphs"
# Days on which something has happened when the paper is made.
PAST_DAYS = {
    "FULFILMENT": "fulfilled_on",
    "ENDING_TALK": "talked_on",
    "ENFORCEMENT_NOTICE": "due_on",
    "ENDED": "due_on",
}
# The sum owed up to a stated day, by the template that prints it; a room above proposes it and knows its arithmetic.
OWED, OWED_ON = {"ENFORCEMENT_NOTICE": "due", "ENDED": "left"}, "due_on"
# Days by which somebody is to act, still to come when the paper is made.
COMING_DAYS = {"CLUES_NOTICE": "until", "TERM_NOTICE": "apply_by", "COLLECT_NOTICE": "by", "EVICTION": "until"}
# Rulings that state how long a control lasts, and its longest term in years.
TERM_YEARS = {"FREEZE": 1, "SEAL_MOVABLE": 2, "SEAL_ESTATE": 3, "SEAL_RIGHT": 3}
# What a paper that seals real estate leaves blank, and how such a number looks in free words: the 28 places of a unit,
# the number of a certificate.
ESTATE_BLANK = frozenset({"certificate", "unit_number"})
ESTATE_NUMBER = re.compile(r"\d{12}[A-Z]{2}\d{5}|不动产权第|房权证|产权证号|单元号|[(（]\d{4}[)）]\S{1,20}第\d{4,}号")
PANEL_TITLES = ("审判长", "审判员", "代理审判员", "人民陪审员")
SUPPLEMENT = Field(
    "supplement", "补充段落", FieldKind.LONG, is_required=False, tip="确需补充的事实写在这里，印在正文之后"
)
# What the case itself must know, in words, for the sentence that says it is missing.
FACT_LABELS = {
    "number": "案号",
    "applicants": "申请执行人",
    "debtors": "被执行人",
    "judge": "承办法官",
    "sub_account": "本案案款账号",
    "amount_claimed": "申请执行标的额",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled document in its five parts, and by field what stands in the way of issuing it.

    Only `text` may be edited by hand before issue; head, remedy, signature and annex are the court's.
    """

    head: list[dict[str, object]]
    text: list[dict[str, object]]
    remedy: list[dict[str, object]]
    signature: list[dict[str, object]]
    annex: list[dict[str, object]]
    problems: dict[str, str]

    @property
    def blocks(self) -> list[dict[str, object]]:
        """Return the paragraphs in the order of the paper."""
        return [*self.head, *self.text, *self.remedy, *self.signature, *self.annex]

    @property
    def words(self) -> str:
        """Return all that is printed, tables too."""
        return "".join(_words(value) for block in self.blocks for value in block.values())


def _words(value: object) -> str:
    return "".join(map(_words, value)) if isinstance(value, list) else value if isinstance(value, str) else ""


def all_fields(spec: Spec) -> tuple[Field, ...]:
    """Return the fields of the form: the template's own and the paragraph that any document may need."""
    return (*spec.fields, SUPPLEMENT)


def proposed(spec: Spec, facts: Mapping[str, str]) -> dict[str, str]:
    """Return what the case and the template propose for each field; fields without a source begin blank.

    A room may know more of one template: its facts are then called by template and field, "DISTRIBUTION.shares".
    """
    values = {}
    for field in all_fields(spec):
        if field.kind == FieldKind.PARTY:
            values[field.name] = facts.get(f"first_{field.side.lower() or 'debtor'}", "")
        else:
            told = facts.get(f"{spec.code}.{field.name}", "")
            values[field.name] = told or (facts.get(field.source, "") if field.source else field.default)
    return values


def has_source(field: Field) -> bool:
    """Return whether a case or the template proposes something for the field; what nothing proposes must be typed."""
    return field.kind == FieldKind.PARTY or bool(field.source or field.default)


def problem(field: Field, value: str) -> str:
    """Return what is wrong with a typed value, in a sentence; nothing when it can be printed."""
    text = value.strip()
    if not text:
        return _("请填写%(label)s") % {"label": field.label} if field.is_required else ""
    if len(text) > (LONG_MAX if field.kind in (FieldKind.LONG, FieldKind.ROWS) else TEXT_MAX):
        return _("%(label)s过长") % {"label": field.label}
    if marks := glyphs.lacking(text):
        return _("%(label)s中的“%(marks)s”印不出来，请改用其他写法") % {"label": field.label, "marks": marks}
    if field.kind == FieldKind.CHOICE and text not in field.options:
        return _("%(label)s不在可选范围内") % {"label": field.label}
    try:
        printed(field, text)
    except ValueError as error:
        return str(error)
    return ""


def printed(field: Field, value: str) -> str:
    """Return a typed value as the paper prints it; raises ValueError with a sentence."""
    text = value.strip()
    if not text:
        return ""
    if field.kind == FieldKind.DAY:
        try:
            return numerals.day(dt.date.fromisoformat(text))
        except ValueError:
            raise ValueError(_("%(label)s应为日期，如2021-09-01") % {"label": field.label}) from None
    if field.kind == FieldKind.COUNT:
        if not (text.isascii() and text.isdigit() and len(text) <= 4 and 0 < int(text) <= COUNT_MAX):
            raise ValueError(_("%(label)s应为正整数") % {"label": field.label})
        _refuse_beyond(field, Decimal(text))
        return str(int(text))
    if field.kind == FieldKind.MONEY:
        return _money(field, text)
    if field.kind == FieldKind.ROWS:
        rows(field, text)
    return text


def _money(field: Field, text: str) -> str:
    try:
        amount = plain_decimal(text)
        words = numerals.money(amount)
    except (InvalidOperation, ValueError):
        raise ValueError(_("%(label)s应为金额，最多两位小数") % {"label": field.label}) from None
    _refuse_beyond(field, amount)
    return words


def _refuse_beyond(field: Field, value: Decimal) -> None:
    if field.at_least and value < Decimal(field.at_least):
        raise ValueError(_("%(label)s不得低于%(bound)s") % {"label": field.label, "bound": field.at_least})
    if field.at_most and value > Decimal(field.at_most):
        raise ValueError(_("%(label)s不得超过%(bound)s") % {"label": field.label, "bound": field.at_most})


def own_number(field: Field, text: str, court_code: str) -> str:
    """Return the number of a 司惩 case as typed, in one spelling; raises ValueError with a sentence."""
    try:
        number = casenumber.parse(text)
    except ValueError:
        number = None
    if number is None or number.type_code != OWN_TYPE or number.suffix or number.court != court_code:
        raise ValueError(
            _("%(label)s应为本院司惩案号，如 (2021)%(court)s司惩1号") % {"label": field.label, "court": court_code}
        )
    return number.canonical


def rows(field: Field, text: str) -> list[list[str]]:
    """Return the lines of a table, every one as wide as its head; raises ValueError with a sentence."""
    lines = [line for line in text.splitlines() if line.strip()]
    table = [[cell.strip() for cell in re.split(r"[｜|]", line)] for line in lines]
    if len(table) > ROWS_MAX:
        raise ValueError(_("%(label)s最多%(count)d行") % {"label": field.label, "count": ROWS_MAX})
    if any(len(line) > len(field.heads) for line in table):
        raise ValueError(
            _("%(label)s每行最多%(count)d栏，用｜隔开") % {"label": field.label, "count": len(field.heads)}
        )
    return [line + [""] * (len(field.heads) - len(line)) for line in table]


def fill(spec: Spec, values: Mapping[str, str], facts: Mapping[str, str], *, number: str, on: dt.date) -> Filled:
    """Fill the template for an act of that day; what cannot be filled is named by field, never left in braces."""
    fields = {field.name: field for field in all_fields(spec)}
    problems = {name: said for name, field in fields.items() if (said := problem(field, values.get(name, "")))}
    words = dict(facts)
    for name, field in fields.items():
        words[name] = "" if name in problems else printed(field, values.get(name, ""))
        if field.kind == FieldKind.PARTY:
            words |= _party(name, words[name], facts)
            if words[f"{name}_key"] and not words[name]:
                problems[name] = _("%(label)s不是本案当事人") % {"label": field.label}
    if said := _term_problem(spec, values, problems):
        problems["to_on"] = said
    problems |= _day_problems(spec.code, fields, values, problems, on)
    problems = bounds.problems(spec.code, fields, values, on=on) | problems
    if said := _cap_problem(values, facts, problems):
        problems[CAP] = said
    problems |= _estate_problems(fields, values)
    # The document's own number stands in its head; in the text {number} is the number of the case.
    if spec.numbering == Numbering.OWN:
        number = _own(fields[OWN_NUMBER], values, facts, problems) or number
    head = [_block("court", facts["court"]), _block("title", spec.title.partition("（")[0]), _block("number", number)]

    def paragraphs(parts: Iterable[Block]) -> list[dict[str, object]]:
        wanted = (part for part in parts if _is_wanted(part, {**facts, **values}))
        return [block for part in wanted for block in _paragraphs(part, fields, values, words, problems)]

    text = paragraphs((*spec.blocks, Block("{supplement}", when="supplement")))
    signature = _signature(spec, values, facts, on, problems)
    filled = Filled(head, text, paragraphs(_remedy(spec)), signature, paragraphs(spec.annex), problems)
    if not problems and (marks := glyphs.lacking(filled.words)):
        problems[GLYPHS] = _("文中的“%(marks)s”印不出来；来自案件信息的，请先更正案件信息") % {"marks": marks}
    return filled


def _day_problems(
    code: str, fields: Mapping[str, Field], values: Mapping[str, str], problems: Mapping[str, str], on: dt.date
) -> dict[str, str]:
    """Return which day should have gone by and has not, and which is gone by and should be still to come."""
    found = {}
    for name, field in fields.items():
        day = "" if name in problems or field.kind != FieldKind.DAY else values.get(name, "").strip()
        if day > on.isoformat() and PAST_DAYS.get(code, "") == name:
            found[name] = _("%(label)s不能晚于今天") % {"label": field.label}
        elif day and day < on.isoformat() and COMING_DAYS.get(code, "") == name:
            found[name] = _("%(label)s不能早于今天") % {"label": field.label}
    return found


def _estate_problems(fields: Mapping[str, Field], values: Mapping[str, str]) -> dict[str, str]:
    """Return where a paper that seals real estate names a certificate or a unit: the house writes the address only."""
    if not fields.keys() >= ESTATE_BLANK:
        return {}
    said = _("查封不动产的文书只写坐落，不写不动产权证号和单元号；由现场查控团队到不动产登记中心查询")
    found = {name: said for name in ESTATE_BLANK if values.get(name, "").strip()}
    return found | {name: said for name in ("address", "supplement") if ESTATE_NUMBER.search(values.get(name, ""))}


def _term_problem(spec: Spec, values: Mapping[str, str], problems: Mapping[str, str]) -> str:
    """Return what is wrong with the days of a control: they run forward, at most the law's years (民诉法解释 485)."""
    years = TERM_YEARS.get(spec.code)
    if years is None or {"from_on", "to_on"} & set(problems):
        return ""
    first, last = (dt.date.fromisoformat(values[name].strip()) for name in ("from_on", "to_on"))
    if last <= first:
        return _("期限止应晚于期限起")
    latest = same_day(first, months=12 * years)
    return _("最长 %(years)d 年，不晚于 %(latest)s") % {"years": years, "latest": latest} if last > latest else ""


def _cap_problem(values: Mapping[str, str], facts: Mapping[str, str], problems: Mapping[str, str]) -> str:
    """Return what is wrong with the sum up to which property is controlled: far above the debt it is a slip."""
    typed, owed = values.get(CAP, "").strip(), facts.get("amount_raw", "")
    if not typed or not owed or CAP in problems or Decimal(typed.replace(",", "")) <= Decimal(owed) * FAR_ABOVE:
        return ""
    return _("超过申请执行标的额的 %(times)d 倍，不得超标的额控制财产") % {"times": FAR_ABOVE}


def cautions(code: str, values: Mapping[str, str], facts: Mapping[str, str]) -> list[str]:
    """Return what stands in the way of nothing and is to be looked at again before issue."""
    return _cap_cautions(values, facts) + _owed_cautions(code, values, facts)


def _owed_cautions(code: str, values: Mapping[str, str], facts: Mapping[str, str]) -> list[str]:
    """Return that the sum owed is not what the case's interest comes to, or is counted up to another day than today."""
    owed = facts.get(f"{code}.{OWED.get(code, '')}", "")
    typed, day = values.get(OWED.get(code, ""), "").strip(), values.get(OWED_ON, "").strip()
    if not owed or not typed:
        return []
    told = {"day": facts[f"{code}.{OWED_ON}"], "owed": f"{Decimal(owed):,.2f}"}
    if not day:
        return [_("没有写明利息暂计到哪一天：%(day)s 应付 %(owed)s 元，此后另计") % told]
    if day != told["day"]:
        return [_("利息暂计至 %(typed)s，不是今天：%(day)s 应付 %(owed)s 元") % (told | {"typed": day})]
    try:
        is_same = plain_decimal(typed) == Decimal(owed)
    except (InvalidOperation, ValueError):
        return []
    return [] if is_same else [_("填写的金额与按本案计息标准算出的不一致：%(day)s 应付 %(owed)s 元") % told]


def _cap_cautions(values: Mapping[str, str], facts: Mapping[str, str]) -> list[str]:
    try:
        typed, owed = (
            Decimal(text.replace(",", "").strip()) for text in (values.get(CAP, ""), facts.get("amount_raw", ""))
        )
    except InvalidOperation:
        return []
    if not owed * ABOVE < typed <= owed * FAR_ABOVE:
        return []
    words = _(
        "限额 %(typed)s 元是申请执行标的额 %(claimed)s 元的 %(times)s 倍，今天连同利息应付 %(owed)s 元，"
        "超出 %(more)s 元：请核对是否确需这么多，不得明显超标的额控制财产"
    )
    due = Decimal(facts.get(f"ENFORCEMENT_NOTICE.{OWED['ENFORCEMENT_NOTICE']}") or owed)
    sums = {"typed": typed, "claimed": owed, "owed": due, "more": max(typed - due, Decimal(0))}
    told = {name: f"{amount:,.2f}" for name, amount in sums.items()}
    return [words % (told | {"times": (typed / owed).quantize(Decimal("0.1"))})]


def _own(field: Field, values: Mapping[str, str], facts: Mapping[str, str], problems: dict[str, str]) -> str:
    try:
        return numerals.printed_number(own_number(field, values.get(OWN_NUMBER, ""), facts["court_code"]))
    except ValueError as error:
        problems.setdefault(OWN_NUMBER, str(error))
        return ""


def _party(name: str, key: str, facts: Mapping[str, str]) -> dict[str, str]:
    # What is chosen is side and position, for two parties may bear one name.
    return {
        name: facts.get(f"name:{key}", ""),
        f"{name}_key": key,
        f"{name}_identity": facts.get(f"identity:{key}", ""),
        f"{name}_id": facts.get(f"id:{key}", ""),
    }


def _remedy(spec: Spec) -> Iterator[Block]:
    return (Block(text) for text in CLAUSES[Remedy(spec.remedy)])


def _is_wanted(part: Block, values: Mapping[str, str]) -> bool:
    # A field of the document, or a fact of the case.
    name, _mark, wanted = part.when.partition("=")
    if not name:
        return True
    given = values.get(name, "").strip()
    return given == wanted if wanted else bool(given)


def _paragraphs(
    part: Block, fields: Mapping[str, Field], values: Mapping[str, str], words: dict[str, str], problems: dict[str, str]
) -> list[dict[str, object]]:
    if part.table:
        field = fields[part.table]
        lines = [] if part.table in problems else rows(field, values.get(part.table, ""))
        return [{"style": "table", "heads": list(field.heads), "rows": lines}]

    def word(found: re.Match[str]) -> str:
        name = found[1]
        if not words.get(name, ""):
            if name not in fields or fields[name].is_required:
                problems.setdefault(name, _("案件缺少：%(label)s") % {"label": FACT_LABELS.get(name, name)})
            return "　　　　"
        return words[name]

    text = PLACEHOLDER.sub(word, part.text).replace("。。", "。")
    return [_block(part.style, line) for line in (text.split("\n") if text else [""])]


def _block(style: str, text: str) -> dict[str, object]:
    return {"style": style, "text": text}


def _signature(
    spec: Spec, values: Mapping[str, str], facts: Mapping[str, str], on: dt.date, problems: dict[str, str]
) -> list[dict[str, object]]:
    lines = []
    if panel := values.get(PANEL, "").strip():
        lines += [_block("sign", line) for line in _panel(panel)]
    elif spec.kind == Kind.PUBLIC_NOTICE and spec.sign == Sign.PRESIDENT:
        lines.append(_block("sign", "院　长"))
    elif spec.sign == Sign.JUDGE:
        if not facts["judge"]:
            problems.setdefault("judge", _("案件缺少：%(label)s") % {"label": FACT_LABELS["judge"]})
        lines.append(_block("sign", "".join(("审判员　", facts["judge"]))))
    date = _block("date", numerals.formal_day(on))
    if spec.sign == Sign.PARTIES:
        return [date]
    # A ruling is countersigned by the clerk, by hand (民事诉讼法 154 in the text of 2017).
    clerk = [_block("sign", "书记员")] if spec.kind == Kind.RULING else []
    return [*lines, _block("seal", facts["court"]), date, *clerk]


def _panel(text: str) -> list[str]:
    """Return a line for each member of a panel; without a title the first presides."""
    lines: list[str] = []
    for member in filter(None, re.split(r"[\s、，,；;]+", text)):
        title = next((word for word in PANEL_TITLES if member.startswith(word)), "")
        name = member.removeprefix(title).lstrip("：:")
        if name:
            lines.append("".join((title or PANEL_TITLES[1 if lines else 0], "　", name)))
    return lines
