"""Reads the words of a .docx that comes back from outside; whatever else such a file may carry is refused."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from bureau.errors import Refused, of_field

BYTES_MAX, UNPACKED_MAX, FILES_MAX = 2 * 1024 * 1024, 8 * 1024 * 1024, 200
LINES_MAX, TEXT_MAX, ROWS_MAX = 600, 4000, 100
OLE = b"\xd0\xcf\x11\xe0"
MAIN = b"wordprocessingml.document.main+xml"
ACTIVE = ("vbaproject", "vbadata", "activex", "embeddings/", "oleobject")
UTF16 = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
# What would be lost or hidden if only the words were read.
TRACKED = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")
PICTURES = ("w:drawing", "w:pict", "w:object")
CONTROLS = ("w:sdt", "w:altChunk", "w:fldChar", "w:fldSimple", "w:numPr", "w:vanish", "w:sym", "w:ruby", "m:oMath")
NOTES = ("w:footnoteReference", "w:endnoteReference", "w:commentReference")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, or one table by its rows."""

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def key(self) -> str:
        """Return what it is compared by: its marks without any blank."""
        cells = ["|".join(row) for row in self.rows]
        return "".join("\n".join([self.text, *cells]).split())


def read(content: bytes) -> list[Line]:
    """Return the paragraphs and tables that say something, in order; raises Refused with the reason."""
    _refuse_dangerous(content)
    try:
        document = docx.Document(io.BytesIO(content))
        _refuse_unreadable(document)
        lines = [line for part in document.iter_inner_content() for line in _lines(part)]
    except Refused:
        raise
    except Exception:  # a file from outside may be broken in any way
        raise Refused(of_field("upload", _("文件已损坏，不能读取"))) from None
    if len(lines) > LINES_MAX or any(len(line.text) > TEXT_MAX for line in lines):
        raise Refused(of_field("upload", _("文稿过长")))
    return [line for line in lines if line.key]


def _refuse_dangerous(content: bytes) -> None:
    if len(content) > BYTES_MAX:
        raise Refused(of_field("upload", _("文件超过2 MB")))
    if content.startswith(OLE):
        raise Refused(of_field("upload", _("只接受未加密的 .docx 文件，不接受旧版 .doc")))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            _refuse_pack(pack)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise Refused(of_field("upload", _("不是有效的 .docx 文件"))) from None


def _refuse_pack(pack: zipfile.ZipFile) -> None:
    parts = pack.infolist()
    # The size is what the archive says; what is longer than it says is cut off while it is read.
    if len(parts) > FILES_MAX or sum(part.file_size for part in parts) > UNPACKED_MAX:
        raise Refused(of_field("upload", _("文件解压后过大")))
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names) or "[content_types].xml" not in names:
        raise Refused(of_field("upload", _("不是有效的 .docx 文件")))
    if any(word in name for name in names for word in ACTIVE):
        raise Refused(of_field("upload", _("文件含有宏或者嵌入对象，不予接收")))
    for part in parts:
        body = pack.read(part)
        is_types = part.filename.lower() == "[content_types].xml"
        if is_types and b"macroEnabled" in body:
            raise Refused(of_field("upload", _("文件含有宏或者嵌入对象，不予接收")))
        if is_types and MAIN not in body:
            raise Refused(of_field("upload", _("不是有效的 .docx 文件")))
        is_odd = body.startswith(UTF16) or b"<!DOCTYPE" in body or b"<!ENTITY" in body
        if is_odd and part.filename.lower().endswith((".xml", ".rels")):
            raise Refused(of_field("upload", _("文件内部结构异常，不予接收")))


def _refuse_unreadable(document: WordDocument) -> None:
    tags = {element.tag for element in document.element.body.iter()}
    for names, said in (
        (TRACKED, of_field("upload", _("文件含有修订痕迹，请先接受或者拒绝全部修订"))),
        (PICTURES, of_field("upload", _("文件含有图片或者图形，不能带入文书"))),
        (CONTROLS, of_field("upload", _("文件含有域、内容控件、自动编号或者隐藏文字，请改为普通文字"))),
        (NOTES, of_field("upload", _("文件含有批注或者脚注，请先删除"))),
    ):
        if tags & {qn(name) for name in names}:
            raise Refused(said)
    for element in document.element.body.iter(qn("w:p")):
        paragraph = Paragraph(element, document)
        rules = paragraph.style.element.pPr if paragraph.style is not None else None
        # Numbers that come from a style, or words inside an element that the reader does not know.
        if (rules is not None and rules.numPr is not None) or not _is_whole(element, paragraph):
            raise Refused(of_field("upload", _("文件含有域、内容控件、自动编号或者隐藏文字，请改为普通文字")))


def _is_whole(element: Any, paragraph: Paragraph) -> bool:
    written = "".join(part.text or "" for part in element.iter(qn("w:t")))
    return "".join(written.split()) == "".join(paragraph.text.split())


def _lines(part: object) -> list[Line]:
    if isinstance(part, Table):
        rows = tuple(tuple(" ".join(cell.text.split()) for cell in row.cells) for row in part.rows)
        if len(rows) > ROWS_MAX or len({len(row) for row in rows}) > 1:
            raise Refused(of_field("upload", _("表格过长，或者各行栏数不同（合并单元格不能带入）")))
        return [Line(rows=rows)] if rows else []
    text: str = part.text  # type: ignore[attr-defined]
    return [Line(text=line.replace("\t", "　").strip(" ")) for line in text.split("\n")]
