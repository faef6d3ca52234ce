"""A page of a scan as a picture: a browser shows no TIFF, and no PDF beside a form."""

import io
import threading
from functools import lru_cache

import pypdfium2
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from bureau.errors import Refused
from documents.services.content import PDF, content_path, page_count

WIDTH = 1240  # pixels; an A4 page at 150 dpi
PIXELS_MAX = 120_000_000  # a sheet of A3 at 600 dpi; more is no scan
QUALITY = 85
KEPT = 64  # pictures of one process, about 200 kB each
TYPE = "image/jpeg"
# PDFium draws one page at a time in a process.
_pdfium = threading.Lock()


def page_picture(sha256: str, content_type: str, number: int) -> bytes:
    """Return page `number`, counted from 1, of stored content as a JPEG at most WIDTH pixels wide.

    Raises Refused where there is no such page or it cannot be drawn; the content itself can still be opened.
    """
    if not 1 <= number <= page_count(sha256, content_type):
        raise Refused(_("没有这一页"))
    return _drawn(sha256, content_type, number, str(settings.MEDIA_ROOT))


@lru_cache(maxsize=KEPT)
def _drawn(sha256: str, content_type: str, number: int, _folder: str) -> bytes:
    content = content_path(sha256).read_bytes()
    try:
        picture = _of_pdf(content, number) if content_type == PDF else _of_image(content, number)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    except Refused:
        raise
    except Exception:  # a scan from outside may be broken in any way
        raise Refused(_("这一页无法显示，请打开原件")) from None
    return out.getvalue()


def _of_pdf(content: bytes, number: int) -> Image.Image:
    with _pdfium:
        paper = pypdfium2.PdfDocument(content)
        try:
            page = paper[number - 1]
            width, height = page.get_size()
            scale = WIDTH / max(width, 1)
            _refuse_giants(WIDTH, height * scale)
            drawn: Image.Image = page.render(scale=scale).to_pil()
            return drawn
        finally:
            paper.close()


def _of_image(content: bytes, number: int) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    _refuse_giants(*picture.size)
    picture.seek(number - 1)
    _refuse_giants(*picture.size)
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((WIDTH, WIDTH * 4))
    # Ink on nothing is ink on paper.
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        turned = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned.convert("RGBA"))
    return turned


def _refuse_giants(width: float, height: float) -> None:
    if width * height > PIXELS_MAX:
        raise Refused(_("这一页过大，无法显示，请打开原件"))
