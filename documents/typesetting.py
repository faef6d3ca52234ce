"""Sets a paper as PDF/A with typst: CJK subset embedded, fonts of one wheel only, a missing glyph refused."""

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from documents.library.declared import canonical

SOURCE = Path(__file__).with_name("paper.typ")
FONTS: Path = pylopdf_fonts_zh_cn.serif_path().parent
SCAN, HASH, CODE = "扫码或登录网址核验本文书真伪", "内容摘要（SHA-256）：", "核验码："


class CannotPrint(Exception):
    """The paper cannot be set; the message says which text has no glyph."""


def verify_url(token: str) -> str:
    """Return the public address at which a paper is verified; empty where no public address is set."""
    return f"{settings.PORTAL_URL.rstrip('/')}/verify/{token}/" if settings.PORTAL_URL else ""


def paper(
    blocks: Sequence[dict[str, Any]], *, title: str, on: dt.date, token: str, sha256: str, mark: str = ""
) -> bytes:
    """Return the PDF; the same paper always gives the same bytes. Raises CannotPrint for a missing glyph.

    `mark` is printed in red across the court's name, where its seal stands.
    """
    url = verify_url(token)
    lines = [SCAN, url] if url else [CODE + token]
    data = {
        "title": title,
        "year": on.year,
        "month": on.month,
        "day": on.day,
        "blocks": [{**row, "svg": _qr(row["text"])} if row["style"] == "qr" else row for row in blocks],
        "qr": _qr(url) if url else "",
        "mark": mark,
        "verify": [*lines, HASH, sha256],
    }
    return typeset(SOURCE, data, on=on)


def typeset(source: Path, data: dict[str, Any], *, on: dt.date) -> bytes:
    """Return what a typst source makes of the data, as PDF/A; raises CannotPrint for a missing glyph."""
    try:
        return bytes(
            typst.compile(
                source,
                format="pdf",
                font_paths=[FONTS],
                ignore_system_fonts=True,
                sys_inputs={"data": canonical(data)},
                # Every font embedded, every glyph there and readable back as text; typst refuses anything else.
                pdf_standards="a-2u",
                pdf_tags=False,
                timestamp=int(dt.datetime(on.year, on.month, on.day, tzinfo=dt.UTC).timestamp()),
            )
        )
    except typst.TypstError as fault:
        raise CannotPrint(_("不能制作PDF：%(reason)s") % {"reason": fault.message}) from None


def _qr(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=1)
    return out.getvalue().decode()
