"""The words of a judgment out of what was pasted or uploaded: text, .docx, or a PDF that carries text."""

import io

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from pypdf import PdfReader

from bureau.errors import Refused, of_field
from documents import word_reading
from documents.services import refuse_infected
from intake.judgment import TEXT_MAX

BYTES_MAX, PAGES_MAX, TEXT_MIN = 5 * 1024 * 1024, 80, 20


def text_of(upload: "UploadedFile[bytes]") -> str:
    """Return the words of an uploaded judgment, known by its content; raises Refused with the reason."""
    if upload.size and upload.size > BYTES_MAX:
        raise Refused(of_field("judgment_file", _("文件超过5 MB，请粘贴主文")))
    content: bytes = upload.read()
    if not content:
        raise Refused(of_field("judgment_file", _("文件是空的")))
    refuse_infected(content)
    if content.startswith(b"%PDF"):
        text = _pdf(content)
    elif content.startswith(b"PK"):
        text = "\n".join(
            "\n".join([line.text, *("　".join(row) for row in line.rows)]) for line in word_reading.read(content)
        )
    else:
        text = _plain(content)
    return checked(text)


def checked(text: str) -> str:
    """Return the text; raises Refused when it is too long to be one judgment."""
    if len(text) > TEXT_MAX:
        raise Refused(of_field("judgment", _("文字过长，请只粘贴当事人和主文部分")))
    return text.replace("\r\n", "\n").replace("\x00", "")


def _pdf(content: bytes) -> str:
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        if len(pages) > PAGES_MAX:
            raise Refused(of_field("judgment_file", _("页数过多，请粘贴主文")))
        text = "\n".join(page.extract_text() for page in pages)
    except Refused:
        raise
    except Exception:  # a file from outside may be broken in any way
        raise Refused(of_field("judgment_file", _("PDF已损坏或已加密，不能读取，请粘贴主文"))) from None
    if len("".join(text.split())) < TEXT_MIN:
        raise Refused(of_field("judgment_file", _("该PDF是扫描件，没有文字可读，请粘贴主文")))
    return text


def _plain(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused(of_field("judgment_file", _("只接受文字、.docx 或带文字的PDF文件")))
