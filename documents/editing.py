"""Puts a text edited in Word back into the paper it came from: only the body may differ; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from documents import comparing
from documents.filling import CELL, Filled
from documents.word_reading import Line

DATE = re.compile(r"[〇一二三四五六七八九十]+年[一二三四五六七八九十]+月[一二三四五六七八九十]+日")
# Lines within the text by which a paper is signed, titled or posted up; they belong to the form, not to the text.
FORMAL = ("right", "title", "huge")
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edited:
    """The text as edited, and how many paragraphs differ from the generated one."""

    text: list[Block]
    count: int


def edited(filled: Filled, lines: Sequence[Line]) -> Edited:
    """Return the edited body; raises Refused where head, remedy, signature or a formal line is not as it was."""
    inner = _without_form(filled, list(lines))
    base = [(gap, block) for gap, block in _groups(filled.text)]
    formal = [block for _gap, block in base if block["style"] in FORMAL]
    left = [line.key for line in inner]
    if any(_key(block) not in left for block in formal):
        raise Refused(of_field("upload", _("签名行、标题行不能删改")))
    result = _merged(base, inner)
    if not result.count:
        raise Refused(of_field("upload", _("文稿与系统生成的内容相同，没有改动")))
    if not result.text:
        raise Refused(of_field("upload", _("正文不能为空")))
    return result


def _without_form(filled: Filled, lines: list[Line]) -> list[Line]:
    head, tail = filled.head, filled.signature
    annex = [key for block in filled.annex if (key := _key(block))]
    if annex:
        if [line.key for line in lines[-len(annex) :]] != annex:
            raise Refused(of_field("upload", _("回执由系统生成，不能改动")))
        lines = lines[: -len(annex)]
    first, last = lines[: len(head)], lines[len(lines) - len(tail) :]
    if [line.key for line in first] != [_key(block) for block in head]:
        raise Refused(of_field("upload", _("法院名称、标题和文号由系统生成，不能改动")))
    if len(lines) < len(head) + len(tail) or not _is_signed(tail, last):
        raise Refused(of_field("upload", _("落款由系统生成，不能改动")))
    inner = lines[len(head) : len(lines) - len(tail)]
    for block in reversed(filled.remedy):
        place = next((index for index in range(len(inner) - 1, -1, -1) if inner[index].key == _key(block)), None)
        if place is None:
            raise Refused(
                of_field("upload", _("救济条款不能删去或者改动：%(text)s") % {"text": str(block["text"])[:40]})
            )
        del inner[place]
    return inner


def _is_signed(tail: Sequence[Block], last: Sequence[Line]) -> bool:
    # The day is that of issue, not the one on which the draft was taken out.
    def is_same(block: Block, line: Line) -> bool:
        return DATE.fullmatch(line.key) is not None if block["style"] == "date" else line.key == _key(block)

    return all(map(is_same, tail, last))


def _key(block: Block) -> str:
    if block["style"] == "table":
        return Line(rows=tuple(tuple(row) for row in (block["heads"], *block["rows"]))).key
    return Line(text=str(block.get("text", ""))).key


def _groups(text: Sequence[Block]) -> Iterator[tuple[list[Block], Block]]:
    # A blank line or a page break goes with the paragraph that follows it.
    gap: list[Block] = []
    for block in text:
        if _key(block):
            yield gap, block
            gap = []
        else:
            gap = [*gap, block]


def _merged(base: Sequence[tuple[list[Block], Block]], inner: Sequence[Line]) -> Edited:
    text: list[Block] = []
    count = 0
    old, new = [_key(block) for _gap, block in base], [line.key for line in inner]
    for tag, from_, until, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for gap, block in base[from_:until]:
                text += [*gap, block]
            continue
        count += max(until - from_, stop - start)
        for turn, line in enumerate(inner[start:stop]):
            replaced = base[from_ + turn] if from_ + turn < until else None
            text += [*(replaced[0] if replaced else []), _block(line, replaced[1] if replaced else None, text)]
    return Edited(text, count)


def _block(line: Line, replaced: Block | None, before: Sequence[Block]) -> Block:
    if line.rows:
        heads, *rows = line.rows
        return {"style": "table", "heads": list(heads), "rows": [list(row) for row in rows]}
    style = replaced["style"] if replaced else before[-1]["style"] if before else "body"
    return {"style": style if style in ("body", "item", "flush") else "body", "text": line.text.strip("　")}


def changes(generated: Sequence[Block], own: Sequence[Block]) -> list[comparing.Change]:
    """Return what an edited text changed, paragraph by paragraph."""
    return comparing.paragraphs([_shown(block) for block in generated], [_shown(block) for block in own])


def _shown(block: Block) -> str:
    if block["style"] == "table":
        return "\n".join(CELL.join(row) for row in (block["heads"], *block["rows"]))
    return str(block.get("text", ""))
