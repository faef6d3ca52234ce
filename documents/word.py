"""A filled document as .docx, for those who must edit before issue; marked as a draft on every page."""

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT = "拟稿，未签发，不具有法律效力"
FONT = "FangSong"
CENTRED, RIGHT = ("court", "title", "huge"), ("number", "right", "sign", "seal", "date")
SIZES = {"court": 22, "title": 24, "huge": 96}


def word_file(blocks: Sequence[dict[str, Any]]) -> bytes:
    """Return the file."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header.paragraphs[0].text = DRAFT
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(16)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    for block in blocks:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: WordDocument, block: dict[str, Any]) -> None:
    style = block["style"]
    if style == "table":
        _table(document, block)
    elif style == "break":
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    else:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(_clean(block["text"]))
        run.font.size = Pt(SIZES.get(style, 16))
        _align(paragraph, style)


def _align(paragraph: Paragraph, style: str) -> None:
    if style in CENTRED:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif style in RIGHT:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif style != "flush":
        paragraph.paragraph_format.first_line_indent = Pt(32)


def _table(document: WordDocument, block: dict[str, Any]) -> None:
    table = document.add_table(rows=0, cols=len(block["heads"]))
    table.style = "Table Grid"
    for line in (block["heads"], *block["rows"]):
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = _clean(text)


def _clean(text: str) -> str:
    # XML knows no control characters; a pasted one would break the file.
    return "".join(mark for mark in text if mark >= " " or mark == "\t")
